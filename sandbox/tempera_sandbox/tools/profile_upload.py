"""Profiles an uploaded table: format, encoding, delimiter, header, rows, columns with types, preview, target.

Parameters: file (its name in the dataset), target?, name? (how messages call it), max_columns?,
max_uncompressed_bytes?, preview_rows?. The same bytes give the same answer, and it is the library's: what a cell means
here it means in the reports, in SQL and in predictions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from tempera.tables import TablePlan
from tempera.tables.measured.targets import rank_targets

from . import Context, limits
from .cell_values import cut
from .uploads.named_target import check_target
from .uploads.refusals import invalid
from .uploads.upload_warnings import warnings_of
from .uploads.uploaded_columns import profile_column
from .uploads.uploaded_table import Taken, UploadedTable, read_upload
from .workspace_paths import resolve

#: likely targets that are told, best first
_CANDIDATES = 3
_FORMATS = {'workbook': 'xlsx', 'json': 'json', 'jsonl': 'jsonl', 'parquet': 'parquet'}
_PACKINGS = {'gzip': 'gz', 'bzip2': 'bz2'}


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
    max_columns = limits.whole_number(params, 'max_columns', limits.MAX_COLUMNS, 1, 1_000_000)
    preview_rows = limits.whole_number(params, 'preview_rows', limits.PREVIEW_ROWS, 0, limits.PREVIEW_ROWS)
    shown = str(params.get('name') or Path(name).name)[:200]
    table = read_upload(path, shown, Taken(max_columns, max_bytes))
    return _profile(table, shown, params.get('target'), preview_rows)


def _profile(table: UploadedTable, shown: str, target: Any, preview_rows: int) -> dict[str, Any]:
    plan, rows = table.plan, table.plan.file.rows_used
    step = _step(rows, len(plan.names))
    typed, written = table.typed(step), table.written(step=step)
    columns = [profile_column(one, typed[one.name], written[one.name]) for one in plan.columns]
    if target is not None and target != '':
        check_target(str(target), columns, shown)
    warnings = warnings_of(plan, columns)
    if len(typed) < rows:
        warnings.append(f'Column details come from an even sample of {len(typed):,} of the {rows:,} rows.')
    return {
        **_how(plan),
        'decimal': ',' if any(column.get('decimal') == ',' for column in columns) else '.',
        'rows': rows,
        'rows_in_file': plan.file.rows,
        'sampled_rows': len(typed),
        'column_count': len(columns),
        'columns': columns,
        'preview': _preview(table, preview_rows),
        'target': str(target) if target else None,
        **_suggested(plan, typed),
        'warnings': warnings,
    }


def _step(rows: int, columns: int) -> int:
    """Tables of moderate size are looked at whole, larger ones by every n-th row."""
    most = max(min(limits.DETAIL_ROWS, limits.DETAIL_CELLS // columns), 1_000)
    return -(-rows // most) or 1


def _how(plan: TablePlan) -> dict[str, Any]:
    """How the file is written, in the words that forms and agents know."""
    file = plan.file
    described = {
        'format': _FORMATS.get(file.kind, 'tsv' if file.delimiter == '\t' else 'csv'),
        'compression': '+'.join(_PACKINGS.get(one, one) for one in file.packed) or None,
        'encoding': file.encoding or None,
        'delimiter': file.delimiter or None,
        'header': file.has_header,
    }
    sheet = file.parts[0].sheet
    return described | ({'sheet': sheet} if sheet else {})


def _suggested(plan: TablePlan, typed: pd.DataFrame) -> dict[str, Any]:
    """The likeliest target and those after it, each {name, reason} with the reason completing "because …"; None and
    nothing when no column could be one."""
    ranked = [
        {'name': one.name, 'reason': '; '.join(one.because).replace('`', "'")}
        for one in rank_targets(plan, typed, _CANDIDATES)
    ]
    return {'suggested_target': ranked[0] if ranked else None, 'target_candidates': ranked}


def _preview(table: UploadedTable, requested: int) -> list[dict[str, str | None]]:
    """The first rows as texts; fewer of them when the table is very wide."""
    rows = min(requested, max(limits.PREVIEW_CELLS // len(table.plan.names), 1))
    head = table.written(rows)
    return [
        {
            name: None if pd.isna(cell) else cut(str(cell), limits.PREVIEW_CELL_CHARS)
            for name, cell in row.items()
        }
        for row in head.to_dict('records')
    ]
