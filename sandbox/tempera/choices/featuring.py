"""How a column becomes features, where there is a real alternative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from .._decisions import Basis, decide_by, settled
from ..learning.summary import HEAVY_SKEW
from ..tables import ColumnPlan, TablePlan
from ..tables.features import Way, usual_way, ways_of
from ..tables.features.moments import as_moments
from ..tables.measured.quick import numbers

#: columns of which something is decided here; more become features as their values suggest
MOST_COLUMNS = 200
#: fewer different numbers have no tail
_FEWEST_NUMBERS = 20
CHANGES: Mapping[Way, str] = {
    'number': 'the number is taken as it is',
    'log': 'its logarithm is taken: values far from the others count for less, most of all in linear models',
    'labels': 'each common value has a feature of its own, and all others share one',
    'means': 'the mean of the target over each value stands for it: the score speaks for values that were seen',
    'words': 'its words and groups of characters are read, reduced to a few numbers',
    'parts': 'year, month, week, weekday and hour are features beside the time that has passed',
    'elapsed': 'the time that has passed is the one feature: what repeats within a year or a day is not learned',
}


class Grounds(NamedTuple):
    """Why a way is taken, on what basis, and the numbers behind it."""

    basis: Basis
    reason: str
    evidence: dict[str, Any]


def chosen_features(plan: TablePlan, train: pd.DataFrame) -> dict[str, Way]:
    """The way of each column in which it was decided, by name; `train` holds the rows that are learned from."""
    ways: dict[str, Way] = {}
    decided = 0
    for name in train.columns:
        column = plan.column(name)
        own = usual_way(column.kind, train[name])
        if own is None:
            continue
        grounds = _grounds(column, own, train[name]) if decided < MOST_COLUMNS else None
        decided += grounds is not None
        key = f'column.{column.key}.features'
        held = settled(key, own) if grounds is None else _decided(key, column, own, grounds)
        if held in ways_of(column.kind) and (grounds is not None or held != own):
            ways[name] = held
    return ways


def _decided(key: str, column: ColumnPlan, own: Way, grounds: Grounds) -> Way:
    alternatives = [{'value': way, 'changes': CHANGES[way]} for way in ways_of(column.kind) if way != own]
    return decide_by(
        grounds.basis, key, own, grounds.reason, alternatives=alternatives, evidence=grounds.evidence
    )


def _grounds(column: ColumnPlan, own: Way, values: pd.Series) -> Grounds | None:
    """None where nobody would choose otherwise."""
    if own == 'number':
        return _of_tail(values)
    if own == 'parts':
        return _of_moments(values)
    if own in ('means', 'words'):
        return _of_many(own, values)
    return None


def _of_tail(values: pd.Series) -> Grounds | None:
    figures = numbers(values).dropna()
    if figures.nunique() <= _FEWEST_NUMBERS or not figures.std() > 0:
        return None
    skewness = float(figures.skew())
    if abs(skewness) <= HEAVY_SKEW:
        return None
    reason = f'{CHANGES["number"]}, although a few values lie far from the others (skewness {skewness:.1f})'
    evidence = {'skewness': skewness, 'median': float(figures.median()), 'largest': float(figures.max())}
    return Grounds('default', reason, evidence)


def _of_moments(values: pd.Series) -> Grounds:
    moments = as_moments(values).dropna()
    evidence = {'moments': int(moments.nunique()), 'years': int(moments.dt.year.nunique())}
    return Grounds('default', f'nothing says that only the time counts: {CHANGES["parts"]}', evidence)


def _of_many(own: Way, values: pd.Series) -> Grounds:
    distinct, rows = int(values.map(str).nunique()), len(values)
    reason = f'{distinct:,} different values in {rows:,} rows are too many for a feature each: {CHANGES[own]}'
    return Grounds('rule', reason, {'different values': distinct, 'rows': rows})
