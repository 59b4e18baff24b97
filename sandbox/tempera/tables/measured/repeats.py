"""Rows that are alike, judged on the file's own columns and never on those that are left after an exclusion."""

from __future__ import annotations

from dataclasses import replace

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
#: different values from which on a number counts as continuous
MANY_VALUES = 20


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


def of_what_is_used(found: RepeatFinding, usable: pd.DataFrame, used: list[str]) -> RepeatFinding:
    """The finding with the repeats among the rows that go on, in the columns `used` (the target last), and whether
    chance makes them."""
    rows = usable[used]
    again = int(pd.Series(content_keys(rows)).duplicated().sum())
    return replace(found, used=again, by_chance=_are_by_chance(rows, again) if again else False)


def _are_by_chance(rows: pd.DataFrame, again: int) -> bool:
    """Where few values are possible, pairs of equal rows are to be expected: without a number of many values, ever."""
    numeric = [name for name in rows.columns[:-1] if pd.api.types.is_numeric_dtype(rows[name])]
    if not any(rows[name].nunique() > MANY_VALUES for name in numeric):
        return True
    shares = (texts_of(rows[name]).value_counts(normalize=True, dropna=False) for name in rows.columns)
    alike = float(np.prod([float((share**2).sum()) for share in shares]))
    return bool(again <= len(rows) * (len(rows) - 1) * alike)


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
