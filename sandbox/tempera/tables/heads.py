"""Where the table starts: titles above it, the row or rows of names, rows of units or lines between, the first data.

A record is a head when its cells are names over columns that hold something else: a word over numbers, a name that
none of the cells below has. Without any such sign a first record of words over words is taken for a head, as nearly
all files have one; a first record of numbers over numbers is data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .cells.durations import SECONDS
from .currencies import CURRENCIES
from .head_names import joined_names, naming_rows
from .marks import SCALES
from .name_rows import YEARS, is_head
from .plan import LeftOut, Reason
from .shapes import Profile, Record, profiles, shape_of

#: records from the top that may be titles and heads
LONGEST_TOP = 60
#: rows of names, at most
MOST_HEADS = 4
_UNIT = re.compile(
    r'[(\[].{0,20}[)\]]|1/[a-zA-Zµ]{1,4}'
    r'|[a-zA-Zµμ°Ω%‰$€£]{1,4}(?:[/·*^ .-]?[a-zA-Zµμ°²³0-9-]{1,4}){0,3}|[-–]|%|n/a|\d+\^?\d*'
)
_UNITS = frozenset(
    (*SECONDS, *CURRENCIES, *(unit for scale in SCALES for unit in scale), 'm/s', 'km/h', 'pa', 'hpa')
)
#: what a row of units says of itself, in the field of the rows' names
_UNITS_LABELS = frozenset(
    'unit units einheit einheiten unité unités unidad unidades unità eenheid eenheden'.split()
)
_SEPARATOR = re.compile(r'[-=_+|:. ]{2,}')


@dataclass(frozen=True)
class Head:
    """Which of the sampled records are heads, which the first data, and what stands above."""

    rows: tuple[int, ...]
    first: int
    names: tuple[str, ...]
    above: tuple[LeftOut, ...] = ()
    #: the rows' names are in the column before the first that has a name (R)
    has_row_names: bool = False
    because: str = ''


def find_head(records: Sequence[Record], fields: int) -> Head:
    """The head of a table of so many fields, of which these are the first records."""
    top = _top(records, fields)
    if top >= len(records):
        return Head((), len(records), ())
    body = _body(records, top, fields)
    columns = profiles(body, fields)
    rows: list[int] = []
    place = top
    between: list[tuple[int, Reason]] = []
    while place < min(len(records), top + 2 * MOST_HEADS) and len(rows) < MOST_HEADS:
        cells = _padded(records[place][1], fields)
        if rows and _is_separator(records[place][1]):
            between.append((place, 'separator'))
        elif rows and not any(cell.strip() for cell in cells):
            if not _heads_below(records, place, fields, columns):
                break
            between.append((place, 'blank'))
        elif rows and _is_units(cells, columns):
            between.append((place, 'units'))
        elif is_head(cells, columns, records, place, lower=bool(rows)):
            rows.append(place)
        else:
            break
        place += 1
    while between and rows and between[-1][0] > rows[-1] and between[-1][1] == 'blank':
        between.pop()
        place -= 1
    return _head(records, fields, _Found(top, tuple(rows), tuple(between), place if rows else top))


@dataclass(frozen=True)
class _Found:
    """Places among the records: of the first that is no title, of rows of names, of what lies between them, of data."""

    top: int
    rows: tuple[int, ...]
    between: tuple[tuple[int, Reason], ...]
    first: int


def _head(records: Sequence[Record], fields: int, found: _Found) -> Head:
    top, rows, first = found.top, found.rows, found.first
    above = [(place, _reason_above(records[place][1])) for place in range(top)]
    if not rows:
        return Head((), top, (), _left_out(records, above), because='the first row looks like those below it')
    heads = [records[place][1] for place in rows]
    short = all(len(head) == fields - 1 for head in heads) and bool(heads[-1]) and bool(heads[-1][-1].strip())
    has_row_names = short and _last_is_filled(records[first : first + 50], fields)
    chosen = naming_rows(heads)
    over: list[tuple[int, Reason]] = [
        (place, 'merged_head' if at < chosen[0] else 'header')
        for at, place in enumerate(rows)
        if at not in chosen
    ]
    left_out = _left_out(records, [*above, *over, *found.between])
    heads, rows = [heads[at] for at in chosen], tuple(rows[at] for at in chosen)
    padded = [_padded(['', *head] if has_row_names else head, fields) for head in heads]
    names = joined_names(padded)
    if has_row_names:
        names = ('row_name', *names[1:])
    return Head(
        rows, first, names, left_out, has_row_names,
        f'line {records[rows[-1]][0]} holds names over columns of something else',
    )  # fmt: skip


def _top(records: Sequence[Record], fields: int) -> int:
    """The first record that can be a head or data: those before it are titles, notes, blank rows, key and value."""
    if fields < 2:
        return 0
    limit = min(len(records), LONGEST_TOP)
    counts = sorted(filled for filled in (_filled(cells) for _, cells in records[: limit + 40]) if filled)
    usual = counts[(3 * len(counts)) // 4] if counts else 0
    enough = max(2.0, min(usual, fields) * 0.6) if usual > 2 else usual
    for place in range(limit):
        cells = records[place][1]
        if (
            _filled(cells) >= enough
            and len(cells) >= min(fields, usual) * 0.5
            and not _is_pair(cells, fields)
        ):
            return _with_group_heads(records, place, fields)
    return 0


def _is_pair(cells: Sequence[str], fields: int) -> bool:
    """A line above a table that says one thing of it: `Account:`, its number."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return fields > len(filled) and len(filled) == 2 and filled[0].endswith(':')


def _with_group_heads(records: Sequence[Record], place: int, fields: int) -> int:
    """Rows of merged heads right above the names have few cells filled, and belong to the head.

    Each of their cells stands over a name, or over a blank where the name itself is merged downwards.
    """
    first = place
    named = _named(records[place : place + MOST_HEADS - 1])
    while first > 0 and place - first < MOST_HEADS - 1:
        cells = records[first - 1][1]
        filled = {at for at, cell in enumerate(cells) if cell.strip()}
        numbers = any(shape_of(cell) == 'number' and not YEARS.fullmatch(cell.strip()) for cell in cells)
        gaps = set(range(min(fields, len(cells)))) - named
        over_names = filled <= named | {0}
        over_gaps = bool(gaps) and len(gaps & filled) >= 0.6 * len(gaps)
        if len(cells) < fields - 1 or len(filled) < 2 or numbers or not (over_names or over_gaps):
            break
        named |= filled
        first -= 1
    return first


def _named(records: Sequence[Record]) -> set[int]:
    """The fields that the rows of names from here on fill: those up to the first with a number."""
    named: set[int] = set()
    for _, cells in records:
        if named and any(shape_of(cell) in ('number', 'moment') for cell in cells):
            break
        named |= {at for at, cell in enumerate(cells) if cell.strip()}
    return named


def _body(records: Sequence[Record], top: int, fields: int) -> list[list[str]]:
    """Records that are surely below the head."""
    start = min(top + MOST_HEADS + 1, max(top + 1, (top + len(records)) // 2))
    return [
        _padded(cells, fields)
        for _, cells in records[start : start + 200]
        if any(cell.strip() for cell in cells)
    ]


def _heads_below(records: Sequence[Record], place: int, fields: int, columns: list[Profile]) -> bool:
    """Whether a blank row stands between two rows of names."""
    if place + 1 >= len(records):
        return False
    cells = _padded(records[place + 1][1], fields)
    return is_head(cells, columns, records, place + 1, lower=True)


def _is_units(cells: list[str], columns: list[Profile]) -> bool:
    """A row of units under the names: something like a unit over most columns of numbers, and nothing else; over any
    of them where the row itself says that it holds units."""
    filled = [(cell.strip(), column) for cell, column in zip(cells, columns, strict=True) if cell.strip()]
    says_so = bool(filled) and _bare(filled[0][0]) in _UNITS_LABELS
    over = [cell for cell, column in filled[says_so:] if column.typed]
    others = [cell for cell, column in filled[says_so:] if not column.typed]
    numbers = sum(1 for column in columns if column.typed)
    if not over or any(shape_of(cell) == 'number' for cell in over):
        return False
    if says_so:
        return all(_UNIT.fullmatch(cell) for cell in over + others)
    if len(over) < 0.5 * numbers:
        return False
    bracketed = sum(
        1
        for cell in over + others
        if re.fullmatch(r'[(\[].{0,20}[)\]]|%|[°µ].{0,4}|1/.{1,4}', cell) or cell.lower() in _UNITS
    )
    return all(_UNIT.fullmatch(cell) for cell in over + others) and bracketed >= 0.3 * len(over)


def _bare(cell: str) -> str:
    """A word without what stands around it: `[Units]`, `unit:`."""
    return cell.strip('[](): ').lower()


def _is_separator(cells: list[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(_SEPARATOR.fullmatch(cell) for cell in filled)


def _reason_above(cells: list[str]) -> Reason:
    return (
        'blank'
        if not any(cell.strip() for cell in cells)
        else 'separator'
        if _is_separator(cells)
        else 'title'
    )


def _left_out(records: Sequence[Record], places: list[tuple[int, Reason]]) -> tuple[LeftOut, ...]:
    reasons = list(dict.fromkeys(reason for _, reason in places))
    entries = []
    for reason in reasons:
        some = [place for place, one in places if one == reason]
        sample = ' '.join(cell.strip() for cell in records[some[0]][1] if cell.strip())[:200]
        entries.append(LeftOut(reason, len(some), tuple(records[place][0] for place in some[:20]), sample))
    return tuple(entries)


def _last_is_filled(records: Sequence[Record], fields: int) -> bool:
    whole = [cells for _, cells in records if len(cells) == fields]
    return bool(whole) and sum(1 for cells in whole if cells[-1].strip()) > 0.5 * len(whole)


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _padded(cells: list[str], fields: int) -> list[str]:
    return cells[:fields] if len(cells) >= fields else [*cells, *[''] * (fields - len(cells))]
