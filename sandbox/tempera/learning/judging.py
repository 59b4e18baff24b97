"""What a fitted model uses and where it errs: importance by shuffling, classes it misses, thresholds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from .scoring import scores_of
from .training import Training

#: columns of a wide table that are judged one by one: each costs several predictions
WIDE, MOST_JUDGED = 60, 20
MOST_ROWS = 1000
#: below this share of its rows a class counts as hardly found; classes of fewer rows say nothing
HARDLY_FOUND, FEWEST_OF_CLASS = 0.2, 5
#: below this share of the rows a class is rare; of fewer rows no threshold can be said
RARE, FEWEST_RARE = 0.2, 10
RECALLS = (0.9, 0.75, 0.5, 0.25)
_SINGLE = ('accuracy', 'balanced_accuracy', 'f1_macro')


@dataclass(frozen=True)
class Importance:
    """What the score loses when a column's values are dealt out anew."""

    feature: str
    mean: float
    sd: float

    @property
    def is_clear(self) -> bool:
        """More than chance makes of it."""
        return self.mean > 0 and self.mean > 2 * self.sd


@dataclass(frozen=True)
class ClassFound:
    """How well one class is found on the test."""

    label: Any
    rows: int
    #: of its rows, how many are named so
    right: int
    #: null where it is never named, or has no row
    precision: float | None
    recall: float | None

    @property
    def is_missed(self) -> bool:
        """`predict` hardly ever names it where it is the answer."""
        return self.rows >= FEWEST_OF_CLASS and self.right < HARDLY_FOUND * self.rows


@dataclass(frozen=True)
class Threshold:
    """What naming a class from this probability on would give."""

    threshold: float
    recall: float
    precision: float
    #: share of all rows that would be named
    named: float


def importance_metric(training: Training) -> str:
    """The metric that importance is told in: the chosen one where it is cheap and more of it is better."""
    metric = training.metric
    if metric in _SINGLE or (metric == 'roc_auc' and training.problem == 'binary'):
        return metric
    return 'accuracy' if training.is_classes else 'r2'


def importances(training: Training, model: Any) -> list[Importance]:
    """Of the columns on the test split, the most important first."""
    rows = training.test.head(MOST_ROWS)
    whole = _score(training, model, rows[training.features], rows[training.target])
    judged = _strongest(training.features) if len(training.features) > WIDE else training.features
    found = [_importance(training, model, name, rows, whole) for name in judged]
    return sorted(found, key=lambda one: (-round(one.mean, 6), one.feature))


def _importance(training: Training, model: Any, name: str, rows: pd.DataFrame, whole: float) -> Importance:
    generator, losses = np.random.default_rng(training.seed), []
    for _ in range(int(np.clip(WIDE // len(training.features), 2, 5))):
        dealt = rows[training.features].copy()
        dealt[name] = pd.Series(dealt[name].array[generator.permutation(len(rows))], index=rows.index)
        losses.append(whole - _score(training, model, dealt, rows[training.target]))
    return Importance(name, float(np.mean(losses)), float(np.std(losses)))


def _score(training: Training, model: Any, features: pd.DataFrame, truth: pd.Series) -> float:
    metric = importance_metric(training)
    return scores_of(model, features, truth, training.problem, metric).get(metric, 0.0)


def _strongest(features: list[str]) -> list[str]:
    """The columns that told most by themselves in the exploration."""
    path = Path('eda/data/relations.json')
    skill = json.loads(path.read_text(encoding='utf-8'))['scores'] if path.exists() else {}
    return sorted(features, key=lambda name: (-(skill.get(name) or 0), name))[:MOST_JUDGED]


def classes_found(labels: list[Any], truth: pd.Series, found: np.ndarray) -> list[ClassFound]:
    """Each class by its rows in the test, the commonest first: one figure over all may hide one never found."""
    precision, recall, _, rows = precision_recall_fscore_support(truth, found, labels=labels, zero_division=0)
    made = [
        ClassFound(
            label,
            int(count),
            int(((found == label) & (truth == label)).sum()),
            float(right) if (found == label).any() else None,
            float(caught) if count else None,
        )
        for label, count, right, caught in zip(labels, rows, precision, recall, strict=True)
    ]
    return sorted(made, key=lambda one: -one.rows)


def confusions(truth: pd.Series, found: np.ndarray) -> list[tuple[int, str, str]]:
    """(rows, true label, named label) of what is wrong, the most frequent first."""
    counts = pd.crosstab(truth.astype(str), pd.Series(found, index=truth.index).astype(str))
    pairs = [
        (int(counts.loc[true, named]), str(true), str(named))
        for true in counts.index
        for named in counts.columns
        if true != named and counts.loc[true, named] > 0
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))


def rare_class(training: Training, missed: list[Any]) -> Any:
    """The rarer of two classes where a threshold of its own may be wanted: it is rare or hardly found; else null."""
    if training.problem != 'binary' or training.by_time:
        return None
    counts = training.sample[training.target].value_counts()
    if counts.min() < FEWEST_RARE:
        return None
    rare = counts.idxmin()
    return rare if counts.min() <= RARE * counts.sum() or rare in missed else None


def thresholds(chances: pd.Series, is_rare: pd.Series) -> list[Threshold]:
    """Those that find so much of a class, by its probability for rows that the fold's model had not seen."""
    return [
        threshold_at(chances, is_rare, float(chances[is_rare].quantile(1 - recall))) for recall in RECALLS
    ]


def threshold_at(chances: pd.Series, is_rare: pd.Series, threshold: float) -> Threshold:
    """What naming the class from there on gives."""
    named = chances >= threshold
    hit = int((named & is_rare).sum())
    return Threshold(threshold, hit / int(is_rare.sum()), hit / max(1, int(named.sum())), float(named.mean()))
