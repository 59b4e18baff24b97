"""What whole numbers are: years, counts, names of rows, answers of 0 and 1, or numbers and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from . import words
from .draft import Draft, Subject
from .identifiers import is_identifier
from .values import Values

#: whole numbers that are each of so many years in a row are years, whatever they are called
_FEWEST_YEARS = 8
#: what a calendar numbers, and how many times as many as there are the last of them is
_DAYS_OF_A_YEAR, _IN_A_ROW = 366, 2


def describe_integers(draft: Draft, subject: Subject, values: Values, texts: pa.StringArray) -> None:
    """What a column of whole numbers is; with a unit it is a measure, and stays one."""
    if draft.unit:
        return
    draft.kind, draft.form = 'integer', replace(draft.form, type='integer')
    low, high = float(values.numbers.min()), float(values.numbers.max())
    rows, distinct = int(values.counts.sum()), len(values.numbers)
    if distinct == 2 and {low, high} == {0.0, 1.0}:
        draft.kind = 'boolean'
        draft.found('kind', 'every cell is 0 or 1', ones=int(values.counts[values.numbers == 1].sum()))
    elif _is_year(subject.name, low, high, values):
        draft.kind = 'year'
        draft.found('kind', f'whole numbers from {low:.0f} to {high:.0f}', distinct=distinct)
    elif is_identifier(subject.name, rows, values, texts):
        draft.kind = 'identifier'
        draft.found('kind', 'whole numbers that name rows or things', distinct=distinct, rows=rows)
    elif low >= 0 and _is_count(subject.name, values):
        draft.kind = 'count'
        draft.found('kind', f'whole numbers from {low:.0f} to {high:.0f} that count', distinct=distinct)


def _is_year(name: str, low: float, high: float, values: Values) -> bool:
    if 0 <= low and high <= 99 and words.says(name, words.YEAR) and high - low <= len(values.numbers) + 3:
        # 70 to 82: years of a century
        return len(values.numbers) > 3 and low >= 40
    if not 1500 <= low <= high <= 2200:
        return False
    if words.says(name, words.YEAR):
        return True
    if not (1900 <= low and high <= 2035):
        return False
    distinct = len(values.numbers)
    # each of the years from the first to the last: nothing that is measured does so there
    each = distinct >= _FEWEST_YEARS and high - low == distinct - 1
    return each or (distinct > 2 and words.says(name, words.DATE | frozenset({'built', 'founded'})))


def _is_count(name: str, values: Values) -> bool:
    counted = words.says(name, words.COUNT - words.IDENTIFIER)
    if words.unit_in(name) or (not counted and _is_of_a_calendar(name, values)):
        return False
    if words.says(name, words.COUNT):
        return True
    order = np.argsort(values.numbers)
    sums = np.cumsum(values.counts[order])
    median = values.numbers[order][int(np.searchsorted(sums, sums[-1] / 2))]
    from_zero = values.numbers.min() == 0
    return bool(from_zero and len(values.numbers) > 3 and median < 0.35 * values.numbers.max())


def _is_of_a_calendar(name: str, values: Values) -> bool:
    """`Month Number`, `day_of_week`: in a row, and no more than a year has days; `days` alone may well count."""
    high = float(values.numbers.max())
    found = [word for word in words.words_of(name) if word in words.CALENDAR]
    plural = bool(found) and all(word.endswith('s') for word in found)
    return bool(found) and not plural and high <= _DAYS_OF_A_YEAR and high < _IN_A_ROW * len(values.numbers)
