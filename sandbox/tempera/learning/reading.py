"""Rows and files for a model: typed by the plan that it was trained with, and what a person should know of each."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..tables import ColumnPlan, TablePlan, fit, parse, read, understand
from ..tables.limits import DEFAULT, Limits
from ..tables.parse import parse_cells
from .replanning import as_texts
from .seen import MOMENTS, NUMBERS, Drift, Seen, drift_of

_SHOWN_CHARS = 80
_MOST_NAMED = 20


class RefusedRow(ValueError):
    """A cell that is no value of its column; the sentence names row, column and cell."""


@dataclass(frozen=True)
class Rows:
    """Typed rows, and the notes of each."""

    typed: pd.DataFrame
    notes: list[list[str]]


@dataclass(frozen=True)
class FileRows:
    """A file's rows: as they are written, and typed as training was; and what is to be known of them."""

    shown: pd.DataFrame
    typed: pd.DataFrame
    #: columns that the model takes and the file lacks, with a near name that it has, or an empty one
    missing: Mapping[str, str] = field(default_factory=dict)
    #: columns of the file that the model does not take
    extra: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True)
class Reader:
    """The plan that a model's rows are read by, its columns, and what training saw of them."""

    plan: TablePlan
    inputs: tuple[str, ...]
    seen: Mapping[str, Seen] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Reader:
        """From `train/models`; the model itself is not loaded."""
        about = json.loads((folder / 'predict.json').read_text(encoding='utf-8'))
        plan = TablePlan.from_json((folder / 'plan.json').read_text(encoding='utf-8'))
        seen = {name: Seen.from_json(one) for name, one in about.get('seen', {}).items()}
        return cls(plan, tuple(about['inputs']), seen)

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> Rows:
        """Rows as a person or a program gives them; a column that a row lacks is a gap. RefusedRow, naming the cell,
        for what a column of numbers cannot hold."""
        known = set(self.inputs)
        notes = [
            [f'{name} is no column of the model and is not used.' for name in row if name not in known]
            for row in rows
        ]
        made: dict[str, pd.Series] = {}
        for name in self.inputs:
            column = self.plan.column(name)
            cells = [row.get(name) for row in rows]
            made[name] = parse(column, cells)
            for at, (cell, note) in enumerate(zip(cells, notes, strict=True)):
                remark = self._note(column, at + 1, cell, made[name].iloc[at])
                note += [remark] if remark else []
        return Rows(pd.DataFrame(made, columns=list(self.inputs)), notes)

    def file(self, path: Path, bounds: Limits = DEFAULT) -> FileRows:
        """Every row of a file. TableError where it is no table."""
        own = understand(path, bounds)
        shown = read(path, as_texts(own), bounds).reset_index(drop=True)
        fitted = fit(path, self.plan, bounds)
        typed = read(path, fitted.plan, bounds).reset_index(drop=True)[list(self.inputs)]
        missing = {
            name: (fitted.near.get(name) or ('',))[0] for name in self.inputs if name in fitted.missing
        }
        written = {name: fitted.respelled.get(name, name) for name in self.inputs if name not in missing}
        extra = tuple(name for name in own.names if name not in set(written.values()))
        drift = drift_of({name: self.seen[name] for name in written if name in self.seen}, typed)
        remarks = [_missing_remark(name, near) for name, near in missing.items()]
        remarks += [f'{there} was taken for {name}.' for name, there in written.items() if there != name]
        remarks += [note for name, there in written.items() if (note := _unread(shown, typed, name, there))]
        remarks += [f'{one.remark} (distance {one.distance:.2f}).' for one in drift]
        unused = [name for name in extra if name not in self.plan.names]
        remarks += [f'Not used: {", ".join(unused[:_MOST_NAMED])}.'] if unused else []
        return FileRows(shown, typed, missing, extra, tuple(remarks), drift)

    def _note(self, column: ColumnPlan, at: int, cell: Any, value: Any) -> str:
        """What a person should know of a cell; RefusedRow for one that is no value of its column."""
        name, seen = column.name, self.seen.get(column.name)
        shown = str(cell)[:_SHOWN_CHARS]
        if _is_gap(value):
            if _is_blank(column, cell):
                return f'{name} is missing.'
            if column.kind in NUMBERS:
                raise RefusedRow(f'Row {at}: {name} must be a finite number, not {shown!r}.')
            what = 'date' if column.kind in MOMENTS else column.kind
            return f'{name} = {shown!r} is no {what} that can be read; it counts as missing.'
        if seen is not None and seen.is_outside(value):
            low, high = seen.steps[0], seen.steps[-1]
            return f'{name} = {shown} lies outside what the model has seen ({low:g} to {high:g}).'
        if seen is not None and seen.is_unseen(value):
            return f'{name} = {shown!r} is a value that the model has not seen.'
        return ''


def _is_gap(value: Any) -> bool:
    return value is None or (not isinstance(value, list | dict | tuple) and bool(pd.isna(value)))


def _is_blank(column: ColumnPlan, cell: Any) -> bool:
    """Whether a cell holds nothing, as its column writes that."""
    meant = _is_infinite(cell) and 'inf' not in column.form.missing
    return cell is None or (not meant and bool(parse_cells(column.form, [cell]).gaps[0]))


def _is_infinite(cell: Any) -> bool:
    """Who writes an infinity into a row means something by it, unless the training table had some for no value."""
    try:
        return math.isinf(float(cell))
    except (TypeError, ValueError, OverflowError):
        return False


def _missing_remark(name: str, near: str) -> str:
    hint = f' (did you mean {near!r}?)' if near else ''
    return f'{name} is not in the file{hint}: it counts as missing in every row.'


def _unread(shown: pd.DataFrame, typed: pd.DataFrame, name: str, there: str) -> str:
    """How many cells of a column hold something that is none of its values."""
    if there not in shown:
        return ''
    empty = shown[there].isna() | (shown[there].astype('string').str.strip().fillna('') == '')
    lost = int((typed[name].isna() & ~empty).sum())
    return f'{lost:,} cells of {name} cannot be read and count as missing.' if lost else ''
