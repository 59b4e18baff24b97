"""Numbers that are the target's own mean over rows that share them: an average of a shop's sales, written beside each.

The mean holds the row's own answer, and rows to come have none of it. It is found without knowing what the rows share:
of rows that have one value of the column, the mean of the target is that value, or lies on one line with it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...plan import ColumnPlan
from ..findings import Leak
from ..quick import NUMERIC, numbers
from .evidence import Evidence

FEWEST_VALUES = 10
#: rows of a value on average, at least and at most: of very many rows a mean says little of each
FEWEST_EACH, MOST_EACH = 2, 60
#: of the spread of the means: what rounding may leave, and in which share of the rows
ROUNDING, HOLDS = 0.01, 0.97
#: labels whose shares are compared
_MOST_LABELS = 4


def of_means(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """The column as a mean of the target, or as the share of one of its labels."""
    if column.kind not in NUMERIC or column.kind == 'year':
        return None
    values = numbers(evidence.frame[column.name])
    sizes = values.value_counts()
    if len(sizes) < FEWEST_VALUES or not FEWEST_EACH <= sizes.mean() <= MOST_EACH:
        return None
    for goal, how in _goals(evidence):
        holds = _holds(values, goal)
        if holds >= HOLDS:
            because = f'`{column.name}` is {how} of the rows that share it, in {holds:.1%} of the rows'
            return Leak((column.name,), 'copy', because, {'holds': round(holds, 4)})
    return None


def _goals(evidence: Evidence) -> list[tuple[pd.Series, str]]:
    target = evidence.target.name
    if not evidence.answer.is_classes:
        return [(evidence.figures, f'the mean of `{target}`')]
    values = evidence.answer.values
    labels = values.value_counts().index[:_MOST_LABELS]
    return [((values == label).astype('float64'), f'the share of a label of `{target}`') for label in labels]


def _holds(values: pd.Series, goal: pd.Series) -> float:
    """Share of the rows whose value lies on the line of the means."""
    known = values.notna() & goal.notna()
    means = goal[known].groupby(values[known]).agg(['mean', 'size'])
    spread = float(means['mean'].std())
    if len(means) < FEWEST_VALUES or not spread > 0:
        return 0.0
    place = means.index.to_numpy(dtype='float64')
    slope, start = np.polyfit(place, means['mean'].to_numpy(), 1, w=np.sqrt(means['size'].to_numpy()))
    near = np.abs(means['mean'].to_numpy() - slope * place - start) <= ROUNDING * spread
    # values of one row are on the line only where the column is the target itself
    several = (means['size'] >= FEWEST_EACH).to_numpy()
    rows = means['size'].to_numpy()
    return float(rows[near & several].sum() / rows[several].sum()) if several.sum() >= FEWEST_VALUES else 0.0
