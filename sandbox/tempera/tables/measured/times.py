"""Time in a table: which columns say when a row was seen, and whether later rows must be judged by earlier ones.

A date that says when a row was seen puts the rows into an order in which a model will meet them: what comes later is
predicted from what came before. A date that describes a thing (a birthday, the year a house was built) does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..plan import ColumnPlan, TablePlan
from . import words
from .findings import TimeFinding, Trial
from .groups import Rows
from .quick import MOMENTS, numbers, seconds
from .trials import compare, forward_folds, random_folds, skills
from .work import Work

#: fewer moments than these make no order; where the file follows them, fewer do
FEWEST_MOMENTS, FEWEST_IN_ORDER = 6, 4
#: correlation of ranks with the places in the file from which on the file is in that order
IN_ORDER = 0.95
#: so many days has a year whose months all have 31: moments of a calendar count them
_DAYS_OF_YEAR = 372
#: share of the rows that must have a moment
COVERED = 0.9


@dataclass(frozen=True)
class Moments:
    """When each row was seen, in seconds (or any number that grows with time), and the columns that say so."""

    columns: tuple[str, ...]
    values: pd.Series


def find_moments(plan: TablePlan, frame: pd.DataFrame, target: str) -> tuple[Moments, ...]:
    """Columns, or a year with its month and day, that may say when rows were seen; the likeliest first."""
    found: list[tuple[float, Moments]] = []
    for column in plan.columns:
        if column.name == target or column.kind not in MOMENTS or words.says(column.name, words.ATTRIBUTE):
            continue
        values = seconds(frame[column.name])
        if _is_enough(values):
            found.append((_likeness(column, values), Moments((column.name,), values)))
    calendar = _calendar(plan, frame, target)
    if calendar is not None:
        found.append((2.5, calendar))
    found.sort(key=lambda one: -one[0])
    return tuple(one for _, one in found)


def possible_years(plan: TablePlan, frame: pd.DataFrame, target: str) -> tuple[Moments, ...]:
    """Years whose names leave open whether they say when a row was seen or what it is of: `year_acc`, `year_made`."""
    found = (
        Moments((column.name,), numbers(frame[column.name]) * _DAYS_OF_YEAR)
        for column in plan.columns
        if column.name != target and is_open_year(column)
    )
    return tuple(one for one in found if _is_enough(one.values))


def is_open_year(column: ColumnPlan) -> bool:
    """Whether a column of years may say when rows were seen, by its name."""
    return column.kind == 'year' and not words.says(column.name, words.ATTRIBUTE)


def judge_moments(
    plan: TablePlan, moments: Moments, rows: Rows, inputs: list[str], work: Work
) -> TimeFinding:
    """What a moment means for the split, with a trial of rows at random against forward in time."""
    known = moments.values.dropna()
    distinct = known.nunique()
    finding = TimeFinding(
        columns=moments.columns,
        first=_shown(plan, moments, known.min()),
        last=_shown(plan, moments, known.max()),
        moments=int(distinct),
        rows_each=round(len(known) / max(1, distinct), 2),
        trial=_trial(moments, rows, inputs, work),
        orders_rows=True,
        because='',
    )
    return _decided(finding, moments, known)


def _decided(finding: TimeFinding, moments: Moments, known: pd.Series) -> TimeFinding:
    names = ' and '.join(f'`{name}`' for name in moments.columns)
    trial = finding.trial
    if trial is not None and trial.is_real:
        because = (
            f'cross-validated at random a quick learner has a skill of {trial.first_skill:.2f}, '
            f'forward along {names} '
            f'{trial.second_skill:.2f}: what comes later is not like what came before'
        )
        return replace(finding, because=because)
    in_order = _follows(known)
    if in_order or finding.rows_each > 1.5:
        how = 'the file follows it' if in_order else f'{finding.rows_each:g} rows share each moment'
        because = f'{names} says when rows were seen ({how}): rows to come are later ones'
        return replace(finding, because=because)
    because = (
        f'{names} says when rows were seen; rows to come are later ones, and the score at '
        'random would be the same'
    )
    return replace(finding, because=because, confirm=True)


def _follows(values: pd.Series) -> bool:
    """Whether the file is in this order."""
    return abs(_rank_correlation(values.dropna().sort_index())) > IN_ORDER


def _rank_correlation(values: pd.Series) -> float:
    places = np.arange(len(values))
    return float(np.corrcoef(values.rank().to_numpy(), places)[0, 1]) if len(values) > 2 else 0.0


def _is_enough(values: pd.Series) -> bool:
    moments = values.nunique()
    if values.notna().mean() < COVERED or moments < FEWEST_IN_ORDER:
        return False
    return moments >= FEWEST_MOMENTS or _follows(values)


def _likeness(column: ColumnPlan, values: pd.Series) -> float:
    points: float = 2.0 * words.says(column.name, words.MOMENT)
    points -= 3.0 * words.says(column.name, words.AFTERWARDS)
    points += abs(_rank_correlation(values.dropna().sort_index())) + 0.5 * (column.kind == 'datetime')
    return points + float(values.nunique() / max(1, len(values)))


def _calendar(plan: TablePlan, frame: pd.DataFrame, target: str) -> Moments | None:
    """A year's column with its month's and day's, as one moment."""
    named = {part: _named(plan, frame, target, expected, limits) for part, expected, limits in _PARTS}
    year, month, day = named['year'], named['month'], named['day']
    if year is None or (month is None and not _is_alone(year)):
        return None
    columns = tuple(
        one.name for one in (year, month, day) if one is not None and (one is not day or month is not None)
    )
    value = numbers(frame[year.name]) * _DAYS_OF_YEAR
    if month is not None:
        value = value + (_month_numbers(frame[month.name]) - 1) * 31
        if day is not None:
            value = value + numbers(frame[day.name]) - 1
    return Moments(columns, value) if _is_enough(value) else None


_PARTS = (
    ('year', words.YEAR, (1500, 2200)),
    ('month', words.MONTH, (1, 12)),
    ('day', words.DAY, (1, 31)),
)


def _is_alone(year: ColumnPlan) -> bool:
    """A year without a month says when a row was seen where its name says nothing else."""
    return words.words_of(year.name) in {(word,) for word in words.YEAR} or _is_season(year)


def _is_season(column: ColumnPlan) -> bool:
    """Years under another word for when: `season`, `fiscal_year`, `time`."""
    found = words.words_of(column.name)
    return column.kind == 'year' and bool(found) and all(word in words.OF_YEARS for word in found)


def _named(
    plan: TablePlan, frame: pd.DataFrame, target: str, expected: frozenset[str], limits: tuple[int, int]
) -> ColumnPlan | None:
    for column in plan.columns:
        if (
            column.name == target
            or not (words.says(column.name, expected) or (expected is words.YEAR and _is_season(column)))
            or words.says(column.name, words.ATTRIBUTE)
        ):
            continue
        if len(words.words_of(column.name)) > 2:
            continue
        values = _month_numbers(frame[column.name]) if limits == (1, 12) else numbers(frame[column.name])
        inside = values.dropna().between(*limits)
        if values.notna().mean() >= COVERED and len(inside) and inside.all():
            return column
    return None


_MONTHS = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')
_OTHER_MONTHS = {
    'mär': 3,
    'mrz': 3,
    'mai': 5,
    'okt': 10,
    'dez': 12,
    'ene': 1,
    'abr': 4,
    'ago': 8,
    'dic': 12,
    'fév': 2,
}


def _month_numbers(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values):
        return numbers(values)
    names = dict(zip(_MONTHS, range(1, 13), strict=True)) | _OTHER_MONTHS
    texts = values.astype('string').str.strip().str.lower()
    return (
        texts.str.slice(0, 3)
        .map(names)
        .astype('float64')
        .fillna(pd.to_numeric(texts, errors='coerce').astype('float64'))
    )


def _trial(moments: Moments, rows: Rows, inputs: Sequence[str], work: Work) -> Trial | None:
    values = moments.values.loc[rows.frame.index]
    known = values.notna().to_numpy()
    matrix = rows.quick.matrix([name for name in inputs if name in rows.quick.blocks])[known]
    answer = rows.answer.take(matrix.index)
    forward = forward_folds(values[known].to_numpy())
    at_random = random_folds(answer, repeats=1)
    names = ', '.join(moments.columns)
    if len(forward) < 2 or not work.take(
        f'time along `{names}`', len(forward) + len(at_random), *matrix.shape
    ):
        return None
    return compare(
        'at random',
        'forward',
        skills(matrix, answer, at_random),
        skills(matrix, answer, forward),
        len(matrix),
    )


def _shown(plan: TablePlan, moments: Moments, value: float) -> str:
    if len(moments.columns) > 1 or plan.column(moments.columns[0]).kind not in MOMENTS:
        year, rest = divmod(int(value), _DAYS_OF_YEAR)
        shown = [str(year), f'{rest // 31 + 1:02d}', f'{rest % 31 + 1:02d}'][: len(moments.columns)]
        return '-'.join(shown)
    moment = pd.Timestamp(value, unit='s')
    return str(moment.date()) if moment == moment.normalize() else str(moment.floor('s'))
