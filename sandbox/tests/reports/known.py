"""What is known of a session without its reports: its table as pandas reads it, and what the stages kept."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, r2_score

from .sessions import Session


class Known:
    """A session with its table as pandas reads it."""

    def __init__(self, session: Session, target: str, reading: dict[str, Any]) -> None:
        self.session, self.target = session, target
        self.raw = pd.read_csv(session.table, **({'keep_default_na': True} | reading))
        self.raw.columns = [
            f'column_{at}' if str(name).startswith('Unnamed') else str(name).removesuffix('.1')
            for at, name in enumerate(self.raw.columns, 1)
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """With codes for no value as gaps."""
        return self.raw.replace(-999, np.nan)

    @property
    def features(self) -> pd.DataFrame:
        return self.table.drop(columns=self.target)

    @property
    def answer(self) -> pd.Series:
        return self.table[self.target]

    @property
    def ended(self) -> pd.Series:
        """The answers that can be learned: of times, those that had ended."""
        event = self.measured['target'].get('event')
        return self.answer[self.table[event].astype(str).isin(['1', 'True', 'yes'])] if event else self.answer

    @cached_property
    def measured(self) -> Any:
        return self.session.json('eda/data/measured.json')

    @cached_property
    def plan(self) -> Any:
        return self.session.json('eda/data/plan.json')

    @cached_property
    def relations(self) -> Any:
        return self.session.json('eda/data/relations.json')

    @cached_property
    def prep(self) -> Any:
        return self.session.json('prep/data/metadata.json')

    @cached_property
    def train(self) -> Any:
        return self.session.json('train/data/metadata.json')

    @cached_property
    def compared(self) -> Any:
        return self.session.json('train/data/candidates.json')

    @cached_property
    def splits(self) -> dict[str, pd.DataFrame]:
        return {name: self.session.split(name) for name in ('train', 'val', 'test')}

    @property
    def on(self) -> pd.DataFrame:
        """Rows that go on."""
        return pd.concat(self.splits.values())

    @property
    def truth(self) -> pd.Series:
        return self.splits['test'][self.target]

    @cached_property
    def found(self) -> np.ndarray:
        """What the kept model says of the test."""
        model = joblib.load(self.session.folder / 'train/models/model.pkl')
        return np.asarray(model.predict(self.splits['test']))

    @property
    def metric(self) -> str:
        return str(self.train['primary_metric'])

    def score(self, found: Any) -> float:
        ways = {'accuracy': accuracy_score, 'r2': r2_score}
        return float(ways[self.metric](self.truth, found))

    @property
    def dummy(self) -> float:
        """What naming the commonest class, or the mean, reaches on the test."""
        known = pd.concat([self.splits['train'], self.splits['val']])[self.target]
        naive = known.mean() if self.train['classes'] is None else known.mode().sort_values().iloc[0]
        return self.score([naive] * len(self.truth))

    @property
    def interval(self) -> Any:
        return self.train['prediction_interval']

    @property
    def reached(self) -> Any:
        return self.train['score_interval']

    def column(self, name: str) -> Any:
        return next(column for column in self.plan['columns'] if column['name'] == name)

    @property
    def questions(self) -> list[Any]:
        """What is asked about target and split, columns that are nearly too good, the file and how a column is read."""
        asking = [self.measured['target'], self.measured['split'], self.plan['file'], *self.plan['columns']]
        return [
            *(asked for one in asking for asked in one.get('questions') or []),
            *(self.measured.get('doubts') or []),
        ]
