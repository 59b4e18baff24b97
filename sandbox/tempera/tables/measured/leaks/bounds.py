"""Numbers that the target never passes: when a time began to be watched, the lowest of what the target is among."""

from __future__ import annotations

import pandas as pd

from ...plan import ColumnPlan
from ..findings import Leak
from ..quick import NUMERIC, numbers
from .evidence import FEWEST_ROWS, Evidence

#: rank correlation with the target from which on a bound carries most of what can be told of it
CLOSE = 0.8
#: the same where no time had begun to be watched: anything may have a limit, and only a narrow one is doubted
NARROW = 0.9
#: of the target's largest value, what the bound's largest must reach: both are of one size
_OF_ITS_SIZE = 0.25
_FEWEST_VALUES = 10


def of_entry(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """Where a time began to be watched: what ended before was never seen, so that each time is above it."""
    if evidence.target.meaning != 'censored':
        return None
    close, rows = _closeness(evidence, column, below=True)
    if close < CLOSE:
        return None
    because = (
        f'`{column.name}` is at most `{evidence.target.name}` in all {rows:,} rows compared and orders them alike '
        f'(rank correlation {close:.2f}): it seems to be when they began to be watched (left truncation), so that it '
        'tells when a time was seen more than how long it lasts'
    )
    return Leak((column.name,), 'bound', because, {'rank_correlation': round(close, 4)}, confirm=True)


def of_bounds(evidence: Evidence, names: list[str]) -> list[Leak]:
    """Of a number that is no time, the columns that bound it closely: kept, and doubted aloud."""
    if evidence.answer.is_classes or evidence.target.meaning == 'censored':
        return []
    found: list[Leak] = []
    for name in names:
        for below, words in ((True, 'at most'), (False, 'at least')):
            close, rows = _closeness(evidence, evidence.plan.column(name), below)
            if close >= NARROW:
                because = (
                    f'`{name}` is {words} `{evidence.target.name}` in all {rows:,} rows compared and orders them '
                    f'alike (rank correlation {close:.2f}), as a part or a limit of it would'
                )
                found.append(Leak((name,), 'bound', because, {'rank_correlation': round(close, 4)}))
    return found


def _closeness(evidence: Evidence, column: ColumnPlan, below: bool) -> tuple[float, int]:
    """The rank correlation of target and bound, 0 where it is no bound, and the rows that have both."""
    units = {column.unit, evidence.plan.column(evidence.target.name).unit} - {''}
    if column.kind not in NUMERIC or len(units) > 1:
        return 0.0, 0
    data = pd.DataFrame({'x': numbers(evidence.frame[column.name]), 'y': evidence.figures}).dropna()
    if len(data) < max(FEWEST_ROWS, len(evidence.frame) / 2) or data['x'].nunique() < _FEWEST_VALUES:
        return 0.0, len(data)
    apart = data['y'] - data['x'] if below else data['x'] - data['y']
    sizes = sorted((float(data['x'].abs().max()), float(data['y'].abs().max())))
    if (apart < 0).any() or not (apart > 0).any() or sizes[0] < _OF_ITS_SIZE * sizes[1]:
        return 0.0, len(data)
    return float(data['x'].corr(data['y'], method='spearman')), len(data)
