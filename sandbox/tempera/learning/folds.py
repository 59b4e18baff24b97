"""How train and val are cut for cross-validation: as the split holds rows apart, so do the folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.model_selection import (
    GroupKFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)

from ..tables.measured.trials import Fold, forward_folds
from .belonging import Belonging


class Cut(Protocol):
    """Folds of rows, as scikit-learn gives them."""

    def get_n_splits(self) -> int: ...

    def split(self, features: Any, answer: Any) -> Iterator[Fold]: ...


class GroupedFolds:
    """Repeated cross-validation that keeps rows of one group in one fold."""

    def __init__(self, groups: np.ndarray, classes: bool, folds: int, repeats: int, seed: int) -> None:
        self.groups, self.classes, self.repeats, self.seed = groups, classes, repeats, seed
        self.folds = min(folds, len(np.unique(groups)))

    def get_n_splits(self) -> int:
        """Of all repeats."""
        return self.folds * self.repeats

    def split(self, features: Any, answer: Any) -> Iterator[Fold]:
        """Places of the rows that are learned from, and of those that are judged."""
        kind = StratifiedGroupKFold if self.classes else GroupKFold
        for repeat in range(self.repeats):
            cut = kind(n_splits=self.folds, shuffle=True, random_state=self.seed + repeat)
            yield from cut.split(features, answer, self.groups)


class ForwardFolds:
    """What comes later is judged by what came before; rows of one moment are never on both sides, nor rows of a group
    where there are groups."""

    def __init__(self, moments: np.ndarray, folds: int, groups: np.ndarray | None = None) -> None:
        cut = forward_folds(moments, folds)
        self.cut = cut if groups is None else [_apart(fold, groups) for fold in cut]

    def get_n_splits(self) -> int:
        """Fewer than asked for where there are few moments."""
        return len(self.cut)

    def split(self, features: Any, answer: Any) -> Iterator[Fold]:
        """Places of the rows that are learned from, and of those that are judged."""
        yield from self.cut


def _apart(fold: Fold, groups: np.ndarray) -> Fold:
    learn, judge = fold
    other = learn[~np.isin(groups[learn], groups[judge])]
    # a table whose groups are all seen along the whole time would leave nothing to learn from
    return (other, judge) if len(other) >= len(learn) / 4 else fold


@dataclass(frozen=True)
class Cutting:
    """Into how many folds, how often over, and the seed."""

    folds: int
    repeats: int
    seed: int


def folds_of(
    answer: pd.Series, is_classes: bool, cutting: Cutting, belonging: Belonging, in_order: bool = False
) -> Any:
    """Forwards in time (`in_order` where rows stand in their order and no moment is known), by groups, stratified by
    class, or at random."""
    folds, repeats, seed = cutting.folds, cutting.repeats, cutting.seed
    if belonging.moments is not None:
        return ForwardFolds(belonging.moments, folds, belonging.groups)
    if in_order:
        return TimeSeriesSplit(n_splits=folds)
    if belonging.groups is not None:
        return GroupedFolds(belonging.groups, is_classes, folds, repeats, seed)
    if not is_classes:
        return RepeatedKFold(n_splits=folds, n_repeats=repeats, random_state=seed)
    enough = int(np.clip(answer.value_counts().max(), 2, folds))
    return RepeatedStratifiedKFold(n_splits=enough, n_repeats=repeats, random_state=seed)
