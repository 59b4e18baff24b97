"""Texts that are years with more beside them: `FY2021`, `AY 20`, `2020/21`, `1999-00`, `1990s`. The year that they
begin in is taken, and that of `FY2021` as it stands."""

from __future__ import annotations

import re

import numpy as np

from ..plan import Form
from .texts import Texts

_WRITTEN = re.compile(
    r'(?P<name>(?:fy|ay|sy|cy|gj|wj|(?:fiscal|financial|academic|school|crop|water) year|season|saison)[ -]?)?'
    r"'?(?P<first>\d{4}|\d{2})(?:(?P<mark> ?[-/–] ?)'?(?P<second>\d{4}|\d{2}))?(?P<end>'?s|er)?[*†‡]{0,3}"
)
_FIRST, _LAST = 1500, 2200
#: two digits from here on are of the century before
_PIVOT = 69


def form_of(text: str) -> str:
    """How a year is written, as `FY%Y`, `%Y/%y` or `%Ys`; `%Y` for four digits alone, empty for a text that is none."""
    return _read(text.strip().lower())[1]


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Years, and which texts are some. The form is not asked: a year is told by its own text."""
    years = [_read(text.strip().lower())[0] for text in texts.to_pylist()]
    known = np.array([year is not None for year in years], dtype=bool)
    return np.array([year or 0 for year in years], dtype=np.int64), known


def _read(text: str) -> tuple[int | None, str]:
    found = _WRITTEN.fullmatch(text)
    if not found or (found['end'] and (found['second'] or found['name'])):
        return None, ''
    first, second = found['first'], found['second']
    year = _whole(first)
    if not _FIRST <= year <= _LAST:
        return None, ''
    name = (found['name'] or '').upper()
    if found['end']:
        return (year, f'{_named(first)}s') if year % 10 == 0 else (None, '')
    if second:
        # a span of several years is no year
        follows = int(second) == (year + 1) % 10 ** len(second)
        return (year, f'{name}{_named(first)}{found["mark"]}{_named(second)}') if follows else (None, '')
    return (year, f'{name}{_named(first)}') if name or len(first) == 4 else (None, '')


def _whole(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _PIVOT else 2000)


def _named(digits: str) -> str:
    return '%Y' if len(digits) == 4 else '%y'
