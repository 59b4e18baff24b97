"""Executions that wait for a slot: of the sessions that run nothing, the one served longest ago comes first."""

from __future__ import annotations

from collections.abc import Container, Iterator

from .execution import Execution


class ExecutionQueue:
    def __init__(self) -> None:
        self._waiting: list[Execution] = []
        self._last_served: dict[str, int] = {}
        self._served = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Execution]:
        return iter(self._waiting)

    def of(self, session_id: str) -> list[Execution]:
        return [one for one in self._waiting if one.request.session_id == session_id]

    def add(self, execution: Execution) -> None:
        self._waiting.append(execution)

    def discard(self, execution: Execution) -> None:
        """Takes it out; one that does not wait is no fault."""
        if execution in self._waiting:
            self._waiting.remove(execution)

    def take_next(self, on_gpu: bool, running: Container[str]) -> Execution | None:
        """Takes out the next one of a lane whose session is not among those that run something."""
        ready = [
            one
            for one in self._waiting
            if bool(one.request.gpus) is on_gpu and one.request.session_id not in running
        ]
        if not ready:
            return None
        execution = min(ready, key=lambda one: self._last_served.get(one.request.session_id, -1))
        self._waiting.remove(execution)
        return execution

    def mark_served(self, session_id: str) -> None:
        self._served += 1
        self._last_served[session_id] = self._served
