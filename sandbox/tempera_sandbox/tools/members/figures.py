"""A column's values as numbers: how long, of what characters, how large, how many of a kind."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable

import numpy as np

from .columns import Column

_NUMBER = re.compile(r'[-+]?(?:\d{1,15}(?:[.,]\d{1,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?\s?%?')
_SIGNS = '@:/-._ ,()%#$€'
#: of a value's characters, those that are looked at
_CHARACTERS = 60


def figures_of(column: Column) -> np.ndarray:
    """Always as many; all 0 for a column without values."""
    values = [value[:_CHARACTERS] for value in column.values]
    if not values:
        return np.zeros(24 + len(_SIGNS))
    return np.array([*_written(values), *_valued(values), *_signs(values)], dtype='float64')


def _written(values: list[str]) -> list[float]:
    lengths = [len(value) for value in values]
    characters = ''.join(values)
    whole = max(1, len(characters))
    words = [value.count(' ') + 1 for value in values]
    return [
        statistics.fmean(lengths),
        min(lengths),
        max(lengths),
        statistics.pstdev(lengths),
        sum(map(str.isdigit, characters)) / whole,
        sum(map(str.isalpha, characters)) / whole,
        sum(map(str.isupper, characters)) / whole,
        statistics.fmean(words),
        max(words),
        len(set(values)) / len(values),
        math.log1p(len(set(values))),
        _share(values, lambda value: value[:1] == '0' and len(value) > 1 and value[1:2].isdigit()),
    ]


def _valued(values: list[str]) -> list[float]:
    numbers = numbers_in(values)
    if not numbers:
        return [0.0] * 12
    sizes = sorted(numbers)
    return [
        len(numbers) / len(values),
        sum(number.is_integer() for number in numbers) / len(numbers),
        *(_scaled(sizes[at * (len(sizes) - 1) // 4]) for at in range(5)),
        sum(number < 0 for number in numbers) / len(numbers),
        sum(0 <= number <= 1 for number in numbers) / len(numbers),
        sum(1900 <= number <= 2100 for number in numbers) / len(numbers),
        len(set(numbers)) / len(numbers),
        statistics.fmean(_decimals(value) for value in values),
    ]


def _signs(values: list[str]) -> list[float]:
    return [sum(sign in value for value in values) / len(values) for sign in _SIGNS]


def numbers_in(values: list[str]) -> list[float]:
    """Of the values that are a number, with a comma or a point."""
    found = [value.strip() for value in values]
    return [
        float(value.rstrip(' %').replace(',', '.')) for value in found if value and _NUMBER.fullmatch(value)
    ]


def bins_of(column: Column) -> list[str]:
    """The same in coarse words, for a member that learns words."""
    values = [value[:_CHARACTERS] for value in column.values]
    if not values:
        return ['empty']
    numbers = numbers_in(values)
    found = [f'distinct:{min(len(set(values)), 3) if len(set(values)) < 4 else "many"}']
    found.append(f'length:{round(math.log2(1 + statistics.fmean(len(value) for value in values)))}')
    if len(numbers) < len(values) / 2:
        return found
    sizes = sorted(numbers)
    found += [f'{place}:{round(2 * _scaled(sizes[at]))}' for place, at in (('low', 0), ('high', -1))]
    found.append(f'middle:{round(2 * _scaled(sizes[len(sizes) // 2]))}')
    found.append('whole' if all(number.is_integer() for number in numbers) else 'parts')
    found.append(f'decimals:{max(_decimals(value) for value in values)}')
    return found


def _share(values: list[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for value in values if holds(value)) / len(values)


def _scaled(number: float) -> float:
    """Of large and small numbers alike something that can be compared."""
    return math.copysign(math.log10(1 + abs(number)), number)


def _decimals(value: str) -> int:
    _, point, after = value.strip().replace(',', '.').rpartition('.')
    return min(8, len(after)) if point and after.isdigit() else 0
