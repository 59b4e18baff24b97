"""Whether a parquet file may be read: what its footer claims is checked before a page is unpacked, for a few KiB may
stand for terabytes."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .. import ToolError, limits
from .refusals import invalid

_BATCH_ROWS = 1_024


def check_parquet(data: bytes, shown: str, max_columns: int, max_bytes: int) -> None:
    """Refuses by the sizes that the footer claims, and by the texts that a dictionary stands for."""
    _check_footer(io.BytesIO(data), len(data), shown)
    try:
        file = pq.ParquetFile(
            pa.BufferReader(data),
            thrift_string_size_limit=limits.MAX_PARQUET_FOOTER_BYTES,
            thrift_container_size_limit=10_000_000,
        )
        columns = max(file.metadata.num_columns, len(file.schema_arrow))
        if columns > max_columns:
            raise invalid(
                shown,
                f'it has {columns:,} columns; the limit is {max_columns:,} (MAX_COLUMNS)',
                'Drop columns that are not needed.',
            )
        _check_sizes(file.metadata, len(data), shown, max_bytes)
        _check_texts(data, file.schema_arrow, shown, max_bytes)
    except (ToolError, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError, struct.error) as error:
        raise invalid(
            shown, f'the parquet file cannot be read ({str(error)[:200]})', 'Write it again, or upload CSV.'
        ) from error


def check_footer(path: Path, shown: str) -> None:
    """The same of a file by its path, for its footer alone."""
    with path.open('rb') as stream:
        _check_footer(stream, path.stat().st_size, shown)


def _check_footer(stream: BinaryIO, size: int, shown: str) -> None:
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


def _check_sizes(metadata: pq.FileMetaData, packed: int, shown: str, max_bytes: int) -> None:
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
    if total > limits.RATIO_CHECKED_FROM_BYTES and total > packed * limits.MAX_COMPRESSION_RATIO:
        raise _bomb(
            shown, f'it unpacks to over {limits.MAX_COMPRESSION_RATIO} times its size (MAX_COMPRESSION_RATIO)'
        )


def _check_texts(data: bytes, schema: pa.Schema, shown: str, max_bytes: int) -> None:
    """Texts are looked at as dictionaries: a long text repeated a million times is unpacked once."""
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, _is_text_dictionary)
    texts = [field.name for field in schema if any(is_kind(field.type) for is_kind in kinds)]
    if not texts:
        return
    file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts, pre_buffer=False)
    total = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=texts, use_threads=False):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            total += _text_bytes(column, name, shown)
        if total > max_bytes:
            raise _bomb(
                shown, f'its texts are over {limits.size_text(max_bytes)} long (MAX_UNCOMPRESSED_BYTES)'
            )


def _text_bytes(column: pa.Array, name: str, shown: str) -> int:
    """How long the texts of a column are; refuses one that is too long for a cell."""
    if not _is_text_dictionary(column.type) or len(column.dictionary) == 0:
        return 0
    lengths = pc.binary_length(column.dictionary)
    longest = pc.max(lengths).as_py() or 0
    if longest > limits.MAX_CELL_BYTES:
        raise _bomb(
            shown,
            f'the cells of column {name!r} hold up to {limits.size_text(longest)}; the limit is '
            f'{limits.size_text(limits.MAX_CELL_BYTES)} (MAX_CELL_BYTES)',
        )
    return int(pc.sum(lengths.cast(pa.int64()).take(column.indices)).as_py() or 0)


def _is_text_dictionary(kind: pa.DataType) -> bool:
    if not pa.types.is_dictionary(kind):
        return False
    held = kind.value_type
    return bool(pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_binary(held))


def _bomb(shown: str, problem: str) -> ToolError:
    return invalid(
        shown,
        f'{problem}: this looks like a decompression bomb',
        'Write the file again in smaller row groups, or upload fewer rows.',
    )
