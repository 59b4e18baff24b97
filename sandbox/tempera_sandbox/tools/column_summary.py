"""Sums up a table's columns: type, plan's kind, missing, distinct, range, mean, quantiles, histogram or top values.

Parameters: table, timeout_s? (20), memory_mb? (512), columns? (names; default the first 200).
"""

from __future__ import annotations

from typing import Any

import duckdb

from . import Context, ToolError, limits
from .cell_values import json_value
from .sql.bounded_query import TimeLimit, one_row
from .sql.session_tables import (
    TableSource,
    describe,
    identifier,
    open_database,
    session_tables,
    unknown_table,
)

_BINS = 20
_TOP = 10
_DEFAULT_COLUMNS = 200
_NUMERIC = (
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'HUGEINT',
    'UTINYINT',
    'USMALLINT',
    'UINTEGER',
    'UBIGINT',
    'UHUGEINT',
    'FLOAT',
    'DOUBLE',
    'DECIMAL',
)


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError UNKNOWN_TABLE, INVALID_SQL or QUERY_TIMEOUT."""
    name = limits.text(params, 'table', 300)
    seconds = limits.number(params, 'timeout_s', limits.DEFAULT_SQL_TIMEOUT_S, 0.05, limits.MAX_SQL_TIMEOUT_S)
    memory_mb = limits.whole_number(
        params, 'memory_mb', limits.DEFAULT_SQL_MEMORY_MB, 32, limits.MAX_SQL_MEMORY_MB
    )
    tables = session_tables(context)
    table = next((table for table in tables if table.name == name.lower()), None)
    if table is None:
        raise unknown_table(name, tables)
    clock = TimeLimit(seconds)

    def work() -> dict[str, Any]:
        with open_database([table], memory_mb) as connection:
            clock.use(connection)
            return _summary(connection, table, params.get('columns'))

    return {'table': table.name, 'file': table.shown} | clock.run(work, tables)


def _summary(connection: duckdb.DuckDBPyConnection, table: TableSource, requested: Any) -> dict[str, Any]:
    source = identifier(table.name)
    columns = describe(connection, table)
    chosen = columns[:_DEFAULT_COLUMNS]
    if isinstance(requested, list) and requested:
        chosen = [column for column in columns if column['name'] in requested]
        missing = [str(one) for one in requested if one not in {column['name'] for column in columns}]
        if missing:
            raise ToolError('INVALID_ARGUMENT', f'The table {table.name} has no column {missing[0]!r:.200}.')
    (rows,) = one_row(connection, f'SELECT count(*) FROM {source}')
    return {
        'rows': rows,
        'columns': [_column(connection, source, column, rows) for column in chosen],
        'columns_left_out': len(columns) - len(chosen),
    }


def _column(
    connection: duckdb.DuckDBPyConnection, source: str, column: dict[str, Any], rows: int
) -> dict[str, Any]:
    quoted = identifier(column['name'])
    there, distinct = one_row(
        connection, f'SELECT count({quoted}), approx_count_distinct({quoted}) FROM {source}'
    )
    found = column | {'missing': rows - there, 'distinct': min(distinct, there)}
    if column['type'].split('(')[0] in _NUMERIC:
        return found | _numeric(connection, source, quoted)
    if column['type'].startswith(('DATE', 'TIME')):
        found |= _ends(connection, source, quoted)
    return found | {'top_values': _top(connection, source, quoted)}


def _numeric(connection: duckdb.DuckDBPyConnection, source: str, quoted: str) -> dict[str, Any]:
    finite = f'(SELECT CAST({quoted} AS DOUBLE) AS x FROM {source} WHERE isfinite(CAST({quoted} AS DOUBLE)))'
    row = one_row(
        connection,
        f'SELECT min(x), max(x), avg(x), CASE WHEN count(x) > 1 THEN stddev_samp(x) END, '
        f'quantile_cont(x, [0.05, 0.25, 0.5, 0.75, 0.95]), count(x) FROM {finite}',
    )
    if row[0] is None:
        return {'min': None, 'max': None, 'mean': None, 'sd': None, 'quantiles': {}, 'histogram': []}
    quantiles = dict(
        zip(('q5', 'q25', 'q50', 'q75', 'q95'), (json_value(value, 100) for value in row[4]), strict=True)
    )
    low, high = row[0], row[1]
    return {
        'min': json_value(low, 100),
        'max': json_value(high, 100),
        'mean': json_value(row[2], 100),
        'sd': json_value(row[3], 100),
        'quantiles': quantiles,
        'histogram': _histogram(connection, finite, low, high, row[5]),
    }


def _histogram(
    connection: duckdb.DuckDBPyConnection, finite: str, low: float, high: float, count: int
) -> list[dict[str, Any]]:
    width = (high - low) / _BINS
    if not width or width == float('inf'):
        return [{'from': json_value(low, 100), 'to': json_value(high, 100), 'count': count}]
    binned = connection.execute(
        f'SELECT CAST(least(floor((x - {low!r}) / {width!r}), {_BINS - 1}) AS INTEGER) AS bin, count(*) '
        f'FROM {finite} GROUP BY bin'
    ).fetchall()
    counts = dict(binned)
    return [
        {'from': low + at * width, 'to': low + (at + 1) * width, 'count': counts.get(at, 0)}
        for at in range(_BINS)
    ]


def _ends(connection: duckdb.DuckDBPyConnection, source: str, quoted: str) -> dict[str, Any]:
    low, high = one_row(connection, f'SELECT min({quoted})::VARCHAR, max({quoted})::VARCHAR FROM {source}')
    return {'min': low, 'max': high}


def _top(connection: duckdb.DuckDBPyConnection, source: str, quoted: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        f'SELECT left({quoted}::VARCHAR, 200) AS value, count(*) AS n FROM {source} WHERE {quoted} IS NOT NULL '
        f'GROUP BY value ORDER BY n DESC, value LIMIT {_TOP}'
    ).fetchall()
    return [{'value': value, 'count': count} for value, count in rows]
