"""What the checks of every stage are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd

from .known import Known

Facts = dict[str, Any]
Check = Callable[[Known, Facts], Facts]


def share(part: float, whole: int) -> dict[str, int]:
    return {'part': int(part), 'whole': whole}


def true(*conditions: Any) -> Facts:
    """Nothing to compare but that all of it is so."""
    assert all(bool(one) for one in conditions)
    return {}


def quoted(known: Known, facts: Facts) -> Facts:
    """A sentence that was made where the finding was: each of its numbers is one that was measured."""
    text = next(value for key, value in facts.items() if key in ('said', 'question', 'how', 'why'))
    plain = re.sub(r'`[^`]*`', '', text)
    allowed = {float(f'{one:.6g}') for one in numbers_in(known.measured) | numbers_in(known.plan)}
    allowed |= {len(known.raw), known.raw.shape[1], *known.raw.nunique()}
    # a test's share, and what it holds of the rarest class
    allowed |= {0.15, 0.15 * int(known.answer.value_counts().min())}
    for number in re.findall(r'(?<![\w.])-?\d[\d,]*(?:\.\d+)?', plain):
        value, digits = float(number.replace(',', '')), len(number.partition('.')[2])
        near = 0.5 * 10**-digits + 1e-9
        assert any(abs(one - value) <= near or abs(100 * one - value) <= near for one in allowed), text
    return {}


def numbers_in(data: Any) -> set[float]:
    """Every number of a JSON document, those in its texts too."""
    if isinstance(data, dict):
        return set().union(*map(numbers_in, data.values())) if data else set()
    if isinstance(data, list):
        return set().union(*map(numbers_in, data)) if data else set()
    if isinstance(data, bool) or data is None:
        return set()
    return {float(data)} if isinstance(data, (int, float)) else set()


def grouped(known: Known, facts: Facts) -> Facts:
    of = known.table[facts['by']]
    keys = [set(of.loc[part['__source_row']]) for part in known.splits.values()]
    return true(not (keys[0] & keys[1] or keys[0] & keys[2] or keys[1] & keys[2]))


def forward(known: Known, facts: Facts) -> Facts:
    of = pd.to_datetime(known.table[facts['by']])
    train, val, test = (of.loc[part['__source_row']] for part in known.splits.values())
    return true(train.max() < val.min(), val.max() < test.min())
