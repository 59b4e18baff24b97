"""Metrics of a model's answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn import config_context
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    roc_auc_score,
)
from sklearn.model_selection import FixedThresholdClassifier

from ..tables.measured.findings import Problem


@dataclass(frozen=True)
class Answers:
    """What a model says of rows: numbers, or labels with a chance for each of `labels`."""

    found: np.ndarray
    labels: np.ndarray | None = None
    chances: np.ndarray | None = None

    @classmethod
    def of(cls, model: Any, features: Any, problem: Problem) -> Answers:
        """Of a fitted model for these rows."""
        if problem == 'regression':
            return cls(np.asarray(model.predict(features), dtype='float64'))
        chances, labels = np.asarray(model.predict_proba(features)), np.asarray(model.classes_)
        # the likelier label is what `predict` names, but of a model with a threshold of its own
        own = isinstance(getattr(model, 'steps', [('', model)])[-1][1], FixedThresholdClassifier)
        found = np.asarray(model.predict(features)) if own else labels[chances.argmax(axis=1)]
        return cls(found, labels, chances)

    def take(self, places: np.ndarray) -> Answers:
        """Of these rows."""
        return Answers(
            self.found[places], self.labels, None if self.chances is None else self.chances[places]
        )


def scores_of(
    model: Any, features: Any, truth: pd.Series, problem: Problem, only: str | None = None
) -> dict[str, float]:
    """Every metric that can be computed here; `only` this one where it is named, for it is asked for often."""
    return metrics_of(Answers.of(model, features, problem), truth, problem, only)


def metrics_of(
    answers: Answers, truth: pd.Series, problem: Problem, only: str | None = None
) -> dict[str, float]:
    """The same of answers that are there already."""
    ways = _of_numbers(answers, truth) if problem == 'regression' else _of_labels(answers, truth, problem)
    return {name: float(score()) for name, score in ways.items() if only in (None, name)}


def _of_numbers(answers: Answers, truth: pd.Series) -> dict[str, Callable[[], float]]:
    return {
        'r2': lambda: r2_score(truth, answers.found),
        'rmse': lambda: np.sqrt(mean_squared_error(truth, answers.found)),
        'mae': lambda: mean_absolute_error(truth, answers.found),
    }


def _of_labels(answers: Answers, truth: pd.Series, problem: Problem) -> dict[str, Callable[[], float]]:
    found, labels, chances = answers.found, answers.labels, answers.chances
    assert labels is not None and chances is not None
    ways: dict[str, Callable[[], float]] = {
        'accuracy': lambda: accuracy_score(truth, found),
        'balanced_accuracy': lambda: balanced_accuracy_score(truth, found),
        'f1_macro': lambda: f1_score(truth, found, average='macro', zero_division=0),
        'log_loss': lambda: (
            log_loss(truth, chances, labels=labels) if truth.isin(labels).all() else float('nan')
        ),
    }
    if problem == 'binary' and truth.nunique() == 2:
        ways['roc_auc'] = lambda: roc_auc_score(truth, chances[:, 1])
    elif problem == 'multiclass' and truth.nunique() == len(labels):
        ways['roc_auc'] = lambda: roc_auc_score(truth, chances, multi_class='ovr')
    return ways


def quick_score(answers: Answers, truth: np.ndarray, problem: Problem, metric: str) -> float:
    """The number that `metrics_of` gives, NaN where it gives none, for what is asked a thousand times: rankings of two
    classes are taken from ranks, the rest is left to the library without its checks."""
    if (
        metric == 'roc_auc'
        and problem == 'binary'
        and answers.labels is not None
        and len(answers.labels) == 2
    ):
        is_second = truth == answers.labels[1]
        first, second = int((~is_second).sum()), int(is_second.sum())
        if first == 0 or second == 0 or answers.chances is None:
            return float('nan')
        ranks = rankdata(answers.chances[:, 1])
        return float((ranks[is_second].sum() - second * (second + 1) / 2) / (first * second))
    with config_context(assume_finite=True, skip_parameter_validation=True):
        return metrics_of(answers, pd.Series(truth), problem, metric).get(metric, float('nan'))
