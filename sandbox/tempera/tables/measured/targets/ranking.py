"""Which columns a table may be about: the likeliest targets, with the reasons.

Points are added up: what the name says, where the column stands, what kind it is, how it stands to the others.
"""

from __future__ import annotations

import math

import pandas as pd

from ...plan import ColumnPlan, TablePlan
from ..findings import TargetCandidate
from ..quick import NUMERIC, numbers
from .labels import MOST_CLASSES, MOST_NUMBER_CLASSES
from .standing import Standing, sort_of, standing_of
from .wording import Wording

_LAST, _FIRST = 14, 6
#: of a time that comes with whether it had ended, and of that
_PAIR = 20
#: of the number of events
_COUNT = 3
#: off for one of a numbered series, for what is made of another column, for what a square is made of
_SERIES, _MADE, _SQUARED = 14, 14, 4
#: the most that is off where no row of many has a value
_GAPS = 25


def rank_targets(plan: TablePlan, frame: pd.DataFrame, most: int = 5) -> tuple[TargetCandidate, ...]:
    """The likeliest targets, best first, at least three where there are as many columns that could be one."""
    standing, wording = standing_of(plan, frame), Wording(plan.names)
    found = [
        _points_of(column, frame[column.name], standing, wording)
        for column in plan.columns
        if _can_be(column, frame[column.name])
    ]
    return tuple(sorted(found, key=lambda one: -one.points)[:most])


def _can_be(column: ColumnPlan, values: pd.Series) -> bool:
    never = ('constant', 'empty', 'identifier', 'record', 'coordinates')
    return column.kind not in never and column.distinct >= 2 and values.notna().sum() >= 2


def _points_of(
    column: ColumnPlan, values: pd.Series, standing: Standing, wording: Wording
) -> TargetCandidate:
    """How likely a column is the target, with the reasons."""
    known = values.dropna()
    points, because = wording.points(column.name, column.name in standing.pairs)
    points += _of_place(column.name, standing, because)
    points += _of_kind(column, known, standing, because)
    points += _of_others(column.name, standing, because)
    points -= _GAPS * (1 - len(known) / max(1, len(values)))
    return TargetCandidate(
        column.name, round(points, 3), tuple(because) or ('it can be predicted from the others',)
    )


def _of_place(name: str, standing: Standing, because: list[str]) -> float:
    if name in standing.made_of:
        return 0.0
    if name == standing.last:
        because.append('it is the last column, where targets usually stand')
        return _LAST
    if name == standing.first:
        because.append('it is the first column that says something of a row')
        return _FIRST
    return 0.0


def _of_kind(column: ColumnPlan, known: pd.Series, standing: Standing, because: list[str]) -> float:
    sort = sort_of(column)
    # what many columns are tells none of them from the others
    alike = math.sqrt(max(1, standing.sorts[sort]))
    if sort == 'two values':
        because.append('it has two values')
        return 9 / alike
    if sort == 'labels':
        if column.distinct <= 10:
            because.append(f'it has {column.distinct} labels')
            return 7 / alike
        return 1 if column.distinct <= MOST_CLASSES else -8
    if column.kind in ('text', 'date', 'datetime', 'time', 'code'):
        return -18
    if column.kind == 'list':
        return -4
    if column.kind in NUMERIC and column.kind != 'year':
        counts = _COUNT if column.kind == 'count' else 0
        return counts + (4 if numbers(known).nunique() > MOST_NUMBER_CLASSES else 2)
    return -10


def _of_others(name: str, standing: Standing, because: list[str]) -> float:
    points = 0.0
    if name in standing.pairs:
        because.append(f'`{name}` and `{standing.pairs[name]}` are a time and whether it had ended')
        points += _PAIR
    if name in standing.series and name != standing.last:
        points -= _SERIES
    if name in standing.made_of:
        points -= _MADE
    if name in standing.squared:
        points -= _SQUARED
    return points
