"""A target of numbers: counts, grades, heavy tails, many zeros, times that had not ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ...plan import Choice, ColumnPlan, Question, TablePlan
from .. import words
from ..findings import Meaning, TargetFinding
from ..quick import numbers
from .labels import MOST_NUMBER_CLASSES

#: share of zeros from which on whole numbers count something, whatever they are called
_SOME_ZEROS = 0.005


def of_numbers(base: TargetFinding, plan: TablePlan, column: ColumnPlan, known: pd.Series) -> TargetFinding:
    """The finding where the target is a number, a count, a grade or a time."""
    figures = numbers(known).dropna()
    event = event_of(plan, column)
    if event:
        return _censored(base, event)
    meaning, because = _meaning_of(column, figures)
    return replace(base, meaning=meaning, because=because)


def _meaning_of(column: ColumnPlan, figures: pd.Series) -> tuple[Meaning, str]:
    whole = bool((figures % 1 == 0).all())
    zeros = float((figures == 0).mean())
    if figures.min() < 0:
        return 'number', 'it is a number'
    counted = whole and figures.max() < 10_000 and column.kind in ('count', 'integer', 'number')
    if (
        counted
        and (zeros >= _SOME_ZEROS or words.says(column.name, words.COUNT))
        and figures.nunique() <= 1_000
    ):
        if words.says(column.name, words.ORDINAL) and zeros == 0:
            return 'ordinal', 'it is a grade, where more means more'
        return (
            'count',
            f'it counts: whole numbers from {int(figures.min())} to {int(figures.max())}, 0 in '
            f'{int((figures == 0).sum()):,} of {len(figures):,} rows',
        )
    if zeros >= 0.3:
        return 'zero_inflated', f'it is 0 in {zeros:.0%} of the rows and a positive number in the others'
    if words.says(column.name, words.ORDINAL) and figures.nunique() <= MOST_NUMBER_CLASSES:
        return 'ordinal', 'it is a grade, where more means more'
    if figures.min() > 0 and figures.skew() > 2 and abs(np.log(figures).skew()) < figures.skew() / 2:
        return 'heavy_tailed', 'it is positive, and a few values are far above the others'
    return 'number', 'it is a number'


def event_of(plan: TablePlan, column: ColumnPlan) -> str:
    """The column that tells whether a time had ended when it was written down."""
    if not words.says_duration(column.name) and column.kind != 'duration':
        return ''
    # somebody's age had begun before whatever is told of
    if words.words_of(column.name) == ('age',):
        return ''
    for other in plan.columns:
        two = other.kind == 'boolean' or other.distinct == 2
        if other.name != column.name and two and words.says_event(other.name):
            return other.name
    return ''


def _censored(base: TargetFinding, event: str) -> TargetFinding:
    choices = (
        Choice(
            'observed_only',
            f'only the rows in which `{event}` happened are learned from; `{event}` is no input. What '
            'is predicted is '
            'the time of those that ended, which is shorter than the time of all.',
            recommended=True,
        ),
        Choice(
            'event',
            f'Name `{event}` as the target: it is predicted instead, from what was known at the start.',
            outside=True,
        ),
        Choice('as_number', 'every time is taken as if it had ended: predictions will be too short.'),
    )
    return replace(
        base,
        meaning='censored',
        because=f'`{event}` says whether the time had ended: the others had only lasted that long so far',
        event=event,
        warnings=(
            f'`{event}` is known only afterwards, and where it did not happen `{base.name}` is not the '
            'whole time '
            '(it is censored): such rows are no observed times.',
        ),
        questions=(
            Question(
                'target.meaning',
                f'In some rows `{event}` had not happened yet, so that `{base.name}` is a lower bound there. '
                'What should be predicted?',
                choices,
            ),
        ),
    )
