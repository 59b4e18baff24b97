"""What every kind of file comes to: where its rows stand, and the table that stands there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .plan import Evidence, FileKind, LeftOut, PartPlan, Question
from .raw import RawTable

_LINES = 20


@dataclass(frozen=True)
class Layout:
    """A part as it was understood, with the table it holds and why."""

    kind: FileKind
    part: PartPlan
    table: RawTable
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    #: columns that were the index of a stored frame
    index: tuple[str, ...] = ()
    #: evidence for single columns, by their position
    of_columns: tuple[tuple[int, Evidence], ...] = ()
    #: another table than the file's first one: why it is no part of that
    beside: str = ''


def ranges(positions: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Sorted positions as [start, count]."""
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and position == found[-1][0] + found[-1][1]:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((position, 1))
    return tuple(found)


def remaining(rows: int, dropped: tuple[tuple[int, int], ...]) -> np.ndarray:
    """The positions that are not left out."""
    keep = np.ones(rows, dtype=bool)
    for start, count in dropped:
        keep[start : start + count] = False
    return np.flatnonzero(keep)


def merged(entries: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """One entry a reason."""
    by_reason: dict[str, LeftOut] = {}
    for one in entries:
        held = by_reason.get(one.reason)
        by_reason[one.reason] = (
            replace(
                held,
                count=held.count + one.count,
                lines=(*held.lines, *one.lines)[:_LINES],
                sample=held.sample or one.sample,
                places=(*held.places, *one.places),
            )
            if held
            else one
        )
    return tuple(by_reason.values())
