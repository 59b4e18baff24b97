"""What is learned, from what, and by what it is judged: preparation's splits as the training scripts take them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from ..tables.measured.findings import Problem
from .belonging import belonging_of
from .candidates import Task, model_of, without_columns
from .choosing import Examples, FoldScores, cross_validate
from .fingerprints import folds_fingerprint
from .folds import Cutting, folds_of
from .named_from import NamedFrom

DATA = Path('prep/data')
BY_TIME = ('time', 'time_and_group')


@contextmanager
def quietly() -> Iterator[None]:
    """Small classes and unconverged fits show in the scores; as warnings they would bury the output. One thread:
    several are slower on small matrices, much slower on a busy machine."""
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        warnings.simplefilter('ignore')
        yield


@dataclass(frozen=True)
class Training:
    """The splits, the unfitted preprocessing and the metric. The test split is read when it is first asked for."""

    metadata: Mapping[str, Any]
    #: unfitted, so that every fold fits its own
    preparation: Pipeline
    metric: str
    seed: int
    left_out: tuple[str, ...] = ()
    #: rows that cross-validation takes at most
    most_rows: int = 20_000
    #: None: of two classes the likelier one is named
    named_from: NamedFrom | None = None

    @classmethod
    def load(cls, choices: Mapping[str, Any]) -> Training:
        """From prep/data, by a script's parameters: as if the columns left out had never been prepared."""
        metadata = json.loads((DATA / 'metadata.json').read_text(encoding='utf-8'))
        left_out = list(choices['left_out'])
        metadata['feature_columns'] = [name for name in metadata['feature_columns'] if name not in left_out]
        preparation = without_columns(joblib.load(DATA / 'prep_pipeline.pkl'), left_out)
        return cls(
            metadata, preparation, choices['metric'], choices['seed'], tuple(left_out), choices['max_rows']
        )

    @property
    def problem(self) -> Problem:
        problem: Problem = self.metadata['problem_type']
        return problem

    @property
    def is_classes(self) -> bool:
        return self.problem != 'regression'

    @property
    def target(self) -> str:
        return str(self.metadata['target_column'])

    @property
    def features(self) -> list[str]:
        return list(self.metadata['feature_columns'])

    @property
    def warnings(self) -> list[str]:
        """What is to be known of the target before a score is believed."""
        return list(self.metadata.get('warnings', []))

    @property
    def by_time(self) -> bool:
        """Whether the split goes forward in time."""
        return self.metadata['split']['strategy'] in BY_TIME

    @cached_property
    def train(self) -> pd.DataFrame:
        return pd.read_parquet(DATA / 'train.parquet')

    @cached_property
    def val(self) -> pd.DataFrame:
        return pd.read_parquet(DATA / 'val.parquet')

    @cached_property
    def test(self) -> pd.DataFrame:
        return pd.read_parquet(DATA / 'test.parquet')

    @cached_property
    def known(self) -> pd.DataFrame:
        """Train and val together: what may be learned from and chosen by."""
        return pd.concat([self.train, self.val], ignore_index=True)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """Of `known` what cross-validation takes: the latest rows where time goes forward, else drawn ones."""
        if len(self.known) <= self.most_rows:
            return self.known
        some = (
            self.known.tail(self.most_rows)
            if self.by_time
            else self.known.sample(self.most_rows, random_state=self.seed)
        )
        return some.reset_index(drop=True)

    def task(self, rows: int) -> Task:
        """What a candidate is fitted for that learns from so many rows."""
        return Task(self.problem, self.metric, rows, self.seed, self.named_from)

    def model(self, name: str) -> Pipeline:
        """Preprocessing and candidate in one, unfitted, for all rows that are known."""
        return model_of(name, self.preparation, self.task(len(self.known)))

    def folds(self, folds: int, repeats: int, seed: int) -> Any:
        """How the sample is cut."""
        cutting = Cutting(folds, repeats, seed)
        belonging = belonging_of(self.sample, self.metadata)
        return folds_of(self.sample[self.target], self.is_classes, cutting, belonging, self.by_time)

    def fingerprint(self, cut: Any) -> str:
        """Of the folds of the sample: equal where another session has the same rows in the same folds."""
        folds = cut.split(self.sample[self.features], self.sample[self.target])
        return folds_fingerprint(folds, self.sample, str(self.metadata['source_row_column']), self.target)

    def cross_validate(
        self, names: Sequence[str], cut: Any, on_fold: Callable[[str, int, float, float], None]
    ) -> FoldScores:
        """Scores of the candidates in every fold of the sample; `on_fold` is told each as it comes."""
        examples = Examples(self.sample[self.features], self.sample[self.target], self.preparation)
        return cross_validate(names, examples, cut, self.task(len(self.sample)), on_fold)
