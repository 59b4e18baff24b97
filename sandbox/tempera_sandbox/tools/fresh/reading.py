"""Rows and files read by the library that travels with a model, and then predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .check import predict


def read_and_predict(request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """As `predict`, of rows or a file that the model's own library reads first: the wheel beside it, as it was when the
    model was trained, whatever the platform's is by now.

    `reading` is {notes} of rows, or {columns, cells, rows, missing, extra, remarks, drift} of a file's piece.
    """
    from tempera.learning.predicting import Reader

    reader = Reader.load(Path(request['model']).parent)
    if request.get('rows') is not None:
        try:
            found = reader.rows(request['rows'])
        except ValueError as error:
            raise _UnreadError('INVALID_ARGUMENT', error) from error
        typed, reading = found.typed, {'notes': found.notes}
    else:
        typed, reading = _read_file(reader, request)
    request['read_frames'] = {'rows': typed}
    fields, parts = predict(request)
    return {**fields, 'reading': reading}, parts


def _read_file(reader: Any, request: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    from tempera.tables import TableError
    from tempera.tables.limits import Limits

    try:
        found = reader.file(Path(request['file']), Limits(**request['bounds']))
    except (TableError, RecursionError) as error:
        raise _UnreadError('INVALID_DATASET', error) from error
    start, width = request['from_row'], max(1, len(found.shown.columns))
    end = min(len(found.typed), start + max(1, request['piece_cells'] // width))
    shown = found.shown.iloc[start:end].astype('object')
    return found.typed.iloc[start:end], {
        'columns': [str(name) for name in shown.columns],
        'cells': [shown[name].where(shown[name].notna(), None).tolist() for name in shown.columns],
        'rows': len(found.typed),
        'missing': dict(found.missing),
        'extra': list(found.extra),
        'remarks': list(found.remarks),
        'drift': [vars(one) for one in found.drift],
    }


class _UnreadError(RuntimeError):
    """Why rows or a file cannot be read, with the code of the refusal."""

    def __init__(self, code: str, error: Exception) -> None:
        super().__init__(str(error) or type(error).__name__)
        self.code = code
