"""What a session's model says of rows that are typed as it takes them: predictions, probabilities, intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import Context, ToolError, limits
from ..cell_values import json_value
from ..fresh_process import FreshProcess
from .planned_rows import Reading, checked_file
from .predictions import Asked, Form, Predictions, RefusedError, Source, predictions_of

MODEL = 'train/models/model.pkl'
_TEST_SPLIT = 'prep/data/test.parquet'
# Share of new rows whose truth should lie in a regression's interval, and the rows that it is judged from.
_LEVEL = 0.9
_FEWEST_JUDGED = 19
_MOST_JUDGED = 20_000
# What a float of 32 bits holds, in which trees compare.
_LARGEST_SINGLE = 3.4028235e38


@dataclass(frozen=True)
class Predicting:
    """One call of the tool: its model is loaded in `fresh` and nowhere else."""

    params: dict[str, Any]
    context: Context
    fresh: FreshProcess

    def answers(self, frame: Any, training: dict[str, Any], first: int = 1) -> list[dict[str, Any]]:
        """One answer a typed row; `first` is the number of the first row, for sentences. Raises ToolError."""
        found, test = self._predicted(training, {'rows': frame}, None, first)
        return _answers(found, test)

    def answers_of_rows(
        self, rows: list[dict[str, Any]], training: dict[str, Any]
    ) -> tuple[list[dict[str, Any]], Reading]:
        """One answer a row, and what the model's own library says of each. Raises ToolError."""
        return self._read(training, {'rows': rows}, [], 1)

    def answers_of_file(
        self, path: Path, training: dict[str, Any], from_row: int, piece_cells: int
    ) -> tuple[list[dict[str, Any]], Reading]:
        """The answers of a file's piece, and what the model's own library says of the file. Raises ToolError."""
        bounds = dict(checked_file(path)) | {'rows': limits.MAX_PREDICT_FILE_ROWS}
        source = {
            'file': str(path.resolve()),
            'bounds': bounds,
            'from_row': from_row,
            'piece_cells': piece_cells,
        }
        return self._read(training, source, [str(path.resolve())], from_row + 1)

    def _read(
        self, training: dict[str, Any], source: dict[str, Any], readable: list[str], first: int
    ) -> tuple[list[dict[str, Any]], Reading]:
        found, test = self._predicted(training, {}, Source(source, readable), first)
        try:
            return _answers(found, test), Reading.checked(found.reading, len(found.values))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ToolError(
                'INVALID_DATASET',
                f'{MODEL}: its library answers what cannot be read. Run the training again.',
            ) from error

    def _predicted(
        self, training: dict[str, Any], frames: dict[str, Any], source: Source | None, first: int = 1
    ) -> tuple[Predictions, tuple[Any, Any] | None]:
        is_regression = training.get('problem_type') == 'regression'
        test = _judged_rows(training, self.context) if is_regression else None
        asked = Asked(
            model=(self.context.workspace / MODEL).resolve(),
            problem_type='regression' if is_regression else 'classification',
            forms=(Form('the rows', 'rows'),),
            frames=frames if test is None else {**frames, 'test': test[0]},
            what='these rows',
            advice='Run the training again.',
            also='' if test is None else 'test',
            names_row=True,
            source=source,
        )
        try:
            return predictions_of(self.fresh, asked, self.params), test
        except RefusedError as refusal:
            raise _refusal(refusal, frames.get('rows'), first) from refusal


def _answers(found: Predictions, test: tuple[Any, Any] | None) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = [
        {'prediction': json_value(value, limits.PREVIEW_CELL_CHARS)} for value in found.values.tolist()
    ]
    if found.probabilities is not None:
        labels = [str(label) for label in found.classes or []]
        for answer, row in zip(answers, found.probabilities.tolist(), strict=True):
            answer['probabilities'] = {
                label: round(chance, 6) for label, chance in zip(labels, row, strict=True)
            }
    half = _half_width(found.also, test[1]) if test is not None and found.also is not None else None
    if half is not None:
        for answer, value in zip(answers, found.values.tolist(), strict=True):
            if math.isfinite(value):
                answer['interval'] = {'low': value - half, 'high': value + half, 'level': _LEVEL}
    return answers


def _refusal(refusal: RefusedError, frame: Any, first: int) -> ToolError:
    """Names the row that the model refuses, and the cell that it most likely is."""
    if refusal.code in ('INVALID_ARGUMENT', 'INVALID_DATASET'):
        # the library counts rows of any table; here a smaller limit holds
        return ToolError(refusal.code, str(refusal).replace('MAX_ROWS', 'MAX_PREDICT_FILE_ROWS'))
    if refusal.row is None:
        return ToolError('INVALID_DATASET', f'{MODEL}: it {refusal}')
    values = refusal.cells if frame is None else dict(frame.iloc[refusal.row].items())
    cells = [
        f'{name} = {value:g}'
        for name, value in values.items()
        if isinstance(value, float) and abs(value) > _LARGEST_SINGLE
    ]
    large = f' {", ".join(cells[:5])} is larger than most models can hold.' if cells else ''
    return ToolError(
        'INVALID_ARGUMENT', f'Row {first + refusal.row}: the model cannot predict it ({refusal}).{large}'
    )


def _judged_rows(training: dict[str, Any], context: Context) -> tuple[Any, Any] | None:
    """Features and truth of the held-out test rows; None where they cannot be read."""
    import pandas as pd

    target = training.get('target_column')
    try:
        test = pd.read_parquet(context.workspace / _TEST_SPLIT).head(_MOST_JUDGED)
        truth = pd.to_numeric(test[target], errors='coerce').to_numpy(dtype=float)
        return test[training['feature_columns']], truth
    except (OSError, KeyError, ValueError, TypeError):
        return None


def _half_width(found: Any, truth: Any) -> float | None:
    """How far off the model is on the held-out test rows, at most, in all but a tenth of them; None where they are too
    few. New rows like these lie as near as often (split conformal prediction)."""
    import numpy as np

    errors = np.sort(np.abs(truth - found))
    errors = errors[np.isfinite(errors)]
    rank = int(np.ceil((len(errors) + 1) * _LEVEL))
    return float(errors[rank - 1]) if len(errors) >= _FEWEST_JUDGED else None
