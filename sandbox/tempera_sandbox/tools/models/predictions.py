"""What a model predicts, from the process that loaded it: checked, so that everything after it may rely on its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..fresh_process import FreshProcess

_UNREADABLE = 'gave an answer that cannot be read: it does not predict as a fitted model does.'
_LONGEST_ERROR = 500
_SCALARS = (str, int, float, bool, type(None))


class RefusedError(Exception):
    """A sentence that goes on from the file's name: why there are no predictions."""

    def __init__(self, sentence: str, row: int | None = None, code: str = '', cells: Any = None) -> None:
        super().__init__(sentence)
        self.row = row
        """The first row that the model refuses, where that was asked for; the sentence is then the model's own."""
        self.code = code
        """What the library that read the rows refuses them as."""
        self.cells: dict[str, float] = cells if isinstance(cells, dict) else {}
        """Of the refused row, its numbers."""


@dataclass(frozen=True)
class Form:
    """One way to hand a model its rows."""

    name: str
    frame: str
    transformed: bool = False
    """By prep_pipeline.pkl, before."""


@dataclass(frozen=True)
class Source:
    """Rows or a file that the model's own library reads, in the words of `fresh/reading.py`."""

    request: Mapping[str, Any]
    readable: Sequence[str]


@dataclass(frozen=True)
class Asked:
    """What is to be predicted; `also` names a frame of which only the numbers count."""

    model: Path
    problem_type: str
    forms: tuple[Form, ...]
    frames: Mapping[str, Any]
    what: str
    advice: str
    pipeline: Path | None = None
    requirements: Path | None = None
    also: str = ''
    names_row: bool = False
    """Rows that it refuses are looked for."""
    source: Source | None = None
    """What to predict, where it is none of the frames."""


@dataclass(frozen=True)
class Predictions:
    form: Form
    values: np.ndarray
    """A number or a label for each row."""
    classes: list[Any] | None
    probabilities: np.ndarray | None
    """Rows by classes."""
    probabilities_error: str
    also: np.ndarray | None
    was_dict: bool
    """The file held a dict; its first part with predict() was used."""
    reading: Any = None
    """What the model's library says of a source: unchecked."""


def predictions_of(fresh: FreshProcess, asked: Asked, params: dict[str, Any]) -> Predictions:
    """Loads the model in the fresh process and lets it predict. Raises RefusedError."""
    readable = [asked.model.parent, *(path for path in (asked.pipeline, asked.requirements) if path)]
    request: dict[str, Any] = {
        'model': str(asked.model),
        'pipeline': str(asked.pipeline) if asked.pipeline else None,
        'requirements': str(asked.requirements) if asked.requirements else None,
        'readable': [str(path) for path in readable],
        'problem_type': asked.problem_type,
        'forms': [vars(form) for form in asked.forms],
        'what': asked.what,
        'advice': asked.advice,
        'also': asked.also,
        'names_row': asked.names_row,
    }
    if asked.source is None:
        answer = fresh.run('predict', request, params, asked.frames)
    else:
        request |= dict(asked.source.request) | {'readable': [*request['readable'], *asked.source.readable]}
        answer = fresh.run('read_and_predict', request, params, asked.frames)
    if answer.error:
        row, code = answer.fields.get('row'), answer.fields.get('code')
        frame = asked.frames.get(asked.forms[0].frame)
        is_row = type(row) is int and 0 <= row and (frame is None or row < len(frame))
        raise RefusedError(
            answer.error,
            row if is_row else None,
            code if isinstance(code, str) else '',
            answer.fields.get('cells'),
        )
    try:
        return _checked(answer.fields, np.frombuffer(answer.numbers, dtype='<f8'), asked)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise RefusedError(_UNREADABLE) from None


def _checked(fields: dict[str, Any], numbers: np.ndarray, asked: Asked) -> Predictions:
    """Raises one of the errors above for anything that `fresh/check.py` does not say of such frames."""
    form = asked.forms[_count(fields['form'])]
    rows = _count(fields['rows']) if asked.source is not None else len(asked.frames[form.frame])
    if rows != _count(fields['rows']) or rows > max(len(numbers), 0):
        raise RefusedError(f'gives {fields["rows"]:,} predictions for {rows:,} rows.')
    values: np.ndarray = numbers[:rows]
    classes, probabilities = None, None
    if asked.problem_type != 'regression':
        labels = _scalars(fields['labels'], rows)
        values = _as_array(labels)[_places(values, len(labels))] if rows else values
        if 'classes' in fields:
            classes = _scalars(fields['classes'], max(10 * rows, 100_000))
            probabilities = numbers[rows : rows * (1 + len(classes))].reshape(rows, len(classes))
    used = rows * (1 + len(classes or ()))
    has_also = bool(asked.also) and 'not_also' not in fields['notes']
    if len(numbers) != used + (len(asked.frames[asked.also]) if has_also else 0):
        raise ValueError
    error = str(fields.get('probabilities_error', ''))[:_LONGEST_ERROR]
    also = numbers[used:] if has_also else None
    notes, reading = fields['notes'], fields.get('reading')
    return Predictions(form, values, classes, probabilities, error, also, 'dict' in notes, reading)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _scalars(values: Any, most: int) -> list[Any]:
    if type(values) is not list or len(values) > most or not all(type(value) in _SCALARS for value in values):
        raise ValueError
    return values


def _as_array(labels: list[Any]) -> np.ndarray:
    """Of one type where they have one, as a column of a table would be."""
    kinds = {type(label) for label in labels}
    return (
        np.asarray(labels)
        if len(kinds) == 1 and kinds <= {str, int, float, bool}
        else np.array(labels, dtype=object)
    )


def _places(values: np.ndarray, count: int) -> np.ndarray:
    if not (np.isfinite(values) & (values >= 0) & (values < count) & (values == np.floor(values))).all():
        raise ValueError
    return values.astype(np.int64)
