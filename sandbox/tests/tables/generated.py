"""Awkward tables with a known truth, made from a seed: rows that belong together, rows that follow each other.

Each table starts from an honest one (four inputs, an answer with noise) and is spoilt in one way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

ROWS = 320


@dataclass(frozen=True)
class Truth:
    """A file's text, and what is right of it; what is None or empty is not asked for."""

    text: str
    target: str = 'outcome'
    rows: int = ROWS
    dropped: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    group: str = ''
    by: tuple[str, ...] = ()
    meaning: str = ''


Maker = Callable[[np.random.Generator], Truth]
SPOILT: dict[str, Maker] = {}


def spoilt(maker: Maker) -> Maker:
    SPOILT[maker.__name__] = maker
    return maker


def base(rng: np.random.Generator, classes: bool = True, rows: int = ROWS) -> pd.DataFrame:
    """Inputs that tell something, and an answer with noise."""
    frame = pd.DataFrame(
        {
            'income': rng.normal(3000, 700, rows).round(2),
            'balance': rng.gamma(2, 400, rows).round(2),
            'channel': rng.choice(['web', 'phone', 'shop'], rows),
            'size': rng.integers(1, 9, rows),
        }
    )
    score = (frame['income'] - 3000) / 700 + (frame['channel'] == 'web') + rng.normal(0, 1, rows)
    frame['outcome'] = np.where(score > 0.4, 'yes', 'no') if classes else (50 + 10 * score).round(2)
    return frame


INPUTS = ('income', 'balance', 'channel', 'size')


def csv(frame: pd.DataFrame, **options: object) -> str:
    return str(frame.to_csv(index=False, **options))  # type: ignore[call-overload]


def with_column(frame: pd.DataFrame, name: str, values: object, at: int = 2) -> pd.DataFrame:
    made = frame.copy()
    made.insert(at, name, values)
    return made


def days(rng: np.random.Generator, rows: int = ROWS, start: str = '2023-01-02') -> pd.Series:
    return pd.Series(pd.Timestamp(start) + pd.to_timedelta(rng.integers(0, 500, rows), unit='D'))


# repeated subjects


def repeated(rng: np.random.Generator, name: str, form: str, each: int = 8) -> pd.DataFrame:
    """A coin for each subject, and inputs that recognise it."""
    subjects = ROWS // each
    who = np.repeat(np.arange(subjects), each)
    frame = base(rng)
    frame['income'] = (rng.normal(3000, 700, subjects)[who] + rng.normal(0, 5, ROWS)).round(2)
    frame['outcome'] = np.where(rng.random(subjects) > 0.5, 'yes', 'no')[who]
    shown = rng.permutation(np.arange(1000, 1000 + subjects))[who]
    made = with_column(frame, name, [form.format(one) for one in shown], 0)
    return made.iloc[rng.permutation(ROWS)].reset_index(drop=True)


def subjects_table(name: str, form: str) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        return Truth(csv(repeated(rng, name, form)), group=name)

    return maker


SPOILT['subject_with_prefix'] = subjects_table('patient', 'P{}')
SPOILT['subject_as_a_number'] = subjects_table('subject_id', '{}')
SPOILT['subject_in_german'] = subjects_table('Kundennummer', '{}')
SPOILT['subject_without_a_word'] = subjects_table('ref', 'x-{}-q')
SPOILT['subject_as_an_address'] = subjects_table('email', 'u{}@mail.example')
SPOILT['subject_by_capitals'] = subjects_table('deviceSerialNumber', 'SN{:08d}')
SPOILT['subject_called_mrn'] = subjects_table('MRN', '{}')


@spoilt
def subject_of_a_number_whose_answer_varies(rng: np.random.Generator) -> Truth:
    frame = repeated(rng, 'participant', '{}')
    who = frame['participant'].astype(int)
    level = pd.Series(rng.normal(0, 10, 2000))[who].to_numpy()
    frame['outcome'] = (50 + level + rng.normal(0, 2, ROWS)).round(2)
    return Truth(csv(frame), group='participant')


# time


def drifting(rng: np.random.Generator) -> pd.DataFrame:
    """Rows in time whose level wanders, so that random rows say too much."""
    frame = base(rng, classes=False)
    walk = np.cumsum(rng.normal(0, 4, ROWS))
    frame['outcome'] = (frame['outcome'] + walk).round(2)
    return frame


def moments_table(name: str, form: Callable[[pd.DatetimeIndex], object], step: str = '1D') -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        moments = pd.date_range('2021-03-01', periods=ROWS, freq=step)
        return Truth(csv(with_column(drifting(rng), name, form(moments), 0)), by=(name,))

    return maker


SPOILT['iso_days'] = moments_table('date', lambda at: at.strftime('%Y-%m-%d'))
SPOILT['us_days'] = moments_table('Date', lambda at: at.strftime('%m/%d/%Y'))
SPOILT['european_moments'] = moments_table('read_at', lambda at: at.strftime('%d/%m/%Y %H:%M'), '7h')
SPOILT['german_days'] = moments_table('Datum', lambda at: at.strftime('%d.%m.%Y'))
SPOILT['month_names'] = moments_table('day', lambda at: at.strftime('%d-%b-%y').str.upper())
SPOILT['epoch_seconds'] = moments_table('ts', lambda at: at.as_unit('s').asi8, '3h')
SPOILT['epoch_milliseconds'] = moments_table('timestamp', lambda at: at.as_unit('ms').asi8, '3h')
SPOILT['compact_days'] = moments_table('date', lambda at: at.strftime('%Y%m%d'))
SPOILT['zoned_moments'] = moments_table('seen', lambda at: at.strftime('%Y-%m-%dT%H:%M:%SZ'), '5h')
SPOILT['year_month_texts'] = moments_table('month', lambda at: at.strftime('%Y-%m'))
SPOILT['long_days'] = moments_table('when', lambda at: at.strftime('%B %d, %Y'))
SPOILT['twelve_hours'] = moments_table('time', lambda at: at.strftime('%m/%d/%Y %I:%M:%S %p'), '5h')
SPOILT['quarters'] = moments_table('quarter', lambda at: [f'{one.year}Q{one.quarter}' for one in at], '4D')
SPOILT['iso_weeks'] = moments_table('week', lambda at: at.strftime('%G-W%V'))


@spoilt
def year_and_month_columns(rng: np.random.Generator) -> Truth:
    moments = pd.date_range('2021-03-01', periods=ROWS, freq='4D')
    frame = with_column(with_column(drifting(rng), 'month', moments.month, 0), 'year', moments.year, 0)
    return Truth(csv(frame), by=('year', 'month'))


@spoilt
def shops_by_days(rng: np.random.Generator) -> Truth:
    frame = drifting(rng)
    frame = with_column(frame, 'store', np.tile(np.arange(8), ROWS // 8), 0)
    at = pd.date_range('2022-01-01', periods=ROWS // 8).repeat(8)
    return Truth(csv(with_column(frame, 'date', at.strftime('%Y-%m-%d'), 0)), by=('date',), used=('store',))
