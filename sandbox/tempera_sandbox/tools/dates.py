"""Recognises columns of dates and how they are written."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_SHARE = 0.95
_TIME = r'([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s?([AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?)?$'
_ISO = r'^(1[5-9]|2[0-9])\d{2}-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])' + _TIME
_YEAR_FIRST = r'^(1[5-9]|2[0-9])\d{2}[/.](0?[1-9]|1[0-2])[/.](0?[1-9]|[12]\d|3[01])' + _TIME
_YEAR_LAST = r'^(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|[12]\d|3[01])[-/.](\d{4}|\d{2})' + _TIME
_MONTH = r'^(1[5-9]|2[0-9])\d{2}[-/](0?[1-9]|1[0-2])$'
_NAMED = r'(?i)^(\d{1,2}[\s-])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.-]+(\d{1,2},?\s+)?\d{2,4}$'
_COMPACT = r'^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$'
DATE_NAME = re.compile(r'date|day|time|timestamp|datum', re.IGNORECASE)
_FORMS = (
    ('year-month-day', _ISO),
    ('year/month/day', _YEAR_FIRST),
    ('year-month', _MONTH),
    ('month by name', _NAMED),
)


def date_facts(name: str, values: pa.StringArray, counts: np.ndarray, rows: int) -> dict[str, Any] | None:
    """{written, first, last, ambiguous?} when nearly all values are dates; else None."""
    forms = _FORMS + ((('yearmonthday', _COMPACT),) if DATE_NAME.search(name) else ())
    for written, pattern in forms:
        match = pc.match_substring_regex(values, pattern)
        if _nearly_all(match, counts, rows):
            return {'written': written} | _ends(values, match, written)
    match = pc.match_substring_regex(values, _YEAR_LAST)
    if not _nearly_all(match, counts, rows):
        return None
    parts = [re.split(r'[-/.]', text)[:2] for text in pc.filter(values, match).to_pylist()[:100_000]]
    day_first, month_first = (
        any(int(part[0]) > 12 for part in parts),
        any(int(part[1]) > 12 for part in parts),
    )
    if day_first and month_first:
        return None
    return {
        'written': 'day/month/year' if day_first else 'month/day/year',
        'ambiguous': not (day_first or month_first),
    }


def _nearly_all(match: pa.BooleanArray, counts: np.ndarray, rows: int) -> bool:
    return bool(counts[match.to_numpy(zero_copy_only=False)].sum() >= _SHARE * rows)


def _ends(values: pa.StringArray, match: pa.BooleanArray, written: str) -> dict[str, Any]:
    """First and last as written, where the text sorts as time does."""
    if written == 'month by name':
        return {}
    ends = pc.min_max(pc.filter(values, match)).as_py()
    return {'first': ends['min'], 'last': ends['max']}
