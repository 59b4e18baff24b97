"""Columns that are filled, or empty, only where one answer is."""

from __future__ import annotations

import pandas as pd

from ...plan import ColumnPlan
from ..findings import Leak
from ..quick import texts_of
from .evidence import FEWEST_ROWS, Evidence

#: share of one answer among the rows in which a column is filled (or empty) that no chance explains
PURE = 0.99


def of_gaps(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """A column that is filled, or empty, only where one answer is."""
    missing = evidence.frame[column.name].isna()
    share = float(missing.mean())
    if not 0.005 < share < 0.995:
        return None
    return _of_part(evidence, column, ~missing, 'filled') or _of_part(evidence, column, missing, 'empty')


def _of_part(evidence: Evidence, column: ColumnPlan, part: pd.Series, how: str) -> Leak | None:
    inside = int(part.sum())
    if inside < FEWEST_ROWS or len(part) - inside < FEWEST_ROWS:
        return None
    if not evidence.answer.is_classes:
        return _of_part_of_numbers(evidence, column, part, how)
    labels = texts_of(evidence.frame[evidence.target.name])
    common = labels[part].value_counts(normalize=True)
    label, purity = str(common.index[0]), float(common.iloc[0])
    base = float((labels == label).mean())
    # of what a label alone explains, a large part must be gone: rare gaps among a commonest label mean nothing
    explained = inside * purity / max(1.0, float((labels == label).sum()))
    expected = inside * (1 - base)
    if purity < PURE or base > 0.97 or expected < 8:
        return None
    surely = expected >= 15 and (explained > 0.3 or how == 'filled')
    if not surely:
        return None
    because = (
        f'`{column.name}` is {how} in {inside:,} rows, and {purity:.1%} of them are `{label}` '
        f'(of all rows {base:.1%} are)'
    )
    return Leak(
        (column.name,),
        'missing',
        because,
        {'rows': inside, 'share': round(purity, 4), 'of_all': round(base, 4)},
    )


def _of_part_of_numbers(evidence: Evidence, column: ColumnPlan, part: pd.Series, how: str) -> Leak | None:
    figures = evidence.figures
    inside, outside = figures[part].dropna(), figures[~part].dropna()
    spread = float(figures.var())
    if spread == 0 or inside.empty or outside.empty:
        return None
    within = (inside.var(ddof=0) * len(inside) + outside.var(ddof=0) * len(outside)) / (
        len(inside) + len(outside)
    )
    explained = 1 - float(within) / spread
    if explained < 0.8:
        return None
    because = (
        f'whether `{column.name}` is {how} explains {explained:.0%} of the spread of `{evidence.target.name}`'
    )
    return Leak((column.name,), 'missing', because, {'explained': round(explained, 4)})
