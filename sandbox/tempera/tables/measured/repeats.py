"""Rows that are alike, judged on the file's own columns and never on those that are left after an exclusion."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..plan import TablePlan
from .alike import things_of
from .findings import RepeatFinding
from .quick import NUMERIC, numbers, texts_of
from .trials import content_keys

#: digits that near repeats agree in
_DIGITS = 3
_ENOUGH_NUMBERS = 3
_ALL_DIGITS = 12


def find_repeats(plan: TablePlan, frame: pd.DataFrame, target: str) -> RepeatFinding:
    """Counts of rows that repeat an earlier one: wholly, in their features, nearly."""
    features = [name for name in plan.names if name != target]
    if not features or frame.empty:
        return RepeatFinding()
    whole = pd.Series(content_keys(frame[list(plan.names)]))
    alike = pd.Series(content_keys(frame[features]))
    answers = texts_of(frame[target]).reset_index(drop=True)
    differ = answers.groupby(alike).transform('nunique') > 1
    near = pd.Series(unit_keys(plan, frame, features))
    return RepeatFinding(
        exact=int(whole.duplicated().sum()),
        equal_features=int(alike.duplicated().sum()),
        contradicting=int((differ & alike.duplicated(keep=False)).sum()),
        near=int(near.duplicated().sum()),
    )


def unit_keys(plan: TablePlan, frame: pd.DataFrame, features: list[str]) -> np.ndarray:
    """A number for each row that is the same for rows that are nearly alike: one thing seen several times, or cells
    that agree, numbers to three digits and texts folded."""
    cells = _cell_keys(plan, frame, features)
    things = things_of(plan, frame, features)
    if things is None:
        return cells
    # rows of equal cells whose things differ are one unit all the same
    _, places = np.unique(cells, return_inverse=True)
    count = int(places.max()) + 1
    ends = coo_array(
        (np.ones(len(cells)), (places, count + things)), shape=(count + int(things.max()) + 1,) * 2
    )
    _, units = connected_components(ends, directed=False)
    return np.asarray(units[places])


def _cell_keys(plan: TablePlan, frame: pd.DataFrame, features: list[str]) -> np.ndarray:
    """Where few columns are numbers, three digits agree by chance: there rows must be alike to the last one."""
    numeric = sum(plan.column(name).kind in NUMERIC for name in features)
    digits = _DIGITS if numeric >= _ENOUGH_NUMBERS else _ALL_DIGITS
    rounded = {}
    for place, name in enumerate(features):
        values = frame[name]
        if plan.column(name).kind in NUMERIC:
            figures = numbers(values)
            size = np.floor(np.log10(figures.abs().where(figures != 0, 1.0)))
            scale = 10.0 ** (size - digits + 1)
            rounded[str(place)] = ((figures / scale).round() * scale).round(9)
        else:
            rounded[str(place)] = texts_of(values).astype('string').str.lower().str.split().str.join(' ')
    return content_keys(pd.DataFrame(rounded, index=frame.index))
