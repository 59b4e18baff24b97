"""A model's answers for rows and files: parsed as training was, so that the same cell means the same.

predictor = Predictor.load(Path('train/models'))
predictor.predict_rows([{'bill_length_mm': '39,1', 'island': 'Dream'}])
predictor.predict_file(Path('new-penguins.csv'))

The platform asks the copy of this module that lies beside a model, in its wheel, and so answers as on the day on which
the model was trained. What it asks is `Reader.load`, `rows` and `file`: their names and what they give are a contract
with the models of later versions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..tables import TablePlan
from .reading import FileRows, Reader, RefusedRow, Rows
from .seen import Seen

__all__ = ['Answer', 'FileRows', 'Predictor', 'Reader', 'RefusedRow', 'Rows']


@dataclass(frozen=True)
class Answer:
    """Rows of a file with their predictions, and what is to be known about them."""

    #: the file's own columns as texts, then `predicted_…` and the probabilities
    table: pd.DataFrame
    remarks: tuple[str, ...] = ()
    #: columns that the model takes and the file lacks, with a near name that it has, or an empty one
    missing: Mapping[str, str] = field(default_factory=dict)
    #: columns of the file that the model does not take
    extra: tuple[str, ...] = ()

    def write_csv(self, path: Path) -> None:
        """As a file whose text cells no spreadsheet runs."""
        safe = self.table.apply(lambda column: column.map(_harmless)) if len(self.table) else self.table
        safe.rename(columns=_harmless).to_csv(path, index=False)


@dataclass(frozen=True)
class Predictor:
    """A model with the plan that its rows are read by."""

    model: Any
    reader: Reader
    target: str
    problem: str

    @classmethod
    def load(cls, folder: Path) -> Predictor:
        """From `train/models`. Loading a pickle runs what is in it: only where its maker is trusted."""
        import joblib

        about = json.loads((folder / 'predict.json').read_text(encoding='utf-8'))
        return cls(joblib.load(folder / 'model.pkl'), Reader.load(folder), about['target'], about['problem'])

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that the model takes."""
        return self.reader.inputs

    @property
    def plan(self) -> TablePlan:
        """How its rows are read."""
        return self.reader.plan

    @property
    def seen(self) -> Mapping[str, Seen]:
        """What training saw of each column."""
        return self.reader.seen

    def answers(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Predictions of typed rows: `predicted_…`, and a probability for each class."""
        found = np.asarray(self.model.predict(frame[list(self.inputs)]))
        made = pd.DataFrame({f'predicted_{self.target}': found}, index=frame.index)
        if self.problem != 'regression' and hasattr(self.model, 'predict_proba'):
            chances = np.asarray(self.model.predict_proba(frame[list(self.inputs)]))
            for at, label in enumerate(self.model.classes_):
                made[f'probability_{label}'] = chances[:, at]
        return made

    def predict_rows(self, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """One answer a row, in their order. RefusedRow names a cell that is no value of its column."""
        return self.answers(self.reader.rows(rows).typed)

    def predict_file(self, path: Path) -> Answer:
        """Every row of a file that the reader takes."""
        found = self.reader.file(path)
        answers = self.answers(found.typed)
        table = pd.concat([found.shown, answers], axis=1)
        return Answer(table, found.remarks, found.missing, found.extra)


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ('=', '+', '-', '@', '\t', '\r'):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value
