"""Describes a session's model, and lets it predict rows that a person gives.

Parameters: mode (`describe`, `rows`, `file`); rows (a list of objects) or file (a table in the dataset folder) with
from_row (the file comes back in pieces; default 0). A file, like a row, may leave columns out and have others.
describe: {features: [{name, type, min, max, categories, example}], target, problem_type, classes, title, …}
rows: {predictions: [{prediction, probabilities or interval, warnings}]}
file: {csv, rows, next_row, missing, ignored, total, notes, drift}, where next_row is null after the last piece and the
first piece begins with the header line; missing are the model's columns that the file lacks, ignored its own that the
model does not know, notes and drift what a person should know of the whole file.
The pickle is loaded in a fresh process of this confined child (fresh_process.py), and nowhere else; rows are read there
too, by the library that the model was trained with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import Context, ToolError, limits
from .fresh_process import FreshProcess
from .models.model_description import describe, train_split, training_of
from .models.planned_rows import Reading, read_file_here, read_rows_here, reads_by_itself
from .models.predicted_csv import as_csv
from .models.predicting import MODEL, Predicting
from .models.unplanned_rows import unplanned_file, unplanned_rows

_MOST_NAMED = 12
# Cells of one piece of a predicted file: a few MiB of text.
_PIECE_CELLS = 200_000


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError NOT_FOUND, INVALID_ARGUMENT or INVALID_DATASET."""
    mode = params.get('mode')
    _same_model(params.get('model_sha256'), context)
    if mode == 'describe':
        return describe(context)
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
    context = predicting.context
    training, known = training_of(context), train_split(context)
    features = training.get('feature_columns', [])
    for at, row in enumerate(rows, 1):
        _assert_known(at, row, features)
    if reads_by_itself(context):
        answers, reading = predicting.answers_of_rows(rows, training)
        notes = reading.notes
    else:
        planned = read_rows_here(context, rows, features, known)
        frame, notes = planned or unplanned_rows(rows, features, known)
        answers = predicting.answers(frame, training)
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


def _predict_file(predicting: Predicting) -> dict[str, Any]:
    """One piece of the answer. Every piece looks at the whole file first: what is wrong is said with the first one."""
    params, context = predicting.params, predicting.context
    name = limits.text(params, 'file')
    from_row = limits.whole_number(params, 'from_row', 0, 0, limits.MAX_PREDICT_FILE_ROWS)
    path = context.datasets / Path(name).name
    if not path.is_file():
        raise ToolError('NOT_FOUND', f'There is no file {name[:200]!r} to predict.')
    training = training_of(context)
    features = training['feature_columns']
    if reads_by_itself(context):
        answers, reading = predicting.answers_of_file(path, training, from_row, _PIECE_CELLS)
        _assert_some(reading.missing, features, path.name)
        return _piece(reading, answers, training, from_row)
    found = read_file_here(context, path, features, train_split(context))
    if found is None:
        shown, typed, missing = unplanned_file(path, features, train_split(context))
        extra = [column for column in shown.columns if column not in features]
        found = Reading.of_frames(shown, typed, missing, extra)
    _assert_some(found.missing, features, path.name)
    end = min(from_row + max(_PIECE_CELLS // max(len(found.columns), 1), 1), found.total)
    piece = found.typed.iloc[from_row:end]
    answers = predicting.answers(piece, training, from_row + 1) if from_row < end else []
    return _piece(found.between(from_row, end), answers, training, from_row)


def _assert_some(missing: Sequence[str], features: list[str], name: str) -> None:
    if len(missing) < len(features):
        return
    listed = ', '.join(str(column)[:80] for column in features[:_MOST_NAMED])
    raise ToolError(
        'INVALID_DATASET',
        f"{name}: it has none of the model's columns: {listed}. Name at least one as in the training table.",
    )


def _piece(
    reading: Reading, answers: list[dict[str, Any]], training: dict[str, Any], from_row: int
) -> dict[str, Any]:
    end = from_row + len(answers)
    target = str(training.get('target_column'))
    return {
        'csv': as_csv(reading.columns, reading.rows, answers, target, with_header=from_row == 0),
        'rows': len(answers),
        'next_row': end if end < reading.total else None,
        'total': reading.total,
        'missing': list(reading.missing),
        'ignored': list(reading.extra),
        'remarks': reading.remarks,
        'drift': reading.drift,
    }
