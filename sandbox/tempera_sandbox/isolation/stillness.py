"""Stops every process of a namespace, from outside, so that nothing of it changes its workspace; and lets it go on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterable

from .processes import processes_of, stat_fields

_PAUSE_S = 0.002
_STILL = ('T', 't', 'Z', 'X')


class Stillness:
    """Of the processes below one init. `stop` and `go_on` may be called at any time, in any order."""

    def __init__(self, init_pid: int) -> None:
        self._init = init_pid
        self._stopped: set[int] = set()
        self._lock = asyncio.Lock()

    async def stop(self, deadline_s: float = 5.0) -> bool:
        """Whether every thread of every process stood still in time; one that the stop missed by forking is stopped
        in the next round."""
        async with self._lock:
            end = time.monotonic() + deadline_s
            while await asyncio.to_thread(self._round):
                if time.monotonic() > end:
                    return False
                await asyncio.sleep(_PAUSE_S)
            return True

    async def go_on(self) -> None:
        if not self._stopped and not self._lock.locked():
            return
        async with self._lock:
            let_go_on(self._stopped)
            self._stopped.clear()

    def _round(self) -> int:
        """Stops what moves; returns how many did."""
        self._stopped.update(processes_of(self._init))
        return len(stop_moving(self._init))


def stop_moving(init_pid: int) -> list[int]:
    """Sends a stop to each process below an init that moves; the caller asks again until none does."""
    moving = []
    for pid in processes_of(init_pid):
        if pid != init_pid and _moves(pid):
            _send(pid, signal.SIGSTOP)  # at once: it would write on while the next ones are looked at
            moving.append(pid)
    return moving


def let_go_on(pids: Iterable[int]) -> None:
    for pid in pids:
        _send(pid, signal.SIGCONT)


def _moves(pid: int) -> bool:
    try:
        return any(_state(f'{pid}/task/{task}') not in _STILL for task in os.listdir(f'/proc/{pid}/task'))
    except OSError:
        return False  # It has ended.


def _state(place: str) -> str:
    try:
        return stat_fields(place)[0]
    except OSError:
        return 'X'


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # It ended by itself.
