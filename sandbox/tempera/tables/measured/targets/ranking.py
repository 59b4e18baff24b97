"""Which columns a table may be about: the likeliest targets, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...plan import ColumnPlan, TablePlan
from .. import words
from ..findings import TargetCandidate
from ..quick import NUMERIC, numbers
from .labels import MOST_CLASSES, MOST_NUMBER_CLASSES


def rank_targets(plan: TablePlan, frame: pd.DataFrame, most: int = 5) -> tuple[TargetCandidate, ...]:
    """The likeliest targets, best first, at least three where there are as many columns that could be one."""
    found = [_points_of(plan, column, frame[column.name]) for column in plan.columns]
    ranked = sorted((one for one in found if one is not None), key=lambda one: -one.points)
    return tuple(ranked[:most])


def _points_of(plan: TablePlan, column: ColumnPlan, values: pd.Series) -> TargetCandidate | None:
    """How likely a column is the target, with the reasons; None for one that cannot be."""
    known = values.dropna()
    rows, distinct = len(values), column.distinct
    if (
        column.kind in ('constant', 'empty', 'identifier', 'record', 'coordinates')
        or distinct < 2
        or len(known) < 2
    ):
        return None
    points, because = _of_name(column.name)
    place = column.position
    last = max(one.position for one in plan.columns)
    if place == last:
        points, because = points + 14, [*because, 'it is the last column, where targets usually stand']
    elif place == 0:
        points += 4
    points += _of_kind(column, known, because)
    gaps = 1 - len(known) / max(1, rows)
    points -= 25 * gaps
    if not because:
        because = ['it can be predicted from the others']
    return TargetCandidate(column.name, round(points, 3), tuple(because))


def _of_name(name: str) -> tuple[float, list[str]]:
    found: Sequence[str] = words.words_of(name)
    joined = ''.join(found)
    points, because = 0.0, []
    for strength, usual in zip((40, 22, 10), words.TARGET, strict=True):
        if joined in usual or (len(found) == 1 and found[0] in usual):
            points, because = strength + 6, [f'columns called `{name}` are usually what is predicted']
        elif any(word in usual for word in found):
            points, because = strength - 6, [f'`{name}` sounds like an outcome']
        if because:
            break
    if words.says(name, words.IDENTIFIER):
        points -= 10
    return points, because


def _of_kind(column: ColumnPlan, known: pd.Series, because: list[str]) -> float:
    if column.kind == 'boolean' or column.distinct == 2:
        because.append('it has two values')
        return 9
    if column.kind in ('category', 'ordinal'):
        if column.distinct <= 10:
            because.append(f'it has {column.distinct} labels')
            return 7
        return 1 if column.distinct <= MOST_CLASSES else -8
    if column.kind in ('text', 'date', 'datetime', 'time', 'code'):
        return -18
    if column.kind == 'list':
        return -4
    if column.kind in NUMERIC and column.kind != 'year':
        return 4 if numbers(known).nunique() > MOST_NUMBER_CLASSES else 2
    return -10
