"""Answers one read-only SQL statement over the session's tables.

Parameters: sql, limit? (rows, default 1000), timeout_s? (20), memory_mb? (512).
Result: {columns: [{name, type}], rows: [[…]], row_count, truncated, cut_cells: [{row, column}]}; the cells are safe for
JSON, and those of which something was left out are named.
"""

from __future__ import annotations

import decimal
import json
import re
from typing import Any

import duckdb

from . import Context, ToolError, limits
from .cell_values import json_cell, json_size
from .sql.bounded_query import TimeLimit, one_row
from .sql.session_tables import TableSource, first_line, identifier, open_database, session_tables

_KINDS = re.compile(r'^\s*(select|with|describe|desc|summarize|show|from|values|table|\()', re.IGNORECASE)
_CATALOG = re.compile(r'\b(show|information_schema|duckdb_\w+|pg_\w+|sqlite_master)\b', re.IGNORECASE)
_FILE_FUNCTIONS = re.compile(
    r'^(read_\w+|parquet_\w+|sniff_csv|glob|\w*_scan|scan_\w+|arrow_\w+|st_read|query|query_table|which_secret'
    r'|duckdb_secrets|getenv|json_execute_serialized_sql)$'
)
_COMMENTS = re.compile(r'(\s|--[^\n]*(\n|$)|/\*.*?\*/)*', re.DOTALL)
_FETCH = 200
_TEMPORAL = re.compile(r'\b(DATE|TIME|TIMETZ|TIMESTAMP\w*|TIME_NS|INTERVAL)\b')
_NESTED = ('STRUCT(', 'MAP(', 'UNION(')


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError INVALID_SQL or QUERY_TIMEOUT."""
    sql = limits.text(params, 'sql', limits.MAX_SQL_CHARS)
    limit = limits.whole_number(params, 'limit', limits.DEFAULT_SQL_ROWS, 1, limits.MAX_SQL_ROWS)
    seconds = limits.number(params, 'timeout_s', limits.DEFAULT_SQL_TIMEOUT_S, 0.05, limits.MAX_SQL_TIMEOUT_S)
    memory_mb = limits.whole_number(
        params, 'memory_mb', limits.DEFAULT_SQL_MEMORY_MB, 32, limits.MAX_SQL_MEMORY_MB
    )
    statement = one_statement(sql)
    tables = session_tables(context)
    clock = TimeLimit(seconds)

    def answered(needed: str | None) -> dict[str, Any]:
        with open_database(_named(statement, tables), memory_mb, needed) as connection:
            clock.use(connection)
            return _rows(connection, statement, limit)

    def work() -> dict[str, Any]:
        try:
            return answered(statement)
        except duckdb.BinderException:
            # it needs a column that it does not name, or one that is not there: the whole table tells which
            return answered(None)

    return clock.run(work, tables)


def one_statement(sql: str) -> str:
    """The only statement of a text, without its semicolon. Raises INVALID_SQL for none, several, or one that
    does not merely read."""
    if '\0' in sql:
        raise _refused('the text holds a NUL byte')
    with duckdb.connect(':memory:') as parser:
        try:
            statements = parser.extract_statements(sql)
        except duckdb.Error as error:
            raise ToolError('INVALID_SQL', f'The statement is not valid: {first_line(error)}') from error
        if len(statements) != 1:
            raise _refused(f'there are {len(statements)} statements')
        text = _without_end(parser, statements[0].query.strip())
        kind = statements[0].type.name
        bare = _COMMENTS.sub('', text, count=1)
        if kind != 'SELECT' or not _KINDS.match(bare):
            raise _refused(
                f'a {bare.split(None, 1)[0].upper()[:20] if bare else kind} statement is not taken'
            )
        _refuse_file_functions(parser, text)
    return text


def _without_end(parser: duckdb.DuckDBPyConnection, text: str) -> str:
    """A statement without its semicolon and the comments after it; a semicolon inside a text is none."""
    body, semicolon, rest = text.rpartition(';')
    if not semicolon or not _COMMENTS.fullmatch(rest):
        return text
    try:
        return body.strip() if len(parser.extract_statements(body)) == 1 else text
    except duckdb.Error:
        return text


def _refused(why: str) -> ToolError:
    return ToolError(
        'INVALID_SQL', f'Only one reading statement is taken (SELECT, WITH, DESCRIBE or SUMMARIZE); {why}.'
    )


def _refuse_file_functions(parser: duckdb.DuckDBPyConnection, text: str) -> None:
    """A clear word for functions that read files; the locked database refuses them anyway."""
    try:
        (serialized,) = one_row(parser, 'SELECT json_serialize_sql($1::VARCHAR)', [text])
        tree = json.loads(serialized)
    except (duckdb.Error, ValueError, TypeError, RecursionError):
        return
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            name = str(node.get('function_name', '')).lower()
            if _FILE_FUNCTIONS.match(name):
                raise ToolError(
                    'INVALID_SQL',
                    f"The function {name} is not there: SQL sees only the session's tables, not files. SHOW "
                    'TABLES lists them; train, val, test and dataset are the usual ones.',
                )
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _named(statement: str, tables: list[TableSource]) -> list[TableSource]:
    """The tables that a statement may use: those whose names occur in it; all when it asks for the catalogue."""
    if _CATALOG.search(statement):
        return tables
    lowered = statement.lower()
    return [
        table
        for table in tables
        if re.search(rf'(?<![a-z0-9_]){re.escape(table.name)}(?![a-z0-9_])', lowered)
    ]


def _rows(connection: duckdb.DuckDBPyConnection, statement: str, limit: int) -> dict[str, Any]:
    bounded = f'SELECT * FROM (\n{statement}\n) LIMIT {limit + 1}'
    relation = connection.sql(bounded)
    names, types = list(relation.columns), [str(kind) for kind in relation.types]
    columns = [{'name': name, 'type': kind} for name, kind in zip(names, types, strict=True)]
    try:
        found = _fetch(connection, _rendered(bounded, names, types, whole=False), types, limit)
    except (duckdb.InvalidInputException, duckdb.ConversionException, ValueError, OverflowError):
        # Values that Python cannot hold, such as times in a zone without a table, come as text.
        found = _fetch(connection, _rendered(bounded, names, types, whole=True), [], limit)
    return {'columns': columns, 'row_count': len(found['rows']), **found}


def _rendered(bounded: str, names: list[str], types: list[str], whole: bool) -> str:
    """Has the database itself write what Python or JSON would hold otherwise than it is, and cut long texts, so that a
    huge one never reaches Python."""
    parts = []
    for name, kind in zip(names, types, strict=True):
        column = identifier(name)
        text = f'CAST({column} AS VARCHAR)'
        if _is_written(kind) and not whole:
            rendered = f'CAST(to_json({column}) AS VARCHAR)'
        elif kind == 'FLOAT' and not whole:
            rendered = f'CAST({text} AS DOUBLE)'  # 0.1, not the double that is next to the float
        elif kind.startswith('TIMESTAMP') and 'ZONE' not in kind and not whole:
            rendered = f"regexp_replace({text}, '^(\\d{{4}}-\\d\\d-\\d\\d) ', '\\1T')"
        elif whole or kind == 'VARCHAR' or _TEMPORAL.match(kind):
            rendered = f'left({text}, {limits.MAX_RESULT_CELL_CHARS + 1})'
        else:
            rendered = column
        parts.append(f'{rendered} AS {column}')
    return f'SELECT {", ".join(parts)} FROM ({bounded})'


def _is_written(kind: str) -> bool:
    """A list or an object with times in it: in Python a month would be thirty days, and the end of time a year 9999."""
    return (kind.endswith(']') or kind.startswith(_NESTED)) and _TEMPORAL.search(kind) is not None


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, types: list[str], limit: int) -> dict[str, Any]:
    written = [at for at, kind in enumerate(types) if _is_written(kind)]
    cursor = connection.execute(sql)
    rows: list[list[Any]] = []
    cut_cells: list[dict[str, int]] = []
    size = 0
    while batch := cursor.fetchmany(_FETCH):
        for row in batch:
            if len(rows) >= limit:
                return {'rows': rows, 'truncated': True, 'cut_cells': cut_cells}
            values = list(row)
            for at in written:
                values[at] = _read_back(values[at])
            cells = [json_cell(value, limits.MAX_RESULT_CELL_CHARS) for value in values]
            size += json_size([cell for cell, _ in cells])
            if size > limits.MAX_RESULT_BYTES and rows:
                return {'rows': rows, 'truncated': True, 'cut_cells': cut_cells}
            cut_cells.extend(
                {'row': len(rows), 'column': at} for at, (_, is_cut) in enumerate(cells) if is_cut
            )
            rows.append([cell for cell, _ in cells])
    return {'rows': rows, 'truncated': False, 'cut_cells': cut_cells}


def _read_back(text: str | None) -> Any:
    return None if text is None else json.loads(text, parse_float=decimal.Decimal)
