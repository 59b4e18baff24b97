"""Callers that say that they live: one that has said so and falls silent loses what runs for it, or is reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from ..background import BackgroundTasks
from ..settings import Settings

_log = logging.getLogger('tempera_sandbox.heartbeats')


class Heartbeats:
    """One timer a session, from its first heartbeat on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._missed: set[str] = set()
        self._background = BackgroundTasks()

    def beat(
        self, session_id: str, interval_s: float, on_missed: Callable[[], Coroutine[None, None, None]] | None
    ) -> float:
        """Seconds after which `on_missed` is called (None: only reported) unless another one comes."""
        self.forget(session_id)
        left_s = (interval_s or self._settings.heartbeat_s) * self._settings.heartbeats_missed
        self._timers[session_id] = asyncio.get_running_loop().call_later(
            left_s, lambda: self._miss(session_id, on_missed)
        )
        return left_s

    def has_missed(self, session_id: str) -> bool:
        return session_id in self._missed

    def forget(self, session_id: str) -> None:
        timer = self._timers.pop(session_id, None)
        if timer:
            timer.cancel()
        self._missed.discard(session_id)

    def _miss(self, session_id: str, on_missed: Callable[[], Coroutine[None, None, None]] | None) -> None:
        self._timers.pop(session_id, None)
        self._missed.add(session_id)
        _log.warning(
            'session %s missed %d heartbeats: %s',
            session_id,
            self._settings.heartbeats_missed,
            'reported only' if on_missed is None else 'what runs for it ends',
        )
        if on_missed is not None:
            self._background.start(on_missed())
