"""Reads an even sample of a parquet file; its row count comes from its footer.

What the footer claims is checked before a page is unpacked: a few KiB may stand for terabytes.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import ToolError, limits
from .cell_values import json_value
from .delimited_text import check_names, too_many_columns
from .table_sample import TableSample
from .upload_bytes import invalid

_GROUPS_READ = 64
_BATCH_ROWS = 1_024
_MAX_BATCH_BYTES = 256 * limits.MIB


def read_parquet(
    path: Path, shown: str, max_columns: int, max_bytes: int
) -> tuple[TableSample, dict[str, Any], list[str]]:
    """The sample (its `rows` are the file's), {}, and warnings. Raises INVALID_DATASET."""
    check_footer(path, shown)
    try:
        file = pq.ParquetFile(
            path,
            thrift_string_size_limit=limits.MAX_PARQUET_FOOTER_BYTES,
            thrift_container_size_limit=10_000_000,
        )
        metadata = file.metadata
        if metadata.num_columns > max_columns or len(file.schema_arrow) > max_columns:
            raise too_many_columns(shown, max(metadata.num_columns, len(file.schema_arrow)), max_columns)
        _check_sizes(metadata, path, shown, max_bytes)
        if len(file.schema_arrow) < limits.MIN_COLUMNS:
            raise invalid(
                shown, 'it has one column only', 'Upload a table with at least 2 columns (MIN_COLUMNS).'
            )
        return _sample(path, file.schema_arrow, metadata, shown)
    except (ToolError, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError, struct.error) as error:
        raise invalid(
            shown, f'the parquet file cannot be read ({str(error)[:200]})', 'Write it again, or upload CSV.'
        ) from error


def check_footer(path: Path, shown: str) -> None:
    size = path.stat().st_size
    with path.open('rb') as stream:
        stream.seek(max(size - 8, 0))
        tail = stream.read(8)
    if size < 12 or tail[4:] not in (b'PAR1', b'PARE'):
        raise invalid(shown, 'the parquet file is cut short', 'Upload it again.')
    length = struct.unpack('<I', tail[:4])[0]
    if length > min(size, limits.MAX_PARQUET_FOOTER_BYTES):
        raise invalid(
            shown,
            f"the parquet footer claims {limits.size_text(length)}; the limit is the file's size and "
            f'{limits.size_text(limits.MAX_PARQUET_FOOTER_BYTES)} (MAX_PARQUET_FOOTER_BYTES)',
            'Write the file again.',
        )


def _check_sizes(metadata: pq.FileMetaData, path: Path, shown: str, max_bytes: int) -> None:
    """Refuses by the sizes that the footer claims for each column chunk."""
    total = 0
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for at in range(row_group.num_columns):
            chunk = row_group.column(at)
            total += max(chunk.total_uncompressed_size, 0)
            if chunk.total_uncompressed_size > limits.MAX_PARQUET_CHUNK_BYTES:
                raise _bomb(
                    shown,
                    f'a column chunk unpacks to {limits.size_text(chunk.total_uncompressed_size)}; the limit '
                    f'is {limits.size_text(limits.MAX_PARQUET_CHUNK_BYTES)} (MAX_PARQUET_CHUNK_BYTES)',
                )
    if total > max_bytes:
        raise _bomb(
            shown,
            f'it unpacks to {limits.size_text(total)}; the limit is {limits.size_text(max_bytes)} '
            '(MAX_UNCOMPRESSED_BYTES)',
        )
    if total > limits.RATIO_CHECKED_FROM_BYTES and total > path.stat().st_size * limits.MAX_COMPRESSION_RATIO:
        raise _bomb(
            shown, f'it unpacks to over {limits.MAX_COMPRESSION_RATIO} times its size (MAX_COMPRESSION_RATIO)'
        )


def _bomb(shown: str, problem: str) -> ToolError:
    return invalid(
        shown,
        f'{problem}: this looks like a decompression bomb',
        'Write the file again in smaller row groups, or upload fewer rows.',
    )


def _sample(
    path: Path, schema: pa.Schema, metadata: pq.FileMetaData, shown: str
) -> tuple[TableSample, dict[str, Any], list[str]]:
    names = check_names([str(name) for name in schema.names], shown)
    sample = TableSample(names)
    texts = [
        field.name
        for field in schema
        if pa.types.is_string(field.type)
        or pa.types.is_large_string(field.type)
        or pa.types.is_binary(field.type)
    ]
    # Texts stay as dictionaries: a long text repeated a million times is unpacked once.
    file = pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False)
    groups = list(range(metadata.num_row_groups))
    step = max(1, -(-len(groups) // _GROUPS_READ))
    chosen = groups[::step]
    whole = metadata.num_rows <= limits.DETAIL_ROWS
    budget = limits.DETAIL_ROWS if whole else max(limits.DETAIL_ROWS // max(len(chosen), 1), _BATCH_ROWS)
    for group in groups if whole else chosen:
        seen = 0
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group], use_threads=False):
            sample.add(_as_texts(batch, names, shown))
            seen += batch.num_rows
            if seen >= budget:
                break
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    warnings = [f'Nested columns are profiled as text: {", ".join(nested[:10])}.'] if nested else []
    if sample.rows < metadata.num_rows:
        sample.step = max(sample.step, 2)
    sample.rows = metadata.num_rows
    return sample, {'header': True}, warnings


def _as_texts(batch: pa.RecordBatch, names: list[str], shown: str) -> pa.Table:
    return pa.table(
        [_text_column(batch.column(at), names[at], shown) for at in range(len(names))], names=names
    )


def _text_column(column: pa.Array, name: str, shown: str) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        _check_cells(column, name, shown)
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array(
            [None if value is None else '<binary>' for value in pc.is_valid(column).to_pylist()], pa.string()
        )
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        return column.cast(pa.string())
    if pa.types.is_timestamp(kind):
        return pc.utf8_slice_codeunits(
            column.cast(pa.timestamp('us', tz=kind.tz), safe=False).cast(pa.string()), 0, 26
        )
    if pa.types.is_nested(kind):
        return pa.array(
            [None if value is None else str(json_value(value, 200)) for value in column.to_pylist()],
            pa.string(),
        )
    return column.cast(pa.string())


def _check_cells(column: pa.DictionaryArray, name: str, shown: str) -> None:
    """Refuses texts that would not fit once unpacked."""
    if len(column.dictionary) == 0:
        return
    lengths = pc.binary_length(column.dictionary)
    longest = pc.max(lengths).as_py() or 0
    unpacked = pc.sum(lengths.take(column.indices)).as_py() or 0
    if longest > limits.MAX_CELL_BYTES or unpacked > _MAX_BATCH_BYTES:
        raise _bomb(
            shown,
            f'the cells of column {name!r} hold up to {limits.size_text(longest)}; the limit is '
            f'{limits.size_text(limits.MAX_CELL_BYTES)} (MAX_CELL_BYTES)',
        )
