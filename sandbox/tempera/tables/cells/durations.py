"""Texts that are spans of time, as seconds: `1:30:00`, `01:30`, `PT1H30M`, `1h 30m`, `2 days 03:00:00`, `90 min`."""

from __future__ import annotations

import re

import numpy as np

from ..plan import Form
from .texts import Texts

SECONDS = {
    'ns': 1e-9, 'us': 1e-6, 'µs': 1e-6, 'ms': 1e-3, 'msec': 1e-3, 'millisecond': 1e-3, 'milliseconds': 1e-3,
    's': 1.0, 'sec': 1.0, 'secs': 1.0, 'second': 1.0, 'seconds': 1.0, 'sek': 1.0, 'sekunden': 1.0,
    'm': 60.0, 'min': 60.0, 'mins': 60.0, 'minute': 60.0, 'minutes': 60.0, 'minuten': 60.0, "'": 60.0,
    'h': 3600.0, 'hr': 3600.0, 'hrs': 3600.0, 'hour': 3600.0, 'hours': 3600.0, 'std': 3600.0, 'stunden': 3600.0,
    'd': 86400.0, 'day': 86400.0, 'days': 86400.0, 'tag': 86400.0, 'tage': 86400.0,
    'w': 604800.0, 'wk': 604800.0, 'week': 604800.0, 'weeks': 604800.0,
}  # fmt: skip
_CLOCK = re.compile(
    r'(?P<sign>[-−])?(?:(?P<days>\d+) ?(?:d|days?|tage?)?,? +|(?P<days2>\d+)\.)?'
    r'(?P<first>\d{1,5}):(?P<second>\d{1,2})(?::(?P<third>\d{1,2}))?(?:[.,](?P<fraction>\d{1,9}))?'
)
#: `1h05`
_HOURS = re.compile(r'(?P<sign>[-−])?(?P<hours>\d{1,5})h(?P<minutes>[0-5]\d)')
_ISO = re.compile(
    r'(?P<sign>[-−])?p(?:(?P<w>\d+(?:\.\d+)?)w)?(?:(?P<d>\d+(?:\.\d+)?)d)?'
    r'(?:t(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?)?'
)
_NAMES = '|'.join(sorted((re.escape(name) for name in SECONDS), key=len, reverse=True))
_PIECE = re.compile(rf'(?P<number>\d+(?:[.,]\d+)?) ?(?P<unit>{_NAMES})(?![a-zµ])')
_WORDS = re.compile(rf'(?P<sign>[-−])?(?:\d+(?:[.,]\d+)? ?(?:{_NAMES})(?![a-zµ])[ ,]*(?:and )?)+')


def way_of(text: str) -> str:
    """How a span is written: `clock`, `iso`, `units`; empty for a text that is none."""
    lower = text.strip().lower()
    if _clock(lower, minutes_first=False) is not None:
        return 'clock'
    if len(lower) > 2 and _iso(lower) is not None:
        return 'iso'
    return 'units' if _words(lower) is not None else ''


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Seconds, and which texts are spans in the form's ways. `clock:ms` reads `12:30` as minutes and seconds."""
    values = np.full(len(texts), np.nan)
    for place, text in enumerate(texts.to_pylist()):
        seconds = _seconds(text.strip().lower(), form.clock)
        if seconds is not None:
            values[place] = seconds
    return values, ~np.isnan(values)


def _seconds(text: str, ways: str) -> float | None:
    for way in ways.split('+'):
        if way.startswith('clock'):
            seconds = _clock(text, minutes_first=way == 'clock:ms')
        else:
            seconds = _iso(text) if way == 'iso' else _words(text)
        if seconds is not None:
            return seconds
    return None


def _clock(text: str, minutes_first: bool) -> float | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    first, second, third = int(found['first']), int(found['second']), int(found['third'] or 0)
    if second > 59 or third > 59:
        return None
    fraction = float(f'0.{found["fraction"]}') if found['fraction'] else 0.0
    short = found['third'] is None and minutes_first
    seconds = first * 60 + second if short else first * 3600 + second * 60 + third
    days = int(found['days'] or found['days2'] or 0)
    total = days * 86400 + seconds + fraction
    return -total if found['sign'] else total


def _iso(text: str) -> float | None:
    found = _ISO.fullmatch(text)
    if not found or not any(found[part] for part in 'wdhms'):
        return None
    total = sum(
        float(found[part] or 0) * seconds
        for part, seconds in (('w', 604800), ('d', 86400), ('h', 3600), ('m', 60), ('s', 1))
    )
    return -total if found['sign'] else total


def _words(text: str) -> float | None:
    short = _HOURS.fullmatch(text)
    if short:
        seconds = int(short['hours']) * 3600.0 + int(short['minutes']) * 60.0
        return -seconds if short['sign'] else seconds
    found = _WORDS.fullmatch(text)
    if not found:
        return None
    total = sum(
        float(piece['number'].replace(',', '.')) * SECONDS[piece['unit']] for piece in _PIECE.finditer(text)
    )
    return -total if found['sign'] else total
