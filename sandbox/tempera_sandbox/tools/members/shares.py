"""Probabilities as they are answered: of each column the terms that matter."""

from __future__ import annotations

import numpy as np

_MOST_TERMS = 6
_LEAST_SHARE = 0.005


def strongest(probabilities: np.ndarray, terms: np.ndarray) -> list[list[list[float]]]:
    """Of each column pairs of a term's number and its probability, the largest first; equal ones by number."""
    found = []
    for row in probabilities:
        places = [
            place for place in np.argsort(-row, kind='stable')[:_MOST_TERMS] if row[place] >= _LEAST_SHARE
        ]
        found.append([[int(terms[place]), round(float(row[place]), 4)] for place in places])
    return found
