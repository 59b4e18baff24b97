"""Columns in notations of their own, which look like codes, numbers or months until all cells are seen: years as
`FY2021` or `2020/21`, times of day as `0930`, measures in several units as `5'11"`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from . import words
from .cells import clocks, sums, years
from .dates import written
from .distinct import Distinct
from .draft import ENOUGH, Draft, Subject
from .missing import tokens_among_values
from .plan import Form

#: texts that are looked at first, to turn away columns of other notations
_GLANCE = 12
#: so many seasons of two years each are no months by chance (2009-10, 2010-11, 2011-12)
_FEWEST_SEASONS = 3
#: forms that one column of years may mix
_MOST_FORMS = 6
#: different times from which on digits under a name of times are times by more than chance, and without such a name
_FEWEST_TIMES, _FEWEST_UNNAMED = 12, 30
#: times as people keep them lie in so many hours and have so many different minutes
_FEWEST_HOURS, _FEWEST_MINUTES = 6, 10
#: share of the cells that must be times: of other digits so many are none
_TIMES = 0.98


def notation_draft(subject: Subject) -> Draft | None:
    """The column by one of the notations, or None where it has none of them."""
    glance = subject.distinct.sample[:: max(1, len(subject.distinct.sample) // _GLANCE)]
    attempts = [attempt for looks, attempt in _ATTEMPTS if any(looks(subject, text) for text, _ in glance)]
    if not attempts:
        return None
    tokens = tokens_among_values(subject.distinct)
    rest = subject.distinct.without({token.text for token in tokens})
    for attempt in attempts if rest.filled else ():
        draft = attempt(subject, rest)
        if draft:
            draft.with_tokens(tokens)
            return draft
    return None


def clock_draft(subject: Subject) -> Draft | None:
    """Of stored numbers: as times of day, or None."""
    return _clock(subject, subject.distinct) if words.says(subject.name, words.CLOCK) else None


def _looks_like_a_year(_subject: Subject, text: str) -> bool:
    return years.form_of(text) not in ('', '%Y')


def _looks_like_a_clock(subject: Subject, text: str) -> bool:
    digits = clocks.digits_of(text)
    if digits is None:
        return False
    shaped = len(digits[0]) in clocks.DIGITS.values() and (digits[1] or digits[0][0] == '0')
    return shaped or words.says(subject.name, words.CLOCK)


def _looks_like_a_sum(subject: Subject, text: str) -> bool:
    return any((found := sums.sum_of(text, pieces)) and found[1] > 1 for _, pieces in _systems(subject))


def _years(subject: Subject, rest: Distinct) -> Draft | None:
    forms: Counter[str] = Counter()
    for text, count in rest.sample:
        forms[years.form_of(text)] += count
    strange = forms.pop('', 0)
    plain = forms.get('%Y', 0)
    seen = sum(forms.values())
    if seen < ENOUGH * (seen + strange) or seen - plain < 0.5 * seen or not _are_years(subject, rest):
        return None
    names = tuple(name for name, _ in forms.most_common(_MOST_FORMS))
    draft = Draft('year', Form(type='integer', formats=names))
    draft.found('kind', f'cells are years written as {" or ".join(names[:3])}; the first of two is taken')
    return draft


def _are_years(subject: Subject, rest: Distinct) -> bool:
    """`2009-10` may be a month: not where some cells cannot be one, or each ends with the year after its first."""
    several = len(rest.texts) >= _FEWEST_SEASONS or words.says(subject.name, words.YEAR)
    return several or not all(written.formats_of(text) for text, _ in rest.sample)


def _clock(subject: Subject, rest: Distinct) -> Draft | None:
    if words.says(subject.name, words.YEAR | words.CODE | words.DURATION):
        return None
    found = [(clocks.digits_of(text), count) for text, count in rest.sample]
    times = [(digits, count) for digits, count in found if digits]
    if not times or sum(count for _, count in times) < _TIMES * sum(count for _, count in found):
        return None
    widest = max(len(digits) for (digits, _), _ in times)
    clock = 'hhmm' if widest <= clocks.DIGITS['hhmm'] else 'hhmmss'
    figures = np.array([float(digits) for (digits, _), _ in times])
    seconds = clocks.seconds_of(figures, clock)
    counts = np.array([count for _, count in times])
    if counts[np.isnan(seconds)].sum() > (1 - _TIMES) * counts.sum():
        return None
    whole = all(len(digits) == clocks.DIGITS[clock] for (digits, _), _ in times)
    zeros = whole and any(digits.startswith('0') for (digits, _), _ in times)
    marked = all(end for (_, end), _ in times) and whole
    if not _are_times(
        subject, seconds[~np.isnan(seconds)], widest in clocks.DIGITS.values(), zeros or marked
    ):
        return None
    draft = Draft('time', Form(type='float', clock=clock), unit='s')
    draft.found(
        'kind',
        f'digits are times of day ({clock}), kept as seconds since midnight',
        distinct=len(np.unique(seconds)),
    )
    return draft


def _are_times(subject: Subject, seconds: np.ndarray, wide: bool, shaped: bool) -> bool:
    """By the name and by how they are spread: of digits that are no times, two in five would be none each."""
    times = np.unique(seconds)
    named = words.says(subject.name, words.CLOCK)
    if named and shaped:
        return len(times) >= 2
    if not wide or len(times) < (_FEWEST_TIMES if named else _FEWEST_UNNAMED) or not (named or shaped):
        return False
    hours, minutes = np.unique(times // 3600), np.unique(times // 60 % 60)
    return len(hours) >= _FEWEST_HOURS and (named or len(minutes) >= _FEWEST_MINUTES)


def _sums(subject: Subject, rest: Distinct) -> Draft | None:
    for unit, pieces in _systems(subject):
        read = [(sums.sum_of(text, pieces), count) for text, count in rest.sample]
        known = [(found, count) for found, count in read if found]
        share = sum(count for _, count in known) / sum(count for _, count in read)
        if share < ENOUGH or not any(pieces_of > 1 for (_, pieces_of), _ in known):
            continue
        form = Form(type='float', units=(unit,), pieces=dict(pieces))
        draft = Draft('number', form, unit=unit)
        draft.found('unit', f'cells add up several units and are kept in [{unit}]', share=round(share, 4))
        return draft
    return None


def _systems(subject: Subject) -> tuple[tuple[str, Mapping[str, float]], ...]:
    if words.says(subject.name, words.HEIGHT):
        return (*sums.SYSTEMS, ('in', sums.FEET_AND_INCHES))
    return sums.SYSTEMS


_ATTEMPTS: tuple[tuple[Callable[[Subject, str], bool], Callable[[Subject, Distinct], Draft | None]], ...] = (
    (_looks_like_a_year, _years),
    (_looks_like_a_clock, _clock),
    (_looks_like_a_sum, _sums),
)
