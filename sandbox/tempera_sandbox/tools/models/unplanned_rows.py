"""Rows and files for a model without a plan, as an agent's own script may leave one: cells become what the training
split's columns are."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from .. import ToolError, limits
from ..cell_values import is_missing
from ..uploads.uploaded_table import Taken, read_upload


def unplanned_rows(
    rows: list[dict[str, Any]], features: list[str], known: Any
) -> tuple[Any, list[list[str]]]:
    """Typed rows and the notes of each. Raises INVALID_ARGUMENT, naming the cell."""
    import pandas as pd

    for at, row in enumerate(rows, 1):
        _assert_cells(at, row)
    notes = [warnings_of(at, row, features, known) for at, row in enumerate(rows, 1)]
    frame = pd.DataFrame([{name: row.get(name) for name in features} for row in rows], columns=features)
    return _typed(frame, known), notes


def unplanned_file(path: Path, features: list[str], known: Any) -> tuple[Any, Any, list[str]]:
    """The file as it is written, typed, and the columns that it lacks. Raises INVALID_DATASET."""
    table = read_upload(path, path.name, Taken(least_rows=1))
    rows = table.plan.file.rows_used
    if rows > limits.MAX_PREDICT_FILE_ROWS:
        raise ToolError(
            'INVALID_DATASET',
            f'{path.name}: {rows:,} rows are too many; the limit is {limits.MAX_PREDICT_FILE_ROWS:,} '
            '(MAX_PREDICT_FILE_ROWS). Cut the file.',
        )
    frame = table.written().astype(object)
    frame = frame.where(frame.notna(), None)
    absent = [column for column in features if column not in frame.columns]
    # as in a row, what is not there is missing
    return frame, _typed(frame.assign(**dict.fromkeys(absent))[features], known), absent


def warnings_of(at: int, row: dict[str, Any], features: list[str], known: Any) -> list[str]:
    """What a person should know of a row; raises INVALID_ARGUMENT for text where a number belongs."""
    import pandas as pd

    notes = [f'{name} is no column of the model and is not used.' for name in row if name not in features]
    for name in features:
        value, column = row.get(name), known[name]
        if value is None or is_missing(str(value)):
            notes.append(f'{name} is missing.')
        elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            number = _number(at, name, value)
            if not column.min() <= number <= column.max():
                notes.append(
                    f'{name} = {value} lies outside what the model has seen ({column.min():g} to {column.max():g}).'
                )
        elif pd.api.types.is_datetime64_any_dtype(column):
            if pd.isna(pd.to_datetime(value, errors='coerce', utc=True)):
                notes.append(
                    f'{name} = {str(value)[:80]!r} is no date that can be read; it counts as missing.'
                )
        elif str(value) not in set(column.dropna().astype(str)):
            notes.append(f'{name} = {str(value)[:80]!r} is a value that the model has not seen.')
    return notes


def _number(at: int, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _no_number(at, name, value)
    return number


def _no_number(at: int, name: str, value: Any) -> ToolError:
    return ToolError(
        'INVALID_ARGUMENT', f'Row {at}: {name} must be a finite number, not {str(value)[:80]!r}.'
    )


def _assert_cells(at: int, row: dict[str, Any]) -> None:
    """Raises INVALID_ARGUMENT for a list or an object where one value belongs."""
    for name, value in row.items():
        if isinstance(value, (list, dict)):
            raise ToolError(
                'INVALID_ARGUMENT',
                f'Row {at}: {name[:80]} must be one value (text, a number, true or false, or null), '
                f'not {json.dumps(value)[:80]}.',
            )


def _typed(frame: Any, known: Any) -> Any:
    """The columns in the types of the training split; what cannot be one of them is missing."""
    import numpy as np
    import pandas as pd

    typed = frame.copy()
    for name in typed.columns:
        column = known[name]
        blank = typed[name].map(lambda cell: cell is None or is_missing(str(cell)))
        if pd.api.types.is_datetime64_any_dtype(column):
            typed[name] = pd.to_datetime(typed[name].mask(blank), errors='coerce')
        elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            numbers = pd.to_numeric(typed[name].mask(blank), errors='coerce').astype(float)
            wrong = ~np.isfinite(numbers) & ~blank
            if wrong.any():
                at = int(wrong.to_numpy().argmax())
                raise _no_number(at + 1, name, typed[name].iloc[at])
            typed[name] = numbers
        else:
            typed[name] = typed[name].map(str).astype(object).mask(blank, None)
    return typed
