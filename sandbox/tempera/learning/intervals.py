"""How sure a score is: what a test should bring, judged from the folds, and what new rows should, judged from the test.

Rows that belong together (a subject's, near repeats, a stretch of time) err together: what counts is how many such
units were judged, so variances are taken over units and never over rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

from .candidates import Task
from .scoring import Answers, metrics_of

LEVEL = 0.95
#: units that are left out one by one; more are bundled
MOST_UNITS = 200
#: stretches of time that a test is cut into: enough to count, long enough to be nearly independent of each other
FEWEST_STRETCHES, MOST_STRETCHES = 8, 40
SHARES = ('accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc')
_SEED = 7


@dataclass(frozen=True)
class Interval:
    """Where a score should lie 95 times of 100; infinite where there is no bound."""

    low: float
    high: float

    def holds(self, score: float) -> bool:
        """Whether a score lies in it."""
        return self.low <= score <= self.high


def expected_interval(
    scores: np.ndarray, sizes: Sequence[tuple[int, int]], task: Task, test_rows: int, rarest: float
) -> Interval:
    """Where a score on `test_rows` new rows should fall, judged from the folds; `rarest` is the rarest class's share.

    A fold's spread holds the luck of its rows and of its training; it is scaled to the test's size, and the
    doubt about the mean itself is added. Shares and rankings get at least the spread that so few rows alone would give.
    """
    learn, judge = (float(np.mean(values)) for values in zip(*sizes, strict=True))
    spread, mean = float(scores.std(ddof=1)), float(scores.mean())
    variance = spread**2 * (judge / test_rows + 1 / len(scores) + judge / learn)
    if task.metric == 'roc_auc' and task.problem == 'binary':
        variance = max(variance, _ranking_variance(mean, test_rows * rarest, test_rows))
    elif task.metric in SHARES:
        likely = (mean * test_rows + 2) / (test_rows + 4)
        variance = max(variance, likely * (1 - likely) / test_rows)
    half = _reach(len(scores) - 1) * float(np.sqrt(variance))
    top = np.inf if task.lower_is_better else 1.0
    low = -np.inf if task.metric == 'r2' else 0.0
    return Interval(max(low, mean - half), min(top, mean + half))


def score_interval(
    answers: Answers, truth: pd.Series, task: Task, units: np.ndarray | None = None
) -> Interval:
    """Where the score on new rows of the same kind should lie, judged from the rows of the test alone.

    `units` says which rows of the test belong together. Each unit is left out once (the jackknife); shares get Wilson's
    interval for as many rows as the variance is worth, errors one on the scale of their logarithm.
    """
    score = metrics_of(answers, truth, task.problem, task.metric).get(task.metric, float('nan'))
    each = _bundled(np.arange(len(truth)) if units is None else units)
    count = int(each.max()) + 1
    if not np.isfinite(score) or count < 2:
        return Interval(
            0.0 if task.metric != 'r2' else -np.inf, 1.0 if task.metric in (*SHARES, 'r2') else np.inf
        )
    without = np.array([_without(at, each, answers, truth, task) for at in range(count)])
    if task.metric in SHARES:
        variance = _variance(without)
        worth = _worth(score, variance, count, truth, task)
        return _wilson(score, worth, _reach(count - 1))
    if task.metric == 'r2':
        half = _reach(count - 1) * float(np.sqrt(_variance(np.log(np.maximum(1 - without, 1e-12)))))
        missed = max(1 - score, 1e-12)
        return Interval(1 - missed * float(np.exp(half)), 1 - missed * float(np.exp(-half)))
    half = _reach(count - 1) * float(np.sqrt(_variance(np.log(np.maximum(without, 1e-12)))))
    return Interval(score * float(np.exp(-half)), score * float(np.exp(half)))


def stretches_of(moments: np.ndarray) -> np.ndarray:
    """The stretch of time of each row: moments of a stretch err together, and so do those that follow each other."""
    order, places = np.unique(moments, return_inverse=True)
    wanted = int(np.clip(round(2 * np.sqrt(len(order))), FEWEST_STRETCHES, MOST_STRETCHES))
    return np.asarray(places * min(wanted, len(order)) // max(1, len(order)))


def _reach(freedom: int) -> float:
    """Standard errors to either side."""
    return float(t.ppf(0.5 + LEVEL / 2, max(1, freedom)))


def _bundled(units: np.ndarray) -> np.ndarray:
    """Units as 0, 1, 2 …, at most so many."""
    _, places = np.unique(units, return_inverse=True)
    count = int(places.max()) + 1
    if count <= MOST_UNITS:
        return np.asarray(places)
    order = np.random.default_rng(_SEED).permutation(count)
    return np.asarray((order * MOST_UNITS // count)[places])


def _without(unit: int, each: np.ndarray, answers: Answers, truth: pd.Series, task: Task) -> float:
    places = np.flatnonzero(each != unit)
    rest = truth.iloc[places]
    if task.problem != 'regression' and rest.nunique() < truth.nunique() and task.metric != 'accuracy':
        return float('nan')
    return metrics_of(answers.take(places), rest, task.problem, task.metric).get(task.metric, float('nan'))


def _variance(without: np.ndarray) -> float:
    known = without[np.isfinite(without)]
    if len(known) < 2:
        return float('inf')
    return float(((known - known.mean()) ** 2).sum()) * (len(known) - 1) / len(known)


def _worth(score: float, variance: float, units: int, truth: pd.Series, task: Task) -> float:
    """How many independent rows would give a share of this variance; all units where it shows none."""
    rows = float(len(truth))
    most = float(units) if units < MOST_UNITS else rows
    if task.metric != 'accuracy':
        counts = truth.value_counts()
        # a ranking is as sure as its rarest class: half of the rows judge the other half at best
        most = min(most, float(counts.min()) * len(counts))
    if variance <= 0 or not 0 < score < 1:
        return most
    return float(np.clip(score * (1 - score) / variance, 1.0, 2 * rows))


def _wilson(score: float, rows: float, reach: float) -> Interval:
    shrunk = reach**2 / rows
    middle = (score + shrunk / 2) / (1 + shrunk)
    half = reach / (1 + shrunk) * float(np.sqrt(score * (1 - score) / rows + shrunk / (4 * rows)))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def _ranking_variance(area: float, rare: float, rows: int) -> float:
    """Of the area under the ROC curve by its rows alone (Hanley and McNeil), `rare` of them in the rarer class."""
    rare, other = max(rare, 1.0), max(rows - rare, 1.0)
    area = (area * rare + 2) / (rare + 4) if area > 0.5 else area
    first, second = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    return (area * (1 - area) + (rare - 1) * first + (other - 1) * second) / (rare * other)
