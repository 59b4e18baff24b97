"""An upload as the library reads it: checked, understood, its cells at hand, as texts or as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tempera.learning.replanning import as_texts
from tempera.tables import ColumnPlan, TableError, TablePlan, parse
from tempera.tables.limits import Limits
from tempera.tables.raw import RawTable, whole
from tempera.tables.read import read_raw
from tempera.tables.understand import Chosen, understand_cells

from .. import limits
from .refusals import NESTED, NESTED_REMEDY, invalid, unreadable
from .upload_checks import check_upload


@dataclass(frozen=True)
class UploadedTable:
    """The plan of an upload, and the cells of the rows that the plan uses."""

    plan: TablePlan
    raw: RawTable

    def of(self, chosen: Chosen | None) -> UploadedTable:
        """The same with the columns that `chosen` names among its names."""
        if chosen is None:
            return self
        names = tuple(chosen(self.plan.names))
        places = [self.plan.names.index(name) for name in names]
        plan = replace(self.plan, columns=tuple(self.plan.columns[place] for place in places))
        raw = RawTable(names, tuple(self.raw.columns[place] for place in places), self.raw.positions)
        return UploadedTable(plan, raw)

    def typed(self, step: int = 1) -> pd.DataFrame:
        """Every `step`-th row, typed as the plan says."""
        return self._parsed(self.plan, slice(None, None, step))

    def written(self, rows: int | None = None, step: int = 1) -> pd.DataFrame:
        """The first rows, or all, or every `step`-th, with their cells as they are written; blank ones are gaps."""
        return self._parsed(self._texts, slice(None, rows, step))

    @cached_property
    def _texts(self) -> TablePlan:
        return as_texts(self.plan)

    def _parsed(self, plan: TablePlan, rows: slice) -> pd.DataFrame:
        count = len(range(*rows.indices(len(self.raw))))
        made = {
            column.name: parse(column, whole(cells)[rows]).set_axis(range(count))
            for column, cells in zip(plan.columns, self.raw.columns, strict=True)
        }
        return pd.DataFrame(made, index=range(count))


@dataclass(frozen=True)
class Taken:
    """What of an upload is taken."""

    max_columns: int = limits.MAX_COLUMNS
    max_bytes: int = limits.MAX_UNCOMPRESSED_BYTES
    least_rows: int = limits.MIN_ROWS


def read_upload(
    path: Path,
    shown: str,
    taken: Taken = Taken(),
    plan_file: Path | None = None,
    chosen: Chosen | None = None,
) -> UploadedTable:
    """Reads any upload that is taken: to predict, one row is enough. Where a session has its own plan of this very
    file, the rows are read by that. With `chosen` only the columns that it names are understood, of a table that was
    taken before. Raises INVALID_DATASET."""
    try:
        bounds = check_upload(path, shown, taken.max_columns, taken.max_bytes)
        stored = _stored_plan(plan_file, path)
        if stored is not None and (table := _by_stored_plan(path, stored, bounds, chosen)) is not None:
            return table
        plan, raw = understand_cells(path, bounds, chosen)
        if chosen is None:
            _check_plan(plan, shown, taken.least_rows)
        _check_cells(raw, shown)
        return UploadedTable(plan, raw)
    except TableError as error:
        raise unreadable(error, path.name, shown) from error
    except RecursionError as error:
        raise invalid(shown, NESTED, NESTED_REMEDY) from error


def _stored_plan(plan_file: Path | None, path: Path) -> TablePlan | None:
    """The session's plan, where it is one of this file."""
    plan = stored_plan(plan_file)
    of_it = plan is not None and plan.file.name == path.name and plan.file.bytes == path.stat().st_size
    return plan if of_it else None


def stored_plan(plan_file: Path | None) -> TablePlan | None:
    """The plan that a file holds, or None: scripts may have written anything there."""
    if plan_file is None or not plan_file.is_file():
        return None
    try:
        return TablePlan.from_json(plan_file.read_bytes())
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return None


def _by_stored_plan(
    path: Path, plan: TablePlan, bounds: Limits, chosen: Chosen | None
) -> UploadedTable | None:
    try:
        table = UploadedTable(plan, read_raw(path, plan, bounds)).of(chosen)
        table.typed(max(1, len(table.raw)))
    except (TableError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    return table


def _check_plan(plan: TablePlan, shown: str, least_rows: int) -> None:
    for at, name in enumerate(plan.names, 1):
        if len(name) > limits.MAX_COLUMN_NAME_CHARS:
            raise invalid(
                shown,
                f'the name of column {at:,} is {len(name):,} characters long; the limit is '
                f'{limits.MAX_COLUMN_NAME_CHARS:,} (MAX_COLUMN_NAME_CHARS)',
                'Give it a shorter name, or the table a row of names.',
            )
    if len(plan.names) < limits.MIN_COLUMNS:
        raise invalid(
            shown,
            'it has one column only',
            'Upload a table with at least 2 columns (MIN_COLUMNS): the target and something to predict it from.',
        )
    if plan.file.rows_used < least_rows:
        raise invalid(
            shown,
            'it holds no rows' if plan.file.rows_used == 0 else 'it holds 1 row only',
            f'Upload a table with at least {limits.MIN_ROWS} rows (MIN_ROWS); 20 or more are needed to learn anything.'
            if least_rows > 1
            else 'Upload a table with at least 1 row to predict.',
        )
    _check_calculated(plan, shown)
    if all(column.kind == 'empty' for column in plan.columns):
        raise invalid(shown, 'every cell is missing', 'Upload a table with values.')


def _check_cells(raw: RawTable, shown: str) -> None:
    """Refuses a text that no answer, view or page could hold."""
    for name, cells in zip(raw.names, raw.columns, strict=True):
        texts = whole(cells)
        if not isinstance(texts, pa.Array) or not pa.types.is_string(texts.type):
            continue
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest > limits.MAX_CELL_BYTES:
            raise invalid(
                shown,
                f'a cell of column {name!r:.80} holds {limits.size_text(longest)}; the limit is '
                f'{limits.size_text(limits.MAX_CELL_BYTES)} (MAX_CELL_BYTES)',
                'Shorten it; a quote that is never closed makes one cell of all that follows.',
            )


def _check_calculated(plan: TablePlan, shown: str) -> None:
    """Refuses formulas of which not one has a result: programs that write workbooks leave the results out, and the
    column would be read as empty. Formulas beside calculated ones may well be blank."""
    waiting = [column.name for column in plan.columns if column.kind == 'empty' and _has_formulas(column)]
    width = len(plan.columns)
    beside = [one.numbers['position'] for one in plan.file.evidence if one.finding == 'formulas']
    waiting += [f'column_{at + 1}' for at in beside if isinstance(at, int) and at >= width]
    if not waiting:
        return
    more = f' and {len(waiting) - 10} more' if len(waiting) > 10 else ''
    names = ', '.join(repr(name) for name in waiting[:10]) + more
    raise invalid(
        shown,
        f'{"column" if len(waiting) == 1 else "columns"} {names} {"holds" if len(waiting) == 1 else "hold"} formulas '
        'without results: no program has calculated them yet',
        'Open the workbook in a spreadsheet program, save it there, and upload it again.',
    )


def _has_formulas(column: ColumnPlan) -> bool:
    return any(one.finding == 'formulas' for one in column.evidence)
