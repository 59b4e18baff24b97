"""Profiles an uploaded table: format, encoding, delimiter, header, rows, columns with types, preview, target.

Parameters: file (its name in the dataset), target?, name? (how messages call it), max_columns?,
max_uncompressed_bytes?, preview_rows?. The same bytes give the same answer; memory does not grow with the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import Context, limits
from .cell_values import cut
from .column_profile import profile_column
from .read_delimited import read_delimited
from .read_json import read_json
from .read_parquet import read_parquet
from .read_workbook import read_workbook
from .suggested_target import check_target, suggest_target
from .table_sample import TableSample
from .text_encoding import detect_encoding
from .upload_bytes import ByteSource, invalid, open_upload
from .workspace_paths import resolve

_FEW_ROWS = 20


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError INVALID_DATASET, UNKNOWN_TARGET, INVALID_PATH or NOT_FOUND."""
    name = limits.text(params, 'file')
    path = resolve(
        name, Context(context.datasets, context.datasets) if (context.datasets / name).is_file() else context
    )
    if not path.is_file():
        raise invalid(name, 'it is a folder, not a file', 'Name one file.')
    max_bytes = limits.whole_number(
        params, 'max_uncompressed_bytes', limits.MAX_UNCOMPRESSED_BYTES, 1, 1 << 50
    )
    shown = str(params.get('name') or Path(name).name)[:200]
    read = read_table(
        path, shown, limits.whole_number(params, 'max_columns', limits.MAX_COLUMNS, 1, 1_000_000), max_bytes
    )
    preview_rows = limits.whole_number(params, 'preview_rows', limits.PREVIEW_ROWS, 0, limits.PREVIEW_ROWS)
    return _profile(read, shown, params.get('target'), preview_rows)


class ReadTable:
    """A table that has been read: how, the sample, and what to warn of."""

    def __init__(self, how: dict[str, Any], sample: TableSample, warnings: list[str]) -> None:
        self.how = how
        self.sample = sample
        self.warnings = warnings


def read_table(
    path: Path,
    shown: str,
    max_columns: int = limits.MAX_COLUMNS,
    max_bytes: int = limits.MAX_UNCOMPRESSED_BYTES,
    least_rows: int = limits.MIN_ROWS,
) -> ReadTable:
    """Reads any upload that is taken: to predict, one row is enough. Raises INVALID_DATASET."""
    source = open_upload(path, shown, max_bytes)
    magic, suffix = source.head(4), Path(source.name).suffix.lower()
    how: dict[str, Any] = {
        'format': '',
        'compression': source.packing or None,
        'encoding': None,
        'delimiter': None,
    }
    if magic == b'PAR1' or suffix in ('.parquet', '.pq'):
        sample, extra, warnings = _with_copy(
            source, lambda real: read_parquet(real, shown, max_columns, max_bytes)
        )
        return _checked(how | {'format': 'parquet'} | extra, sample, warnings, shown, least_rows)
    if magic == b'PK\x03\x04' or suffix == '.xlsx':
        sample, extra, warnings = _with_copy(source, lambda real: read_workbook(real, shown, max_columns))
        return _checked(how | {'format': 'xlsx'} | extra, sample, warnings, shown, least_rows)
    how['encoding'] = encoding = detect_encoding(source)
    if _is_json(source, encoding, suffix):
        sample, extra, warnings = read_json(source, encoding, max_columns)
        return _checked(
            how | {'format': 'json' if extra['form'] == 'records' else 'jsonl'} | extra,
            sample,
            warnings,
            shown,
            least_rows,
        )
    sample, dialect, warnings = read_delimited(source, encoding, max_columns)
    kind = 'tsv' if dialect.delimiter == '\t' else 'csv'
    return _checked(
        how | {'format': kind, 'delimiter': dialect.delimiter, 'header': dialect.header},
        sample,
        warnings,
        shown,
        least_rows,
    )


def _with_copy(source: ByteSource, read: Any) -> Any:
    """Reads from a real file; a copy that was made for it goes at once."""
    path = source.seekable_path()
    try:
        return read(path)
    finally:
        if path != source.path:
            path.unlink(missing_ok=True)


def _is_json(source: ByteSource, encoding: str, suffix: str) -> bool:
    codec = 'utf-8' if encoding == 'utf-8-sig' else encoding
    head = source.head(4_096).decode(codec, 'ignore').lstrip('\ufeff \t\r\n')
    if suffix in ('.json', '.jsonl', '.ndjson'):
        return True
    return suffix not in ('.csv', '.tsv', '.tab') and (head.startswith(('{', '[{', '[\n')))


def _checked(
    how: dict[str, Any], sample: TableSample, warnings: list[str], shown: str, least_rows: int
) -> ReadTable:
    if len(sample.names) < limits.MIN_COLUMNS:
        raise invalid(
            shown,
            'it has one column only',
            'Upload a table with at least 2 columns (MIN_COLUMNS): the target and something to predict it from.',
        )
    if sample.rows < least_rows:
        what = 'it holds no rows' if sample.rows == 0 else 'it holds 1 row only'
        raise invalid(
            shown,
            what,
            f'Upload a table with at least {limits.MIN_ROWS} rows (MIN_ROWS); 20 or more are needed to learn anything.'
            if least_rows > 1
            else 'Upload a table with at least 1 row to predict.',
        )
    if sample.rows < _FEW_ROWS:
        warnings.append(
            f'The table has only {sample.rows} rows: models learned from fewer than {_FEW_ROWS} say little.'
        )
    lowered = [name.lower() for name in sample.names]
    if len(set(lowered)) < len(lowered):
        warnings.append('Some column names differ only in upper and lower case; SQL takes them for the same.')
    return ReadTable(how, sample, warnings)


def _profile(read: ReadTable, shown: str, target: Any, preview_rows: int) -> dict[str, Any]:
    table = read.sample.table()
    columns = [profile_column(name, table.column(at)) for at, name in enumerate(read.sample.names)]
    rows, warnings = read.sample.rows, list(read.warnings)
    if table.num_rows < rows:
        warnings.append(
            f'Column details come from an even sample of {table.num_rows:,} of the {rows:,} rows.'
        )
        for column in columns:
            column['missing_estimated'] = round(column['missing'] / max(table.num_rows, 1) * rows)
    _warn_of_columns(columns, table.num_rows, warnings)
    if all(column.get('all_missing') for column in columns):
        raise invalid(shown, 'every cell is missing', 'Upload a table with values.')
    suggestion = suggest_target(columns, table.num_rows)
    if target is not None and target != '':
        check_target(str(target), columns, shown)
    decimal = ',' if any(column.get('decimal') == ',' for column in columns) else '.'
    return {
        **read.how,
        'decimal': decimal,
        'rows': rows,
        'sampled_rows': table.num_rows,
        'column_count': len(columns),
        'columns': columns,
        'preview': _preview(read.sample, preview_rows),
        'target': str(target) if target else None,
        'suggested_target': suggestion,
        'warnings': warnings,
    }


def _preview(sample: TableSample, wanted: int) -> list[dict[str, str | None]]:
    """The first rows as texts; fewer of them when the table is very wide."""
    if sample.preview is None:
        return []
    rows = min(wanted, max(limits.PREVIEW_CELLS // len(sample.names), 1))
    head = sample.preview.slice(0, rows)
    cells = [
        [
            None if cell is None else cut(cell, limits.PREVIEW_CELL_CHARS)
            for cell in head.column(at).to_pylist()
        ]
        for at in range(len(sample.names))
    ]
    return [dict(zip(sample.names, row, strict=True)) for row in zip(*cells, strict=True)]


def _warn_of_columns(columns: list[dict[str, Any]], rows: int, warnings: list[str]) -> None:
    """Sentences about groups of columns, each with at most a few names."""
    groups = (
        ('Without any value', [c for c in columns if c.get('all_missing')]),
        (
            'With the same value in every row',
            [c for c in columns if c['type'] == 'constant' and not c.get('all_missing')],
        ),
        (
            'More than half missing',
            [c for c in columns if c['missing'] > rows * 0.5 and not c.get('all_missing')],
        ),
        ('Numbers with a few other texts among them', [c for c in columns if c.get('not_numbers')]),
        (
            'Perhaps with a code for missing, such as -999',
            [c for c in columns if 'possible_missing_code' in c],
        ),
        ('Dates whose day and month cannot be told apart', [c for c in columns if c.get('ambiguous')]),
        ('Numbers with a decimal comma', [c for c in columns if c.get('decimal') == ',']),
    )
    for said, group in groups:
        if group:
            names = ', '.join(cut(column['name'], 60) for column in group[:8])
            more = f' and {len(group) - 8:,} more' if len(group) > 8 else ''
            warnings.append(f'{said}: {names}{more}.')
