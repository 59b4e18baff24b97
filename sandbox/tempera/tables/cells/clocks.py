"""Times of day written as digits without a mark: `0930`, `1415`, `930`, `0930 hrs`, and with seconds `093015`."""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from ..plan import Form
from .texts import Texts, matches, trimmed

#: by how a form's `clock` names them: the digits of a time
DIGITS = {'hhmm': 4, 'hhmmss': 6}
_END = r'(?: ?(?:h|hr|hrs|hours|uhr|z))?'
_WRITTEN = re.compile(rf'(?P<digits>\d{{1,6}})(?:\.0+)?(?P<end>{_END})')
_DAY_S = 86_400


def digits_of(text: str) -> tuple[str, bool] | None:
    """The digits of a text that may be a time, and whether a word beside them says so; None for another text."""
    found = _WRITTEN.fullmatch(text.strip().lower())
    return (found['digits'], bool(found['end'])) if found else None


def seconds_of(figures: np.ndarray, clock: str) -> np.ndarray:
    """Seconds since midnight of 930 or 93015; NaN for what is no time of day. 2400 is the day's end."""
    values = np.asarray(figures, dtype=np.float64)
    there = np.isfinite(values) & (values == np.round(values)) & (values >= 0) & (values < 1e9)
    whole = np.where(there, values, 0).astype(np.int64)
    rest, seconds = (whole, 0 * whole) if clock == 'hhmm' else (whole // 100, whole % 100)
    hours, minutes = rest // 100, rest % 100
    total = hours * 3600 + minutes * 60 + seconds
    sound = there & (minutes < 60) & (seconds < 60) & (total <= _DAY_S)
    return np.where(sound, total.astype(np.float64), np.nan)


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since midnight, and which texts are times of day."""
    plain = pc.utf8_lower(trimmed(texts))
    written = matches(plain, rf'[0-9]{{1,{DIGITS[form.clock]}}}(?:\.0+)?{_END}')
    digits = pc.replace_substring_regex(plain, r'(?:\.0+)?[ a-z]*$', '')
    figures = pc.if_else(written, digits, None).cast('float64').fill_null(np.nan)
    values = seconds_of(figures.to_numpy(zero_copy_only=False), form.clock)
    return values, ~np.isnan(values)
