"""Numbers that are moments: counted from an epoch, written as digits, or a spreadsheet's days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import words
from ..cells.natives import EPOCH_SECONDS, from_epoch
from ..draft import Draft, Subject
from ..values import Values

_FIRST_EPOCH, _LAST_EPOCH = (
    np.datetime64('1990-01-01', 's').astype(int),
    np.datetime64('2060-01-01', 's').astype(int),
)
#: days that are counted: from 1954 to 2064 as spreadsheets do, from 1900 to 2099 since the year 1
_SERIALS = (
    ('days', 20_000, 60_000, 'as spreadsheets count them'),
    ('ordinal', 693_596, 766_644, 'counted since the year 1'),
)


def is_moment(draft: Draft, subject: Subject, values: Values) -> bool:
    """Numbers that count from an epoch, or write a date as eight digits, or a month as six."""
    if len(values.numbers) < 3 or values.numbers.min() <= 0:
        return False
    low, high = float(values.numbers.min()), float(values.numbers.max())
    named = words.says(subject.name, words.TIME)
    if values.whole and not draft.form.thousands:
        for epoch, name, first, last in (
            ('yyyymmdd', '%Y%m%d', 17_000_000, 22_000_000),
            ('yyyymm', '%Y%m', 170_000, 220_000),
        ):
            if first < low and high < last and _are_dates(values, epoch, named):
                draft.kind = 'date'
                draft.form = replace(draft.form, type='moment', epoch=epoch, formats=(name,))
                draft.found(
                    'kind', f'every cell writes a date as {len(str(first))} digits', first=str(int(low))
                )
                return True
    for epoch, factor in EPOCH_SECONDS.items():
        if _FIRST_EPOCH <= low * factor and high * factor <= _LAST_EPOCH:
            varied = len(values.numbers) > 0.2 * values.counts.sum() or len(values.numbers) > 50
            if ((epoch == 's' or not values.whole) and not named) or not (named or varied):
                continue
            moments = from_epoch(values.numbers, epoch)
            draft.kind, draft.form = 'datetime', replace(draft.form, type='moment', epoch=epoch, zoned=True)
            draft.found(
                'kind', f'the numbers are moments counted in {epoch} since 1970',
                first=str(moments.min())[:19], last=str(moments.max())[:19],
            )  # fmt: skip
            return True
    return False


def _are_dates(values: Values, epoch: str, named: bool) -> bool:
    """Numbers hardly are all dates by chance; those of months are when there are few of them."""
    moments = from_epoch(values.numbers, epoch)
    enough = len(values.numbers) >= (3 if named else 12 if epoch == 'yyyymmdd' else 24)
    return enough and bool(np.isnat(moments).mean() < 0.01)


def is_serial(draft: Draft, subject: Subject, values: Values) -> bool:
    """Dates without their format, under a name of dates: days as spreadsheets count them, or since the year 1."""
    if len(values.numbers) < 2 or not words.says(subject.name, words.DAY):
        return False
    low, high = float(values.numbers.min()), float(values.numbers.max())
    for epoch, first, last, description in _SERIALS:
        if first <= low <= high <= last:
            draft.kind = 'date' if values.whole else 'datetime'
            formats = ('%Y-%m-%d', '%Y-%m-%d %H:%M:%S')
            draft.form = replace(draft.form, type='moment', epoch=epoch, formats=formats)
            start = from_epoch(np.array([low]), epoch)[0]
            draft.found('kind', f'the numbers are days {description}', first=str(start)[:10])
            return True
    return False
