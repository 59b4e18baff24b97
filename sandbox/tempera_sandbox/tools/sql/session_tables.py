"""The tables of a session for SQL: which files they are, and a locked DuckDB that shows them as views.

1. Names: prep/data/train.parquet is `train` (val and test likewise), eda/data/x.csv is `eda_x`, train/data/x.csv is
   `train_x`, a dataset file `data_x`; `dataset` is the first dataset file.
2. A view may read its own file and nothing else: after the views are made, file access is off and settings are locked.
3. Only the tables that a statement names are opened.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tempera.reports.kinds import kind_words
from tempera.tables import ColumnPlan, TablePlan

from .. import Context, ToolError, limits
from ..uploads.uploaded_arrow import arrow_table
from ..uploads.uploaded_table import Taken, read_upload, stored_plan
from ..workspace_paths import is_inside, shown
from .named_columns import named_columns

_SPLITS = ('train', 'val', 'test')
_SUFFIXES = ('.parquet', '.pq', '.csv', '.tsv')
_STAGE_FOLDERS = (('prep/data', 'prep_'), ('eda/data', 'eda_'), ('train/data', 'train_'))
_KINDS = 'csv|tsv|tab|txt|json|jsonl|ndjson|xls[xmb]?|ods|parquet|pq'
_PACKINGS = 'gz|bz2|xz|zst|zip|tar|tgz'
_UPLOADED = re.compile(rf'\.(?:{_KINDS}|{_PACKINGS})$', re.IGNORECASE)
_PLAN = 'eda/data/plan.json'


@dataclass(frozen=True)
class TableSource:
    """A file that SQL sees as a table."""

    name: str
    path: Path
    shown: str
    uploaded: bool
    #: where the session's own plan of the upload stands, by which its reports and its splits were made
    plan_file: Path | None = None


def session_tables(context: Context) -> list[TableSource]:
    """The tables of the session, splits first, then the dataset, then the stages' data files; MAX_TABLES at most."""
    return _all_tables(context)[: limits.MAX_TABLES]


def tables_left_out(context: Context) -> int:
    """How many more there are."""
    return max(0, len(_all_tables(context)) - limits.MAX_TABLES)


def _all_tables(context: Context) -> list[TableSource]:
    found: dict[str, TableSource] = {}
    for name in _SPLITS:
        for suffix in ('.parquet', '.csv'):
            _take(found, name, context.workspace / 'prep/data' / f'{name}{suffix}', context, uploaded=False)
    dataset = [path for path in _files(context.datasets) if _UPLOADED.search(path.name)]
    for at, path in enumerate(dataset):
        if at == 0:
            _take(found, 'dataset', path, context, uploaded=True)
        _take(found, f'data_{_plain(path)}', path, context, uploaded=True)
    for folder, prefix in _STAGE_FOLDERS:
        for path in _files(context.workspace / folder):
            if path.suffix.lower() in _SUFFIXES and not (prefix == 'prep_' and path.stem in _SPLITS):
                _take(found, prefix + _plain(path), path, context, uploaded=False)
    return list(found.values())


@contextmanager
def open_database(
    sources: list[TableSource], memory_mb: int, statement: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked database in memory with a view for each source, of uploads with the columns that a `statement` can need,
    where one is given; what it spills to disk goes with it.

    Raises INVALID_DATASET for an unreadable file.
    """
    settings: dict[str, Any] = {
        'memory_limit': f'{memory_mb}MB',
        'threads': '2',
        'max_temp_directory_size': f'{memory_mb * 2}MB',
        'autoinstall_known_extensions': 'false',
        'autoload_known_extensions': 'false',
        'allow_community_extensions': 'false',
        'python_enable_replacements': 'false',
    }
    with (
        tempfile.TemporaryDirectory(prefix='sql-') as scratch,
        duckdb.connect(':memory:', config=settings | {'temp_directory': f'{scratch}/spill'}) as connection,
    ):
        opened = [_view_of(connection, source, Path(scratch), statement) for source in sources]
        allowed = ', '.join(_quoted(str(path)) for path in opened if path is not None)
        connection.execute(f'SET allowed_paths = [{allowed}]')
        connection.execute('SET enable_external_access = false')
        connection.execute('SET lock_configuration = true')
        yield connection


def unknown_table(name: str, sources: list[TableSource]) -> ToolError:
    """The refusal of a table that is not there."""
    there = ', '.join(source.name for source in sources[:20]) or 'none yet'
    return ToolError(
        'UNKNOWN_TABLE', f'There is no table {name!r:.200}. The tables of this session are: {there}.'
    )


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith('.'))[
        : limits.MAX_TABLES
    ]


def _plain(path: Path) -> str:
    stem = re.sub(rf'(\.(?:{_KINDS}|{_PACKINGS}))+$', '', path.name, flags=re.IGNORECASE)
    return re.sub(r'[^a-z0-9]+', '_', stem.lower()).strip('_') or 'table'


def _take(found: dict[str, TableSource], name: str, path: Path, context: Context, uploaded: bool) -> None:
    """Adds a file under its name; a link that leads out is left aside, a taken name gets a number."""
    real = Path(os.path.realpath(path))
    if not real.is_file() or not is_inside(real, context) or (name in _SPLITS and name in found):
        return
    free, number = name, 2
    while free in found:
        free, number = f'{name}_{number}', number + 1
    plan_file = context.workspace / _PLAN if uploaded or name in _SPLITS else None
    found[free] = TableSource(free, real, shown(real, context), uploaded, plan_file)


def _view_of(
    connection: duckdb.DuckDBPyConnection, source: TableSource, scratch: Path, statement: str | None
) -> Path | None:
    """Makes the view and returns the one file that it reads; None when its rows were taken over."""
    try:
        if source.uploaded:
            _show_upload(connection, source, statement)
            return None
        return _show_file(connection, source, scratch)
    except duckdb.Error as error:
        raise ToolError(
            'INVALID_DATASET',
            f'{source.shown}: it cannot be read as a table ({first_line(error)}). Write the file again.',
            {'file': source.shown},
        ) from error


def _show_file(connection: duckdb.DuckDBPyConnection, source: TableSource, scratch: Path) -> Path:
    path = _plain_path(source, scratch)
    read = (
        'read_parquet({})'
        if path.suffix.lower() in ('.parquet', '.pq')
        else 'read_csv({}, sample_size = 100000)'
    )
    shown_rows = read.format(_quoted(str(path)))
    connection.execute(f'CREATE VIEW {identifier(source.name)} AS SELECT * FROM {shown_rows}')
    return path


def _show_upload(connection: duckdb.DuckDBPyConnection, source: TableSource, statement: str | None) -> None:
    """Shows an upload's rows as the library reads them: the values that the reports and the model have."""
    connection.register(source.name, _uploaded(source, statement)[0])


def planned_columns(source: TableSource) -> dict[str, ColumnPlan]:
    """What a table's columns are, by their names in SQL: of an upload as it is read, of splits as the session's plan
    says. Nothing of other files, and of columns that no plan knows."""
    if source.uploaded:
        rows, plan = _uploaded(source, None)
        return dict(zip(rows.column_names, plan.columns, strict=True))
    stored = stored_plan(source.plan_file)
    return {column.name: column for column in stored.columns} if stored else {}


def _uploaded(source: TableSource, statement: str | None) -> tuple[pa.Table, TablePlan]:
    stat = source.path.stat()
    return _rows_of(source, statement, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _rows_of(
    source: TableSource, statement: str | None, _changed: int, _size: int
) -> tuple[pa.Table, TablePlan]:
    """Read once a call, though a file has two names."""
    chosen = None if statement is None else partial(named_columns, statement, source.name)
    table = read_upload(source.path, source.shown, Taken(least_rows=1), source.plan_file, chosen)
    return arrow_table(table), table.plan


def _plain_path(source: TableSource, scratch: Path) -> Path:
    """A path that DuckDB does not take for a pattern: a link in `scratch` where the name would be one."""
    if not re.search(r'[*?\[\]{}]', str(source.path)):
        return source.path
    link = scratch / f'{source.name}{source.path.suffix}'
    link.symlink_to(source.path)
    return link


def first_line(error: BaseException) -> str:
    """An error's first line, short."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:400]


def describe(connection: duckdb.DuckDBPyConnection, source: TableSource) -> list[dict[str, Any]]:
    """The columns of a table: [{name, type, kind?, kind_words?}], SQL's type and the plan's kind where one knows it."""
    rows = connection.execute(f'DESCRIBE {identifier(source.name)}').fetchall()
    planned = planned_columns(source)
    return [{'name': name, 'type': str(kind)} | _kind_of(planned.get(name)) for name, kind, *_ in rows]


def _kind_of(column: ColumnPlan | None) -> dict[str, str]:
    return {} if column is None else {'kind': column.kind, 'kind_words': kind_words(column)}
