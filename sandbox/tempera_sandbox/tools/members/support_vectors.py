"""A line between each term and all others. How far a column lies from it becomes a probability by Platt's sigmoid,
which is fitted to what was told of columns that were not learned from; one for all terms, since most have few columns.

Source: J. Platt, Probabilistic outputs for support vector machines, 1999.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

_FOLDS = 5
#: terms of each column to which the sigmoid is fitted; far away all are alike, and there are many
_NEAREST = 3


class SupportVectors:
    """Learned once; what its probabilities lack to 1 belongs to no term that it has seen."""

    def __init__(self, features: csr_matrix, labels: np.ndarray, weights: np.ndarray, seed: int) -> None:
        """Labels are numbers of terms, of which there are two at least."""
        self.terms = np.unique(labels)
        self._seed = seed
        self._sigmoid = self._fitted_sigmoid(features, labels, weights)
        self._lines = self._learned(features, labels, weights)

    def probabilities(self, features: csr_matrix) -> np.ndarray:
        """One row a column, one place a term; their sum is at most 1."""
        found = self._shares(self._distances(self._lines, features))
        return np.asarray(found / np.maximum(1.0, found.sum(axis=1, keepdims=True)))

    def _shares(self, distances: np.ndarray) -> np.ndarray:
        slope, level = self._sigmoid
        return np.asarray(1.0 / (1.0 + np.exp(-(slope * distances + level))))

    def _learned(self, features: csr_matrix, labels: np.ndarray, weights: np.ndarray) -> LinearSVC:
        lines = LinearSVC(random_state=self._seed, max_iter=2_000)
        with warnings.catch_warnings():
            # what it has found by then is good enough; and most terms have few columns, which it doubts are terms
            warnings.simplefilter('ignore', ConvergenceWarning)
            warnings.filterwarnings('ignore', 'The number of unique classes')
            return lines.fit(features, labels, sample_weight=weights)

    @staticmethod
    def _distances(lines: LinearSVC, features: csr_matrix) -> np.ndarray:
        found = lines.decision_function(features)
        # of two terms only the second one's are given
        return np.column_stack([-found, found]) if found.ndim == 1 else found

    def _fitted_sigmoid(
        self, features: csr_matrix, labels: np.ndarray, weights: np.ndarray
    ) -> tuple[float, float]:
        distances, answers = [], []
        folds = KFold(min(_FOLDS, len(labels)), shuffle=True, random_state=self._seed)
        for learned, held in folds.split(labels):
            if len(np.unique(labels[learned])) < 2:
                continue
            lines = self._learned(features[learned], labels[learned], weights[learned])
            found = self._distances(lines, features[held])
            nearest = np.argsort(-found, axis=1)[:, :_NEAREST]
            distances.append(np.take_along_axis(found, nearest, axis=1).ravel())
            answers.append((lines.classes_[nearest] == labels[held][:, None]).ravel())
        if not answers or not np.concatenate(answers).any():
            # no column was like another one of its term: half at the line itself, as far as is known
            return 1.0, 0.0
        sigmoid = LogisticRegression(C=1e3).fit(np.concatenate(distances)[:, None], np.concatenate(answers))
        return float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
