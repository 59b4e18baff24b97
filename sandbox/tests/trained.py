"""A session's folder with a model that was fitted on a table, as the stages leave it: plan, splits, model, metadata."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline

from tempera.learning.package import write_package
from tempera.learning.predicting import Answer, Predictor
from tempera.learning.prepare import Learning, keep_rows, preprocessing, split_rows
from tempera.learning.source import in_content_order
from tempera.learning.storing import to_parquet
from tempera.tables import read, understand
from tempera.tables.features import specs_of
from tempera.tables.measured.measure import measure


class Trained:
    """A table with a model fitted on its train split; `folder` is the session's."""

    def __init__(self, file: Path, target: str, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.plan = understand(file)
        frame = in_content_order(self.frame)
        self.found = measure(self.plan, frame, target or self.plan.names[-1])
        self.target = self.found.target
        self.inputs = list(self.found.inputs)
        remaining = keep_rows(frame, self.target, False, [*self.inputs, self.target.name]).frame
        learning = Learning(self.target, self.inputs, 1)
        place, _ = split_rows(self.plan, remaining, self.found.split, learning)
        self.splits = self._stored(remaining, place)
        train = self.splits['train']
        model: Any = Ridge() if self.target.problem == 'regression' else LogisticRegression(max_iter=300)
        pipeline = preprocessing(specs_of(self.plan, self.inputs), self.target.problem, 1)
        whole = Pipeline([('prepare', pipeline), ('model', model)])
        whole.fit(train[self.inputs], train[self.target.name])
        self.models.mkdir(parents=True)
        joblib.dump(whole, self.models / 'model.pkl')
        write_package(self.models, self.plan, self.found, self.inputs, train[self.inputs])
        self._tell(whole)
        self.predictor = Predictor.load(self.models)

    @property
    def models(self) -> Path:
        """Where the model lies with all that it needs."""
        return self.folder / 'train/models'

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table as its plan reads it."""
        return read(self.file, self.plan)

    @cached_property
    def answer(self) -> Answer:
        """The answers for the table that it was fitted on."""
        return self.of_file(self.file)

    @property
    def column(self) -> str:
        """The name that predictions have in a file."""
        return f'predicted_{self.target.name}'

    def of_splits(self) -> pd.Series:
        """The model's answers on the splits' rows, by the row's number in the file."""
        parts = [
            pd.Series(self.predictor.model.predict(part[self.inputs]), index=part['row number'])
            for part in self.splits.values()
        ]
        return pd.concat(parts).sort_index()

    def of_file(self, file: Path) -> Answer:
        """The answers for a file."""
        return self.predictor.predict_file(file)

    def _stored(self, remaining: pd.DataFrame, place: pd.Series) -> dict[str, pd.DataFrame]:
        data = self.folder / 'prep/data'
        data.mkdir(parents=True)
        for name in ('train', 'val', 'test'):
            to_parquet(remaining[place == name].reset_index(names='row number'), data / f'{name}.parquet')
        return {name: pd.read_parquet(data / f'{name}.parquet') for name in ('train', 'val', 'test')}

    def _tell(self, model: Pipeline) -> None:
        classes = None if self.target.problem == 'regression' else [str(one) for one in model.classes_]
        metadata = {
            'target_column': self.target.name,
            'problem_type': self.target.problem,
            'feature_columns': self.inputs,
            'classes': classes,
        }
        (self.folder / 'train/data').mkdir(parents=True)
        (self.folder / 'train/data/metadata.json').write_text(json.dumps(metadata), 'utf-8')
