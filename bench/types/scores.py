"""The best cross-validated score of the features that a reader makes of a table: for each reader the same rows, the
same folds and the same two learners, one of lines and one of trees."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Protocol

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

#: rows of a table that are learned from and judged on, and the folds that they are dealt to
ROWS, FOLDS = 1_000, 5
#: a text target, or numbers of so few values, are classes
_MOST_CLASSES = 20
#: classes of fewer rows cannot stand in each fold
_FEWEST = FOLDS
_ROUNDS = 40
_FEWEST_ROWS = 4 * FOLDS
#: wider features are cut to the columns that vary most: they are judged, not the machine's patience
_MOST_FEATURES = 600

Fold = tuple[np.ndarray, np.ndarray]


class Featured(Protocol):
    """Features of a reader: learned from training rows, made of any rows."""

    def fit_transform(self, frame: pd.DataFrame, answer: np.ndarray) -> np.ndarray:
        """Of training rows."""
        ...

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Of other rows."""
        ...


def rows_of(answer: pd.Series) -> np.ndarray:
    """Positions of the rows that are scored: those with an answer that can be judged, at most `ROWS`."""
    known = np.array(answer.notna())
    if is_classes(answer):
        counts = answer.astype(str).map(answer.astype(str).value_counts())
        known &= (counts >= _FEWEST).to_numpy()
    places = np.flatnonzero(known)
    if len(places) > ROWS:
        places = np.sort(np.random.default_rng(0).choice(places, ROWS, replace=False))
    return places


def is_classes(answer: pd.Series) -> bool:
    """Whether a target's values are labels."""
    return not pd.api.types.is_numeric_dtype(answer) or answer.nunique() <= _MOST_CLASSES


def best_score(frame: pd.DataFrame, answer: pd.Series, make: Callable[[], Featured]) -> list[float]:
    """Of each fold, by the learner that is better over all of them: accuracy of classes, R² of numbers."""
    if len(answer) < _FEWEST_ROWS:
        return []
    classes = is_classes(answer)
    goal = answer.astype(str).to_numpy() if classes else answer.astype('float64').to_numpy()
    folds = _folds(goal, classes)
    matrices = [_matrices(frame, goal, fold, make) for fold in folds]
    scored = [
        [
            _score(learner(), train, goal[fold[0]], test, goal[fold[1]])
            for fold, (train, test) in zip(folds, matrices, strict=True)
        ]
        for learner in _learners(classes)
    ]
    return max(scored, key=lambda scores: float(np.mean(scores)))


def _folds(goal: np.ndarray, classes: bool) -> list[Fold]:
    dealer = (StratifiedKFold if classes else KFold)(FOLDS, shuffle=True, random_state=0)
    return list(dealer.split(np.zeros(len(goal)), goal if classes else None))


def _matrices(
    frame: pd.DataFrame, goal: np.ndarray, fold: Fold, make: Callable[[], Featured]
) -> tuple[np.ndarray, np.ndarray]:
    featured = make()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        train = featured.fit_transform(frame.iloc[fold[0]], goal[fold[0]])
        test = featured.transform(frame.iloc[fold[1]])
    if train.shape[1] > _MOST_FEATURES:
        varying = np.argsort(-np.nanvar(train, axis=0), kind='stable')[:_MOST_FEATURES]
        train, test = train[:, varying], test[:, varying]
    return np.nan_to_num(train, posinf=0, neginf=0), np.nan_to_num(test, posinf=0, neginf=0)


def _learners(classes: bool) -> list[Callable[[], object]]:
    if classes:
        return [
            lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)),
            lambda: HistGradientBoostingClassifier(max_iter=_ROUNDS, random_state=0),
        ]
    return [
        lambda: make_pipeline(StandardScaler(), Ridge()),
        lambda: HistGradientBoostingRegressor(max_iter=_ROUNDS, random_state=0),
    ]


def _score(
    learner: object, train: np.ndarray, goal: np.ndarray, test: np.ndarray, truth: np.ndarray
) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        learner.fit(train, goal)
        return float(learner.score(test, truth))
