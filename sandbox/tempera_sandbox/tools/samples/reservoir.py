"""Which values stand for a column: evenly over its table, the same ones each time, and bounded in bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .. import limits

_SEED = 20_240_229
"""Any number, as long as it stays: the same table gives the same values."""


def places(count: int, most: int) -> np.ndarray:
    """At most `most` of so many places, in order: one from each of as many stretches of equal length.

    Where in its stretch a place lies is drawn, so that values which come in turns do not all fall on one of them.
    """
    if count <= most:
        return np.arange(count, dtype=np.int64)
    ends = np.arange(most + 1, dtype=np.int64) * count // max(1, most)
    drawn = np.random.default_rng(_SEED).random(most)
    return ends[:-1] + (drawn * np.diff(ends)).astype(np.int64)


def bounded(values: Sequence[str], most_bytes: int) -> tuple[list[str], int]:
    """The values, each cut to its limit, and how many of them are left out because the column has no room for more;
    those that stay lie evenly among all."""
    shown = [cut(value) for value in values]
    most = len(shown)
    while most > 1 and _bytes(chosen := [shown[at] for at in places(len(shown), most)]) > most_bytes:
        # a shorter choice is other values, which may be longer ones: it is counted again
        most = max(1, min(most - 1, most * most_bytes // max(1, _bytes(chosen))))
    return [shown[at] for at in places(len(shown), most)], len(shown) - most


def room_of(columns: int) -> int:
    """Bytes of values that each column of a table may have."""
    return limits.MAX_SAMPLED_BYTES // max(1, columns)


def cut(value: str) -> str:
    """A value no longer than a sample's may be; a cut one ends in `…`."""
    most = limits.MAX_SAMPLED_VALUE_CHARS
    return value if len(value) <= most else value[: most - 1] + '…'


def _bytes(values: Iterable[str]) -> int:
    return sum(len(value.encode('utf-8', 'surrogatepass')) for value in values)
