"""From which probability on the rarer of two classes is named: tried by cross-validation on rows that were not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from .judging import RARE, RECALLS, Threshold, threshold_at
from .scoring import Answers, metrics_of
from .training import Training

#: from which on a class is the likelier of two
USUAL = 0.5
#: metrics of labels: they hang on the threshold
OF_LABELS = ('accuracy', 'balanced_accuracy', 'f1_macro')
_GRID = tuple(round(0.05 * step, 2) for step in range(1, 20))
#: standard errors by which another threshold must be better: the best of many is better by chance
_ERRORS = 2
#: fewer rows of a class say nothing of where to cut
_FEWEST = 20


@dataclass(frozen=True)
class Tried:
    """What thresholds gave. `gain` is what the best adds to the metric at the usual one."""

    label: Any
    rows: int
    best: float
    usual_score: float
    gain: float
    #: standard error of the gain over the folds
    error: float
    #: what else could be chosen: to find more of the class, or to name it more rarely
    others: tuple[Threshold, ...]


def rarer_class(training: Training) -> Any:
    """Of two classes the one with fewer rows; None where there are not two."""
    if training.problem != 'binary':
        return None
    counts = training.sample[training.target].value_counts()
    return min(counts.index, key=lambda label: (counts[label], str(label)))


def needs_threshold(training: Training) -> bool:
    """Whether there is something to choose: the metric hangs on it, or one of the classes is rare."""
    counts = training.sample[training.target].value_counts()
    if training.problem != 'binary' or counts.min() < _FEWEST:
        return False
    return training.metric in OF_LABELS or bool(counts.min() <= RARE * counts.sum())


def tried(training: Training, name: str, folds: int) -> Tried:
    """Thresholds of a candidate on rows that the fold's model had not seen."""
    label = rarer_class(training)
    chances, places = class_chances(training, training.model(name), label, folds)
    seen = places >= 0  # forward in time the first rows are judged by no fold
    chances, places, truth = chances[seen], places[seen], training.sample[training.target][seen]
    other = next(one for one in truth.unique() if one != label)
    grid = (*_GRID, USUAL) if training.metric in OF_LABELS else (USUAL,)
    scores = {
        threshold: np.array(
            [
                _score(training, chances[places == fold], truth[places == fold], (label, other, threshold))
                for fold in np.unique(places)
            ]
        )
        for threshold in grid
    }
    best = max(grid, key=lambda one: (round(float(scores[one].mean()), 9), -abs(one - USUAL)))
    gains = scores[best] - scores[USUAL]
    gain, error = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains)))
    if best == USUAL or gain <= _ERRORS * error:
        best, gain = USUAL, 0.0
    is_label = truth == label
    candidates = {round(float(chances[is_label].quantile(1 - recall)), 4) for recall in RECALLS}
    others = [
        threshold_at(chances, is_label, one)
        for one in sorted(candidates | {USUAL})
        if 0 < one < 1 and one != best
    ]
    return Tried(label, len(truth), best, float(scores[USUAL].mean()), gain, error, tuple(others))


def class_chances(training: Training, unfitted: Any, label: Any, folds: int) -> tuple[pd.Series, np.ndarray]:
    """The probability of a class by the model of the fold that had not seen the row, and that fold; -1: none has."""
    sample, features = training.sample, training.features
    chances, places = pd.Series(np.nan, index=sample.index), np.full(len(sample), -1)
    cut = training.folds(folds, 1, training.seed + 2)
    for at, (learn, judge) in enumerate(cut.split(sample[features], sample[training.target])):
        known = sample.iloc[learn]
        fitted = clone(unfitted).fit(known[features], known[training.target])
        place = list(fitted.classes_).index(label)
        chances.iloc[judge] = fitted.predict_proba(sample.iloc[judge][features])[:, place]
        places[judge] = at
    return chances, places


def _score(training: Training, chances: pd.Series, truth: pd.Series, cut: tuple[Any, Any, float]) -> float:
    label, other, threshold = cut
    found = np.where(chances >= threshold, label, other)
    labels = np.array(sorted([label, other], key=str))
    first = chances if labels[0] == label else 1 - chances
    answers = Answers(found, labels, np.column_stack([first, 1 - first]))
    return metrics_of(answers, truth, 'binary', training.metric).get(training.metric, float('nan'))
