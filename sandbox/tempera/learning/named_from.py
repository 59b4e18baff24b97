"""A classifier of two classes that names one of them from a given probability on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sklearn.model_selection import FixedThresholdClassifier


@dataclass(frozen=True)
class NamedFrom:
    """The class, and the probability from which on it is named."""

    label: Any
    threshold: float

    def wrap(self, classifier: Any) -> Any:
        """The classifier, unfitted, that names so; its probabilities are the same."""
        return FixedThresholdClassifier(
            classifier, threshold=self.threshold, pos_label=self.label, response_method='predict_proba'
        )
