"""Columns that make the target together: parts of a sum, the factors of a product, a difference, a ratio.

The search is exact, not a matter of skill: the combination gives the target in nearly every row to the last digits
that are written down. Weights that are whole numbers, or one number for all (a mean, a sum with tax), are certain; a
noiseless line with others (a mark of three exams, or a law of nature) is likely, and the person is asked.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...plan import TablePlan
from ..findings import Leak
from ..quick import NUMERIC, numbers
from .picks import find_picks

#: rows in which the combination must hold
HOLDS = 0.98
#: of the target's spread: what rounding of parts may leave
ROUNDING = 2e-3
#: how far apart weights may be that are one number
_SAME_WEIGHT = 1e-3
_MOST_COLUMNS = 60
#: columns that are tried as what a share is of
_MOST_WHOLES = 25
_MOST_PARTS = 8
#: rows for each column from which on a line through all of them is no luck
_ROWS_A_WEIGHT = 10


def find_combination(plan: TablePlan, frame: pd.DataFrame, target: str, names: list[str]) -> Leak | None:
    """A sum, a product, a share or a choice of number columns that is the target."""
    goal = numbers(frame[target])
    numeric = [name for name in names if plan.column(name).kind in NUMERIC]
    data = pd.DataFrame({name: numbers(frame[name]) for name in numeric})
    # a part that is often blank adds nothing there: a blank fee is none
    data = data.where(data.notna() | (data.notna().mean() > 0.9), 0.0) if len(data.columns) else data
    ranked = (
        data.corrwith(goal).abs().sort_values(ascending=False)
        if len(data.columns)
        else pd.Series(dtype=float)
    )
    data = data[list(ranked.index[:_MOST_COLUMNS])]
    known = goal.notna() & data.notna().all(axis=1)
    if len(data.columns) < 2 or known.sum() < 30:
        return None
    goal, data = goal[known], data[known]
    return (
        _sum_of(goal, data, target)
        or _product_of(goal, data, target)
        or _share_of(goal, data, target)
        or find_picks(goal, data, target)
        or _weighted_sum_of(goal, data, target)
    )


def _sum_of(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    parts = _weights(goal, data)
    if parts is None:
        return None
    weights, names = parts
    if len(names) < 2 or len(names) > _MOST_PARTS:
        return None
    made = (data[names] * weights).sum(axis=1)
    apart = (goal - made - (goal - made).median()).abs()
    holds = float((apart <= ROUNDING * float(goal.std()) + 1e-9).mean())
    if holds < HOLDS:
        return None
    terms = ' '.join(
        _term(weight, name, at == 0) for at, (weight, name) in enumerate(zip(weights, names, strict=True))
    )
    because = f'`{target}` = {terms} in {holds:.1%} of the rows: its parts are not known before it is'
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)})


def _weighted_sum_of(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    """A straight line of several columns, whatever their weights, that misses no row by more than rounding."""
    fitted = _line(goal, data)
    if fitted is None or len(data) < _ROWS_A_WEIGHT * len(data.columns):
        return None
    raw, matters = fitted
    names = [name for name, matter in zip(raw.index, matters, strict=True) if matter]
    if not 2 <= len(names) <= _MOST_PARTS:
        return None
    again = _line(goal, data[names])
    if again is None or not again[1].all():
        return None
    weights = again[0]
    made = data[names] @ weights
    apart = (goal - made - (goal - made).median()).abs()
    holds = float((apart <= ROUNDING * float(goal.std()) + 1e-9).mean())
    if holds < HOLDS:
        return None
    terms = ' '.join(
        _term(float(f'{weight:.3g}'), str(name), at == 0) for at, (name, weight) in enumerate(weights.items())
    )
    because = f'`{target}` = {terms} in {holds:.1%} of the rows, without any noise: it follows from them'
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)}, confirm=True)


def _term(weight: float, name: str, first: bool) -> str:
    sign = ('' if first else '+ ') if weight > 0 else ('−' if first else '− ')
    times = '' if abs(weight) == 1 else f'{abs(weight):g} · '
    return f'{sign}{times}`{name}`'


def _weights(goal: pd.Series, data: pd.DataFrame) -> tuple[np.ndarray, list[str]] | None:
    """Whole weights of a straight line through (nearly) all rows, and the columns whose weight is not 0."""
    fitted = _line(goal, data)
    if fitted is None:
        return None
    weights, matters = fitted
    raw, usable = weights.to_numpy(), list(weights.index)
    names = [name for name, matter in zip(usable, matters, strict=True) if matter]
    sizes = np.abs(raw[matters])
    if len(names) >= 2 and np.ptp(sizes) < _SAME_WEIGHT * sizes.max():
        # one number for all: a mean, a sum with tax
        whole = float(np.round(sizes.mean()))
        size = whole if whole and np.all(np.abs(sizes - whole) < 0.02) else float(sizes.mean())
        return np.sign(raw[matters]) * size, names
    rounded = np.round(raw)
    if (
        not matters.any()
        or not np.all(np.abs(raw[matters] - rounded[matters]) < 0.02)
        or not np.all(rounded[matters] != 0)
    ):
        return None
    return rounded[matters], names


def _line(goal: pd.Series, data: pd.DataFrame) -> tuple[pd.Series, np.ndarray] | None:
    """Weights of a straight line through (nearly) all rows by column, and which of them matter: what a column adds at
    most is compared with the target's own spread."""
    scale = data.std().replace(0, np.nan)
    usable = list(scale.dropna().index)
    spread = float(goal.std())
    if len(usable) < 2 or spread == 0:
        return None
    columns = data[usable]
    design = np.column_stack([((columns - columns.mean()) / scale[usable]).to_numpy(), np.ones(len(columns))])
    solved, *_ = np.linalg.lstsq(design, goal.to_numpy(), rcond=1e-9)
    missed = goal.to_numpy() - design @ solved
    if np.quantile(np.abs(missed), 0.9) > 5 * ROUNDING * spread:
        return None
    weights = pd.Series(solved[:-1] / scale[usable].to_numpy(), index=usable)
    return weights, np.abs(solved[:-1]) > 0.01 * spread


def _product_of(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    """Products and ratios of two columns, also of three and with squares: sums of logarithms with whole
    weights."""
    # zeros have no logarithm: the rows without one show what is multiplied, and it is tried on all rows
    positive = data.loc[:, ((data > 0).mean() > 0.5) & (data >= 0).all()]
    rows = (goal > 0) & (positive > 0).all(axis=1)
    if rows.sum() < max(30, 0.3 * len(goal)):
        positive = positive.loc[:, (positive > 0).mean() > 0.98]
        rows = (goal > 0) & (positive > 0).all(axis=1)
    if len(positive.columns) < 2 or (goal < 0).mean() > 1 - HOLDS or rows.sum() < 30:
        return None
    parts = _weights(np.log(goal[rows]), np.log(positive[rows]))
    if parts is None:
        return None
    weights, names = parts
    if not 2 <= len(names) <= 3 or not set(np.abs(weights)) <= {1.0, 2.0}:
        return None
    with np.errstate(divide='ignore', invalid='ignore'):
        made = (positive[names] ** weights).prod(axis=1)
    ratio = (goal / made)[rows]
    finite = np.isfinite(made)
    apart = (goal - ratio.median() * made)[finite].abs()
    holds = float((apart <= 0.01 * goal[finite].abs() + 1e-9).mean())
    if holds < HOLDS or finite.mean() < 0.5:
        return None
    powers = [
        f'`{name}`' + ('²' if abs(weight) == 2 else '') for name, weight in zip(names, weights, strict=True)
    ]
    over = [power for power, weight in zip(powers, weights, strict=True) if weight > 0]
    under = [power for power, weight in zip(powers, weights, strict=True) if weight < 0]
    terms = ' · '.join(over or ['1']) + ''.join(f' / {name}' for name in under)
    constant = float(ratio.median())
    times = '' if abs(constant - 1) < 0.01 else f'{constant:.4g} · '
    because = (
        f'`{target}` = {times}{terms} in {holds:.1%} of the rows: what makes it is not known before it is'
    )
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)})


def _share_of(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    """A sum that is divided by a column, or a column that is divided by a sum: shares, rates of growth, margins."""
    if float(goal.std()) == 0:
        return None
    for name in data.columns[:_MOST_WHOLES]:
        for divides in (False, True):
            found = _by_a_sum(goal, data, name, divides)
            if found is None:
                continue
            names, holds = found
            terms = ', '.join(f'`{one}`' for one in names)
            how = f'`{name}` over a sum of {terms}' if divides else f'a sum of {terms} over `{name}`'
            because = (
                f'`{target}` is {how} in {holds:.1%} of the rows: what makes it is not known before it is'
            )
            columns = tuple(dict.fromkeys((name, *names)))
            return Leak(columns, 'combination', because, {'holds': round(holds, 4)})
    return None


def _by_a_sum(
    goal: pd.Series, data: pd.DataFrame, name: str, divides: bool
) -> tuple[list[str], float] | None:
    """The sum's columns where `name` over the sum (or the sum over `name`) is the goal, and in how many rows."""
    column = data[name]
    rows = (goal != 0) & (column != 0)
    if rows.mean() < 0.7 or rows.sum() < 30:
        return None
    total = column[rows] / goal[rows] if divides else goal[rows] * column[rows]
    parts = _weights(total, data[rows])
    if parts is None or not 2 <= len(parts[1]) <= _MOST_PARTS:
        return None
    weights, names = parts
    made = (data.loc[rows, names] * weights).sum(axis=1)
    made = made + (total - made).median()
    again = column[rows] / made if divides else made / column[rows]
    apart = (goal[rows] - again).abs()
    holds = float((apart <= ROUNDING * float(goal.std()) + 1e-9).mean())
    return (names, holds) if holds >= HOLDS else None
