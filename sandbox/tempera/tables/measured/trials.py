"""Cross-validated trials with one quick learner: is the first way really better than the second?

The learner is gradient boosting on trees, small, single-threaded and seeded, so that a trial gives the same numbers
anywhere. Rows are put into an order that depends on their content alone before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import Booster, Dataset
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from .findings import Trial

SEED = 7
FOLDS = 5
REPEATS = 2
#: trees of a class, at most
ROUNDS = 60
#: skill of a fold at the least, as far below a guess as perfect is above
WORST = -1.0
#: rows that trials are made on; more tell nothing more about what is looked for
MOST_ROWS = 4_000

Fold = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Answer:
    """The target as trials take it: codes of labels, or numbers whose outliers are drawn in."""

    values: pd.Series
    is_classes: bool

    @classmethod
    def of(cls, values: pd.Series, is_classes: bool) -> Answer:
        """Of the target's values without gaps."""
        if is_classes:
            return cls(values.astype('category').cat.codes.astype('int64'), True)
        low, high = values.quantile(0.005), values.quantile(0.995)
        return cls(values.astype('float64').clip(low, high), False)

    def take(self, rows: pd.Index) -> Answer:
        """Of these rows."""
        return Answer(self.values.loc[rows], self.is_classes)


def sample_rows(frame: pd.DataFrame, most: int = MOST_ROWS, units: np.ndarray | None = None) -> pd.Index:
    """At most `most` rows, drawn and ordered by content, so that the order of the file decides nothing.

    Rows with one number in `units` are drawn together: one by one, few of a thing's rows would meet in the sample.
    """
    keys = content_keys(frame)
    order = np.argsort(keys, kind='stable')
    if len(order) <= most:
        return frame.index[order]
    generator = np.random.default_rng(SEED)
    if units is None:
        return frame.index[order[np.sort(generator.choice(len(order), most, replace=False))]]
    ordered = pd.Series(units[order])
    drawn = generator.permutation(ordered.unique())
    sizes = ordered.value_counts().loc[drawn].cumsum()
    return frame.index[order[ordered.isin(sizes.index[sizes <= most]).to_numpy()]]


def content_keys(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row that depends on its cells alone."""
    return np.asarray(pd.util.hash_pandas_object(frame.astype('string').fillna(''), index=False))


def random_folds(answer: Answer, seed: int = SEED, repeats: int = REPEATS) -> list[Fold]:
    """Row by row, class by class."""
    folds: list[Fold] = []
    count = fold_count(answer)
    for repeat in range(repeats):
        kind = StratifiedKFold if answer.is_classes else KFold
        cut = kind(n_splits=count, shuffle=True, random_state=seed + repeat)
        folds += list(cut.split(np.zeros(len(answer.values)), answer.values))
    return folds


def group_folds(answer: Answer, groups: np.ndarray, seed: int = SEED, repeats: int = REPEATS) -> list[Fold]:
    """Whole groups on one side."""
    folds: list[Fold] = []
    count = min(FOLDS, len(np.unique(groups)))
    if count < 2:
        return []
    for repeat in range(repeats):
        kind = StratifiedGroupKFold if answer.is_classes else GroupKFold
        cut = kind(n_splits=count, shuffle=True, random_state=seed + repeat)
        folds += list(cut.split(np.zeros(len(answer.values)), answer.values, groups))
    return folds


def forward_folds(moments: np.ndarray, folds: int = FOLDS) -> list[Fold]:
    """What comes later is judged by what came before; rows of a moment stay together."""
    order = np.unique(moments)
    if len(order) < folds + 1:
        return []
    edges = [order[int(len(order) * (at + 1) / (folds + 1))] for at in range(folds)]
    made: list[Fold] = []
    for at, start in enumerate(edges):
        end = edges[at + 1] if at + 1 < folds else None
        judged = (moments >= start) & ((moments < end) if end is not None else True)
        made.append((np.flatnonzero(moments < start), np.flatnonzero(judged)))
    return [fold for fold in made if len(fold[0]) >= 20 and len(fold[1]) >= 5]


def fold_count(answer: Answer) -> int:
    """Five, or fewer where a class has fewer rows."""
    if not answer.is_classes:
        return FOLDS
    fewest = int(answer.values.value_counts().min())
    return int(np.clip(fewest, 2, FOLDS))


def skills(
    matrix: pd.DataFrame, answer: Answer, folds: Sequence[Fold], memory: pd.Series | None = None
) -> np.ndarray:
    """The learner's skill in each fold. `memory`: a column whose values are learned by heart in each training part,
    as a smoothed mean of the target, which is what a model that knows the value can do."""
    return np.array([skill for skill in _each(matrix, answer, folds, memory) if np.isfinite(skill)])


def compare(first: str, second: str, left: np.ndarray, right: np.ndarray, rows: int) -> Trial | None:
    """Two sets of folds' skills as a trial; None where one of them has no score. A fold far below a guess counts as
    `WORST`: R² has no end, and one wild fold would hide that all are worse."""
    if len(left) < 2 or len(right) < 2:
        return None
    left, right = np.maximum(left, WORST), np.maximum(right, WORST)
    error = float(np.sqrt(left.var(ddof=1) / len(left) + right.var(ddof=1) / len(right)))
    return Trial(
        first, second, float(left.mean()), float(right.mean()), error, min(len(left), len(right)), rows
    )


def skill_of(truth: np.ndarray, found: np.ndarray, labels: np.ndarray | None) -> float:
    """2·AUC − 1 over the classes that are there (chances in columns), or R²; NaN where neither is defined."""
    if labels is None:
        spread = float(((truth - truth.mean()) ** 2).sum())
        return 1 - float(((truth - found) ** 2).sum()) / spread if spread > 0 else float('nan')
    areas = [
        _area(truth == label, found[:, at])
        for at, label in enumerate(labels)
        if 0 < (truth == label).sum() < len(truth)
    ]
    return 2 * float(np.mean(areas)) - 1 if areas else float('nan')


def _area(hits: np.ndarray, scores: np.ndarray) -> float:
    """AUC by ranks: how often a hit's score is above that of another row, where they tie half."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    of_hits = int(hits.sum())
    return float((ranks[hits].sum() - of_hits * (of_hits + 1) / 2) / (of_hits * (len(hits) - of_hits)))


def _each(
    matrix: pd.DataFrame, answer: Answer, folds: Sequence[Fold], memory: pd.Series | None
) -> Iterator[float]:
    values = answer.values.to_numpy()
    data = matrix.to_numpy(dtype='float64')
    for learn, judge in folds:
        known, asked = data[learn], data[judge]
        if memory is not None:
            learned, applied = _remembered(memory.to_numpy(), values, answer.is_classes, learn, judge)
            known, asked = np.column_stack([known, learned]), np.column_stack([asked, applied])
        if known.shape[1] == 0 or (answer.is_classes and len(np.unique(values[learn])) < 2):
            yield float('nan')
            continue
        yield _fit_and_judge(known, values[learn], asked, values[judge], answer.is_classes)


def _fit_and_judge(
    known: np.ndarray, learned: np.ndarray, asked: np.ndarray, truth: np.ndarray, is_classes: bool
) -> float:
    labels, goals = np.unique(learned, return_inverse=True) if is_classes else (None, learned)
    settings: dict[str, Any] = {
        **_objective(labels),
        'learning_rate': 0.12,
        'num_leaves': 15,
        'min_data_in_leaf': int(np.clip(len(known) // 40, 3, 20)),
        'seed': SEED,
        'num_threads': 1,
        'deterministic': True,
        'force_row_wise': True,
        'verbosity': -1,
    }
    # Not by its estimators: their checks and copies take longer than trees of so few rows.
    booster = Booster(settings, Dataset(known, goals, params=settings))
    for _ in range(ROUNDS):
        if booster.update():  # Nothing is left to split, nor would it be in a later round.
            break
    found = np.asarray(booster.predict(asked, num_threads=1))
    if labels is not None and len(labels) == 2:
        found = np.column_stack([1 - found, found])
    return skill_of(truth, found, labels)


def _objective(labels: np.ndarray | None) -> dict[str, Any]:
    if labels is None:
        return {'objective': 'regression'}
    return (
        {'objective': 'binary'} if len(labels) == 2 else {'objective': 'multiclass', 'num_class': len(labels)}
    )


def _remembered(
    memory: np.ndarray, values: np.ndarray, is_classes: bool, learn: np.ndarray, judge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means of the target by value: for the rows that are learned from without the row itself, else with all."""
    goals = (
        np.column_stack([values == label for label in np.unique(values)]).astype('float64')
        if is_classes
        else values.astype('float64')[:, None]
    )
    overall = goals[learn].mean(axis=0)
    seen = pd.DataFrame(goals[learn]).groupby(memory[learn], dropna=False)
    sums, counts = seen.transform('sum').to_numpy(), seen.transform('size').to_numpy()[:, None]
    without = (sums - goals[learn] + overall) / counts
    totals = seen.sum()
    known = seen.size().reindex(memory[judge]).fillna(0).to_numpy()[:, None]
    applied = (totals.reindex(memory[judge]).fillna(0).to_numpy() + overall) / (known + 1)
    return without, applied
