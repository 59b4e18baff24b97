"""Which candidate becomes the model: all on the same folds, then the simplest that the best does not clearly beat."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from .candidates import SIMPLEST_FIRST, Task, estimator
from .learner_titles import TITLES
from .scoring import scores_of

#: told after each fold of a candidate: (candidate, place of the fold, its score, the mean so far)
OnFold = Callable[[str, int, float, float], None]
Sizes = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class FoldScores:
    """Scores of candidates, fold by fold."""

    scores: Mapping[str, np.ndarray]
    seconds: Mapping[str, float]
    #: rows learned from and judged, by fold
    sizes: Sizes
    #: candidates that could not be fitted, with the error
    failed: Mapping[str, str]


@dataclass(frozen=True)
class Candidate:
    """One candidate's score over the folds."""

    name: str
    title: str
    mean: float
    sd: float
    #: standard error of the mean
    se: float
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """All candidates, best first."""

    candidates: tuple[Candidate, ...]
    best: str
    #: those that the best does not beat by more than one standard error, simplest first
    within_one_se: tuple[str, ...]
    beats_dummy: bool
    failed: Mapping[str, str] = field(default_factory=dict)

    def to_json(self, metric: str) -> dict[str, Any]:
        """What `train/data/candidates.json` holds."""
        fields = {name: value for name, value in asdict(self).items() if name != 'best'}
        return {'metric': metric} | fields


@dataclass(frozen=True)
class Examples:
    """Rows that candidates learn from, with their answers."""

    features: pd.DataFrame
    answer: pd.Series
    #: unfitted: every fold fits its own
    preparation: Pipeline


def cross_validate(
    names: Sequence[str], examples: Examples, cut: Any, task: Task, on_fold: OnFold = lambda *_: None
) -> FoldScores:
    """Each candidate in every fold. The preprocessing is fitted once a fold, on the fold's training rows, and shared by
    the candidates. One that fails is told and left out, the others go on."""
    features, answer = examples.features, examples.answer
    scores: dict[str, list[float]] = {name: [] for name in names}
    seconds, failed, sizes = dict.fromkeys(names, 0.0), dict[str, str](), list[tuple[int, int]]()
    for place, (learn, judge) in enumerate(cut.split(features, answer)):
        known, asked = answer.iloc[learn], answer.iloc[judge]
        fitted = clone(examples.preparation)
        known_matrix = fitted.fit_transform(features.iloc[learn], known)
        asked_matrix = fitted.transform(features.iloc[judge])
        sizes.append((len(learn), len(judge)))
        for name in [name for name in names if name not in failed]:
            began = time.perf_counter()
            try:
                model = estimator(name, task).fit(known_matrix, known)
                value = scores_of(model, asked_matrix, asked, task.problem, task.metric)
            except (ValueError, MemoryError, np.linalg.LinAlgError) as problem:
                failed[name] = f'{type(problem).__name__}: {str(problem)[:200]}'
                continue
            seconds[name] += time.perf_counter() - began
            score = value.get(task.metric, float('nan'))
            if np.isfinite(score):
                scores[name].append(score)
                on_fold(name, place, score, float(np.mean(scores[name])))
    return FoldScores(
        {name: np.array(values) for name, values in scores.items()}, seconds, tuple(sizes), failed
    )


def compare(folds: FoldScores, task: Task) -> Comparison:
    """One standard error: the simplest candidate that the best does not clearly beat comes first in `within_one_se`;
    one that is not better than the dummy is never in it. RuntimeError where no candidate could be fitted."""
    found = [
        _candidate(name, values, folds)
        for name, values in folds.scores.items()
        if name not in folds.failed and len(values)
    ]
    return _chosen(found, folds.failed, task)


def joined(former: Mapping[str, Any], folds: FoldScores, task: Task) -> Comparison:
    """A comparison as it was kept, with further candidates that had the same folds."""
    found = [Candidate(**one) for one in former['candidates'] if one['name'] not in folds.scores]
    found += [
        _candidate(name, values, folds)
        for name, values in folds.scores.items()
        if name not in folds.failed and len(values)
    ]
    return _chosen(found, {**former['failed'], **folds.failed}, task)


def _chosen(found: list[Candidate], failed: Mapping[str, str], task: Task) -> Comparison:
    if not any(one.name != 'dummy' for one in found):
        raise RuntimeError(f'no candidate could be fitted: {dict(failed)}')
    sign = 1 if task.lower_is_better else -1
    found.sort(key=lambda one: (sign * round(one.mean, 6), one.name))
    best = next(one for one in found if one.name != 'dummy')
    means = {one.name: one.mean for one in found}

    def gain(mean: float) -> float:
        return sign * (means['dummy'] - mean) if 'dummy' in means else float('inf')

    near = tuple(
        name
        for name in SIMPLEST_FIRST
        if name in means and abs(means[name] - best.mean) <= best.se and gain(means[name]) > 0
    )
    beats_dummy = bool(gain(best.mean) > best.se)
    return Comparison(tuple(found), best.name, near or (best.name,), beats_dummy, dict(failed))


def _candidate(name: str, values: np.ndarray, folds: FoldScores) -> Candidate:
    sd = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    # folds share training rows, so their mean is less sure than sd/sqrt(k): Nadeau and Bengio's correction
    shared = np.mean([judge / learn for learn, judge in folds.sizes])
    se = sd * float(np.sqrt(1 / len(values) + shared))
    return Candidate(name, TITLES[name], float(values.mean()), sd, se, round(folds.seconds[name], 2))
