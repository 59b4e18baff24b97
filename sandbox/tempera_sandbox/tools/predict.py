"""Describes a session's model, and lets it predict rows that a person gives.

Parameters: mode (`describe`, `rows`, `file`); rows (a list of objects) or file (a table in the dataset folder) with
from_row (the file comes back in pieces; default 0). A file, like a row, may leave columns out and have others.
describe: {features: [{name, type, min, max, categories, example}], target, problem_type, classes, title, …}
rows: {predictions: [{prediction, probabilities or interval, warnings}]}; file: {csv, rows, next_row, missing, ignored},
where next_row is null after the last piece and the first piece begins with the header line; missing are the model's
columns that the file lacks, ignored its own that the model does not know.
The pickle is loaded in a fresh process of this confined child (fresh_process.py), and nowhere else.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

from . import Context, ToolError, limits
from .cell_values import is_missing, json_value
from .fresh_process import FreshProcess
from .planned_rows import PlannedFile, plan_of, planned_file, planned_rows
from .predicting import MODEL, Predicting

_TRAINING = 'train/data/metadata.json'
_TRAIN_SPLIT = 'prep/data/train.parquet'
_MOST_CATEGORIES = 50
_MOST_NAMED = 12
# Cells of one piece of a predicted file: a few MiB of text.
_PIECE_CELLS = 200_000
_FORMULA = ('=', '+', '-', '@', '\t', '\r')


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError NOT_FOUND, INVALID_ARGUMENT or INVALID_DATASET."""
    mode = params.get('mode')
    _same_model(params.get('model_sha256'), context)
    if mode == 'describe':
        return _describe(context)
    if mode not in ('rows', 'file'):
        raise ToolError('INVALID_ARGUMENT', f'mode must be describe, rows or file, not {mode!r:.40}.')
    with FreshProcess() as fresh:
        predicting = Predicting(params, context, fresh)
        if mode == 'rows':
            return {'predictions': _predict_rows(_rows_of(params), predicting)}
        return _predict_file(predicting)


def _same_model(sha256: Any, context: Context) -> None:
    """The model that was asked for, not one that a later run has left in its place."""
    path = context.workspace / MODEL
    if sha256 is None or not path.is_file():
        return
    with path.open('rb') as stream:
        found = hashlib.file_digest(stream, 'sha256').hexdigest()
    if found != sha256:
        raise ToolError(
            'NOT_FOUND', "The session's model is another one by now. Read the list of models again."
        )


def _describe(context: Context) -> dict[str, Any]:
    training = _training(context)
    frame = _train_split(context)
    names = [name for name in training.get('feature_columns', []) if name in frame.columns]
    return {
        'target': training.get('target_column'),
        'problem_type': training.get('problem_type'),
        'classes': training.get('classes'),
        'title': (training.get('model') or {}).get('title'),
        'primary_metric': training.get('primary_metric'),
        'metrics': training.get('metrics') or {},
        'prediction_interval': training.get('prediction_interval'),
        'features': [_feature(name, frame[name]) for name in names],
    }


def _feature(name: str, column: Any) -> dict[str, Any]:
    import pandas as pd

    there = column.dropna()
    example = json_value(there.iloc[0], limits.PREVIEW_CELL_CHARS) if len(there) else None
    if pd.api.types.is_datetime64_any_dtype(column):
        return {
            'name': name,
            'type': 'date',
            'min': str(there.min()),
            'max': str(there.max()),
            'example': str(example),
        }
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        ends = (
            (float(there.min()), float(there.max()), float(there.median()))
            if len(there)
            else (None, None, None)
        )
        return {'name': name, 'type': 'number', 'min': ends[0], 'max': ends[1], 'example': ends[2]}
    counts = there.astype(str).value_counts()
    kind = (
        {'type': 'category', 'categories': list(counts.index[:_MOST_CATEGORIES])}
        if len(counts) <= _MOST_CATEGORIES
        else {'type': 'text'}
    )
    return {'name': name, **kind, 'example': counts.index[0] if len(counts) else None}


def _rows_of(params: dict[str, Any]) -> list[dict[str, Any]]:
    rows = params.get('rows')
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ToolError(
            'INVALID_ARGUMENT', 'rows must be a list of objects, one for each row: {column: value}.'
        )
    if len(rows) > limits.MAX_PREDICT_ROWS:
        raise ToolError(
            'INVALID_ARGUMENT',
            f'{len(rows):,} rows are too many at once; the limit is {limits.MAX_PREDICT_ROWS:,} '
            '(MAX_PREDICT_ROWS). Upload them as a file.',
        )
    return rows


def _predict_rows(rows: list[dict[str, Any]], predicting: Predicting) -> list[dict[str, Any]]:
    import pandas as pd

    context = predicting.context
    training = _training(context)
    known = _train_split(context)
    features = training.get('feature_columns', [])
    for at, row in enumerate(rows, 1):
        _assert_known(at, row, features)
    plan = plan_of(context)
    if plan is not None:
        frame, notes = planned_rows(plan, rows, features, known)
        answers = predicting.answers(frame, training)
        return [answer | {'warnings': note} for answer, note in zip(answers, notes, strict=True)]
    for at, row in enumerate(rows, 1):
        _assert_cells(at, row)
    notes = [_warnings_of(at, row, features, known) for at, row in enumerate(rows, 1)]
    frame = pd.DataFrame([{name: row.get(name) for name in features} for row in rows], columns=features)
    answers = predicting.answers(_typed(frame, known), training)
    return [answer | {'warnings': note} for answer, note in zip(answers, notes, strict=True)]


def _assert_known(at: int, row: dict[str, Any], features: list[str]) -> None:
    """Raises INVALID_ARGUMENT for a row of which the model would know nothing: its prediction would say nothing."""
    if any(name in row for name in features):
        return
    more = f' and {len(features) - _MOST_NAMED:,} more' if len(features) > _MOST_NAMED else ''
    takes = ', '.join(repr(name)[:80] for name in features[:_MOST_NAMED]) + more
    what = (
        f"has none of the model's columns, but {', '.join(repr(name)[:80] for name in list(row)[:5])}"
        if row
        else 'is empty'
    )
    raise ToolError(
        'INVALID_ARGUMENT',
        f'Row {at} {what}. Name at least one of the columns that the model takes: {takes}.',
    )


def _warnings_of(at: int, row: dict[str, Any], features: list[str], known: Any) -> list[str]:
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


def _predict_file(predicting: Predicting) -> dict[str, Any]:
    """One piece of the answer. Every piece looks at the whole file first: what is wrong is said with the first one."""
    from .uploaded_table import read_upload

    params, context = predicting.params, predicting.context
    name = limits.text(params, 'file')
    from_row = limits.whole_number(params, 'from_row', 0, 0, limits.MAX_PREDICT_FILE_ROWS)
    path = context.datasets / Path(name).name
    if not path.is_file():
        raise ToolError('NOT_FOUND', f'There is no file {name[:200]!r} to predict.')
    training, known = _training(context), _train_split(context)
    plan = plan_of(context)
    if plan is not None:
        return _predict_planned(
            planned_file(path, plan, training['feature_columns']), predicting, training, from_row
        )
    table = read_upload(path, Path(name).name, least_rows=1)
    rows = table.plan.file.rows_used
    if rows > limits.MAX_PREDICT_FILE_ROWS:
        raise ToolError(
            'INVALID_DATASET',
            f'{name}: {rows:,} rows are too many; the limit is {limits.MAX_PREDICT_FILE_ROWS:,} '
            '(MAX_PREDICT_FILE_ROWS). Cut the file.',
        )
    frame = table.written().astype(object)
    frame = frame.where(frame.notna(), None)
    features = training.get('feature_columns', [])
    absent = [column for column in features if column not in frame.columns]
    if len(absent) == len(features):
        listed = ', '.join(absent[:10])
        raise ToolError(
            'INVALID_DATASET',
            f"{name}: it has none of the model's columns: {listed}. Name at least one as in the training table.",
        )
    # as in a row, what is not there is missing
    frame_known = frame.assign(**dict.fromkeys(absent))
    typed = _typed(frame_known[features], known)
    end = min(from_row + max(_PIECE_CELLS // len(frame.columns), 1), len(frame))
    piece = typed.iloc[from_row:end]
    answers = predicting.answers(piece, training, from_row + 1) if from_row < end else []
    text = _as_csv(
        frame.iloc[from_row:end], answers, str(training.get('target_column')), with_header=from_row == 0
    )
    return {
        'csv': text,
        'rows': len(answers),
        'next_row': end if end < len(frame) else None,
        'missing': absent,
        'ignored': [column for column in frame.columns if column not in features],
    }


def _predict_planned(
    found: PlannedFile, predicting: Predicting, training: dict[str, Any], from_row: int
) -> dict[str, Any]:
    """One piece of a file that is read as the training table was; what is to be known of it comes with each piece."""
    rows = len(found.shown)
    end = min(from_row + max(_PIECE_CELLS // max(len(found.shown.columns), 1), 1), rows)
    piece = found.typed.iloc[from_row:end]
    answers = predicting.answers(piece, training, from_row + 1) if from_row < end else []
    target = str(training.get('target_column'))
    text = _as_csv(found.shown.iloc[from_row:end], answers, target, with_header=from_row == 0)
    next_row = end if end < rows else None
    return {
        'csv': text,
        'rows': len(answers),
        'next_row': next_row,
        'missing': list(found.missing),
        'ignored': list(found.ignored),
        'told': list(found.notes),
    }


def _as_csv(frame: Any, answers: list[dict[str, Any]], target: str, with_header: bool) -> str:
    """The upload's columns with the prediction and each class's probability, or the interval of a number; nothing in it
    runs in a spreadsheet."""
    first = answers[0] if answers else {}
    labels, ends = list(first.get('probabilities', {})), ['low', 'high'] if 'interval' in first else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    added = [
        f'predicted_{target}',
        *[f'{end}_{target}' for end in ends],
        *[f'probability_{label}' for label in labels],
    ]
    if with_header:
        writer.writerow([_cell(name) for name in [*frame.columns, *added]])
    for row, answer in zip(frame.itertuples(index=False, name=None), answers, strict=True):
        rest = [
            *[answer['interval'][end] for end in ends],
            *[answer['probabilities'][label] for label in labels],
        ]
        writer.writerow([*[_cell(cell) for cell in row], _cell(answer['prediction']), *rest])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ''
    if not isinstance(value, str):
        return value
    try:
        float(value)
    except ValueError:
        return "'" + value if value.startswith(_FORMULA) else value
    return value


def _training(context: Context) -> dict[str, Any]:
    try:
        found = json.loads((context.workspace / _TRAINING).read_text('utf-8'))
    except (OSError, ValueError) as error:
        raise ToolError(
            'NOT_FOUND', f'The session has no finished model: {_TRAINING} is not there. Run the training.'
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get('feature_columns'), list):
        raise ToolError(
            'INVALID_DATASET',
            f'{_TRAINING} does not say which columns the model takes. Run the training again.',
        )
    return found


def _train_split(context: Context) -> Any:
    import pandas as pd

    try:
        return pd.read_parquet(context.workspace / _TRAIN_SPLIT)
    except (OSError, ValueError) as error:
        raise ToolError(
            'NOT_FOUND',
            f"{_TRAIN_SPLIT} is not there: the columns' types are not known. Run the preparation.",
        ) from error
