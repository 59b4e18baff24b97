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
from .scoring import Answers, metrics_of, quick_score

LEVEL = 0.95
#: units that are left out one by one; more are bundled
MOST_UNITS = 120
#: stretches of time that a test is cut into
MOST_STRETCHES = 40
#: neighbours more alike than this are taken for this
_MOST_ALIKE = 0.9
SHARES = ('accuracy', 'balanced_accuracy', 'f1_macro', 'roc_auc')
_SEED = 7
#: an error below this is none
_LEAST = 1e-12


@dataclass(frozen=True)
class Interval:
    """Where a score should lie 95 times of 100; infinite where there is no bound."""

    low: float
    high: float

    def holds(self, score: float) -> bool:
        """Whether a score lies in it."""
        return self.low <= score <= self.high


@dataclass(frozen=True)
class Units:
    """Which rows err together."""

    of_rows: np.ndarray
    #: units are numbered along time, and neighbours may err together too
    in_time: bool = False


@dataclass(frozen=True)
class _Spread:
    variance: float
    freedom: float


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


def score_interval(answers: Answers, truth: pd.Series, task: Task, units: Units | None = None) -> Interval:
    """Where the score on new rows of the same kind should lie, judged from the rows of the test alone.

    `units` says which rows of the test belong together. Each unit is left out once (the jackknife); shares get Wilson's
    interval for as many rows as the variance is worth, errors one on the scale of their logarithm.
    """
    score = metrics_of(answers, truth, task.problem, task.metric).get(task.metric, float('nan'))
    each = _bundled(units, len(truth))
    count = int(each.max()) + 1
    in_time = units is not None and units.in_time
    if not np.isfinite(score) or count < 2:
        return Interval(
            0.0 if task.metric != 'r2' else -np.inf, 1.0 if task.metric in (*SHARES, 'r2') else np.inf
        )
    without = _without_each(each, answers, truth, task)
    if task.metric in SHARES:
        spread = _spread(without, in_time)
        rarest = _units_of_rarest(each, truth) if task.metric != 'accuracy' else count
        worth = _worth(score, spread.variance, count, truth, task)
        # of single rows that are right or wrong the spread is known with the share itself
        sure = task.metric == 'accuracy' and units is None
        return _wilson(score, worth, _reach(np.inf if sure else min(spread.freedom, rarest - 1)))
    is_share = task.metric == 'r2'
    spread = _spread(np.log(np.maximum(1 - without if is_share else without, _LEAST)), in_time)
    factor = float(np.exp(_reach(spread.freedom) * np.sqrt(spread.variance)))
    if is_share:
        missed = max(1 - score, _LEAST)
        return Interval(1 - missed * factor, 1 - missed / factor)
    return Interval(score / factor, score * factor)


def error_of_mean(values: np.ndarray, units: Units | None = None) -> float:
    """The standard error of the values' mean: of single rows, or where rows err together, over units."""
    if units is None:
        return float(values.std(ddof=1) / len(values) ** 0.5)
    return float(np.sqrt(_spread(_less(_bundled(units, len(values)), values), units.in_time).variance))


def stretches_of(moments: np.ndarray) -> np.ndarray:
    """The stretch of time of each row, numbered along time: rows of a stretch err together."""
    order, places = np.unique(moments, return_inverse=True)
    return np.asarray(places * min(MOST_STRETCHES, len(order)) // max(1, len(order)))


def _reach(freedom: float) -> float:
    """Standard errors to either side."""
    return float(t.ppf(0.5 + LEVEL / 2, max(1, freedom)))


def _bundled(units: Units | None, rows: int) -> np.ndarray:
    """Units as 0, 1, 2 …, at most so many."""
    _, places = np.unique(np.arange(rows) if units is None else units.of_rows, return_inverse=True)
    count = int(places.max()) + 1
    if count <= MOST_UNITS:
        return np.asarray(places)
    order = np.random.default_rng(_SEED).permutation(count)
    return np.asarray((order * MOST_UNITS // count)[places])


def _without_each(each: np.ndarray, answers: Answers, truth: pd.Series, task: Task) -> np.ndarray:
    """The score without each unit in turn: from sums where it is made of sums, else computed anew."""
    if task.metric == 'accuracy':
        return _less(each, answers.found == truth.to_numpy())
    if task.metric in ('mae', 'rmse', 'r2'):
        actual = truth.to_numpy(dtype='float64')
        missed = answers.found - actual
        if task.metric == 'mae':
            return _less(each, np.abs(missed))
        squares = _less(each, missed**2)
        if task.metric == 'rmse':
            return np.asarray(np.sqrt(squares))
        middle = actual - actual.mean()
        spread = _less(each, middle**2) - _less(each, middle) ** 2
        return np.asarray(1 - squares / np.where(spread > 0, spread, np.nan))
    return np.array([_without(at, each, answers, truth, task) for at in range(int(each.max()) + 1)])


def _less(each: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The mean of the values without each unit in turn."""
    rows = np.bincount(each)
    return np.asarray((values.sum() - np.bincount(each, weights=values)) / (len(values) - rows))


def _without(unit: int, each: np.ndarray, answers: Answers, truth: pd.Series, task: Task) -> float:
    places = np.flatnonzero(each != unit)
    rest = truth.iloc[places]
    if rest.nunique() < truth.nunique():
        return float('nan')
    return quick_score(answers.take(places), rest.to_numpy(), task.problem, task.metric)


def _spread(without: np.ndarray, in_time: bool) -> _Spread:
    """The jackknife's variance. Along time, what neighbouring stretches have in common is added (Newey and West), and
    so many stretches are as sure as fewer independent ones."""
    known = without[np.isfinite(without)]
    if len(known) < 2:
        return _Spread(np.inf, 1.0)
    apart = known - known.mean()
    alone = total = float((apart**2).sum())
    lags = _lags(apart) if in_time and alone > 0 else 0
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * float((apart[lag:] * apart[:-lag]).sum())
    total = max(total, alone)
    freedom = (len(known) - 1) * (alone / total if total > 0 else 1.0)
    return _Spread(total * (len(known) - 1) / len(known), freedom)


def _lags(apart: np.ndarray) -> int:
    """How many neighbours have something in common, by how alike the next ones are (Andrews)."""
    alike = float(np.clip((apart[1:] * apart[:-1]).sum() / (apart**2).sum(), 0.0, _MOST_ALIKE))
    slow = 4 * alike**2 / ((1 - alike) ** 2 * (1 + alike) ** 2)
    return min(int(1.1447 * (slow * len(apart)) ** (1 / 3) + 0.5), len(apart) // 3)


def _units_of_rarest(each: np.ndarray, truth: pd.Series) -> int:
    """Units that hold a row of the rarest class: a ranking is no surer than these."""
    return min(len(np.unique(each[(truth == label).to_numpy()])) for label in truth.unique())


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
