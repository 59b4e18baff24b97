"""A column as text: its name in words, its values in characters, and the forms of its values."""

from __future__ import annotations

import re
from itertools import pairwise

from .columns import Column
from .figures import bins_of

#: values whose characters are learned, and how much of each; more costs time and tells little
_VALUES = 12
_CHARACTERS = 24
_WORDS = 40

_CHANGES = re.compile(r'(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-zß-ÿ])(?=[A-Z])')
_PARTS = re.compile(r'[^\W\d_]+|\d+')
_DIGITS = re.compile(r'\d')
_LETTERS = re.compile(r'[^\W\d_]+')
_SPACES = re.compile(r'\s+')


def name_words(name: str) -> list[str]:
    """Its parts at signs, at a change of case and between letters and digits, in small letters."""
    return [part.lower() for part in _PARTS.findall(_CHANGES.sub(' ', name))]


def name_text(column: Column) -> str:
    """The name in words, for its characters."""
    return ' '.join(name_words(column.name))


def value_text(column: Column) -> str:
    """Beginnings of some values, one a line."""
    step = max(1, len(column.values) // _VALUES)
    return ' \n '.join(value[:_CHARACTERS].lower() for value in column.values[::step][:_VALUES])


def words_of(column: Column) -> list[str]:
    """Words and pairs of neighbours, each marked with where it is from."""
    names = [f'name:{word}' for word in name_words(column.name)]
    tables = [f'table:{word}' for word in name_words(column.table)]
    step = max(1, len(column.values) // _VALUES)
    shown = column.values[::step][:_VALUES]
    forms = [f'form:{form_of(value)}' for value in shown]
    spoken = [word for value in shown for word in _LETTERS.findall(value.lower())][:_WORDS]
    kinds = [f'type:{word}' for word in name_words(column.type)]
    return [
        *_pairs(names),
        *tables,
        *kinds,
        *forms,
        *bins_of(column),
        *_pairs([f'word:{word}' for word in spoken]),
    ]


def _pairs(words: list[str]) -> list[str]:
    return [*words, *(f'{one} {other}' for one, other in pairwise(words))]


def form_of(value: str) -> str:
    """Digits one by one, words as one letter: 'Ab 12-3' is 'a 99-9'."""
    short = _SPACES.sub(' ', value[:_CHARACTERS])
    letters = _LETTERS.sub(lambda found: 'A' if found[0].isupper() and len(found[0]) > 1 else 'a', short)
    return _DIGITS.sub('9', letters)
