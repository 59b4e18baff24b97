"""Currencies as cells write them, which of them are one, and words for thousands and millions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

CURRENCIES = (
    '$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₫', '฿', 'usd', 'eur', 'gbp', 'jpy', 'chf', 'cad', 'aud', 'inr', 'cny',
    'rmb', 'sek', 'nok', 'dkk', 'pln', 'czk', 'huf', 'brl', 'mxn', 'zar', 'rub', 'try', 'krw', 'us$', 'r$', 'a$', 'c$',
    'kr', 'zł', 'rs', 'rs.', 'dm', 'fr.', 'euro', 'euros', 'dollars', 'eur.', '円', '元', '원', '￥', '₪', '₴', '₦',
    '₱', 'tl', 'kč', 'lei', 'руб', 'руб.', 'р.', 'грн',
)  # fmt: skip
#: spellings of one currency, the first as it is told
_SAME_CURRENCY = (
    ('$', 'usd', 'us$', 'dollars'), ('€', 'eur', 'eur.', 'euro', 'euros'), ('£', 'gbp'), ('¥', 'jpy', '円', '￥'),
    ('元', 'cny', 'rmb'), ('₹', 'inr', 'rs', 'rs.'), ('₽', 'rub', 'руб', 'руб.', 'р.'), ('₩', 'krw', '원'),
    ('₺', 'try', 'tl'), ('zł', 'pln'), ('kč', 'czk'), ('r$', 'brl'), ('a$', 'aud'), ('c$', 'cad'), ('₴', 'грн'),
)  # fmt: skip
MULTIPLIERS = {
    'k': 1e3,
    'tsd': 1e3,
    'm': 1e6,
    'mn': 1e6,
    'mio': 1e6,
    'mm': 1e6,
    'b': 1e9,
    'bn': 1e9,
    'mrd': 1e9,
    't': 1e12,
    'thousand': 1e3,
    'lac': 1e5,
    'lacs': 1e5,
    'lakh': 1e5,
    'lakhs': 1e5,
    'million': 1e6,
    'crore': 1e7,
    'crores': 1e7,
    'billion': 1e9,
}


def currencies_of(units: Mapping[str, int]) -> dict[str, int]:
    """The currencies among the units of a column's cells, each under one spelling, with how many cells have it."""
    same_as = {spelling: same[0] for same in _SAME_CURRENCY for spelling in same}
    held: Counter[str] = Counter()
    for unit, cells in units.items():
        if unit in CURRENCIES:
            held[same_as.get(unit, unit)] += cells
    return dict(held.most_common())
