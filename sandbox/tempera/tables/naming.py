"""Names of columns: any name may come. Repeated and empty ones are made unique, and keys are made safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_NOT_WORD = re.compile(r'\W+')
_MADE_UP = re.compile(r'column_\d+')
_KEY_LENGTH = 60


def unique_names(given: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Names that are unique and not empty, and of those that had to be changed what stood in the file.

    Blanks at a name's ends are no part of it: ` age ` and `age` are the same name twice.
    """
    cleaned = [_without_marks(name) for name in given]
    taken = {name for name in cleaned if name}
    seen: set[str] = set()
    names: list[str] = []
    changed: dict[str, str] = {}
    for position, name in enumerate(cleaned):
        unique = name
        if not name:
            unique = _free(f'column_{position + 1}', taken | seen)
        elif name in seen:
            unique = _free_numbered(name, taken | seen)
        if unique != given[position]:
            changed[unique] = given[position]
        seen.add(unique)
        names.append(unique)
    return tuple(names), changed


def is_made_up(name: str) -> bool:
    """Whether a name says no more than where its column stands, as those do that the file left empty."""
    return bool(_MADE_UP.fullmatch(name))


def safe_keys(names: Sequence[str]) -> tuple[str, ...]:
    """A key for each name: word characters of any script, lower case, no dot, unique."""
    seen: set[str] = set()
    keys: list[str] = []
    for position, name in enumerate(names):
        plain = _NOT_WORD.sub('_', unicodedata.normalize('NFKC', name).lower()).strip('_')[:_KEY_LENGTH]
        key = plain or f'column_{position + 1}'
        if key in seen:
            key = _free_numbered(key, seen, '_')
        seen.add(key)
        keys.append(key)
    return tuple(keys)


def _without_marks(name: str) -> str:
    return name.replace('\ufeff', '').replace('\x00', '').strip()


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free_numbered(name, taken)


def _free_numbered(name: str, taken: set[str], between: str = '_') -> str:
    number = 2
    while f'{name}{between}{number}' in taken:
        number += 1
    return f'{name}{between}{number}'
