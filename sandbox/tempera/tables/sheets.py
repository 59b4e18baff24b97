"""Rows of typed cells, as a workbook's sheet or a JSON list of lists holds them: head and tail found as in a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from .cells import natives
from .grid import Grid
from .heads import Head, find_head
from .layout import merged, ranges, remaining
from .plan import LeftOut, PartPlan
from .raw import RawTable
from .tails import find_left_out

#: first and last row and column of cells that are one, from 0
Merged = tuple[tuple[int, int], tuple[int, int]]

_HEAD_ROWS = 400
#: tables beside each other are two where one has less than this share of the other's rows
_AS_LONG = 0.9


@dataclass(frozen=True)
class SheetTable:
    """A table found in rows of cells."""

    part: PartPlan
    table: RawTable
    head: Head
    #: of another table on the same sheet: where it stands and how many rows it has
    beside: str = ''

    @property
    def size(self) -> int:
        """Cells of the rows that are used: of several sheets the largest table is taken."""
        return self.part.rows_used * max(0, self.part.fields)


def find_table(
    rows: Sequence[Sequence[Any]], part: PartPlan, merged_cells: Sequence[Merged] = ()
) -> SheetTable | None:
    """The table in rows of cells, None where there is nothing that could be one. Rows are counted from 1."""
    first, fields, beside = _without_neighbours(rows, *_box(rows))
    if not fields:
        return None
    texts = [(number + 1, _texts(row, first, fields)) for number, row in enumerate(rows[:_HEAD_ROWS])]
    filled = [record for record in texts if any(cell for cell in record[1])]
    head = find_head(filled, fields)
    start = filled[head.first][0] - 1 if head.first < len(filled) else len(rows)
    rows = filled_down(rows, merged_cells, start)
    grid = _grid(rows[start:], first, fields, start + 1)
    left = find_left_out(grid, filled[head.rows[-1]][1] if head.rows else [])
    left_out = merged((*_outside(rows[:start], texts[:start]), *head.above, *left.left_out(grid)))
    blank = len(left.positions.get('blank', ()))
    planned = PartPlan(
        member=part.member,
        sheet=part.sheet,
        encoding=part.encoding,
        records_at=part.records_at,
        header=tuple(filled[place][0] for place in head.rows),
        first=start + 1,
        first_field=first,
        fields=fields,
        dropped=ranges(sorted(left.all)),
        rows=grid.rows - blank,
        rows_used=grid.rows - len(left.all),
        left_out=left_out,
    )
    names = head.names or tuple(f'column_{place + 1}' for place in range(fields))
    return SheetTable(planned, cut_table(rows, planned, names), head, beside)


def filled_down(
    rows: Sequence[Sequence[Any]], merged_cells: Sequence[Merged], first: int
) -> Sequence[Sequence[Any]]:
    """With what a cell that is merged downwards holds in each of its rows, from row `first` (from 0) on."""
    some = [one for one in merged_cells if one[1][0] > one[0][0] >= first and one[1][0] < len(rows)]
    if not some:
        return rows
    held = [list(row) for row in rows]
    for (top, left), (bottom, _) in some:
        for row in range(top + 1, bottom + 1):
            if left < min(len(held[row]), len(held[top])) and _is_blank(held[row][left]):
                held[row][left] = held[top][left]
    return held


def cut_table(
    rows: Sequence[Sequence[Any]],
    part: PartPlan,
    names: tuple[str, ...],
    merged_cells: Sequence[Merged] = (),
) -> RawTable:
    """The rows of a part by its plan."""
    body = filled_down(rows, merged_cells, part.first - 1)[part.first - 1 :]
    positions = remaining(len(body), part.dropped)
    used = [body[position] for position in positions]
    columns = tuple([_cell(row, part.first_field + place) for row in used] for place in range(part.fields))
    return RawTable(names, columns, np.asarray(positions))


def _cell(row: Sequence[Any], place: int) -> Any:
    cell = row[place] if place < len(row) else None
    return None if isinstance(cell, str) and not cell.strip() else cell


def _box(rows: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """The first field and the number of fields of the table: columns beside it hold next to nothing."""
    counts: Counter[int] = Counter()
    for row in rows[: 20 * _HEAD_ROWS]:
        counts.update(place for place, cell in enumerate(row) if not _is_blank(cell))
    if not counts:
        return 0, 0
    least = 1 if max(counts.values()) < 4 else 2
    places = {place for place, count in counts.items() if count >= least}
    # a name over a column that is otherwise blank stands in a row of names
    for row in rows[:_HEAD_ROWS]:
        filled = {place for place, cell in enumerate(row) if not _is_blank(cell)}
        if len(filled & places) >= max(2, 0.5 * len(places)):
            places |= filled
    return min(places), max(places) - min(places) + 1


def _without_neighbours(rows: Sequence[Sequence[Any]], first: int, fields: int) -> tuple[int, int, str]:
    """Of tables that stand beside each other with a blank column between, the largest; and what the others are."""
    filled = [
        [at for at, row in enumerate(rows) if place < len(row) and not _is_blank(row[place])]
        for place in range(first, first + fields)
    ]
    blocks: list[list[int]] = []
    for place, held in enumerate(filled):
        if held and (place == 0 or not filled[place - 1]):
            blocks.append([])
        if held:
            blocks[-1].append(place)
    if len(blocks) < 2:
        return first, fields, ''
    lengths = [len(set().union(*(filled[place] for place in block))) for block in blocks]
    largest = max(range(len(blocks)), key=lambda at: lengths[at] * len(blocks[at]))
    apart = [
        at
        for at, block in enumerate(blocks)
        if at != largest and len(block) > 1 and min(lengths[at], lengths[largest]) < _AS_LONG * max(lengths)
    ]
    if len(apart) < len(blocks) - 1 or len(blocks[largest]) < 2:
        return first, fields, ''
    others = ', '.join(f'{len(blocks[at])} columns of {lengths[at]} rows' for at in apart)
    block = blocks[largest]
    return (
        first + block[0],
        block[-1] - block[0] + 1,
        f'beside the table stand others, which are left: {others}',
    )


def _is_blank(cell: Any) -> bool:
    return natives.is_gap(cell) or (isinstance(cell, str) and not cell.strip())


def _texts(row: Sequence[Any], first: int, fields: int) -> list[str]:
    return [_text(row[place]) if place < len(row) else '' for place in range(first, first + fields)]


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else '' if natives.is_gap(cell) else natives.as_text(cell)


def _grid(rows: Sequence[Sequence[Any]], first: int, fields: int, line: int) -> Grid:
    columns = [
        pa.array([_text(row[place]) if place < len(row) else '' for row in rows], pa.string())
        for place in range(first, first + fields)
    ]
    return Grid(columns, len(rows), first_line=line)


def _outside(rows: Sequence[Sequence[Any]], texts: Sequence[tuple[int, list[str]]]) -> tuple[LeftOut, ...]:
    """Rows above the data that hold nothing in the table's columns: blank ones, and titles beside the table."""
    empty = [number for number, cells in texts if not any(cells)]
    beside = [number for number in empty if not all(_is_blank(cell) for cell in rows[number - 1])]
    blank = [number for number in empty if number not in set(beside)]
    entries = [LeftOut('blank', len(blank), tuple(blank[:20]))] if blank else []
    if beside:
        sample = ' '.join(_text(cell) for cell in rows[beside[0] - 1] if not _is_blank(cell))
        entries.append(LeftOut('title', len(beside), tuple(beside[:20]), sample[:200]))
    return tuple(entries)
