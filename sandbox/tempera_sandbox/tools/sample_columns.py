"""Samples the columns of a file's tables, for classification: csv and its kin, JSON, workbooks, parquet, archives of
these, and DuckDB databases.

Parameters: file (its name in the dataset), table? (of those that the file holds; the empty name is the only one, or the
largest; without it the tables are listed), name? (how messages call the file), sample_size? (50), max_columns?,
max_uncompressed_bytes?. The same bytes give the same values.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from . import Context, ToolError, limits
from .samples.duckdb_file import is_duckdb, list_tables, sample_table
from .samples.excerpt import Excerpt, excerpt_of
from .samples.file_columns import Counted, columns_of
from .samples.file_tables import FileTables, table_named, tables_of
from .uploads.refusals import invalid
from .workspace_paths import resolve


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool: {tables: [{table, rows, columns}], left_out}, or {table, columns, left_out} of one table.

    Raises ToolError INVALID_DATASET, INVALID_PATH, NOT_FOUND or QUERY_TIMEOUT.
    """
    name = limits.text(params, 'file')
    path = resolve(
        name, Context(context.datasets, context.datasets) if (context.datasets / name).is_file() else context
    )
    if not path.is_file():
        raise invalid(name, 'it is a folder, not a file', 'Name one file.')
    shown = str(params.get('name') or Path(name).name)[:200]
    sample_size = limits.whole_number(params, 'sample_size', 50, 0, limits.MAX_SAMPLE_SIZE)
    table = params.get('table')
    if table is not None and not isinstance(table, str):
        raise ToolError('INVALID_ARGUMENT', 'table must be the name of a table, as a text.')
    if is_duckdb(path):
        if table is None:
            return _bounded(list_tables(path, shown))
        return sample_table(path, shown, table, sample_size)
    with tempfile.TemporaryDirectory(prefix='sample-') as scratch:
        excerpt = excerpt_of(path, shown, Path(scratch))
        found = _tables(excerpt.path if excerpt else path, shown, params)
        if table is None:
            return _listed(found, excerpt)
        return _columns(found, table, excerpt, (shown, sample_size))


def _tables(path: Path, shown: str, params: dict[str, Any]) -> FileTables:
    most_columns = limits.whole_number(
        params, 'max_columns', limits.MAX_SAMPLED_COLUMNS, 1, limits.MAX_SAMPLED_COLUMNS
    )
    most_bytes = limits.whole_number(
        params, 'max_uncompressed_bytes', limits.MAX_UNCOMPRESSED_BYTES, 1, 1 << 50
    )
    return tables_of(path, shown, most_columns, most_bytes)


def _listed(found: FileTables, excerpt: Excerpt | None) -> dict[str, Any]:
    tables = [
        {
            'table': name,
            'rows': layout.part.rows_used if excerpt is None else excerpt.rows,
            'columns': layout.part.fields,
        }
        for name, layout in sorted(found.layouts.items())
    ]
    return _bounded({'tables': tables, 'left_out': found.left_out})


def _columns(
    found: FileTables, table: str, excerpt: Excerpt | None, asked: tuple[str, int]
) -> dict[str, Any]:
    shown, sample_size = asked
    if table == '' and not found.layouts:
        return {'table': '', 'columns': [], 'left_out': found.left_out}
    layout = table_named(found, table, shown)
    counted = Counted(excerpt is None, layout.part.rows_used if excerpt is None else excerpt.rows)
    columns, left_out = columns_of(layout, sample_size, counted)
    sentences = [excerpt.sentence] if excerpt else []
    if table == '':
        sentences += found.left_out
        if len(found.layouts) > 1:
            sentences.append(f'The file holds {len(found.layouts):,} tables; this is the largest.')
    return {'table': table, 'columns': columns, 'left_out': [*sentences, *left_out][: limits.MAX_LEFT_OUT]}


def _bounded(answer: dict[str, Any]) -> dict[str, Any]:
    """At most so many tables, the rest counted in a sentence."""
    tables, left_out = answer['tables'], answer['left_out'][: limits.MAX_LEFT_OUT]
    most = limits.MAX_SAMPLED_TABLES
    if len(tables) > most:
        left_out.append(
            f'{len(tables) - most:,} of {len(tables):,} tables are left out (MAX_SAMPLED_TABLES).'
        )
    return {'tables': tables[:most], 'left_out': left_out}
