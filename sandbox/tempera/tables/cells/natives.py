"""Cells that come with a type: JSON's numbers, booleans, lists and records, a workbook's dates, arrow's values.

They mean what they are: a JSON `6.2` is 6.2 under any locale, `true` is the column's TRUE, a moment is that moment.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..plan import Form
from . import clocks

#: what a native reader gives for a cell that is no value of the type
UNKNOWN = object()
#: day 0 of those that count days: spreadsheets', and the calendar's since the year 1; and the days that there are
_DAYS = {
    'days': (np.datetime64('1899-12-30', 'us'), 300_000),
    'ordinal': (np.datetime64('0000-12-31', 'us'), 3_652_060),
}
#: seconds from 1970 beyond which no calendar goes
_LAST_SECOND = 2.5e11
#: dates as numbers: how they are written, and between which numbers they lie
_DIGITS = {'yyyymmdd': ('%Y%m%d', 10_000_000, 100_000_000), 'yyyymm': ('%Y%m', 100_000, 1_000_000)}
EPOCH_SECONDS = {'s': 1.0, 'ms': 1e-3, 'us': 1e-6, 'ns': 1e-9}


def is_gap(cell: Any) -> bool:
    """Whether a typed cell holds nothing: None, NaN, NaT, pandas' NA."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return True
    if isinstance(cell, float | np.floating):
        return math.isnan(cell)
    if isinstance(cell, np.datetime64 | np.timedelta64):
        return bool(np.isnat(cell))
    return isinstance(cell, decimal.Decimal) and cell.is_nan()


def as_text(cell: Any) -> str:
    """The text that a person would write for a typed cell: `5` for 5.0, `true`, a date as ISO writes it."""
    if isinstance(cell, bool | np.bool_):
        return 'true' if cell else 'false'
    if isinstance(cell, int | np.integer):
        return str(int(cell))
    if isinstance(cell, float | np.floating):
        number = float(cell)
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time() and cell.tzinfo is None
        return cell.date().isoformat() if midnight else cell.isoformat(sep=' ')
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode('utf-8', errors='replace')
    if isinstance(cell, np.datetime64):
        return str(pd.Timestamp(cell))
    if isinstance(cell, Mapping | list | tuple | np.ndarray):
        return json.dumps(_plain(cell), ensure_ascii=False, default=str)
    return str(cell)


def as_number(cell: Any) -> Any:
    """A float or int, seconds for spans and times of day, or UNKNOWN."""
    if isinstance(cell, bool | np.bool_):
        return int(cell)
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating):
        return float(cell)
    if isinstance(cell, decimal.Decimal):
        return int(cell) if cell == cell.to_integral_value() and abs(cell) > 2**53 else float(cell)
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, np.timedelta64):
        return float(cell / np.timedelta64(1, 'ns')) / 1e9
    if isinstance(cell, dt.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    return UNKNOWN


def as_measure(cell: Any, form: Form) -> Any:
    """As `as_number`; digits that are a time of day as its seconds."""
    number = as_number(cell)
    if form.clock not in clocks.DIGITS or number is UNKNOWN or isinstance(cell, dt.time | dt.timedelta):
        return number
    seconds = float(clocks.seconds_of(np.array([number], dtype=np.float64), form.clock)[0])
    return UNKNOWN if math.isnan(seconds) else seconds


def as_moment(cell: Any, form: Form) -> Any:
    """A moment in UTC (or of no zone) as numpy holds it, or UNKNOWN."""
    if isinstance(cell, np.datetime64):
        return cell.astype('datetime64[us]')
    if isinstance(cell, dt.datetime):
        if cell.tzinfo is not None:
            cell = cell.astimezone(dt.UTC).replace(tzinfo=None)
        return np.datetime64(cell, 'us')
    if isinstance(cell, dt.date):
        return np.datetime64(cell, 'us')
    number = as_number(cell)
    if number is UNKNOWN or isinstance(cell, bool | dt.time | dt.timedelta) or not form.epoch:
        return UNKNOWN
    return from_epoch(np.array([number], dtype=np.float64), form.epoch)[0]


def from_epoch(numbers: np.ndarray, epoch: str) -> np.ndarray:
    """Numbers as moments in microseconds; NaT for those that are none."""
    moments = np.full(len(numbers), np.datetime64('NaT', 'us'))
    if epoch in _DIGITS:
        return _from_digits(numbers, moments, epoch)
    if epoch in _DAYS:
        day, last = _DAYS[epoch]
        known = np.isfinite(numbers) & (numbers > 0) & (numbers < last)
        micros = np.round(numbers[known] * 86_400e6 / 1e3) * 1e3
        moments[known] = day + micros.astype(np.int64).astype('timedelta64[us]')
        return moments
    known = np.abs(np.nan_to_num(numbers, nan=np.inf)) * EPOCH_SECONDS[epoch] < _LAST_SECOND
    micros = np.round(numbers[known] * (EPOCH_SECONDS[epoch] * 1e6))
    moments[known] = micros.astype(np.int64).view('datetime64[us]')
    return moments


def _from_digits(numbers: np.ndarray, moments: np.ndarray, epoch: str) -> np.ndarray:
    name, first, last = _DIGITS[epoch]
    known = np.isfinite(numbers) & (numbers > first) & (numbers < last)
    texts = pd.Series(numbers[known].astype(np.int64).astype(str))
    parsed = pd.to_datetime(texts, format=name, errors='coerce')
    moments[known] = parsed.to_numpy(dtype='datetime64[us]')
    return moments


def as_boolean(cell: Any, form: Form) -> Any:
    """True, False or UNKNOWN."""
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    word = as_text(cell).lower()
    return True if word in form.true else False if word in form.false else UNKNOWN


def as_items(cell: Any) -> Any:
    """A list, or UNKNOWN."""
    if isinstance(cell, np.ndarray):
        return cell.tolist()
    return list(cell) if isinstance(cell, list | tuple | set | frozenset) else UNKNOWN


def _plain(cell: Any) -> Any:
    if isinstance(cell, np.ndarray):
        return [_plain(one) for one in cell.tolist()]
    if isinstance(cell, Mapping):
        return {str(key): _plain(one) for key, one in cell.items()}
    if isinstance(cell, list | tuple):
        return [_plain(one) for one in cell]
    return None if is_gap(cell) else cell
