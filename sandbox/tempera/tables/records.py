"""Cutting a delimited text into records, tolerantly: one way, whatever the file is like.

1. A text that keeps to RFC 4180 is cut by arrow, and any other by `Cutter`; on a well-formed text both cut alike.
2. A quote opens a cell only at its start, and closes it only before a delimiter or the end of the line. A record that
   this leaves with another number of fields than the table is cut in each other way that its quotes allow, and the
   first way that gives the table's number is taken. So a stray quote costs nothing but itself.
3. Lines without anything, and comments, are no records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .plan import Dialect

#: a quoted cell holds at most this many line breaks; beyond that its quote is taken for a stray one
MOST_LINES_IN_A_CELL = 500
#: ways of cutting a broken record that are tried
_MOST_WAYS = 4_000
#: records of wider tables are cut the first way only
_MOST_FIELDS = 500
#: two blanks and more between columns that are lined up, so that one may stand in a cell
_GAP = '  '
_GAPS = re.compile(r' {2,}|\t+')


@dataclass
class Cutter:
    """Cuts lines into records. `fields` is the table's number of fields, 0 while it is not known."""

    dialect: Dialect
    fields: int = 0
    #: line numbers (from 1) of what is no record
    blank: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    #: records that were cut by another way than RFC 4180's
    mended: int = 0

    def records(self, lines: list[str], start: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Each record with its line's number, counted from 1."""
        quote, delimiter, comment = self.dialect.quote, self.dialect.delimiter, self.dialect.comment
        place, count = start, len(lines)
        while place < count:
            line = lines[place]
            place += 1
            if not line or line.isspace():
                if delimiter not in line or not delimiter.isspace():
                    self.blank.append(place)
                    continue
            if comment and line.lstrip().startswith(comment):
                self.comments.append(place)
                continue
            number = place
            if self.dialect.edged:
                yield number, self._whole(_without_edges(line, delimiter))
                continue
            if self.dialect.wrapped:
                line = _unwrapped(line, quote)
                yield number, self._whole(line)
                continue
            if not quote or quote not in line:
                record = self._plain(line)
            else:
                record, used = self._quoted(lines, place - 1)
                place += used - 1
            yield number, _without_signs(record) if '="' in line else record

    def _whole(self, line: str) -> list[str]:
        """The cells of a line that was quoted around all of them."""
        return self._quoted([line], 0)[0] if self.dialect.quote in line else self._plain(line)

    def _plain(self, line: str) -> list[str]:
        cells = self._split(line)
        return [cell.strip(' ') for cell in cells] if self.dialect.skip_spaces else cells

    def _split(self, line: str) -> list[str]:
        if self._runs:
            return line.split()
        if self.dialect.delimiter == _GAP:
            return _GAPS.split(line.strip())
        escape = self.dialect.escape
        if not escape or escape not in line:
            return line.split(self.dialect.delimiter)
        pieces = re.split(rf'(?<!{re.escape(escape)}){re.escape(self.dialect.delimiter)}', line)
        return [piece.replace(escape + self.dialect.delimiter, self.dialect.delimiter) for piece in pieces]

    def _quoted(self, lines: list[str], place: int) -> tuple[list[str], int]:
        """The record that starts on this line, and on how many lines it stands."""
        text = lines[place].strip(' ') if self._runs else lines[place]
        for used in range(1, min(MOST_LINES_IN_A_CELL, len(lines) - place) + 1):
            if used > 1:
                text = f'{text}\n{lines[place + used - 1]}'
                if self.dialect.quote not in lines[place + used - 1]:
                    continue
            strict = _strict(text, self.dialect)
            if strict is _OPEN:
                continue
            if isinstance(strict, list) and (used == 1 or not self.fields) and len(strict) >= self.fields:
                return strict, used
            if isinstance(strict, list) and len(strict) == self.fields:
                return strict, used
            if isinstance(strict, list) and used > 1 and not self._swallows(lines, place, used):
                return strict, used
            return self._mended(lines[place], strict if used == 1 else None), 1
        return self._mended(lines[place], None), 1

    @property
    def _runs(self) -> bool:
        return self.dialect.delimiter == ' ' and self.dialect.skip_spaces

    def _swallows(self, lines: list[str], place: int, used: int) -> bool:
        """Whether a cell over several lines takes in lines that are records by themselves: its quote is a stray one."""
        return any(
            len(_tolerant(line, self.dialect, self.fields)) == self.fields
            for line in lines[place : place + used]
        )

    def _mended(self, line: str, strict: object) -> list[str]:
        """Another way than RFC 4180's where that one gives the table's number of fields, or where there is no other."""
        record = _tolerant(line, self.dialect, self.fields)
        if isinstance(strict, list) and len(record) != self.fields:
            return strict
        self.mended += 1
        return record


_OPEN = object()


def _without_signs(record: list[str]) -> list[str]:
    """`="007"` is how exports keep a spreadsheet from taking a text for a number."""
    return [
        cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell
        for cell in record
    ]


def _without_edges(line: str, delimiter: str) -> str:
    return line.strip().removeprefix(delimiter).removesuffix(delimiter)


def _unwrapped(line: str, quote: str) -> str:
    if len(line) > 1 and line.startswith(quote) and line.endswith(quote):
        return line[1:-1].replace(quote * 2, quote)
    return line


def _strict(text: str, dialect: Dialect) -> list[str] | object | None:
    """Cells by RFC 4180; `_OPEN` where a quoted cell is not closed, None where the quotes break the rules."""
    quote, delimiter, escape = dialect.quote, dialect.delimiter, dialect.escape
    cells: list[str] = []
    place, end = 0, len(text)
    while True:
        if dialect.skip_spaces:
            while place < end and text[place] == ' ':
                place += 1
        if not text.startswith(quote, place):
            stop = text.find(delimiter, place)
            cell = text[place:] if stop < 0 else text[place:stop]
            if '\n' in cell:
                return None
            cells.append(cell.strip(' ') if dialect.skip_spaces else cell)
            if stop < 0:
                return cells
            place = stop + len(delimiter)
            continue
        close = _closing(text, place + 1, quote, escape)
        if close < 0:
            return _OPEN
        after = close + 1
        while dialect.skip_spaces and after < end and text[after] == ' ':
            after += 1
        cells.append(_unescaped(text[place + 1 : close], quote, escape))
        if after >= end:
            return cells
        if not text.startswith(delimiter, after):
            return None
        place = after + len(delimiter)


def _closing(text: str, place: int, quote: str, escape: str) -> int:
    """Where the quote stands that ends the cell; -1 where none does."""
    while True:
        place = text.find(quote, place)
        if place < 0:
            return -1
        if escape and text.startswith(escape, place - 1):
            place += 1
        elif text.startswith(quote, place + 1):
            place += 2
        else:
            return place


def _unescaped(cell: str, quote: str, escape: str) -> str:
    cell = cell.replace(quote + quote, quote) if quote in cell else cell
    if escape and escape in cell:
        cell = cell.replace(escape + quote, quote)
        if escape == '\\':
            cell = cell.replace('\\\\', '\\')
        else:
            cell = cell.replace(escape, '')
    return cell


def _tolerant(line: str, dialect: Dialect, fields: int) -> list[str]:
    """The cells of a line whose quotes break the rules: the first way with as many cells as the table has."""
    if 0 < fields <= _MOST_FIELDS:
        cells = _Search(line, dialect).cut(0, fields)
        if cells is not None:
            return cells
    return _first_way(line, dialect)


class _Search:
    """The ways to cut a line, tried one after the other until one gives the number of cells or there were too many."""

    def __init__(self, line: str, dialect: Dialect) -> None:
        self._line, self._dialect = line, dialect
        self._budget = _MOST_WAYS
        #: places from which no way gives so many cells
        self._dead: set[tuple[int, int]] = set()

    def cut(self, place: int, left: int) -> list[str] | None:
        """The cells from a place to the end of the line, where they can be just so many."""
        if left == 0 or self._budget <= 0 or (place, left) in self._dead:
            return None
        self._budget -= 1
        for cell, after in _ways(self._line, place, self._dialect):
            if after < 0:
                if left == 1:
                    return [cell]
                continue
            rest = self.cut(after, left - 1)
            if rest is not None:
                return [cell, *rest]
        self._dead.add((place, left))
        return None


def _ways(line: str, place: int, dialect: Dialect) -> Iterator[tuple[str, int]]:
    """How a cell that starts here can be cut: the cell, and where the next one starts (-1: none does)."""
    quote, delimiter = dialect.quote, dialect.delimiter
    while dialect.skip_spaces and line.startswith(' ', place):
        place += 1
    if line.startswith(quote, place):
        close = line.find(quote, place + 1)
        while close >= 0:
            after = close + len(quote)
            if after >= len(line):
                yield _unescaped(line[place + 1 : close], quote, dialect.escape), -1
            elif line.startswith(delimiter, after):
                yield _unescaped(line[place + 1 : close], quote, dialect.escape), after + len(delimiter)
            close = line.find(quote, close + 1)
    stop = line.find(delimiter, place)
    if stop < 0:
        yield line[place:], -1
    else:
        yield line[place:stop], stop + len(delimiter)


def _first_way(line: str, dialect: Dialect) -> list[str]:
    cells: list[str] = []
    place = 0
    while place >= 0:
        cell, place = next(_ways(line, place, dialect))
        cells.append(cell)
    return cells
