"""A delimited text as columns of texts: by arrow where the text keeps to the rules, else cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from .align import aligned
from .plan import Dialect
from .records import Cutter
from .shapes import profiles

_CHUNK = 20_000
#: small pieces on one thread: parsing in parallel is a little faster and holds the text once more
_BLOCK_BYTES = 1 << 20
#: of a piece, for each column: a piece of a few rows is held in more than its texts
_BLOCK_BYTES_A_COLUMN = 1 << 13
_SAMPLE_ROWS = 300
_PIECE = 1 << 22


@dataclass
class Grid:
    """The records below the head. `dropped` are positions of records that fit the columns in no way."""

    columns: list[pa.StringArray]
    rows: int
    dropped: list[int] = field(default_factory=list)
    short_rows: int = 0
    long_rows: int = 0
    #: line numbers of blank lines and comments
    blank: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    #: line of each record, where it is not simply the next one
    lines: np.ndarray | None = None
    first_line: int = 1

    def line(self, position: int) -> int:
        """The line, from 1, on which a record starts."""
        return int(self.lines[position]) if self.lines is not None else self.first_line + position

    def row(self, position: int) -> list[str]:
        """The cells of a record."""
        return [column[position].as_py() or '' for column in self.columns]


def cut(text: bytes, dialect: Dialect, fields: int, line: int) -> Grid:
    """The records of a text of UTF-8 from that line on (from 1)."""
    body = Body(text, _place_of(text, line))
    if _keeps_the_rules(body, dialect):
        try:
            return _by_arrow(body, dialect, fields, line)
        except pa.ArrowInvalid:
            pass
    return _cell_by_cell(text[body.start :], dialect, fields, line)


@dataclass(frozen=True)
class Body:
    """A text from some place on, without a copy of it."""

    text: bytes
    start: int

    def __contains__(self, piece: bytes) -> bool:
        return self.text.find(piece, self.start) >= 0

    def startswith(self, piece: bytes) -> bool:
        """Whether the text goes on with this."""
        return self.text.startswith(piece, self.start)

    def count(self, piece: bytes) -> int:
        """How often this stands in it."""
        return self.text.count(piece, self.start)

    @property
    def data(self) -> np.ndarray:
        """Its bytes as numbers."""
        return np.frombuffer(self.text, dtype=np.uint8)[self.start :]


def _place_of(text: bytes, line: int) -> int:
    place = 0
    for _ in range(line - 1):
        place = text.find(b'\n', place) + 1
        if place == 0:
            return len(text)
    return place


def _keeps_the_rules(text: Body, dialect: Dialect) -> bool:
    """Whether arrow cuts this text as `Cutter` does, the numbers of fields aside."""
    quote = dialect.quote.encode()
    if (
        len(dialect.delimiter.encode()) != 1
        or dialect.escape
        or dialect.wrapped
        or dialect.edged
        or text.start >= len(text.text)
    ):
        return False
    if dialect.delimiter == ' ' and dialect.skip_spaces:
        return False
    if dialect.comment and (
        text.startswith(dialect.comment.encode()) or f'\n{dialect.comment}'.encode() in text
    ):
        return False
    if not quote or quote not in text:
        return True
    return not dialect.skip_spaces and _is_rfc4180(text, dialect.delimiter.encode(), quote)


def _is_rfc4180(text: Body, delimiter: bytes, quote: bytes) -> bool:
    """Whether each quote opens a cell at its start, closes one at its end, or is doubled inside one."""
    data, mark = text.data, quote[0]
    edge = np.zeros(256, dtype=bool)
    edge[[delimiter[0], ord('\n'), mark]] = True
    count = 0
    # piece by piece, as what is asked of each quote takes many times the quotes
    for start in range(0, len(data), _PIECE):
        places = np.flatnonzero(data[start : start + _PIECE] == mark) + start
        opening, closing = places[count % 2 :: 2], places[1 - count % 2 :: 2]
        count += len(places)
        before = edge[data[np.maximum(opening - 1, 0)]] | (opening == 0)
        after = edge[data[np.minimum(closing + 1, len(data) - 1)]] | (closing + 1 == len(data))
        if not (before.all() and after.all()):
            return False
    return count % 2 == 0


def _places(data: np.ndarray, byte: int) -> np.ndarray:
    """Where a byte stands, found piece by piece so that no mask of the whole is held."""
    found = [
        np.flatnonzero(data[start : start + _PIECE] == byte) + start for start in range(0, len(data), _PIECE)
    ]
    return np.concatenate(found) if found else np.array([], dtype=np.int64)


def _by_arrow(text: Body, dialect: Dialect, fields: int, line: int) -> Grid:
    names = [str(place) for place in range(fields)]
    quoted = bool(dialect.quote) and dialect.quote.encode() in text
    table = pa_csv.read_csv(
        pa.BufferReader(pa.py_buffer(text.text).slice(text.start)),
        read_options=pa_csv.ReadOptions(
            column_names=names,
            block_size=max(_BLOCK_BYTES, fields * _BLOCK_BYTES_A_COLUMN),
            use_threads=False,
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote if quoted else False,
            double_quote=True,
            newlines_in_values=quoted,
            ignore_empty_lines=True,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False
        ),
    )
    # columns stay in the pieces that arrow read: putting them together would hold the table twice
    rows, columns = table.num_rows, list(table.columns)
    blank = _blank_lines(text, dialect, line)
    lines = None
    if blank or (quoted and text.count(b'\n') > rows):
        lines = _lines_of(text, dialect, rows, line)
    return Grid(columns, rows, blank=blank, lines=lines, first_line=line)


def _blank_lines(text: Body, dialect: Dialect, line: int) -> list[int]:
    """Those between records; one inside quotes parts the paragraphs of a cell."""
    if b'\n\n' not in text and not text.startswith(b'\n'):
        return []
    ends = _places(text.data, ord('\n'))
    starts = np.concatenate(([0], ends + 1))[: len(ends)]
    blank = (starts == ends) & _outside_quotes(text, dialect, ends)
    return [int(place) + line for place in np.flatnonzero(blank)]


def _outside_quotes(text: Body, dialect: Dialect, places: np.ndarray) -> np.ndarray:
    if not dialect.quote or dialect.quote.encode() not in text:
        return np.ones(len(places), dtype=bool)
    before = np.searchsorted(_places(text.data, ord(dialect.quote)), places)
    return np.asarray(before % 2 == 0)


def _lines_of(text: Body, dialect: Dialect, rows: int, line: int) -> np.ndarray | None:
    """The line of each record of a text that keeps the rules: a newline inside quotes ends none."""
    data = text.data
    newlines = _places(data, ord('\n'))
    ends = newlines[_outside_quotes(text, dialect, newlines)]
    starts = np.concatenate(([0], ends + 1))
    starts = starts[starts < len(data)]
    starts = starts[data[starts] != ord('\n')]
    if len(starts) != rows:
        return None
    return np.asarray(np.searchsorted(newlines, starts) + line)


def _cell_by_cell(text: bytes, dialect: Dialect, fields: int, line: int) -> Grid:
    lines = text.decode('utf-8', errors='replace').split('\n')
    cutter = Cutter(dialect, fields)
    grid = Grid([], 0, first_line=line)
    align = _aligner(lines, dialect, fields)
    numbers: list[int] = []
    pieces: list[list[pa.StringArray]] = [[] for _ in range(fields)]
    for chunk in _chunks(cutter.records(lines)):
        rows: list[list[str]] = []
        for number, cells in chunk:
            row = cells if len(cells) == fields else align(cells, grid, len(numbers))
            numbers.append(number + line - 1)
            rows.append(row)
        for piece, column in zip(pieces, zip(*rows, strict=True), strict=True):
            piece.append(pa.array(column, pa.string()))
    grid.columns = [pa.concat_arrays(piece) if piece else pa.array([], pa.string()) for piece in pieces]
    grid.rows = len(numbers)
    grid.lines = np.array(numbers, dtype=np.int64)
    grid.blank = [number + line - 1 for number in cutter.blank if number < len(lines) or lines[number - 1]]
    grid.comments = [number + line - 1 for number in cutter.comments]
    return grid


def _aligner(lines: list[str], dialect: Dialect, fields: int) -> Callable[[list[str], Grid, int], list[str]]:
    sample = [
        cells for _, cells in _first(Cutter(dialect, fields).records(lines[: 4 * _SAMPLE_ROWS]), _SAMPLE_ROWS)
    ]
    columns = profiles(sample, fields) if sample else []

    def align(cells: list[str], grid: Grid, position: int) -> list[str]:
        row = aligned(cells, columns, dialect.delimiter)
        if row is None:
            grid.dropped.append(position)
            return [*cells, *[''] * fields][:fields]
        if len(cells) < fields:
            grid.short_rows += 1
        elif any(cell.strip() for cell in cells[fields:]):
            grid.long_rows += 1
        return row

    return align


def _first(records: Iterator[tuple[int, list[str]]], most: int) -> list[tuple[int, list[str]]]:
    return [record for _, record in zip(range(most), records, strict=False)]


def _chunks(records: Iterator[tuple[int, list[str]]]) -> Iterator[Sequence[tuple[int, list[str]]]]:
    while chunk := _first(records, _CHUNK):
        yield chunk
