"""Reads a file of the session or of the dataset: text by bytes from an offset, tables and binaries summarised.

Parameters: path, offset? (bytes; negative counts from the end), limit? (bytes, default 64 KiB, at most 1 MiB).
Result: {path, size, kind: text|table|binary, text, offset, next_offset, truncated}.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import Context, ToolError, limits
from .cell_values import cut
from .uploads.parquet_checks import check_footer
from .workspace_paths import resolve, shown

_SNIFFED = 8_192
_SHOWN_COLUMNS = 200


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError INVALID_PATH or NOT_FOUND."""
    path = resolve(limits.text(params, 'path'), context)
    offset = limits.whole_number(params, 'offset', 0, -(1 << 50), 1 << 50)
    limit = limits.whole_number(params, 'limit', limits.DEFAULT_READ_BYTES, 1, limits.MAX_READ_BYTES)
    if not path.is_file():
        what = 'a folder: call list_files' if path.is_dir() else 'not a plain file'
        raise ToolError('INVALID_PATH', f'{shown(path, context)} is {what}.')
    found: dict[str, Any] = {'path': shown(path, context), 'size': path.stat().st_size}
    with path.open('rb') as stream:
        head = stream.read(_SNIFFED)
        if head[:4] == b'PAR1':
            return found | _parquet(path, found['path'])
        if b'\0' in head:
            return found | {
                'kind': 'binary',
                'text': f'A binary file of {found["size"]:,} bytes, beginning with {head[:16].hex(" ")}.',
                'truncated': False,
            }
        start = max(found['size'] + offset, 0) if offset < 0 else offset
        stream.seek(start)
        body = stream.read(limit)
    return found | _text(body, start, found['size'])


def _text(body: bytes, start: int, size: int) -> dict[str, Any]:
    """Whole characters only: a cut one at the end is left for the next read."""
    for back in range(min(4, len(body))):
        try:
            text = body[: len(body) - back].decode('utf-8')
            body = body[: len(body) - back]
            break
        except UnicodeDecodeError:
            continue
    else:
        text = body.decode('utf-8', 'replace')
    end = start + len(body)
    return {
        'kind': 'text',
        'text': text,
        'offset': start,
        'next_offset': end if end < size else None,
        'truncated': end < size,
    }


def _parquet(path: Path, name: str) -> dict[str, Any]:
    """Rows and columns by the footer alone."""
    try:
        check_footer(path, name)
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (ToolError, pa.ArrowException, OSError, ValueError) as error:
        return {
            'kind': 'binary',
            'text': f'A parquet file that cannot be read: {cut(str(error), 300)}',
            'truncated': False,
        }
    columns = [f'  {cut(field.name, 100)}: {field.type}' for field in list(schema)[:_SHOWN_COLUMNS]]
    more = [f'  … and {len(schema) - _SHOWN_COLUMNS:,} more'] if len(schema) > _SHOWN_COLUMNS else []
    lines = [f'A parquet table of {metadata.num_rows:,} rows and {len(schema):,} columns:', *columns, *more]
    return {'kind': 'table', 'text': '\n'.join(lines) + '\nAsk for rows with query_sql.', 'truncated': False}


def file_kind(path: Path) -> str:
    """file, folder, link or other, without following links."""
    if path.is_symlink():
        return 'link'
    if path.is_dir():
        return 'folder'
    return 'file' if os.path.isfile(path) else 'other'
