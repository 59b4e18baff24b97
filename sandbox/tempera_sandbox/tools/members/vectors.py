"""Features of columns: sparse ones of their text, dense ones of their figures and the text's strongest directions."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from .columns import Column
from .figures import figures_of
from .texts import name_text, value_text, words_of

#: of each kind of text so many parts at most, those that most columns have
_PARTS = 60_000
_DIRECTIONS = 24


def _itself(words: list[str]) -> list[str]:
    return words


class Vectors:
    """Characters in runs of 3 to 6 and words in runs of 1 and 2, each weighed by how rare it is."""

    def __init__(self, seed: int) -> None:
        runs = {'analyzer': 'char_wb', 'ngram_range': (3, 6), 'max_features': _PARTS, 'sublinear_tf': True}
        self._names = TfidfVectorizer(**runs)
        self._values = TfidfVectorizer(**runs)
        self._words = TfidfVectorizer(analyzer=_itself, max_features=_PARTS, sublinear_tf=True)
        self._seed = seed
        self._directions: TruncatedSVD | None = None
        self._used: list[tuple[TfidfVectorizer, int]] = []

    def learn(self, columns: list[Column]) -> csr_matrix:
        """The sparse features of the columns that are learned from."""
        parts = []
        for place, vectorizer in enumerate((self._names, self._values, self._words)):
            try:
                parts.append(vectorizer.fit_transform(_texts(columns, place)))
            except ValueError:
                # no column has any text of this kind
                continue
            self._used.append((vectorizer, place))
        return hstack(parts, format='csr') if parts else csr_matrix((len(columns), 1))

    def of(self, columns: list[Column]) -> csr_matrix:
        """The sparse features of any columns."""
        parts = [vectorizer.transform(_texts(columns, place)) for vectorizer, place in self._used]
        return hstack(parts, format='csr') if parts else csr_matrix((len(columns), 1))

    def dense(self, columns: list[Column], sparse: csr_matrix) -> np.ndarray:
        """Figures, and where in the text's strongest directions a column lies; these are found the first time."""
        figures = np.array([figures_of(column) for column in columns])
        if self._directions is None:
            most = min(_DIRECTIONS, sparse.shape[0] - 1, sparse.shape[1] - 1)
            if most < 1:
                return figures
            self._directions = TruncatedSVD(most, random_state=self._seed)
            with warnings.catch_warnings():
                # columns that are all alike have no direction
                warnings.simplefilter('ignore', RuntimeWarning)
                self._directions.fit(sparse)
        return np.hstack([figures, self._directions.transform(sparse)])


def _texts(columns: list[Column], place: int) -> list[str] | list[list[str]]:
    if place == 2:
        return [words_of(column) for column in columns]
    return [(name_text, value_text)[place](column) for column in columns]
