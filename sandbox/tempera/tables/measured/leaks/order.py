"""Columns that only number the rows of a file that is sorted by its target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...plan import ColumnPlan
from .. import words
from ..findings import Leak
from ..quick import NUMERIC, numbers
from .evidence import Evidence


def of_order(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """A running number along which the target is sorted: the order of the file, not a property of its rows."""
    values = numbers(evidence.frame[column.name]) if column.kind in (*NUMERIC, 'identifier', 'code') else None
    if values is None or values.isna().any() or not _is_counter(values):
        return None
    order = values.sort_values().index
    answer = evidence.answer.values.loc[order].to_numpy()
    if evidence.answer.is_classes:
        runs = 1 + int((np.diff(answer) != 0).sum())
        counts = np.bincount(answer)
        by_chance = 1 + (1 - ((counts / counts.sum()) ** 2).sum()) * (len(answer) - 1)
        share = runs / by_chance
        sorted_by = share < 0.5
    else:
        share = float(abs(np.corrcoef(np.arange(len(answer)), pd.Series(answer).rank())[0, 1]))
        sorted_by = share > 0.9 and words.says(column.name, words.COUNTER)
    if not sorted_by:
        return None
    because = f'`{column.name}` only numbers the rows, and the file is sorted by the target'
    return Leak((column.name,), 'order', because, {'sorted': round(share, 4)})


def _is_counter(values: pd.Series) -> bool:
    """Whole numbers, each once, with few left out between the least and the greatest."""
    whole = bool((values % 1 == 0).all())
    return whole and values.is_unique and len(values) >= 20 and float(np.ptp(values)) < 3 * len(values)
