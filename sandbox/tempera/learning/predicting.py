"""A model's answers for rows and files: parsed as training was, so that the same cell means the same.

predictor = Predictor.load(Path('train/models'))
predictor.predict_rows([{'bill_length_mm': '39,1', 'island': 'Dream'}])
predictor.predict_file(Path('new-penguins.csv'))
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..tables import TablePlan, fit, parse, read, understand
from .replanning import as_texts


@dataclass(frozen=True)
class Answer:
    """Rows of a file with their predictions, and what is to be known about them."""

    #: the file's own columns as texts, then `predicted_…` and the probabilities
    table: pd.DataFrame
    told: tuple[str, ...] = ()
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
    plan: TablePlan
    inputs: tuple[str, ...]
    target: str
    problem: str

    @classmethod
    def load(cls, folder: Path) -> Predictor:
        """From `train/models`. Loading a pickle runs what is in it: only where its maker is trusted."""
        import joblib

        about = json.loads((folder / 'predict.json').read_text(encoding='utf-8'))
        plan = TablePlan.from_json((folder / 'plan.json').read_text(encoding='utf-8'))
        return cls(
            joblib.load(folder / 'model.pkl'), plan, tuple(about['inputs']), about['target'], about['problem']
        )

    def frame_of(self, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """Rows as a person or a program gives them, parsed; a column that a row lacks is a gap."""
        cells = {name: [row.get(name) for row in rows] for name in self.inputs}
        return pd.DataFrame({name: parse(self.plan.column(name), cells[name]) for name in self.inputs})

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
        """One answer a row, in their order."""
        return self.answers(self.frame_of(rows))

    def predict_file(self, path: Path) -> Answer:
        """Every row of a file that the reader takes."""
        shown = read(path, as_texts(understand(path))).reset_index(drop=True)
        fitted = fit(path, self.plan)
        typed = read(path, fitted.plan).reset_index(drop=True)
        missing = {
            name: (fitted.near.get(name) or ('',))[0] for name in fitted.missing if name in self.inputs
        }
        extra = tuple(name for name in fitted.extra if name not in self.plan.names)
        answers = self.answers(typed)
        return Answer(pd.concat([shown, answers], axis=1), tuple(_told(missing, extra)), missing, extra)


def _told(missing: Mapping[str, str], extra: Sequence[str]) -> list[str]:
    told = [
        f'The column `{name}` is not in the file and counts as missing in every row'
        + (f' (did you mean `{near}`?).' if near else '.')
        for name, near in missing.items()
    ]
    if extra:
        told.append(f'Not used: {", ".join(f"`{name}`" for name in extra[:20])}.')
    return told


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ('=', '+', '-', '@', '\t', '\r'):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value
