"""The target in other words: a code for each label, other units, the target cut into bands."""

from __future__ import annotations

import pandas as pd

from ...plan import ColumnPlan
from ..findings import Leak
from ..quick import CODED, NUMERIC, codes, numbers
from .bands import find_bands
from .evidence import FEWEST_ROWS, Evidence

#: share of rows in which a code goes with its label
PURE_CODE = 0.995
#: the same for a code with slips, where each single value goes with its label that often: dropped, and asked about
NEARLY_PURE_CODE = 0.97
PURE_VALUE = 0.9
#: rank correlation of what is the target in other units
SAME_ORDER = 0.99999
#: rows of the rarest class from which on one column's skill is more than luck


def of_copy(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """The target in other words: a code for each label, or a number that puts rows into the target's own order."""
    target = evidence.target.name
    if evidence.answer.is_classes:
        values = codes(evidence.frame[column.name])
        labels = evidence.answer.values
        known = values.notna()
        if values.nunique() != labels.nunique() or known.sum() < max(FEWEST_ROWS, len(values) / 2):
            return None
        counts = pd.crosstab(values[known], labels[known])
        right = float(counts.max(axis=1).sum()) / float(known.sum())
        # one label for each value, and another one for each other value
        if len(set(counts.to_numpy().argmax(axis=1))) < len(counts):
            return None
        each = float((counts.max(axis=1) / counts.sum(axis=1)).min())
        slips = right < PURE_CODE
        if slips and (right < NEARLY_PURE_CODE or each < PURE_VALUE):
            return None
        because = (
            f'each value of `{column.name}` goes with one label of `{target}`, in {right:.1%} of '
            'the rows: it is a code of it'
        )
        return Leak((column.name,), 'copy', because, {'share': round(right, 4)}, confirm=slips)
    if column.kind not in NUMERIC:
        return None
    data = pd.DataFrame({'x': numbers(evidence.frame[column.name]), 'y': evidence.figures}).dropna()
    if len(data) < max(FEWEST_ROWS, len(evidence.frame) / 2) or data['x'].nunique() <= 10:
        return None
    order = abs(float(data['x'].corr(data['y'], method='spearman')))
    if order < SAME_ORDER:
        return None
    because = (
        f'`{column.name}` puts the rows into the order of `{target}` (rank correlation '
        f'{order:.6f}): it is the target in other units'
    )
    return Leak((column.name,), 'copy', because, {'rank_correlation': round(order, 6)})


def of_bands(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """A tier, a grade, a flag that is cut from the target."""
    if evidence.answer.is_classes or column.kind not in (*NUMERIC, *CODED):
        return None
    values = codes(evidence.frame[column.name])
    return find_bands(column.name, values, evidence.figures, evidence.target.name)
