"""Delimited text: from bytes to the columns of texts that a plan uses, and how the plan says so."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from .dialect import Found, find_dialect
from .encoding import Encoding, find_encoding, to_utf8
from .errors import EmptyTable
from .grid import Grid, cut
from .heads import Head, find_head
from .layout import Layout, merged, ranges, remaining
from .limits import Limits, check_size
from .plan import Evidence, LeftOut, PartPlan
from .raw import RawTable
from .records import Cutter
from .shapes import Record, shape_of
from .tails import find_left_out

#: how much of a text is looked at for its dialect and its head
HEAD_BYTES = 1 << 19
_HEAD_RECORDS = 400
#: names that stand beyond the usual number of fields
_MOST_EXTRA_NAMES = 20


def understand_delimited(data: bytes, name: str, limits: Limits, member: str = '') -> Layout:
    """Finds encoding, dialect, head and tail of a text and cuts it."""
    encoding = find_encoding(data)
    text = to_utf8(data, encoding)
    if text.isspace() or not text:
        raise EmptyTable(
            f'[{name}] holds no text. Give a file with a row of names and at least one row of data.'
        )
    start = text[:HEAD_BYTES].decode('utf-8', errors='ignore')
    if len(text) > HEAD_BYTES:
        start = start[: start.rfind('\n') + 1] or start
    found = find_dialect(start)
    records, found = _sampled(start, found)
    head = find_head(records, found.fields)
    fields = found.fields
    line = records[head.first][0] if head.first < len(records) else start.count('\n') + 1
    grid = cut(text, found.dialect, fields, line)
    check_size(grid.rows, fields, limits, name)
    left = find_left_out(grid, _head_cells(records, head, fields))
    part = PartPlan(
        member=member,
        encoding=encoding.name,
        encoding_is_guess=encoding.is_guess,
        dialect=found.dialect,
        header=tuple(records[place][0] for place in head.rows),
        first=line,
        fields=fields,
        dropped=ranges(sorted(left.all)),
        rows=grid.rows - len(left.positions.get('blank', ())),
        rows_used=grid.rows - len(left.all),
        left_out=_left_out(head, grid, left.left_out(grid), _above(start, found, line)),
        short_rows=grid.short_rows,
        long_rows=grid.long_rows,
    )
    names = head.names or tuple(f'column_{place + 1}' for place in range(fields))
    return Layout('delimited', part, _table(grid, part, names), _evidence(encoding, found, head))


def read_delimited(data: bytes, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    """The rows of a part by its plan: nothing is found out again."""
    encoding = Encoding(part.encoding, part.encoding_is_guess)
    text = to_utf8(data, encoding)
    assert part.dialect is not None
    grid = cut(text, part.dialect, part.fields, part.first)
    return _table(grid, part, names)


def _table(grid: Grid, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    positions = remaining(grid.rows, part.dropped)
    if len(positions) == grid.rows:
        return RawTable(names, tuple(grid.columns), positions)
    places = pa.array(positions)
    return RawTable(names, tuple(column.take(places) for column in grid.columns), positions)


def _sampled(start: str, found: Found) -> tuple[list[Record], Found]:
    """The first records; a table has at least as many fields as it has names, and a comment may hold the names."""
    lines = start.split('\n')
    records = _records(lines, found)
    head = find_head(records, found.fields)
    if head.rows:
        widest = len(_stripped(records[head.rows[-1]][1]))
        if found.fields < widest <= found.fields + _MOST_EXTRA_NAMES:
            found = replace(found, fields=widest)
            records = _records(lines, found)
    elif found.dialect.comment and records:
        named = _commented_names(lines, records[0][0], found)
        if named:
            records = [named, *records]
    return records, found


def _records(lines: list[str], found: Found) -> list[Record]:
    cut_records = Cutter(found.dialect, found.fields).records(lines)
    return [record for _, record in zip(range(_HEAD_RECORDS), cut_records, strict=False)]


def _stripped(cells: list[str]) -> list[str]:
    """Without the blank cells at the end."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _commented_names(lines: list[str], first: int, found: Found) -> Record | None:
    """The last comment above the data, where it names every column: `# time, speed`."""
    comment = found.dialect.comment
    for number in range(first - 1, 0, -1):
        line = lines[number - 1]
        if not line.strip():
            continue
        if not line.lstrip().startswith(comment):
            return None
        bare = line.lstrip()[len(comment) :].lstrip(comment[0]).strip()
        cells = Cutter(found.dialect, found.fields).records([bare])
        names = next((record for _, record in cells), [])
        words = all(shape_of(cell) in ('word', 'text') for cell in names)
        return (number, names) if len(names) == found.fields > 1 and words else None
    return None


def _head_cells(records: list[tuple[int, list[str]]], head: Head, fields: int) -> list[str]:
    if not head.rows:
        return []
    cells = records[head.rows[-1]][1]
    return ['', *cells] if head.has_row_names else cells[:fields]


def _left_out(
    head: Head, grid: Grid, tail: tuple[LeftOut, ...], above: tuple[LeftOut, ...]
) -> tuple[LeftOut, ...]:
    blank = [LeftOut('blank', len(grid.blank), tuple(grid.blank[:20]))] if grid.blank else []
    comments = [LeftOut('comment', len(grid.comments), tuple(grid.comments[:20]))] if grid.comments else []
    return merged((*above, *head.above, *comments, *blank, *tail))


def _above(start: str, found: Found, line: int) -> tuple[LeftOut, ...]:
    """Blank lines and comments above the data, which are no records."""
    lines = start.split('\n')[: line - 1]
    cutter = Cutter(found.dialect, found.fields)
    for _ in cutter.records(lines):
        pass
    comments = [
        LeftOut('comment', len(cutter.comments), tuple(cutter.comments[:20]), lines[cutter.comments[0] - 1][:200])
    ] if cutter.comments else []  # fmt: skip
    blank = [LeftOut('blank', len(cutter.blank), tuple(cutter.blank[:20]))] if cutter.blank else []
    return (*comments, *blank)


def _evidence(encoding: Encoding, found: Found, head: Head) -> tuple[Evidence, ...]:
    shown = {'\t': 'tab', ' ': 'blank'}.get(found.dialect.delimiter, found.dialect.delimiter)
    return (
        Evidence('encoding', f'{encoding.name}: {encoding.because}'),
        Evidence(
            'delimiter',
            f'[{shown}] cuts {found.agreement:.0%} of the first lines into {found.fields} fields',
            {'agreement': round(found.agreement, 4), 'score': round(found.score, 4)},
        ),
        Evidence('header', head.because or 'the first row is taken for names'),
    )
