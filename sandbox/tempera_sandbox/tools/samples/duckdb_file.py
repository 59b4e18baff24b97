"""A DuckDB database file from outside: opened read-only and locked, in a child that ends with the answer.

1. Nothing but the file itself can be read, and nothing be installed, loaded or set, whatever its catalogue says.
2. Only tables are read: a view runs what its author wrote.
3. Values are what the database writes for them; their sample is drawn by a fixed seed on one thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from .. import ToolError, limits
from ..sql.bounded_query import TimeLimit
from ..sql.session_tables import first_line, identifier
from ..uploads.refusals import invalid
from .reservoir import bounded, room_of

MAGIC = b'DUCK'
_MAGIC_AT = 8
_SEED = 7
_LISTED = """
SELECT database_name, schema_name, table_name, estimated_size, column_count
FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY schema_name, table_name
"""
_COLUMNS = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index
"""
_KEYS = """
SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names
FROM duckdb_constraints()
WHERE database_name = ? AND schema_name = ? AND table_name = ?
  AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY') ORDER BY constraint_index
"""


def is_duckdb(path: Path) -> bool:
    """Whether the file begins as a DuckDB database does."""
    with path.open('rb') as stream:
        return stream.read(_MAGIC_AT + len(MAGIC))[_MAGIC_AT:] == MAGIC


def list_tables(path: Path, shown: str) -> dict[str, Any]:
    """What the file's tables are. Raises INVALID_DATASET, QUERY_TIMEOUT."""
    return _within(path, shown, _listed)


def sample_table(path: Path, shown: str, table: str, sample_size: int) -> dict[str, Any]:
    """The columns of a table, named `schema.table` as `list_tables` does. Raises NOT_FOUND too."""
    deadline = time.monotonic() + limits.MAX_SAMPLED_DATABASE_S
    return _within(
        path, shown, lambda connection: _sampled(connection, shown, table, _Asked(sample_size, deadline))
    )


class _Asked:
    """How much is asked of a table, and until when."""

    def __init__(self, sample_size: int, deadline: float) -> None:
        self.sample_size = sample_size
        self.deadline = deadline

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline


def _within(path: Path, shown: str, work: Any) -> dict[str, Any]:
    clock = TimeLimit(limits.MAX_SAMPLED_DATABASE_S + 30)

    def opened() -> dict[str, Any]:
        try:
            with _opened(path) as connection:
                clock.use(connection)
                result: dict[str, Any] = work(connection)
                return result
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise invalid(
                shown,
                f'the DuckDB database cannot be read ({first_line(error)[:200]})',
                'Write it again by a DuckDB of this version, or export its tables as parquet.',
            ) from error

    return clock.run(opened, [])


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    settings: dict[str, Any] = {
        'enable_external_access': 'false',
        'autoinstall_known_extensions': 'false',
        'autoload_known_extensions': 'false',
        'allow_community_extensions': 'false',
        'python_enable_replacements': 'false',
        'memory_limit': f'{limits.DEFAULT_SQL_MEMORY_MB}MB',
        'threads': '1',
    }
    with duckdb.connect(str(path), read_only=True, config=settings) as connection:
        connection.execute('SET lock_configuration = true')
        yield connection


def _listed(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    rows = connection.execute(_LISTED).fetchall()
    views = connection.execute('SELECT count(*) FROM duckdb_views() WHERE NOT internal').fetchone()
    tables = [
        {
            'table': f'{schema}.{table}',
            'schema': schema,
            'name': table,
            'rows': rows_there,
            'columns': columns,
        }
        for _, schema, table, rows_there, columns in rows
    ]
    left = [f'{views[0]:,} views are not read: tables alone are.'] if views and views[0] else []
    return {'tables': tables, 'left_out': left}


def _sampled(connection: duckdb.DuckDBPyConnection, shown: str, table: str, asked: _Asked) -> dict[str, Any]:
    database, schema, name = _found(connection, shown, table)
    columns = connection.execute(_COLUMNS, [database, schema, name]).fetchall()
    keys = _keys(connection, [database, schema, name])
    source = f'{identifier(schema)}.{identifier(name)}'
    counted = connection.execute(f'SELECT count(*) FROM {source}').fetchone()
    rows = int(counted[0]) if counted else 0
    room, found, late, left = room_of(len(columns)), [], 0, 0
    for position, (column, kind) in enumerate(columns):
        described = {'name': column, 'type': kind, 'position': position, 'total_count': rows}
        described |= keys.get(column, {})
        if asked.is_late:
            late += 1
            found.append(described | {'null_count': None, 'distinct_count': None, 'reservoir': []})
            continue
        numbers, values = _values(connection, source, identifier(column), asked.sample_size)
        fitting, dropped = bounded(values, room)
        left += dropped
        found.append(
            described
            | {'null_count': rows - numbers[0], 'distinct_count': min(numbers), 'reservoir': fitting}
        )
    sentences = (
        [f'{left:,} values of the sample are left out: the answer has no room for them.'] if left else []
    )
    if late:
        sentences.append(
            f'{late:,} of {len(columns):,} columns were not read within {limits.MAX_SAMPLED_DATABASE_S:g} s '
            '(MAX_SAMPLED_DATABASE_S): they stand without values.'
        )
    return {'table': table, 'columns': found, 'left_out': sentences}


def _keys(connection: duckdb.DuckDBPyConnection, table: list[str]) -> dict[str, dict[str, Any]]:
    """What keys say of each column; of several foreign ones the first."""
    found: dict[str, dict[str, Any]] = {}
    for kind, columns, partner, partners in connection.execute(_KEYS, table).fetchall():
        if kind == 'PRIMARY KEY':
            for column in columns:
                found.setdefault(column, {})['is_key'] = True
            continue
        for column, other in zip(columns, partners, strict=True):
            found.setdefault(column, {}).setdefault('references', {'table': partner, 'column': other})
    return found


def _values(
    connection: duckdb.DuckDBPyConnection, source: str, column: str, sample_size: int
) -> tuple[tuple[int, int], list[str]]:
    """How many values are there, about how many different ones, and a sample of them as texts."""
    text = f'left(CAST({column} AS VARCHAR), {limits.MAX_SAMPLED_VALUE_CHARS + 1})'
    counts = connection.execute(
        f'SELECT count({column}), approx_count_distinct({column}) FROM {source}'
    ).fetchone()
    there = f'SELECT rowid AS place, {column} FROM {source} WHERE {column} IS NOT NULL'
    drawn = f'SELECT * FROM ({there}) USING SAMPLE reservoir({sample_size} ROWS) REPEATABLE ({_SEED})'
    rows = connection.execute(f'SELECT {text} FROM ({drawn}) ORDER BY place').fetchall()
    values = [value for (value,) in rows if value is not None and value.strip()]
    return (int(counts[0]), int(counts[1])) if counts else (0, 0), values


def _found(connection: duckdb.DuckDBPyConnection, shown: str, table: str) -> tuple[str, str, str]:
    listed = connection.execute(_LISTED).fetchall()
    for database, schema, name, _, _ in listed:
        if f'{schema}.{name}' == table:
            return database, schema, name
    there = ', '.join(f'{schema}.{name}'[:80] for _, schema, name, _, _ in listed[:20]) or 'none'
    raise ToolError('NOT_FOUND', f'{shown}: there is no table {table!r:.200}. Its tables are: {there}.')
