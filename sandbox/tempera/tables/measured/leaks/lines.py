"""Numbers that give the target by a straight line, by itself or in each value of a category."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..findings import Leak
from ..quick import NUMERIC, codes, numbers
from .evidence import Evidence

_MOST_LEVELS = 30


def by_category(evidence: Evidence, names: list[str]) -> list[Leak]:
    """A number that gives the target by a straight line in each value of a category: gross and net under tax rates."""
    figures = evidence.figures
    spread = float(figures.std())
    numeric = [name for name in names if evidence.plan.column(name).kind in NUMERIC]
    categories = [
        name
        for name in names
        if 2 <= evidence.frame[name].astype('string').nunique() <= _MOST_LEVELS and name not in numeric
    ]
    categories += [name for name in numeric if 2 <= evidence.frame[name].nunique() <= 12]
    found: list[Leak] = []
    for name in numeric:
        values = numbers(evidence.frame[name])
        if spread == 0 or abs(values.corr(figures)) < 0.7:
            continue
        for category in [None, *categories]:
            if category == name:
                continue
            keys = codes(evidence.frame[category]).fillna(-1) if category else pd.Series(0.0, values.index)
            missed = _missed_by_lines(values, figures, keys) / spread
            if missed < 1e-3:
                where = f' within each value of `{category}`' if category else ''
                because = (
                    f'`{evidence.target.name}` is a fixed function of `{name}`{where}: a straight line '
                    f'misses it by {missed:.1e} of its spread'
                )
                found.append(
                    Leak(
                        (name,),
                        'by_category' if category else 'copy',
                        because,
                        {'missed': float(f'{missed:.3g}')},
                    )
                )
                break
    return found


def _missed_by_lines(values: pd.Series, figures: pd.Series, keys: pd.Series) -> float:
    """Median distance of the target from the line of its own category."""
    known = values.notna() & figures.notna()
    data = pd.DataFrame({'x': values[known], 'y': figures[known], 'key': keys[known]})
    misses: list[np.ndarray] = []
    for _, part in data.groupby('key'):
        if len(part) < 4 or part['x'].nunique() < 3:
            continue
        slope, start = np.polyfit(part['x'], part['y'], 1)
        misses.append(np.abs(part['y'] - slope * part['x'] - start).to_numpy())
    if sum(map(len, misses)) < 0.8 * len(data) or not misses:
        return float('inf')
    return float(np.quantile(np.concatenate(misses), 0.8))
