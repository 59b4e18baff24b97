"""Columns that are the target cut into bands: a tier, a grade, a flag for what is above a limit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..findings import Leak

MOST_BANDS = 30
#: rows of each band, on average and at least
ROWS_EACH = 5
FEWEST_ROWS = 3
#: the same at least where there are two bands alone
FEWEST_OF_TWO = 15
#: of the target's spread: what may lie between two bands. Kinds of things that lie apart leave wider gaps
TIGHT = 0.1


def find_bands(name: str, values: pd.Series, figures: pd.Series, target: str) -> Leak | None:
    """A leak where the target's ranges under the column's values touch and never overlap: no noise lies between."""
    known = values.notna() & figures.notna()
    if known.sum() < max(60, len(values) / 2) or values[known].nunique() > MOST_BANDS:
        return None
    ranges = figures[known].groupby(values[known]).agg(['min', 'max', 'size']).sort_values('min')
    fewest = FEWEST_OF_TWO if len(ranges) == 2 else FEWEST_ROWS
    if len(ranges) < 2 or ranges['size'].mean() < ROWS_EACH or ranges['size'].min() < fewest:
        return None
    gaps = ranges['min'].to_numpy()[1:] - ranges['max'].to_numpy()[:-1]
    spread = float(figures[known].std())
    if not (gaps > 0).all() or float(np.median(gaps)) > TIGHT * spread:
        return None
    because = f'each value of `{name}` holds a stretch of `{target}` of its own: it is cut from it'
    return Leak((name,), 'copy', because, {'bands': len(ranges)})
