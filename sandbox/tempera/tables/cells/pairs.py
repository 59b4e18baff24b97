"""Texts that are places on the globe: latitude and longitude in degrees, as numbers or as degrees and minutes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .natives import UNKNOWN

_NUMBER = r'[-+−]?\d{1,3}(?:\.\d+)?'
_DECIMAL = re.compile(rf'[(\[]?\s*(?P<a>{_NUMBER})\s*[,; ]\s*(?P<b>{_NUMBER})\s*[)\]]?')
_POINT = re.compile(rf'point\s?\((?P<b>{_NUMBER}) (?P<a>{_NUMBER})\)', re.IGNORECASE)
_SIDE = (
    r'(?P<d{0}>\d{{1,3}}(?:\.\d+)?)\s*[°ºd]?\s*(?:(?P<m{0}>\d{{1,2}}(?:\.\d+)?)\s*[\'′’m]\s*)?'
    r'(?:(?P<s{0}>\d{{1,2}}(?:\.\d+)?)\s*(?:"|″|”|\'\')\s*)?(?P<h{0}>[{1}])'
)
_DEGREES = re.compile(_SIDE.format(1, 'NSns') + r'[\s,;/]*' + _SIDE.format(2, 'EWOewo'))


def pair_of(text: str) -> Any:
    """(latitude, longitude) or UNKNOWN."""
    stripped = text.strip()
    found = _DECIMAL.fullmatch(stripped) or _POINT.fullmatch(stripped)
    if found:
        return _checked(float(found['a'].replace('−', '-')), float(found['b'].replace('−', '-')))
    degrees = _DEGREES.fullmatch(stripped)
    if not degrees:
        return UNKNOWN
    latitude, longitude = _degrees(degrees, 1), _degrees(degrees, 2)
    south, west = degrees['h1'] in 'Ss', degrees['h2'] in 'WwOo'
    return _checked(-latitude if south else latitude, -longitude if west else longitude)


def as_pair(items: Any, cell: Any) -> Any:
    """Of a JSON cell: a list of two numbers, or a record with lat and lon."""
    if isinstance(cell, Mapping):
        keys = {str(key).lower(): value for key, value in cell.items()}
        items = [
            keys.get('lat', keys.get('latitude')),
            keys.get('lon', keys.get('lng', keys.get('longitude'))),
        ]
    if not isinstance(items, list) or len(items) != 2:
        return UNKNOWN
    if not all(isinstance(item, int | float) and not isinstance(item, bool) for item in items):
        return UNKNOWN
    return _checked(float(items[0]), float(items[1]))


def _degrees(found: re.Match[str], side: int) -> float:
    return (
        float(found[f'd{side}']) + float(found[f'm{side}'] or 0) / 60 + float(found[f's{side}'] or 0) / 3600
    )


def _checked(latitude: float, longitude: float) -> Any:
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else UNKNOWN
