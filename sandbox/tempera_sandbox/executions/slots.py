"""Who holds which slot of this host, as leases: each grant has an epoch, higher than every one before it.

Epochs begin above those of the host's former lives, so that whoever keeps them can tell an old word from a new one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_GRANTS_A_LIFE = 1 << 28


class Epochs:
    """Numbers that only grow, also over restarts of the host."""

    def __init__(self, home: Path) -> None:
        file = home / 'lives'
        life = _last_life(file) + 1
        part = file.with_suffix('.part')
        part.write_text(str(life), encoding='ascii')
        part.replace(file)
        self._next = life * _GRANTS_A_LIFE

    def take(self) -> int:
        self._next += 1
        return self._next


def _last_life(file: Path) -> int:
    try:
        return int(file.read_text(encoding='ascii'))
    except FileNotFoundError:
        return 0
    except ValueError:
        # cut short, as by a power failure: more seconds have gone by since 1970 than hosts have lived here
        return int(time.time())


@dataclass
class Slot:
    number: int
    epoch: int = 0
    execution_id: str = ''
    """'' while it is free."""
    session_id: str = ''


class Slots:
    """The slots for executions without a GPU. Which one an execution has is told here, and matters to nobody else."""

    def __init__(self, count: int, epochs: Epochs) -> None:
        self._slots = [Slot(number) for number in range(count)]
        self._epochs = epochs

    def held_by(self, running: Iterable[tuple[str, str]]) -> list[Slot]:
        """The slots, given what runs as (execution id, session id)."""
        sessions = dict(running)
        for slot in self._slots:
            if slot.execution_id not in sessions:
                slot.execution_id = slot.session_id = ''
            sessions.pop(slot.execution_id, None)
        free = (slot for slot in self._slots if not slot.execution_id)
        for slot, (execution_id, session_id) in zip(free, sessions.items(), strict=False):
            slot.execution_id, slot.session_id, slot.epoch = execution_id, session_id, self._epochs.take()
        return self._slots
