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
_BLOCK_BYTES = 1 << 22
_SAMPLE_ROWS = 300


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


def cut(text: bytes, dialect: Dialect, fields: int, line: int) -> Grid:
    """The records of a text of UTF-8 that starts at that line of its file (from 1)."""
    if _keeps_the_rules(text, dialect):
        try:
            return _by_arrow(text, dialect, fields, line)
        except pa.ArrowInvalid:
            pass
    return _cell_by_cell(text, dialect, fields, line)


def _keeps_the_rules(text: bytes, dialect: Dialect) -> bool:
    """Whether arrow cuts this text as `Cutter` does, the numbers of fields aside."""
    quote = dialect.quote.encode()
    if len(dialect.delimiter.encode()) != 1 or dialect.escape or not text:
        return False
    if dialect.comment and (
        text.startswith(dialect.comment.encode()) or f'\n{dialect.comment}'.encode() in text
    ):
        return False
    if not quote or quote not in text:
        return True
    return not dialect.skip_spaces and _is_rfc4180(text, dialect.delimiter.encode(), quote)


def _is_rfc4180(text: bytes, delimiter: bytes, quote: bytes) -> bool:
    """Whether each quote opens a cell at its start, closes one at its end, or is doubled inside one."""
    data = np.frombuffer(text, dtype=np.uint8)
    places = np.flatnonzero(data == quote[0])
    if len(places) % 2:
        return False
    mark, edge = quote[0], (delimiter[0], ord('\n'))
    opening, closing = places[0::2], places[1::2]
    before = np.where(opening > 0, data[np.maximum(opening - 1, 0)], ord('\n'))
    after = np.where(closing + 1 < len(data), data[np.minimum(closing + 1, len(data) - 1)], ord('\n'))
    ends = np.isin(after, edge) | (after == mark)
    starts = np.isin(before, edge) | (before == mark)
    return bool(ends.all() and starts.all())


def _by_arrow(text: bytes, dialect: Dialect, fields: int, line: int) -> Grid:
    names = [str(place) for place in range(fields)]
    quoted = bool(dialect.quote) and dialect.quote.encode() in text
    table = pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
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
    columns = [column.combine_chunks() for column in table.columns]
    columns = [
        column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks) for column in columns
    ]
    blank = _blank_lines(text, line)
    lines = None
    if blank or (quoted and text.count(b'\n') > table.num_rows):
        lines = _lines_of(text, dialect, table.num_rows, line)
    return Grid(columns, table.num_rows, blank=blank, lines=lines, first_line=line)


def _blank_lines(text: bytes, line: int) -> list[int]:
    if b'\n\n' not in text and not text.startswith(b'\n'):
        return []
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord('\n'))
    starts = np.concatenate(([0], ends + 1))[: len(ends)]
    return [int(place) + line for place in np.flatnonzero(starts == ends)]


def _lines_of(text: bytes, dialect: Dialect, rows: int, line: int) -> np.ndarray | None:
    """The line of each record of a text that keeps the rules: a newline inside quotes ends none."""
    data = np.frombuffer(text, dtype=np.uint8)
    newlines = data == ord('\n')
    inside = np.zeros(len(data), dtype=bool)
    if dialect.quote and dialect.quote.encode() in text:
        inside = (np.cumsum(data == ord(dialect.quote)) % 2).astype(bool)
    ends = np.flatnonzero(newlines & ~inside)
    starts = np.concatenate(([0], ends + 1))
    starts = starts[starts < len(data)]
    starts = starts[data[starts] != ord('\n')]
    if len(starts) != rows:
        return None
    return np.asarray(np.searchsorted(np.flatnonzero(newlines), starts) + line)


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
