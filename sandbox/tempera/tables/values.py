"""The distinct numbers of a column, once its texts are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Values:
    """The distinct numbers of a column and how often each stands there."""

    numbers: np.ndarray
    counts: np.ndarray

    @property
    def whole(self) -> bool:
        """Whether all are whole numbers."""
        return bool(len(self.numbers)) and bool(np.all(self.numbers == np.round(self.numbers)))

    @property
    def huge(self) -> bool:
        """Whether some are beyond what a float holds exactly."""
        return bool(np.abs(self.numbers).max() > 2**53)


def merged(values: np.ndarray, counts: np.ndarray) -> Values:
    """`1` and `1.0` are one number."""
    numbers_of, places = np.unique(values, return_inverse=True)
    return Values(numbers_of, np.bincount(places, weights=counts, minlength=len(numbers_of)).astype(np.int64))
