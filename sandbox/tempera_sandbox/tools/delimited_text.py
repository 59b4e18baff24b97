"""Decides how a delimited text is read: its delimiter, whether its first line names the columns, and the names.

Only the file's head is looked at. Nothing is random, and the order of the rows decides nothing except that a
header can only be the first one.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from . import limits
from .cell_values import is_missing, number_kind
from .upload_bytes import invalid

DELIMITERS = (',', '\t', ';', '|')
_HEAD_ROWS = 1_000
_DATE = re.compile(r'^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}')


@dataclass(frozen=True)
class Dialect:
    """How to read a delimited text."""

    delimiter: str
    header: bool
    names: list[str]
    unnamed: int


def detect_dialect(head: str, whole: bool, shown: str, max_columns: int) -> Dialect:
    """The dialect of a text by its head; `whole` says that the head is the whole text.
    Raises INVALID_DATASET for an empty text, one column, too many, or duplicate names."""
    if not head.strip():
        raise invalid(
            shown,
            'the file is empty: it holds only blank lines',
            'Upload a table with a header and at least 2 rows.',
        )
    first_line = head.lstrip('\r\n').split('\n', 1)[0]
    _check_width(first_line, shown, max_columns)
    body = head if whole else head[: head.rfind('\n') + 1]
    if not body:
        raise invalid(
            shown,
            f'its first row is longer than {limits.size_text(limits.HEAD_BYTES)} (HEAD_BYTES)',
            'Upload a table with one record a line.',
        )
    delimiter, rows = _best_delimiter(body, shown)
    width = Counter(len(row) for row in rows[1:] or rows).most_common(1)[0][0]
    if max(width, len(rows[0])) < limits.MIN_COLUMNS:
        raise invalid(
            shown,
            'it has one column only (or its delimiter is none of comma, tab, semicolon, bar)',
            'Upload a table with at least 2 columns (MIN_COLUMNS): the target and something to predict it from.',
        )
    header = has_header(rows, width)
    names, unnamed = _names(rows[0], width, header, shown)
    if len(names) > max_columns:
        raise too_many_columns(shown, len(names), max_columns)
    return Dialect(delimiter, header, names, unnamed)


def too_many_columns(shown: str, count: int, max_columns: int, at_least: bool = False) -> Exception:
    """The refusal of a table that is too wide."""
    more = 'at least ' if at_least else ''
    return invalid(
        shown,
        f'it has {more}{count:,} columns; the limit is {max_columns:,} (MAX_COLUMNS)',
        'Drop columns that are not needed, or turn the table into a long one.',
    )


def check_names(names: list[str], shown: str) -> list[str]:
    """Stripped names; raises INVALID_DATASET when one is too long, or two are the same."""
    stripped = [name.strip() for name in names]
    for at, name in enumerate(stripped, 1):
        if len(name) > limits.MAX_COLUMN_NAME_CHARS:
            raise invalid(
                shown,
                f'the name of column {at:,} ({name[:40]!r}…) has {len(name):,} characters; the limit is '
                f'{limits.MAX_COLUMN_NAME_CHARS:,} (MAX_COLUMN_NAME_CHARS)',
                'Give the column a shorter name.',
            )
    twice = [name for name, count in Counter(stripped).items() if count > 1 and name]
    if twice:
        listed = ', '.join(f'{name[:60]!r} (columns {_places(name, stripped)})' for name in twice[:5])
        more = f' and {len(twice) - 5:,} more' if len(twice) > 5 else ''
        said = 'a column name occurs' if len(twice) == 1 else f'{len(twice):,} column names occur'
        raise invalid(shown, f'{said} more than once: {listed}{more}', 'Give every column its own name.')
    return [name or f'column_{at}' for at, name in enumerate(stripped, 1)]


def _places(name: str, names: list[str]) -> str:
    places = [f'{at:,}' for at, other in enumerate(names, 1) if other == name]
    return ', '.join(places[:3]) + (' …' if len(places) > 3 else '')


def has_header(rows: list[list[str]], width: int) -> bool:
    """True when the first row names the columns rather than being a record."""
    first, rest = [cell.strip() for cell in rows[0]], rows[1:]
    filled = [cell for cell in first if cell]
    if not rest or not filled:
        return not any(number_kind(cell) for cell in first)
    numeric = [cell for cell in filled if number_kind(cell)]
    if numeric:
        return _counts_up(numeric, first, rest)
    if any(is_missing(cell) for cell in filled) or any(_DATE.match(cell) for cell in filled):
        return False
    columns = [
        [row[at].strip() for row in rest if at < len(row) and not is_missing(row[at])]
        for at in range(min(width, len(first)))
    ]
    if any(_mostly_numbers(column) for column in columns):
        return True
    # All is text: a record's values come again further down, names do not.
    repeated = sum(1 for cell, column in zip(first, columns, strict=False) if cell and cell in column)
    return repeated * 4 < len(filled)


def _counts_up(numeric: list[str], first: list[str], rest: list[list[str]]) -> bool:
    """Years or 0, 1, 2 … as names: whole numbers with an even step, which the next rows do not repeat."""
    try:
        values = [int(cell) for cell in numeric]
    except ValueError:
        return False
    steps = {right - left for left, right in pairwise(values)}
    if len(values) < 3 or len(steps) != 1 or steps.pop() not in (1, 5, 10):
        return False
    at = [index for index, cell in enumerate(first) if cell in numeric]
    for row in rest[:5]:
        if len(row) > at[-1] and row[at[0]].strip().isdigit():
            following = [row[index].strip() for index in at]
            if all(cell.isdigit() for cell in following) and [int(cell) for cell in following] == values:
                return False
    return values[0] in (0, 1) or 1000 <= values[0] <= 2999


def _check_width(first_line: str, shown: str, max_columns: int) -> None:
    """Counts the fields of a first line that may be far too wide before it is parsed."""
    widest = max(first_line.count(delimiter) for delimiter in DELIMITERS) + 1
    if widest > max_columns * 4:
        raise too_many_columns(shown, widest, max_columns, at_least=True)


def _best_delimiter(body: str, shown: str) -> tuple[str, list[list[str]]]:
    """The delimiter that gives the most even table, then the cleanest cells, then the most columns."""
    best: tuple[tuple[float, float, int, int], str, list[list[str]]] | None = None
    for order, delimiter in enumerate(DELIMITERS):
        rows = _parse(body, delimiter, shown)
        counts = Counter(len(row) for row in rows[1:] or rows)
        width, agreeing = max(counts.items(), key=lambda item: (item[1], item[0]))
        if width < 2:
            continue
        even = round(agreeing / sum(counts.values()), 2) if len(rows[0]) in (width, width - 1) else 0.5
        rank = (even, round(_clean_share(rows, delimiter), 2), width, -order)
        if best is None or rank > best[0]:
            best = (rank, delimiter, rows)
    if best is None:
        return ',', _parse(body, ',', shown)
    return best[1], best[2]


def _parse(body: str, delimiter: str, shown: str) -> list[list[str]]:
    csv.field_size_limit(limits.MAX_CELL_BYTES)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(body, newline=''), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) >= _HEAD_ROWS:
                break
    except csv.Error as error:
        raise invalid(
            shown,
            f'a cell is longer than {limits.size_text(limits.MAX_CELL_BYTES)} (MAX_CELL_BYTES), or a '
            f'quote is never closed ({error})',
            'Close the quote, or shorten the cell.',
        ) from error
    return rows


def _clean_share(rows: list[list[str]], delimiter: str) -> float:
    """The share of cells that hold none of the other delimiters; a decimal comma is no delimiter."""
    others = [other for other in DELIMITERS if other != delimiter]
    cells = [cell for row in rows[:200] for cell in row]
    clean = sum(1 for cell in cells if number_kind(cell) or not any(other in cell for other in others))
    return clean / max(len(cells), 1)


def _mostly_numbers(column: list[str]) -> bool:
    if not column:
        return False
    return sum(1 for cell in column if number_kind(cell) or _DATE.match(cell)) >= 0.8 * len(column)


def _names(first: list[str], width: int, header: bool, shown: str) -> tuple[list[str], int]:
    if not header:
        return [f'column_{at}' for at in range(1, width + 1)], 0
    # R writes row names without naming their column.
    cells = [cell.lstrip('\ufeff') for cell in (['row_name', *first] if len(first) == width - 1 else first)]
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return check_names(cells, shown), sum(1 for cell in cells if not cell.strip())
