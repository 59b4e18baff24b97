"""Whether the cells of a record are names of columns: words over something else, numbers that count on, new words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from .shapes import Profile, Record, shape_of

#: a year, or a span of them, as a name
YEARS = re.compile(r'(?:19|20)[0-9]{2}(?:[-/][0-9]{2,4})?')


def is_head(
    cells: list[str], columns: list[Profile], records: Sequence[Record], place: int, lower: bool
) -> bool:
    """Whether a record's cells name the columns; `lower` where another row of names stands above it."""
    filled = [(cell.strip(), column) for cell, column in zip(cells, columns, strict=True) if cell.strip()]
    if not filled:
        return False
    if lower and any(
        shape_of(cell) in ('number', 'moment', 'link') and not YEARS.fullmatch(cell) for cell, _ in filled
    ):
        return False
    against = sum(1 for cell, column in filled if column.typed and shape_of(cell) == column.shape)
    for_it = sum(1 for cell, column in filled if column.typed and _is_name(cell, column))
    if for_it > against * (0.34 if not lower else 1.5):
        return True
    if for_it or against:
        # a word over numbers may stand before the years
        return not lower and _are_numbered_names([cell for cell, _ in filled], columns)
    return not lower and _are_names(cells, records, place)


def _is_name(cell: str, column: Profile) -> bool:
    """A word, or a date over numbers."""
    shape = shape_of(cell)
    return shape in ('word', 'text', 'link') or (shape == 'moment' and column.shape == 'number')


def _are_numbered_names(cells: list[str], columns: list[Profile]) -> bool:
    """Names that are numbers over numbers: 0, 1, 2 … or years, each its own; data hardly counts on like that."""
    whole = [int(cell) for cell in cells if cell.isdigit() and len(cell) < 6]
    others = [cell for cell in cells if not cell.isdigit()]
    years = all(1800 <= number <= 2100 for number in whole)
    if len(whole) < (2 if years else 3) or (len(others) > 2 and not (years and _are_new(others, columns))):
        return False
    steps = {after - before for before, after in pairwise(whole)}
    if steps != {1} and not (years and len(steps) == 1):
        return False
    # the row below a counting row of data would count on as well
    return not all(any(cell in column.values for column in columns) for cell in cells)


def _are_new(cells: Sequence[str], columns: Sequence[Profile]) -> bool:
    """Words that stand nowhere below."""
    words = all(shape_of(cell) in ('word', 'text') for cell in cells)
    return words and not any(cell in column.values for cell in cells for column in columns)


def _are_names(cells: list[str], records: Sequence[Record], place: int) -> bool:
    """Words over words: each once, and hardly one of them among the cells below."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if any(shape_of(cell) in ('number', 'moment', 'link') for cell in filled) or not filled:
        return False
    if len(records) <= place + 1:
        return True
    records_below = [other for _, other in records[place + 1 :] if any(cell.strip() for cell in other)]
    below = [other for other in records_below if not _repeats(cells, other)]
    if len(records_below) - len(below) > max(2, 0.2 * len(records_below)):
        # so many alike are rows, and no next page's head
        below = records_below
    seen = sum(1 for at, cell in enumerate(cells) if cell.strip() and _stands_below(cell, at, below))
    return seen <= 0.1 * len(filled) and len(set(filled)) >= 0.6 * len(filled)


def _repeats(cells: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a record below repeats the names, as the next page's head does."""
    filled = [(at, cell.strip()) for at, cell in enumerate(cells) if cell.strip()]
    same = sum(1 for at, cell in filled if at < len(other) and other[at].strip() == cell)
    return same >= 2 and same >= 0.5 * len(filled)


def _stands_below(cell: str, at: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether a name is a value of its column too: it stands there more than once or twice."""
    count = sum(1 for other in below if at < len(other) and other[at].strip() == cell.strip())
    return count > (0 if len(below) < 10 else max(1, 0.05 * len(below)))
