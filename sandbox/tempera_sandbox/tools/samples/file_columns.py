"""The columns of a table that stands in a file: what they are, and values of them as they are written there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tempera.tables import ColumnPlan
from tempera.tables.cells import natives
from tempera.tables.cells.texts import is_among, trimmed
from tempera.tables.columns import understand_columns
from tempera.tables.layout import Layout
from tempera.tables.naming import unique_names
from tempera.tables.raw import Cells, RawTable, whole

from .reservoir import bounded, places, room_of


@dataclass(frozen=True)
class Counted:
    """How far the numbers of a table hold."""

    whole: bool
    rows: int | None


def columns_of(layout: Layout, sample_size: int, counted: Counted) -> tuple[list[dict[str, Any]], list[str]]:
    """The columns of a table in its order, and what of them is left out, in sentences."""
    names, renamed = unique_names(layout.table.names)
    table = RawTable(names, layout.table.columns, layout.table.positions)
    delimiter = layout.part.dialect.delimiter if layout.part.dialect else ''
    plans = understand_columns(table, delimiter)
    room = room_of(len(names))
    found, left = [], 0
    for plan, cells in zip(plans, table.columns, strict=True):
        column, dropped = _column(plan, whole(cells), sample_size, room)
        left += dropped
        found.append(column | _counts(plan, counted))
    return found, [*_renamed(renamed), *_dropped(left), *_lines(layout)]


def _column(plan: ColumnPlan, cells: Cells, sample_size: int, room: int) -> tuple[dict[str, Any], int]:
    filled = np.flatnonzero(_filled(plan, cells))
    chosen = filled[places(len(filled), sample_size)]
    values, dropped = bounded([_written(cells, int(place)) for place in chosen], room)
    column = {
        'name': plan.name,
        'type': str(cells.type) if _is_typed(cells) else plan.kind,
        'position': plan.position,
        'reservoir': values,
    }
    return column, dropped


def _counts(plan: ColumnPlan, counted: Counted) -> dict[str, int | None]:
    if counted.whole:
        distinct = max(0, plan.distinct - len(_gaps(plan)))
        return {'total_count': plan.rows, 'null_count': plan.gaps, 'distinct_count': distinct}
    return {'total_count': counted.rows, 'null_count': None, 'distinct_count': None}


def _is_typed(cells: Cells) -> bool:
    return isinstance(cells, pa.Array) and not pa.types.is_string(cells.type)


def _filled(plan: ColumnPlan, cells: Cells) -> np.ndarray:
    """Which cells hold a value: none that is blank, or stands for none in this column."""
    if isinstance(cells, list):
        cells = pa.array([None if natives.is_gap(cell) else _text(cell) for cell in cells], pa.string())
    known = np.asarray(cells.is_valid().to_numpy(zero_copy_only=False)).astype(bool)
    if not pa.types.is_string(cells.type):
        if pa.types.is_floating(cells.type):
            known &= ~np.asarray(pc.is_nan(cells).fill_null(False).to_numpy(zero_copy_only=False)).astype(
                bool
            )
        return known
    texts = trimmed(cells)
    known &= np.asarray(pc.not_equal(texts, '').fill_null(False).to_numpy(zero_copy_only=False)).astype(bool)
    gaps = _gaps(plan)
    return known & ~is_among(texts, gaps) if gaps and len(texts) else known


def _gaps(plan: ColumnPlan) -> set[str]:
    """The texts that stand for no value in this column, beside the blank one."""
    return {token.text.strip().lower() for token in (*plan.missing, *plan.sentinels)} - {''}


def _written(cells: Cells, place: int) -> str:
    cell = cells[place]
    return _text(cell.as_py() if isinstance(cell, pa.Scalar) else cell)


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else natives.as_text(cell)


def _renamed(renamed: dict[str, str]) -> list[str]:
    if not renamed:
        return []
    shown = ', '.join(f'{now!r:.60} stands for {then!r:.60}' for now, then in list(renamed.items())[:5])
    more = f' and {len(renamed) - 5:,} more' if len(renamed) > 5 else ''
    return [f'Names that were empty, repeated or had blanks around them are told apart: {shown}{more}.']


def _dropped(left: int) -> list[str]:
    return [f'{left:,} values of the sample are left out: the answer has no room for them.'] if left else []


def _lines(layout: Layout) -> list[str]:
    reasons = [f'{one.count:,} ({one.reason.replace("_", " ")})' for one in layout.part.left_out if one.count]
    return [f'Lines that are no data: {", ".join(reasons)}.'] if reasons else []
