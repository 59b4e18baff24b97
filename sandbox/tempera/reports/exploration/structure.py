"""What rows are to each other: groups, times and repeats, as they were measured."""

from __future__ import annotations

from collections.abc import Iterator

from ...tables.measured.findings import GroupFinding, TimeFinding
from ...tables.measured.times import is_open_year
from ..facts import Count, Fact, Name
from ..sentences import Sentence, say
from ..words import listed, number_text
from .explored import Explored

HEADER = ('column', 'what it holds', 'taken for', 'because')


def structure_rows(explored: Explored) -> list[list[Fact | str | int | float]]:
    """A line for each column that rows might belong together or follow each other by."""
    measured = explored.measured
    return [*map(_group_row, measured.groups), *map(_time_row, measured.time)]


def _group_row(group: GroupFinding) -> list[Fact | str | int | float]:
    holds = f'{group.groups:,} values, {number_text(group.rows_each)} rows each'
    return [Name(group.column), holds, 'kept together' if group.keeps_together else 'no group', group.because]


def _time_row(time: TimeFinding) -> list[Fact | str | int | float]:
    holds = f'{time.moments:,} moments from {time.first} to {time.last}'
    name = Name(time.columns[0]) if len(time.columns) == 1 else listed(time.columns)
    return [name, holds, 'order of rows' if time.orders_rows else 'no order', time.because]


def no_structure(explored: Explored) -> Sentence | None:
    """Said where nothing was found that rows hang together by."""
    if explored.measured.groups or explored.measured.time:
        return None
    others = (column for column in explored.plan.columns if column.name != explored.target)
    if any(map(is_open_year, others)):
        return say(
            'structure.open',
            'No column was found that rows belong together by, and none that surely says when they were seen.',
        )
    return say(
        'structure.none',
        'No column was found that rows belong together by, and none that says when they were seen.',
    )


def repeats(explored: Explored) -> Iterator[Sentence]:
    """Rows that are alike in what may be learned from."""
    found, target = explored.measured.repeats, Name(explored.target)
    if found.equal_features:
        yield say(
            'repeats.features',
            '{rows} {are} like an earlier one in every column but {target}.',
            rows=Count(found.equal_features, 'row'),
            are='is' if found.equal_features == 1 else 'are',
            target=target,
        )
    if found.contradicting:
        yield say(
            'repeats.contradicting',
            '{rows}, counting the first ones, {stand} beside an equal one with another value of {target}: no model '
            'can be right about all of them.',
            rows=Count(found.contradicting, 'row'),
            stand='stands' if found.contradicting == 1 else 'stand',
            target=target,
        )
