"""Texts that give one measure in several units, which add up: `5'11"`, `6 ft 2 in`, `7 lb 3 oz`, `40°26'46"N`.

What a piece is worth is the form's to say (`pieces`); a last number without a unit is in the next smaller one: `5'11`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from ..plan import Form
from .texts import Texts

_SINGLE, _DOUBLE = ("'", '′', '’', '`'), ('"', '″', '”', "''", '′′', '’’')


def _worth(*units: tuple[str, float]) -> dict[str, float]:
    return {name: worth for names, worth in units for name in names.split()}


#: the unit that a sum is kept in, and what each piece is worth of it
SYSTEMS: tuple[tuple[str, Mapping[str, float]], ...] = (
    (
        'in',
        _worth(('ft ft. feet foot', 12.0), ('in in. inch inches', 1.0))
        | dict.fromkeys(_SINGLE, 12.0)
        | dict.fromkeys(_DOUBLE, 1.0),
    ),
    (
        'lb',
        _worth(('st stone', 14.0), ('lb lbs lb. lbs. pound pounds', 1.0), ('oz oz. ounce ounces', 1 / 16)),
    ),
    (
        '°',
        _worth(('° º deg', 1.0)) | dict.fromkeys(_SINGLE, 1 / 60) | dict.fromkeys(_DOUBLE, 1 / 3600),
    ),
    ('m', _worth(('km', 1000.0), ('m', 1.0), ('cm', 0.01), ('mm', 0.001))),
    ('kg', _worth(('kg', 1.0), ('g', 0.001))),
)
#: `6-2`: feet and inches, where a column's name speaks of heights
FEET_AND_INCHES: Mapping[str, float] = {'-': 12.0, 'in': 1.0}
#: characters of the longest sum
_LONGEST = 40
#: of three digits: a year with an M is no sum of metres
_NUMBER = r'\d{1,3}(?:\.\d+)?'
_SOUTH_OR_WEST = 'sw'


def sum_of(text: str, pieces: Mapping[str, float]) -> tuple[float, int] | None:
    """The sum and the number of its pieces; None for a text that is none under these units."""
    plain = text.strip().lower()
    if len(plain) > _LONGEST or plain.isdigit():
        return None
    found = _pattern(tuple(pieces)).fullmatch(plain)
    if not found:
        return None
    total, last, count = 0.0, np.inf, 0
    for number, unit in _piece(tuple(pieces)).findall(found['pieces']):
        worth = pieces[unit] if unit else _next_below(last, pieces)
        # pieces come from the great to the small, and a smaller one is less than one of those before it
        if worth is None or worth >= last or (count and float(number) * worth >= last):
            return None
        total, last, count = total + float(number) * worth, worth, count + 1
    negative = found['sign'] or (found['side'] or found['side2'] or ' ') in _SOUTH_OR_WEST
    return (-total if negative else total), count


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Sums, and which texts are some."""
    sums = [sum_of(text, form.pieces) for text in texts.to_pylist()]
    values = np.array([np.nan if one is None else one[0] for one in sums], dtype=np.float64)
    return values, ~np.isnan(values)


def _next_below(last: float, pieces: Mapping[str, float]) -> float | None:
    smaller = [worth for worth in pieces.values() if worth < last]
    return max(smaller) if smaller and np.isfinite(last) else None


def _units(names: tuple[str, ...]) -> str:
    return '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))


@lru_cache(maxsize=64)
def _piece(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf'({_NUMBER}) ?({_units(names)}|)')


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Numbers with units, the last one's unit left out at will; sides of the globe only beside degrees."""
    side = '[nsew]' if '°' in names else '(?!)'
    pieces = rf'(?:{_NUMBER} ?(?:{_units(names)})(?:,? ?(?:and )?))+(?:{_NUMBER})?'
    return re.compile(rf'(?P<sign>[-−])?(?P<side>{side} ?)?(?P<pieces>{pieces}) ?(?P<side2>{side})?')
