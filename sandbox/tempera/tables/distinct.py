"""The distinct cells of a column with how often each stands there: what every finding about it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import natives
from .cells.texts import fold, strings, trimmed
from .raw import Cells

#: texts that are looked at one by one
SAMPLE = 2_000


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

    @cached_property
    def folded(self) -> Counter[str]:
        """Of the sample: how often each folded text stands there."""
        counts: Counter[str] = Counter()
        for text, count in self.sample:
            counts[fold(text)] += count
        return counts

    def count_of(self, token: str) -> int:
        """In how many cells a folded text stands."""
        return sum(count for text, count in self.by_fold.get(token, ()))

    @cached_property
    def by_fold(self) -> dict[str, list[tuple[str, int]]]:
        """Short texts by their folded form, each with its spellings; long ones are no tokens."""
        short = pc.less_equal(pc.utf8_length(self.texts), 24).to_numpy(zero_copy_only=False)
        groups: dict[str, list[tuple[str, int]]] = {}
        if len(self.texts) > 50_000:
            order = np.argsort(-self.counts, kind='stable')[:50_000]
            short = np.isin(np.arange(len(self.texts)), order) & short
        for text, count in zip(
            self.texts.filter(pa.array(short)).to_pylist(), self.counts[short], strict=True
        ):
            groups.setdefault(fold(text), []).append((text, int(count)))
        return groups

    def without(self, tokens: set[str]) -> Distinct:
        """The column without the texts whose folded form is one of these; they count as blank."""
        if not tokens:
            return self
        gone = pc.is_in(
            pc.replace_substring_regex(pc.utf8_lower(self.texts), r'\s+', ' '),
            value_set=pa.array(sorted(tokens)),
        ).to_numpy(zero_copy_only=False)
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
    texts, counts = trimmed(texts.filter(pa.array(known))), counts[known]
    if pc.count_distinct(texts).as_py() != len(texts):
        texts, counts = _merged(texts, counts)
    filled = pc.not_equal(texts, '').to_numpy(zero_copy_only=False)
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
