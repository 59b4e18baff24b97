"""Rows and files for a model that has a plan: what its own library says of them, checked; or, where it has none beside
it, what the platform's does."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tempera.learning.reading import Reader, RefusedRow
from tempera.learning.seen import Seen
from tempera.tables import TableError, TablePlan

from .. import Context, ToolError, limits
from ..uploads.refusals import NESTED, NESTED_REMEDY, invalid
from ..uploads.upload_checks import check_upload

MODELS = 'train/models'
PLAN = f'{MODELS}/plan.json'
_ABOUT = f'{MODELS}/predict.json'
#: the part of a model's library that reads rows and files for it
_READER = 'tempera/learning/reading.py'
_LONGEST_NOTE = 2_000
_MOST_NOTES = 10_000


@dataclass(frozen=True)
class Reading:
    """Rows as they are written and what is to be known of them; `typed` only where they were read here."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    total: int = 0
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    drift: list[dict[str, Any]] = field(default_factory=list)
    #: of each row
    notes: list[list[str]] = field(default_factory=list)
    typed: Any = None

    @classmethod
    def of_frames(cls, shown: Any, typed: Any, missing: Sequence[str], extra: Sequence[str]) -> Reading:
        """Of a file that was read whole."""
        plain = shown.astype(object).where(shown.notna(), None)
        rows = [list(row) for row in plain.itertuples(index=False, name=None)]
        return cls(
            [str(name) for name in shown.columns], rows, len(rows), list(missing), list(extra), typed=typed
        )

    def between(self, start: int, end: int) -> Reading:
        """With these rows only."""
        return replace(self, rows=self.rows[start:end])

    @classmethod
    def checked(cls, fields: Any, rows: int) -> Reading:
        """What a fresh process said, which may be anything. Raises ValueError, KeyError or TypeError."""
        if 'notes' in fields:
            if len(fields['notes']) != rows:
                raise ValueError
            return cls(notes=[_texts(notes) for notes in fields['notes']], total=rows)
        columns, cells, total = _texts(fields['columns']), fields['cells'], fields['rows']
        whole = type(cells) is list and len(cells) == len(columns) and all(len(one) == rows for one in cells)
        if not whole or type(total) is not int or total < rows:
            raise ValueError
        written = [[_cell(cell) for cell in row] for row in zip(*cells, strict=True)]
        drift = [
            {
                'column': str(one['column']),
                'what': str(one['what']),
                'distance': float(one['distance']),
                'remark': str(one['remark'])[:_LONGEST_NOTE],
            }
            for one in fields['drift'][:_MOST_NOTES]
        ]
        return cls(columns, written, total, _texts(list(fields['missing'])), _texts(fields['extra']),
                   _texts(fields['remarks']), drift)  # fmt: skip


def reads_by_itself(context: Context) -> bool:
    """Whether the library that the model was trained with lies beside it, and reads rows for it."""
    folder = context.workspace / MODELS
    wheels = list(folder.glob('*-py3-none-any.whl'))
    if (
        len(wheels) != 1
        or not (context.workspace / PLAN).is_file()
        or not (context.workspace / _ABOUT).is_file()
    ):
        return False
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            return _READER in wheel.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def checked_file(path: Path) -> Mapping[str, int]:
    """The limits under which a file may be read. Raises INVALID_DATASET."""
    try:
        return vars(check_upload(path, path.name, limits.MAX_COLUMNS, limits.MAX_UNCOMPRESSED_BYTES))
    except TableError as error:
        raise ToolError('INVALID_DATASET', str(error)) from error


def read_rows_here(
    context: Context, rows: Sequence[Mapping[str, Any]], features: Sequence[str], known: Any
) -> tuple[Any, list[list[str]]] | None:
    """Typed rows and their notes by the platform's own library; None for a model without a plan."""
    reader = _reader(context, features, known)
    if reader is None:
        return None
    try:
        found = reader.rows(rows)
    except RefusedRow as error:
        raise ToolError('INVALID_ARGUMENT', str(error)) from error
    except KeyError as error:
        raise ToolError(
            'INVALID_DATASET', f'{PLAN} does not know the column {error}. Run the training again.'
        ) from error
    return found.typed, found.notes


def read_file_here(context: Context, path: Path, features: Sequence[str], known: Any) -> Reading | None:
    """A file by the platform's own library; None for a model without a plan. Raises INVALID_DATASET."""
    reader = _reader(context, features, known)
    if reader is None:
        return None
    bounds = check_upload(path, path.name, limits.MAX_COLUMNS, limits.MAX_UNCOMPRESSED_BYTES)
    try:
        found = reader.file(path, replace(bounds, rows=limits.MAX_PREDICT_FILE_ROWS))
    except TableError as error:
        sentence = str(error).replace('MAX_ROWS', 'MAX_PREDICT_FILE_ROWS')
        raise ToolError('INVALID_DATASET', sentence) from error
    except RecursionError as error:
        raise invalid(path.name, NESTED, NESTED_REMEDY) from error
    made = Reading.of_frames(found.shown, found.typed, list(found.missing), found.extra)
    return replace(made, remarks=list(found.remarks), drift=[vars(one) for one in found.drift])


def _reader(context: Context, features: Sequence[str], known: Any) -> Reader | None:
    path = context.workspace / PLAN
    if not path.is_file():
        return None
    try:
        plan = TablePlan.from_json(path.read_bytes())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(
            'INVALID_DATASET', f'{PLAN} cannot be read ({str(error)[:200]}). Run the training again.'
        ) from error
    names = set(plan.names)
    seen = {name: Seen.of(plan.column(name), known[name]) for name in features if name in names}
    return Reader(plan, tuple(features), seen)


def _texts(values: Any) -> list[str]:
    if type(values) is not list or len(values) > max(_MOST_NOTES, limits.MAX_COLUMNS):
        raise ValueError
    return [str(value)[:_LONGEST_NOTE] for value in values]


def _cell(value: Any) -> Any:
    if value is not None and not isinstance(value, str | int | float | bool):
        raise TypeError
    return value
