"""The highest epoch that has been seen for each step: a lower one is an attempt that others have overtaken.

A step is fenced before the host knows an execution of it, so names that lead nowhere are remembered too, for a while:
the steps seen least recently are forgotten beyond `most`.
"""

from __future__ import annotations

from ..errors import invalid, superseded

_MOST = 100_000
_LONGEST_ID = 300


def check_id(execution_id: str) -> None:
    """HostError for what no execution can be called."""
    if not execution_id or len(execution_id) > _LONGEST_ID or not execution_id.isprintable():
        raise invalid(
            'execution_id',
            f"must be the caller's name {{step}}/{{execution}}, 1 to {_LONGEST_ID} printable letters",
        )


def step_of(execution_id: str) -> str:
    return execution_id.rpartition('/')[0] or execution_id


class Fences:
    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._seen: dict[str, int] = {}

    def remember(self, step: str, epoch: int) -> int:
        """The highest epoch that had been seen before, 0 for none."""
        seen = self._seen.pop(step, 0)
        self._seen[step] = max(seen, epoch)  # At the end: seen last.
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return seen

    def check(self, step: str, epoch: int) -> None:
        """Remembers the epoch. HostError ABORTED for one that has been overtaken."""
        seen = self.remember(step, epoch)
        if epoch < seen:
            raise superseded(f'step [{step}]', epoch, seen)
