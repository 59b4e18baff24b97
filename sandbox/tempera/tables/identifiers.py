"""Whole numbers that name rows or things: by what they are called, and by how they go on."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import words
from .naming import is_made_up
from .values import Values

#: whole numbers of at most so many different values may be codes or steps, and name no things
FEW_WHOLE = 20
#: fewer rows than these go up by chance
_FEWEST_ROWS = 20
#: share of different values among the rows from which on each row has its own
_OWN = 0.999
#: numbers that go on, but for some that are left out, span at most so many times their count
_HELD = 2.0
#: values that are looked at one after the other
_LOOKED_AT = 5_000


def is_identifier(name: str, rows: int, values: Values, texts: pa.StringArray) -> bool:
    """Whether they name rows (each has its own), or things that stand in several rows."""
    if values.huge:
        # numbers beside 2**53 were told apart as texts
        return len(texts) > 2
    distinct = len(values.numbers)
    unique = distinct / max(1, rows)
    low, high = float(values.numbers.min()), float(values.numbers.max())
    on = counts_on(values)
    if words.says(name, words.STRICT_IDENTIFIER) and (
        unique > 0.5 or high > 10 * max(10, distinct) or distinct > FEW_WHOLE
    ):
        return True
    if words.is_subject(name) and distinct > FEW_WHOLE and on:
        return True
    if unique < _OWN or rows < _FEWEST_ROWS or words.says(name, words.DAY):
        return False
    named = words.says(name, words.IDENTIFIER) and not words.says(name, words.COUNT - words.IDENTIFIER)
    return (
        _steps(values, low, high)
        or named
        or words.ends_in_id(name)
        or (is_made_up(name) and on and _goes_up(texts))
    )


def counts_on(values: Values) -> bool:
    """From the least to the greatest, but for some that are left out."""
    return float(np.ptp(values.numbers)) < _HELD * len(values.numbers)


def _steps(values: Values, low: float, high: float) -> bool:
    """From the least to the greatest in equal steps."""
    step = (high - low) / max(1, len(values.numbers) - 1)
    return step % 1 == 0 and bool((np.diff(np.sort(values.numbers)) == step).all())


def _goes_up(texts: pa.StringArray) -> bool:
    """Whether each number of the file is greater than the one before it."""
    figures = np.array([float(text) for text in texts.slice(0, _LOOKED_AT).to_pylist()])
    return bool((np.diff(figures) > 0).all())
