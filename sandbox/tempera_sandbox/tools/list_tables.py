"""Lists the session's tables with their columns and row counts. No parameters but timeout_s? (20) and memory_mb?."""

from __future__ import annotations

from typing import Any

from . import Context, ToolError, limits
from .sql.bounded_query import TimeLimit
from .sql.session_tables import (
    TableSource,
    describe,
    identifier,
    open_database,
    session_tables,
    tables_left_out,
)


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool: {tables: [{name, file, rows, columns, error?}], tables_left_out}; `error` of one that is unreadable."""
    seconds = limits.number(params, 'timeout_s', limits.DEFAULT_SQL_TIMEOUT_S, 0.05, limits.MAX_SQL_TIMEOUT_S)
    memory_mb = limits.whole_number(
        params, 'memory_mb', limits.DEFAULT_SQL_MEMORY_MB, 32, limits.MAX_SQL_MEMORY_MB
    )
    tables = session_tables(context)
    return {
        'tables': [_table(table, tables, seconds, memory_mb) for table in tables],
        'tables_left_out': tables_left_out(context),
    }


def _table(table: TableSource, tables: list[TableSource], seconds: float, memory_mb: int) -> dict[str, Any]:
    clock = TimeLimit(seconds)

    def work() -> dict[str, Any]:
        with open_database([table], memory_mb) as connection:
            clock.use(connection)
            rows = connection.execute(f'SELECT count(*) FROM {identifier(table.name)}').fetchone()
            return {'rows': rows[0] if rows else 0, 'columns': describe(connection, table)}

    found: dict[str, Any] = {'name': table.name, 'file': table.shown}
    try:
        return found | clock.run(work, tables)
    except ToolError as error:
        return found | {'rows': None, 'columns': [], 'error': error.message}
