"""Files read without any parameter: by tempera.tables, and by those beside it where they are installed.

Each reader gives the rows as texts, the row of names first where the file has one; None where it refuses.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tempera.tables import EmptyTable, TableError, understand
from tempera.tables.read import read_raw

Rows = list[list[str]]


@dataclass(frozen=True)
class Shape:
    """What the survey's files are compared by."""

    delimiter: str
    names: list[str]
    columns: int
    #: totals and notes among them, which the benchmark's clean versions keep
    rows: int
    #: the first row, to tell made-up names from data
    first: list[str]


def ours(file: Path) -> tuple[Rows | None, Shape | None]:
    """By `understand` and the cells that `read` parses."""
    try:
        plan = understand(file)
    except EmptyTable:
        return [], Shape('', [], 0, 0, [])
    except TableError:
        return None, None
    table = read_raw(file, plan)
    columns = [column.to_pylist() for column in table.columns]
    rows = [[cell or '' for cell in row] for row in zip(*columns, strict=True)]
    names = [plan.file.renamed.get(name, name) for name in plan.names]
    below = sum(plan.file.left_out.get(reason, 0) for reason in ('total', 'footnote'))
    shown = names if plan.file.has_header else []
    shape = Shape(plan.file.delimiter, shown, len(names), plan.file.rows_used + below, rows[0] if rows else [])
    return [names, *rows] if plan.file.has_header else rows, shape


def duckdb_auto(file: Path) -> tuple[Rows | None, Shape | None]:
    """By DuckDB's `sniff_csv` and `read_csv`."""
    import duckdb

    connection = duckdb.connect()
    try:
        sniffed = connection.execute('select Delimiter, HasHeader from sniff_csv(?)', [str(file)]).fetchone()
        read = connection.execute('select * from read_csv(?, all_varchar = true)', [str(file)])
        names = [one[0] for one in read.description]
        rows = [['' if cell is None else cell for cell in row] for row in read.fetchall()]
    except (duckdb.Error, UnicodeDecodeError):
        return None, None
    finally:
        connection.close()
    has_header = bool(sniffed and sniffed[1])
    shape = Shape(
        sniffed[0] if sniffed else '',
        names if has_header else [],
        len(names),
        len(rows),
        rows[0] if rows else [],
    )
    return [names, *rows] if has_header else rows, shape


def pandas_python(file: Path) -> tuple[Rows | None, Shape | None]:
    """By `read_csv` as it is."""
    import pandas

    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            frame = pandas.read_csv(file, dtype=str, keep_default_na=False)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeDecodeError, ValueError):
        return None, None
    names = [str(name) for name in frame.columns]
    rows = [['' if cell != cell else str(cell) for cell in row] for row in frame.itertuples(index=False)]
    return [names, *rows], Shape(',', names, len(names), len(rows), rows[0] if rows else [])


def clevercsv_auto(file: Path) -> tuple[Rows | None, Shape | None]:
    """By CleverCSV's detection."""
    import clevercsv

    try:
        encoding = clevercsv.encoding.get_encoding(str(file))
        with open(file, newline='', encoding=encoding) as source:
            text = source.read()
        dialect = clevercsv.Sniffer().sniff(text[:100_000])
        rows = list(clevercsv.reader(io.StringIO(text, newline=''), dialect))
    except (clevercsv.exceptions.Error, csv.Error, UnicodeDecodeError, LookupError, AttributeError):
        return None, None
    names = rows[0] if rows else []
    return rows, Shape(dialect.delimiter if dialect else '', names, len(names), max(0, len(rows) - 1), names)


READERS: dict[str, Callable[[Path], tuple[Rows | None, Shape | None]]] = {'tempera': ours}
if importlib.util.find_spec('duckdb'):
    READERS['duckdb'] = duckdb_auto
if importlib.util.find_spec('pandas'):
    READERS['pandas'] = pandas_python
if importlib.util.find_spec('clevercsv'):
    READERS['clevercsv'] = clevercsv_auto
