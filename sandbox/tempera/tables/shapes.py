"""What a cell looks like at a glance, before any column is understood: enough to tell heads from data and to see
whether a cell can stand in a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .cells.texts import BLANKS, in_ascii
from .dates.written import clock_of, formats_of

#: a record with its line's number
Record = tuple[int, list[str]]
Shape = Literal['blank', 'number', 'moment', 'link', 'word', 'text']

_NUMBER = re.compile(
    r'[(]?[-+−–]?\s?(?:[$€£¥₹]|[A-Z]{3} |us\$|R\$)?\s?[-−]?(?:[0-9](?:[0-9.,\'’ \u00a0\u202f]*[0-9])?\.?|[.,][0-9]+)'
    r'(?:[eE][-+]?[0-9]+)?[)]?\s?(?:%|‰|[$€£¥]|[a-zµ°²³][a-zµ°²³/]{0,4}|[A-Z]{3})?[)]?',
)
_GAP = re.compile(
    r'(?:n/?a\.?|nan|null|none|nil|#n/?a|#div/0!|#value!|#ref!|-+|–|—|\.+|\?+|inf|-inf|∞)', re.IGNORECASE
)
_LINK = re.compile(r'(?:https?://|www\.|[\w.+-]+@[\w-]+\.)\S*')
#: cells that profiles are made of, and the records that are looked at however wide they are
_MOST_CELLS, _LEAST_RECORDS = 100_000, 20
_DIGIT = re.compile(r'[0-9]')


@lru_cache(maxsize=1 << 16)
def shape_of(cell: str) -> Shape:
    """The shape of one cell; words for missing are blank."""
    text = in_ascii(cell.strip(BLANKS))
    if not text or _GAP.fullmatch(text):
        return 'blank'
    if len(text) <= 40 and _DIGIT.search(text):
        if _NUMBER.fullmatch(text):
            return 'number'
        if formats_of(text) or clock_of(text):
            return 'moment'
    if _LINK.match(text):
        return 'link'
    return 'text' if (' ' in text and len(text) > 30) or len(text) > 60 else 'word'


@dataclass(frozen=True)
class Profile:
    """What the cells of one column look like."""

    shape: Shape
    #: share of the filled cells that have this shape
    share: float
    blanks: float
    shortest: int
    longest: int
    values: frozenset[str]
    filled: int

    @property
    def typed(self) -> bool:
        """Whether nearly all cells are numbers or moments."""
        return self.shape in ('number', 'moment') and self.share >= 0.75

    def fit(self, cell: str) -> float:
        """From 0 (cannot stand here) to 1."""
        shape = shape_of(cell)
        if shape == 'blank':
            return 1.0 if self.blanks > 0.02 else 0.5
        if not self.filled:
            return 0.3
        if self.typed:
            return 1.0 if shape == self.shape else 0.0
        if self.shape == 'link' and self.share > 0.9:
            return 1.0 if shape == 'link' else 0.0
        if shape in ('number', 'moment', 'link'):
            return 0.9 if cell in self.values else 0.35
        inside = self.shortest * 0.5 <= len(cell) <= self.longest * 1.5 + 3
        return (1.0 if shape == self.shape else 0.7) if inside else 0.4


def profile(cells: Sequence[str]) -> Profile:
    """Of the cells of one column."""
    shapes = Counter(shape_of(cell) for cell in cells)
    blanks = shapes.pop('blank', 0)
    filled = sum(shapes.values())
    if not filled:
        return Profile('blank', 1.0, 1.0 if cells else 0.0, 0, 0, frozenset(), 0)
    shape, count = shapes.most_common(1)[0]
    lengths = [len(cell) for cell in cells if cell.strip()]
    return Profile(
        shape, count / filled, blanks / len(cells), min(lengths), max(lengths), frozenset(cells), filled
    )


def profiles(records: Sequence[Sequence[str]], fields: int) -> list[Profile]:
    """Of the columns of records that have the table's number of fields."""
    whole = [record for record in records if len(record) == fields] or [
        [*record, *[''] * fields][:fields] for record in records
    ]
    # a wide table is judged by fewer of its records
    some = whole[: max(_LEAST_RECORDS, _MOST_CELLS // max(1, fields))]
    return [profile([record[place] for record in some]) for place in range(fields)]
