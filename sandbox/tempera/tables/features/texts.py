"""Cells that hold more than a value: text, lists, records, pairs."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from ..measured.quick import numbers, texts_of
from .encoder import MOST_LABELS, ColumnEncoder, LabelEncoder, NumberEncoder

#: dimensions that words and characters are reduced to
_DIMENSIONS = 24
#: rows of training for each of them: few rows bear few
_ROWS_A_DIMENSION = 12
_MOST_WORDS = 4_000
_MOST_ITEMS = 60
#: characters of a cell that are read
_MOST_CHARACTERS = 20_000


class TextEncoder(ColumnEncoder):
    """Text: its words and its groups of characters, each reduced to a few numbers, and its length."""

    def __init__(self, column: str, seed: int) -> None:
        super().__init__(column)
        self.seed = seed

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        texts = _texts(values)
        self.parts: list[tuple[str, Any, Any]] = []
        for name, vectorizer in (
            (
                'words',
                TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=_MOST_WORDS, sublinear_tf=True),
            ),
            (
                'characters',
                TfidfVectorizer(analyzer='char_wb', ngram_range=(3, 4), min_df=3, max_features=_MOST_WORDS),
            ),
        ):
            try:
                matrix = vectorizer.fit_transform(texts)
            except ValueError:  # no word, or none that two rows share
                continue
            dimensions = min(_DIMENSIONS, matrix.shape[1] - 1, matrix.shape[0] // _ROWS_A_DIMENSION)
            if dimensions >= 1:
                self.parts.append(
                    (name, vectorizer, TruncatedSVD(dimensions, random_state=self.seed).fit(matrix))
                )
        self.names = [f'{self.column}: characters', f'{self.column}: words']
        self.names += [
            f'{self.column}: {name} {at + 1}'
            for name, _, reduced in self.parts
            for at in range(reduced.n_components)
        ]

    def transform(self, values: pd.Series) -> np.ndarray:
        texts = _texts(values)
        lengths = np.column_stack([texts.str.len(), texts.str.split().map(len)]).astype('float64')
        made = [reduced.transform(vectorizer.transform(texts)) for _, vectorizer, reduced in self.parts]
        return np.column_stack([lengths, *made])


class ListEncoder(ColumnEncoder):
    """Several items in a cell: which of the commonest ones it holds, and how many."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        rows = _items(values)
        counts = pd.Series([item for row in rows for item in sorted(set(row))], dtype='object').value_counts()
        common = counts[counts >= min(3, len(rows) / 20)]
        order = sorted(common.items(), key=lambda one: (-one[1], str(one[0])))[:_MOST_ITEMS]
        self.items = [str(item) for item, _ in order]
        self.names = [f'{self.column}: items', *(f'{self.column} holds {item}' for item in self.items)]

    def transform(self, values: pd.Series) -> np.ndarray:
        rows = _items(values)
        held = np.array([[float(item in row) for item in self.items] for row in map(set, rows)]).reshape(
            len(rows), -1
        )
        return np.column_stack([[float(len(row)) for row in rows], held])


class RecordEncoder(ColumnEncoder):
    """A record: each of its fields as a column of its own, numbers or labels."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        rows = _records(values)
        self.fields: list[tuple[str, ColumnEncoder]] = []
        for name in sorted({name for row in rows for name in row})[:_MOST_ITEMS]:
            field = _field(rows, name, values.index)
            if field.dropna().map(str).nunique() < 2:
                continue
            encoder = _encoder_of(f'{self.column}.{name}', field)
            encoder.fit(field, answer)
            self.fields.append((name, encoder))
        self.names = [part for _, encoder in self.fields for part in encoder.names]

    def transform(self, values: pd.Series) -> np.ndarray:
        rows = _records(values)
        made = [encoder.transform(_field(rows, name, values.index)) for name, encoder in self.fields]
        return np.column_stack(made) if made else np.zeros((len(values), 0))


class PairEncoder(ColumnEncoder):
    """Coordinates: both numbers."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        pairs = _pairs(values)
        self.middles = np.nan_to_num(np.nanmedian(pairs, axis=0)) if np.isfinite(pairs).any() else np.zeros(2)
        self.names = [f'{self.column}: first', f'{self.column}: second']

    def transform(self, values: pd.Series) -> np.ndarray:
        pairs = _pairs(values)
        return np.where(np.isnan(pairs), self.middles, pairs)


def _texts(values: pd.Series) -> pd.Series:
    return texts_of(values).fillna('').astype('object').str.slice(0, _MOST_CHARACTERS)


def _items(values: pd.Series) -> list[list[str]]:
    return [
        [str(item) for item in row] if isinstance(row, list | tuple | set | np.ndarray) else []
        for row in values
    ]


def _records(values: pd.Series) -> list[dict[str, Any]]:
    return [_record(row) for row in values]


def _record(row: Any) -> dict[str, Any]:
    """A record, also as the JSON text that a stored split keeps."""
    if isinstance(row, str) and row.startswith('{'):
        row = json.loads(row)
    return row if isinstance(row, dict) else {}


def _field(rows: list[dict[str, Any]], name: str, index: pd.Index) -> pd.Series:
    return pd.Series([row.get(name) for row in rows], index=index, dtype='object')


def _encoder_of(name: str, field: pd.Series) -> ColumnEncoder:
    known = field.dropna()
    if known.map(lambda one: isinstance(one, list | tuple)).any():
        return ListEncoder(name)
    if known.map(lambda one: isinstance(one, dict)).any():
        return RecordEncoder(name)
    if numbers(field).notna().sum() >= 0.9 * len(known) or known.map(str).nunique() > MOST_LABELS:
        return NumberEncoder(name)
    return LabelEncoder(name)


def _pairs(values: pd.Series) -> np.ndarray:
    rows = [
        tuple(row) if isinstance(row, list | tuple | np.ndarray) and len(row) == 2 else (np.nan, np.nan)
        for row in values
    ]
    return np.array(rows, dtype='float64').reshape(len(rows), 2)
