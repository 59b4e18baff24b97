"""Rows and files to predict, parsed by the plan that the model was trained with: a cell means what it meant then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tempera.learning.replanning import as_texts
from tempera.tables import ColumnPlan, TableError, TablePlan, fit, parse, read, understand
from tempera.tables.parse import parse_cells

from . import Context, ToolError, limits
from .refusals import NESTED, NESTED_REMEDY, invalid
from .upload_checks import check_upload

PLAN = 'train/models/plan.json'
_SHOWN_CHARS = 80
_MOST_NAMED = 10
_MOST_LABELS = 5_000
_NUMERIC = ('integer', 'number', 'count', 'money', 'percent', 'duration', 'year')
_MOMENTS = ('date', 'datetime')


@dataclass(frozen=True)
class PlannedFile:
    """A file's rows: as they are written, and typed as training was; and what is to be known of them."""

    shown: pd.DataFrame
    typed: pd.DataFrame
    missing: tuple[str, ...]
    ignored: tuple[str, ...]
    notes: tuple[str, ...]


def plan_of(context: Context) -> TablePlan | None:
    """The plan beside the model; None for models without one. Raises INVALID_DATASET for a broken one."""
    path = context.workspace / PLAN
    if not path.is_file():
        return None
    try:
        return TablePlan.from_json(path.read_bytes())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(
            'INVALID_DATASET', f'{PLAN} cannot be read ({str(error)[:200]}). Run the training again.'
        ) from error


def planned_rows(
    plan: TablePlan, rows: Sequence[Mapping[str, Any]], features: Sequence[str], known: Any
) -> tuple[pd.DataFrame, list[list[str]]]:
    """Typed rows, and the notes of each. Raises INVALID_ARGUMENT, naming the cell, for what a column cannot hold."""
    columns = [_column(plan, name) for name in features]
    notes = [
        [f'{name} is no column of the model and is not used.' for name in row if name not in features]
        for row in rows
    ]
    made: dict[str, pd.Series] = {}
    for column in columns:
        cells = [row.get(column.name) for row in rows]
        made[column.name] = parse(column, cells)
        seen = _Seen(column, known[column.name])
        for at, (cell, note) in enumerate(zip(cells, notes, strict=True)):
            text = seen.note_of(at + 1, cell, made[column.name].iloc[at])
            if text:
                note.append(text)
    return pd.DataFrame(made), notes


def planned_file(path: Path, plan: TablePlan, features: Sequence[str]) -> PlannedFile:
    """A table's rows for the model. Raises INVALID_DATASET for a file that is no table, or one that is too long."""
    try:
        bounds = check_upload(path, path.name, limits.MAX_COLUMNS, limits.MAX_UNCOMPRESSED_BYTES)
        own = understand(path, bounds)
        if own.file.rows_used > limits.MAX_PREDICT_FILE_ROWS:
            raise _too_long(path.name, own.file.rows_used)
        shown = read(path, as_texts(own), bounds).reset_index(drop=True)
        fitted = fit(path, plan, bounds)
        typed = read(path, fitted.plan, bounds).reset_index(drop=True)
    except TableError as error:
        raise ToolError('INVALID_DATASET', str(error)) from error
    except RecursionError as error:
        raise invalid(path.name, NESTED, NESTED_REMEDY) from error
    missing = [name for name in features if name in fitted.missing]
    if len(missing) == len(features):
        takes = ', '.join(repr(name)[:_SHOWN_CHARS] for name in features[:_MOST_NAMED])
        raise ToolError(
            'INVALID_DATASET', f'{path.name} has none of the columns that the model takes: {takes}.'
        )
    notes = [_missing_note(name, fitted.near.get(name, ())) for name in missing]
    notes += [
        f'{there} was taken for {name}.' for name, there in fitted.respelled.items() if name in features
    ]
    written = {name: fitted.respelled.get(name, name) for name in features if name not in missing}
    notes += [note for name, there in written.items() if (note := _unread(shown, typed, name, there))]
    ignored = tuple(name for name in own.names if name not in written.values())
    return PlannedFile(shown, typed[list(features)], tuple(missing), ignored, tuple(notes))


class _Seen:
    """What training has seen of a column, to tell how a cell stands to it."""

    def __init__(self, column: ColumnPlan, values: Any) -> None:
        self._column = column
        there = values.dropna()
        self._ends = (there.min(), there.max()) if column.kind in _NUMERIC and len(there) else None
        labelled = column.kind in ('category', 'ordinal', 'boolean', 'code', 'identifier')
        labels = set(there.map(str)) if labelled and there.map(str).nunique() <= _MOST_LABELS else None
        self._labels = labels

    def note_of(self, at: int, cell: Any, value: Any) -> str:
        """What a person should know of a cell; raises INVALID_ARGUMENT for one that is no value of the column."""
        name = self._column.name
        if _is_gap(value):
            if _is_blank(self._column, cell):
                return f'{name} is missing.'
            if self._column.kind in _NUMERIC:
                shown = str(cell)[:_SHOWN_CHARS]
                raise ToolError(
                    'INVALID_ARGUMENT', f'Row {at}: {name} must be a finite number, not {shown!r}.'
                )
            what = 'date' if self._column.kind in _MOMENTS else self._column.kind
            return (
                f'{name} = {str(cell)[:_SHOWN_CHARS]!r} is no {what} that can be read; it counts as missing.'
            )
        if self._ends is not None and not self._ends[0] <= value <= self._ends[1]:
            low, high = float(self._ends[0]), float(self._ends[1])
            return f'{name} = {cell} lies outside what the model has seen ({low:g} to {high:g}).'
        if self._labels is not None and str(value) not in self._labels:
            return f'{name} = {str(cell)[:_SHOWN_CHARS]!r} is a value that the model has not seen.'
        return ''


def _is_gap(value: Any) -> bool:
    return value is None or (not isinstance(value, list | dict | tuple) and bool(pd.isna(value)))


def _is_blank(column: ColumnPlan, cell: Any) -> bool:
    """Whether a cell holds nothing, as its column writes that."""
    return cell is None or (not _is_infinite(cell) and bool(parse_cells(column.form, [cell]).gaps[0]))


def _is_infinite(cell: Any) -> bool:
    """In a file an infinity stands for no value; who writes one into a row means something by it."""
    try:
        return math.isinf(float(cell))
    except (TypeError, ValueError, OverflowError):
        return False


def _column(plan: TablePlan, name: str) -> ColumnPlan:
    try:
        return plan.column(name)
    except KeyError as error:
        raise ToolError(
            'INVALID_DATASET', f'{PLAN} does not know the column {name!r}. Run the training again.'
        ) from error


def _missing_note(name: str, near: Sequence[str]) -> str:
    hint = f' (did you mean {near[0]!r}?)' if near else ''
    return f'{name} is not in the file{hint}: it counts as missing in every row.'


def _unread(shown: pd.DataFrame, typed: pd.DataFrame, name: str, there: str) -> str:
    """How many cells of a column hold something that is none of its values."""
    if there not in shown:
        return ''
    empty = shown[there].isna() | (shown[there].astype('string').str.strip().fillna('') == '')
    lost = int((typed[name].isna() & ~empty).sum())
    return f'{lost:,} cells of {name} cannot be read and count as missing.' if lost else ''


def _too_long(name: str, rows: int) -> ToolError:
    return ToolError(
        'INVALID_DATASET',
        f'{name}: {rows:,} rows are too many; the limit is {limits.MAX_PREDICT_FILE_ROWS:,} '
        '(MAX_PREDICT_FILE_ROWS). Cut the file.',
    )
