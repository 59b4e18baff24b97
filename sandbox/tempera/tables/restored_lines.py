"""Lines that look like no data and are rows all the same, because somebody has decided so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from .file_plan import FilePlan, PartPlan
from .findings import KEEPABLE, LeftOut, Reason
from .layout import ranges


def keepable(file: FilePlan) -> dict[Reason, int]:
    """Of the lines that are left out those that may be rows, by reason."""
    counts: dict[Reason, int] = {}
    for one in _left(file.parts):
        counts[one.reason] = counts.get(one.reason, 0) + one.count
    return dict(sorted(counts.items()))


def with_lines(file: FilePlan, restored: Collection[Reason]) -> FilePlan:
    """The file with the lines of these reasons as rows; the reasons hold for other files under its plan, too."""
    reasons = tuple(reason for reason in KEEPABLE if reason in restored)
    if not reasons:
        return file
    parts = tuple(_with_lines(part, reasons) for part in file.parts)
    return replace(file, parts=parts, restored=reasons, rows_used=sum(part.rows_used for part in parts))


def _with_lines(part: PartPlan, reasons: tuple[Reason, ...]) -> PartPlan:
    found = [one for one in _left((part,)) if one.reason in reasons]
    back = _positions(place for one in found for place in one.places)
    dropped = ranges(sorted(_positions(part.dropped) - back))
    left = tuple(one for one in part.left_out if one not in found)
    return replace(part, dropped=dropped, rows_used=part.rows_used + len(back), left_out=left)


def _left(parts: Iterable[PartPlan]) -> list[LeftOut]:
    return [one for part in parts for one in part.left_out if one.places]


def _positions(places: Iterable[tuple[int, int]]) -> set[int]:
    return {start + at for start, count in places for at in range(count)}
