"""A model that was judged on rows made up for the purpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier

from tempera.learning.final import Expectation, Judged
from tempera.learning.intervals import Interval
from tempera.learning.scoring import Answers
from tempera.learning.training import Training

LIKELY = Interval(0.94, 1.0)
CHOICES: dict[str, Any] = {
    'chosen': 'linear',
    'reason': 'it is simple',
    'metric_reason': None,
    'folds': 5,
    'plain': False,
    'uncertain': [],
}


def judged(
    truth: list[Any],
    found: list[Any],
    *,
    metric: str = 'roc_auc',
    test: dict[str, float],
    baseline: dict[str, float],
    known: list[Any] | None = None,
    strategy: str = 'stratified',
    scores: tuple[float, ...] = (0.97, 0.98, 0.99),
    interval: Interval = LIKELY,
) -> Judged:
    """Judged on `truth`, for which it said `found`; `known` are the answers that it learned from."""
    is_classes = 'r2' not in test
    labels = np.unique(truth) if is_classes else None
    metadata = {
        'problem_type': 'binary' if is_classes else 'regression',
        'target_column': 'y',
        'feature_columns': ['x'],
        'split': {'strategy': strategy, 'equal_rows': None},
    }
    training = Training(metadata, None, metric, 42)
    vars(training)['test'] = _rows(truth)
    vars(training)['sample'] = vars(training)['known'] = _rows(truth if known is None else known)
    model = DummyClassifier().fit([[0]] * len(truth), truth) if is_classes else None
    return Judged(
        choices=CHOICES,
        comparison={'candidates': [], 'beats_dummy': True},
        training=training,
        expectation=Expectation(np.array(scores), len(scores), 1, interval, (80.0, 20.0), ''),
        unfitted=model,
        model=model,
        answers=Answers(np.array(found), labels),
        test=test,
        baseline=baseline,
        validation=test,
        reached=interval,
    )


def _rows(answers: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({'x': np.arange(len(answers)), 'y': answers})
