"""Columns that make the target together: parts of a sum, the factors of a product, a difference, a ratio.

The search is exact, not a matter of skill: the combination gives the target in nearly every row to the last digits
that are written down. Weights must be whole numbers; a noiseless line with other weights is how the table was made,
and no reason to drop anything.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..plan import TablePlan
from .findings import Leak
from .quick import NUMERIC, numbers

#: rows in which the combination must hold
HOLDS = 0.98
#: of the target's spread: what rounding of parts may leave
ROUNDING = 2e-3
_MOST_COLUMNS = 60
_MOST_PARTS = 8


def find_combinations(plan: TablePlan, frame: pd.DataFrame, target: str, names: list[str]) -> list[Leak]:
    """Sums and products of number columns that are the target."""
    goal = numbers(frame[target])
    numeric = [name for name in names if plan.column(name).kind in NUMERIC]
    data = pd.DataFrame({name: numbers(frame[name]) for name in numeric})
    data = data.loc[:, data.notna().mean() > 0.9] if len(data.columns) else data
    ranked = (
        data.corrwith(goal).abs().sort_values(ascending=False)
        if len(data.columns)
        else pd.Series(dtype=float)
    )
    data = data[list(ranked.index[:_MOST_COLUMNS])]
    known = goal.notna() & data.notna().all(axis=1)
    if len(data.columns) < 2 or known.sum() < 30:
        return []
    goal, data = goal[known], data[known]
    found = _sum_of(goal, data, target) or _product_of(goal, data, target)
    return [found] if found is not None else []


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
    told = ' '.join(
        _term(weight, name, at == 0) for at, (weight, name) in enumerate(zip(weights, names, strict=True))
    )
    because = f'`{target}` = {told} in {holds:.1%} of the rows: its parts are not known before it is'
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)})


def _term(weight: float, name: str, first: bool) -> str:
    sign = ('' if first else '+ ') if weight > 0 else ('−' if first else '− ')
    times = '' if abs(weight) == 1 else f'{abs(weight):g} · '
    return f'{sign}{times}`{name}`'


def _weights(goal: pd.Series, data: pd.DataFrame) -> tuple[np.ndarray, list[str]] | None:
    """Whole weights of a straight line through (nearly) all rows, and the columns whose weight is not 0."""
    scale = data.std().replace(0, np.nan)
    usable = list(scale.dropna().index)
    if len(usable) < 2:
        return None
    columns = data[usable]
    design = np.column_stack([((columns - columns.mean()) / scale[usable]).to_numpy(), np.ones(len(columns))])
    solved, *_ = np.linalg.lstsq(design, goal.to_numpy(), rcond=1e-9)
    missed = goal.to_numpy() - design @ solved
    if np.quantile(np.abs(missed), 0.9) > 5 * ROUNDING * float(goal.std()):
        return None
    raw = solved[:-1] / scale[usable].to_numpy()
    # what a column adds at most, against the target's own spread
    matters = np.abs(solved[:-1]) > 0.01 * float(goal.std())
    rounded = np.round(raw)
    if (
        not matters.any()
        or not np.all(np.abs(raw[matters] - rounded[matters]) < 0.02)
        or not np.all(rounded[matters] != 0)
    ):
        return None
    return rounded[matters], [name for name, kept in zip(usable, matters, strict=True) if kept]


def _product_of(goal: pd.Series, data: pd.DataFrame, target: str) -> Leak | None:
    """Products and ratios of two columns, also of three: sums of logarithms with weights of 1 and −1."""
    positive = data.loc[:, (data > 0).mean() > 0.98]
    if len(positive.columns) < 2 or (goal > 0).mean() < 0.98:
        return None
    rows = (goal > 0) & (positive > 0).all(axis=1)
    if rows.sum() < 30:
        return None
    parts = _weights(np.log(goal[rows]), np.log(positive[rows]))
    if parts is None:
        return None
    weights, names = parts
    if not 2 <= len(names) <= 3 or set(np.abs(weights)) != {1.0}:
        return None
    made = (positive[names] ** weights).prod(axis=1)[rows]
    ratio = goal[rows] / made
    holds = float(((ratio / ratio.median() - 1).abs() < 0.01).mean())
    if holds < HOLDS:
        return None
    over = [f'`{name}`' for name, weight in zip(names, weights, strict=True) if weight > 0]
    under = [f'`{name}`' for name, weight in zip(names, weights, strict=True) if weight < 0]
    told = ' · '.join(over or ['1']) + ''.join(f' / {name}' for name in under)
    constant = float(ratio.median())
    times = '' if abs(constant - 1) < 0.01 else f'{constant:.4g} · '
    because = (
        f'`{target}` = {times}{told} in {holds:.1%} of the rows: what makes it is not known before it is'
    )
    return Leak(tuple(names), 'combination', because, {'holds': round(holds, 4)})
