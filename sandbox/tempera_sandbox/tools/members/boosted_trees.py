"""Trees that mend each other's errors, sampled from their posterior: how much the samples differ is how sure they are.

They know only terms that have some columns. How likely a column is of another one is estimated from those that were
left out: as often as they came, and, as Good and Turing have it, as often as one came only once.

Sources: A. Malinin, L. Prokhorenkova and A. Ustimenko, Uncertainty in gradient boosting via ensembles, 2021;
I. Good, The population frequencies of species, Biometrika 40 (1953).
"""

from __future__ import annotations

import numpy as np
from catboost import CatBoostClassifier

#: columns that a term needs; of fewer nothing is learned but their numbers
_LEAST_COLUMNS = 3
_SAMPLES = 10
#: as many as are affordable: the time grows with trees, columns and terms
_MOST_TREES = 120
_LEAST_TREES = 40
_AFFORDABLE = 1_500_000


def learnable(labels: np.ndarray) -> np.ndarray:
    """Which labelled columns are of a term that has enough of them."""
    return np.asarray(np.bincount(labels)[labels] >= _LEAST_COLUMNS)


class BoostedTrees:
    """Learned once."""

    def __init__(self, features: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int) -> None:
        """Labels are numbers of terms, of which two at least can be learned."""
        rows = learnable(labels)
        once = float((np.bincount(labels) == 1).sum()) / len(labels)
        self._unseen = max(once, 1 - float(rows.mean()))
        features, labels, weights = features[rows], labels[rows], weights[rows]
        self.terms = np.unique(labels)
        trees = _AFFORDABLE // (len(labels) * len(self.terms))
        self._model = CatBoostClassifier(
            loss_function='MultiClass',
            iterations=max(_LEAST_TREES, min(_MOST_TREES, trees)),
            depth=4,
            learning_rate=0.2,
            thread_count=1,
            random_seed=seed,
            posterior_sampling=True,
            allow_writing_files=False,
            verbose=False,
        ).fit(features, labels, sample_weight=weights)

    def probabilities(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One row a column, one place a term, and of each column the mean variance over the terms."""
        raw = self._model.virtual_ensembles_predict(
            features, prediction_type='VirtEnsembles', virtual_ensembles_count=_SAMPLES, thread_count=1
        )
        raised = np.exp(raw - raw.max(axis=-1, keepdims=True))
        samples = raised / raised.sum(axis=-1, keepdims=True)
        return samples.mean(axis=1) * (1 - self._unseen), samples.var(axis=1).mean(axis=-1)
