"""Turns of short children by whom they work for, so that nobody's many calls keep another's one call waiting.

1. The next turn goes to the caller that holds the fewest; of those to the one that had its last longest ago.
2. One caller holds at most half of the turns while there are more than one: some are free for the next.
3. Calls of one caller begin in their order.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator


class Turns:
    """At most `count` turns are held at a time."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._most = max(1, count // 2)
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """Caller -> its calls; the first key had its turn longest ago."""

    @contextlib.asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Waits for a turn of the caller's and gives it back at the end."""
        await self._take(caller)
        try:
            yield
        finally:
            self._give(caller)

    async def _take(self, caller: str) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(called)
        self._call_next()
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._give(caller)  # Called in the moment in which its caller left.
            else:
                self._leave(caller, called)
            raise

    def _give(self, caller: str) -> None:
        self._free += 1
        self._held[caller] -= 1
        if not self._held[caller]:
            del self._held[caller]
        self._call_next()

    def _call_next(self) -> None:
        while self._free:
            caller = min(self._waiting, key=self._held.__getitem__, default=None)
            if caller is None or self._held[caller] >= self._most:
                return
            calls = self._waiting.pop(caller)
            called = calls.popleft()
            if calls:
                self._waiting[caller] = calls  # Behind the others.
            if not called.done():
                self._free -= 1
                self._held[caller] += 1
                called.set_result(None)

    def _leave(self, caller: str, called: asyncio.Future[None]) -> None:
        calls = self._waiting.get(caller)
        if calls and called in calls:
            calls.remove(called)
            if not calls:
                del self._waiting[caller]
