"""Columns of which the target is one in each row: the largest of several attempts, the first that is filled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..findings import Leak

#: rows in which the target must be one of the columns
HOLDS = 0.98
#: the same when the target is dealt out anew: where few values are possible columns agree by chance
BY_CHANCE = 0.5
#: share of the rows that each column must account for
ADDS = 0.03
MOST_COLUMNS = 5
_SEED = 3


def find_picks(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    """A leak where two to five number columns hold the target among them in (nearly) every row."""
    names = _covering(goal, data)
    if len(names) < 2:
        return None
    holds = _covered(goal, data[names])
    dealt = pd.Series(np.random.default_rng(_SEED).permutation(goal.to_numpy()), goal.index)
    if holds < HOLDS or _covered(dealt, data[names]) > BY_CHANCE:
        return None
    listed = ', '.join(f'`{name}`' for name in names)
    which = _which(goal, data[names])
    because = f'`{target}` is {which} {listed} in {holds:.1%} of the rows: they are not known before it is'
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)})


def _covering(goal: pd.Series, data: pd.DataFrame) -> list[str]:
    """Columns that account for the most rows, each for those that the former ones leave."""
    same = {name: _same(goal, data[name]) for name in data.columns}
    open_rows = np.ones(len(goal), dtype=bool)
    found: list[str] = []
    while len(found) < MOST_COLUMNS and same:
        name = max(same, key=lambda one: (int((same[one] & open_rows).sum()), one))
        adds = same.pop(name) & open_rows
        if adds.mean() < ADDS:
            break
        found.append(name)
        open_rows &= ~adds
    return found


def _same(goal: pd.Series, values: pd.Series) -> np.ndarray:
    return np.asarray(np.isclose(goal.to_numpy(), values.to_numpy(), rtol=1e-6, atol=1e-9))


def _covered(goal: pd.Series, data: pd.DataFrame) -> float:
    return float(np.column_stack([_same(goal, data[name]) for name in data.columns]).any(axis=1).mean())


def _which(goal: pd.Series, data: pd.DataFrame) -> str:
    if _same(goal, data.max(axis=1)).mean() >= HOLDS:
        return 'the largest of'
    return 'the least of' if _same(goal, data.min(axis=1)).mean() >= HOLDS else 'always one of'
