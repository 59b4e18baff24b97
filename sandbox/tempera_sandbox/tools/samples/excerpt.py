"""What is looked at of a file that is too large to be read whole: a smaller file of the same table.

1. A text gives its beginning and pieces of it at equal distances, whole lines each; where a quoted cell goes over
   several lines nobody can tell where in a piece a record begins, and only the beginning is taken.
2. A parquet file gives the first rows of row groups at equal distances.
3. Workbooks, archives and JSON documents have no such parts: they are read whole, within the limits of uploads.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tempera.tables.archive import kind_of
from tempera.tables.delimited import understand_delimited
from tempera.tables.encoding import find_encoding
from tempera.tables.errors import TableError
from tempera.tables.limits import Limits
from tempera.tables.raw import whole

from .. import limits
from ..uploads.parquet_checks import check_footer
from ..uploads.refusals import invalid

_PIECES = 32
_PIECE_BYTES = 1 << 20
_BATCH_ROWS = 1_024
_PACKED = (b'\x1f\x8b', b'BZh', b'\xfd7zXZ\x00', b'\x28\xb5\x2f\xfd', b'PK', b'\xd0\xcf\x11\xe0')


@dataclass(frozen=True)
class Excerpt:
    """The file that is read in another's place, and the sentence that says so."""

    path: Path
    sentence: str
    rows: int | None = None
    """Of the whole file, where it says so itself."""


def excerpt_of(path: Path, shown: str, scratch: Path) -> Excerpt | None:
    """What is read in the place of a large file; None for one that is read whole. Raises INVALID_DATASET."""
    with path.open('rb') as stream:
        head = stream.read(8)
        if head[:4] == b'PAR1':
            return _of_parquet(path, shown, scratch)
        size = path.stat().st_size
        if size <= limits.MAX_SAMPLED_WHOLE_BYTES or head.startswith(_PACKED):
            return None
        stream.seek(0)
        return _of_text(stream, size, scratch / path.name)


def _of_text(stream: BinaryIO, size: int, target: Path) -> Excerpt | None:
    start = stream.read(limits.SAMPLED_HEAD_BYTES)
    if kind_of(start) not in ('delimited', 'jsonl') or start[:1] == b'[':
        return None
    wide = find_encoding(start[:4_096]).name.startswith(('utf-16', 'utf-32'))
    start = start[: len(start) // 4 * 4] if wide else start[: start.rfind(b'\n') + 1] or start
    alone = wide or _has_cells_of_lines(start)
    with target.open('wb') as written:
        written.write(start)
        if not alone:
            for at in range(_PIECES):
                written.write(_piece(stream, len(start) + (size - len(start)) * at // _PIECES))
    looked_at, whole = (
        limits.size_text(target.stat().st_size),
        limits.size_text(limits.MAX_SAMPLED_WHOLE_BYTES),
    )
    why = ' Only its beginning is, for its lines do not tell where a record begins.' if alone else ''
    return Excerpt(
        target,
        f'The file has {limits.size_text(size)}: {looked_at} of it are looked at, the beginning'
        f'{"" if alone else f" and {_PIECES} pieces at equal distances"}'
        f' (MAX_SAMPLED_WHOLE_BYTES {whole}); its rows are not counted.{why}',
    )


def _piece(stream: BinaryIO, start: int) -> bytes:
    """Whole lines from behind the first end of a line on."""
    stream.seek(start)
    data = stream.read(_PIECE_BYTES)
    return data[data.find(b'\n') + 1 : data.rfind(b'\n') + 1]


def _has_cells_of_lines(start: bytes) -> bool:
    """Whether a cell of the beginning holds an end of a line."""
    if b'"' not in start and b"'" not in start:
        return False
    if kind_of(start) == 'jsonl':
        return False
    try:
        table = understand_delimited(start, 'beginning', Limits(columns=limits.MAX_SAMPLED_COLUMNS)).table
    except TableError:
        return True
    return any(
        pc.any(pc.match_substring(cells, '\n')).as_py()
        for cells in map(whole, table.columns)
        if isinstance(cells, pa.Array) and pa.types.is_string(cells.type)
    )


def _of_parquet(path: Path, shown: str, scratch: Path) -> Excerpt | None:
    check_footer(path, shown)
    try:
        file = pq.ParquetFile(
            path,
            memory_map=True,
            thrift_string_size_limit=limits.MAX_PARQUET_FOOTER_BYTES,
            thrift_container_size_limit=10_000_000,
        )
        unpacked = _unpacked(file.metadata)
        if unpacked <= limits.MAX_SAMPLED_WHOLE_BYTES and file.metadata.num_rows <= limits.DETAIL_ROWS:
            return None
        _check_width(file, shown)
        groups = file.metadata.num_row_groups
        chosen = sorted({groups * at // _PIECES for at in range(_PIECES)}) if groups else []
        target = scratch / path.name
        rows = _written(path, file, chosen, target)
    except (pa.ArrowException, OSError, ValueError, OverflowError, struct.error) as error:
        raise invalid(
            shown, f'the parquet file cannot be read ({str(error)[:200]})', 'Write it again, or give CSV.'
        ) from error
    return Excerpt(
        target,
        f'The file has {file.metadata.num_rows:,} rows in {groups:,} row groups, which unpack to '
        f'{limits.size_text(unpacked)}: {rows:,} of its rows are looked at, from {len(chosen):,} of the groups '
        f'(MAX_SAMPLED_WHOLE_BYTES {limits.size_text(limits.MAX_SAMPLED_WHOLE_BYTES)}).',
        file.metadata.num_rows,
    )


def _check_width(file: pq.ParquetFile, shown: str) -> None:
    columns = max(file.metadata.num_columns, len(file.schema_arrow))
    if columns > limits.MAX_SAMPLED_COLUMNS:
        raise invalid(
            shown,
            f'it has {columns:,} columns; the limit is {limits.MAX_SAMPLED_COLUMNS:,} (MAX_SAMPLED_COLUMNS)',
            'Give the table in parts of fewer columns.',
        )


def _unpacked(metadata: pq.FileMetaData) -> int:
    groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
    return sum(
        max(group.column(at).total_uncompressed_size, 0)
        for group in groups
        for at in range(group.num_columns)
    )


def _written(path: Path, file: pq.ParquetFile, groups: list[int], target: Path) -> int:
    """Writes the first rows of some row groups, as much of each as its share of the limit holds."""
    texts = [
        field.name
        for field in file.schema_arrow
        if pa.types.is_string(field.type) or pa.types.is_binary(field.type)
    ]
    # a long text that is repeated a million times stays one, until it is checked
    held = pq.ParquetFile(path, memory_map=True, read_dictionary=texts)
    share = limits.SAMPLED_HEAD_BYTES // max(1, len(groups))
    rows = 0
    with pq.ParquetWriter(target, held.schema_arrow) as writer:
        for group in groups:
            size = 0
            for batch in held.iter_batches(_BATCH_ROWS, row_groups=[group], use_threads=False):
                writer.write_batch(batch)
                rows += batch.num_rows
                size += batch.nbytes
                if size > share:
                    break
    return rows
