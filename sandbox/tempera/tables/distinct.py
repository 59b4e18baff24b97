"""The distinct cells of a column with how often each stands there: what every finding about it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import natives
from .cells.texts import folded, is_among, may_be_trimmed, strings, trimmed
from .raw import Cells

#: texts that are looked at one by one
SAMPLE = 1_000
#: bytes of the longest text that may be a word for missing, or one of yes and no
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Distinct:
    """Distinct trimmed texts in the order in which they first stand, without the blank one."""

    texts: pa.StringArray
    counts: np.ndarray
    rows: int
    blanks: int
    #: of a list of Python values: how many cells have which type, texts apart
    types: dict[str, int]

    @property
    def filled(self) -> int:
        """Cells with something in them."""
        return self.rows - self.blanks

    @cached_property
    def sample(self) -> list[tuple[str, int]]:
        """At most `SAMPLE` texts, spread over the column, with their counts."""
        count = len(self.texts)
        places = np.arange(count) if count <= SAMPLE else np.linspace(0, count - 1, SAMPLE).astype(np.int64)
        texts = pc.take(self.texts, pa.array(places)).to_pylist()
        return list(zip(texts, self.counts[places].tolist(), strict=True))

    def among(self, words: frozenset[str]) -> Mapping[str, int]:
        """Which of these folded words stand in cells, with how often; each kind of column asks for the same ones."""
        if words not in self._answers:
            self._answers[words] = self._search(words)
        return self._answers[words]

    @cached_property
    def _answers(self) -> dict[frozenset[str], dict[str, int]]:
        return {}

    def _search(self, words: frozenset[str]) -> dict[str, int]:
        places = is_among(self._short, words).nonzero()[0]
        found: dict[str, int] = {}
        some = folded(self._short.take(pa.array(places))).to_pylist()
        for word, count in zip(some, self.counts[places], strict=True):
            found[word] = found.get(word, 0) + int(count)
        return found

    def count_of(self, token: str) -> int:
        """In how many cells a folded text stands."""
        return self.among(frozenset({token})).get(token, 0)

    @cached_property
    def _short(self) -> pa.StringArray:
        """The texts; those that are too long to be a word are blank."""
        short = pc.less_equal(pc.binary_length(self.texts), _LONGEST_WORD)
        return self.texts if pc.all(short).as_py() else pc.if_else(short, self.texts, '')

    @cached_property
    def by_fold(self) -> dict[str, list[tuple[str, int]]]:
        """The texts by their folded form, each with its spellings; only of columns with few different ones."""
        groups: dict[str, list[tuple[str, int]]] = {}
        words = folded(self.texts).to_pylist()
        for word, text, count in zip(words, self.texts.to_pylist(), self.counts.tolist(), strict=True):
            groups.setdefault(word, []).append((text, count))
        return groups

    def without(self, tokens: set[str]) -> Distinct:
        """The column without the texts whose folded form is one of these; they count as blank."""
        if not tokens:
            return self
        gone = is_among(self._short, tokens)
        if not gone.any():
            return self
        return Distinct(
            self.texts.filter(pa.array(~gone)), self.counts[~gone], self.rows,
            self.blanks + int(self.counts[gone].sum()), self.types,
        )  # fmt: skip


def distinct_of(cells: Cells) -> Distinct:
    """Of a column as it stands in its file."""
    types: dict[str, int] = {}
    if isinstance(cells, list):
        types = _types(cells)
        cells = pa.array([None if natives.is_gap(cell) else _text(cell) for cell in cells], pa.string())
    rows = len(cells)
    counted = pc.value_counts(strings(cells))
    texts, counts = counted.field('values'), np.asarray(counted.field('counts'))
    known = texts.is_valid().to_numpy(zero_copy_only=False)
    texts, counts = (texts, counts) if known.all() else (texts.filter(pa.array(known)), counts[known])
    if may_be_trimmed(texts):
        texts = trimmed(texts)
        if pc.count_distinct(texts).as_py() != len(texts):
            texts, counts = _merged(texts, counts)
    filled = pc.not_equal(texts, '').to_numpy(zero_copy_only=False)
    if not filled.all():
        texts, counts = texts.filter(pa.array(filled)), counts[filled]
    return Distinct(texts, counts.astype(np.int64), rows, rows - int(counts.sum()), types)


def _merged(texts: pa.StringArray, counts: np.ndarray) -> tuple[pa.StringArray, np.ndarray]:
    encoded = texts.dictionary_encode()
    sums = np.bincount(np.asarray(encoded.indices), weights=counts, minlength=len(encoded.dictionary))
    return encoded.dictionary, sums.astype(np.int64)


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else natives.as_text(cell)


def _types(cells: list[Any]) -> dict[str, int]:
    counts: Counter[str] = Counter(type(cell).__name__ for cell in cells if not natives.is_gap(cell))
    return dict(counts)
