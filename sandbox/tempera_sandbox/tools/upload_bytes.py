"""The bytes of an upload: opens plain files, gz and zip members as streams that cannot grow past their limits.

1. A stream can be opened again and again: nothing is kept in memory, nothing is unpacked unless a reader must seek.
2. The absolute limit and the compression ratio are checked while streaming, whatever the headers claim.
3. Names inside an archive are only read, never used as paths.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from . import ToolError, limits

TABLE_SUFFIXES = ('.csv', '.tsv', '.txt', '.tab', '.json', '.jsonl', '.ndjson', '.xlsx', '.parquet', '.pq')
_READ_SIZE = 256 * 1024


def invalid(name: str, problem: str, remedy: str) -> ToolError:
    """The refusal of an upload: names the file, what is wrong, and how to mend it."""
    return ToolError('INVALID_DATASET', f'{name}: {problem}. {remedy}', {'file': name})


@dataclass(frozen=True)
class ByteSource:
    """A table's bytes. `shown` is how messages call it; `name` is the table's own file name."""

    shown: str
    name: str
    packing: str
    packed_size: int
    max_bytes: int
    open_raw: Callable[[], BinaryIO]
    # The file itself when it is not packed.
    path: Path | None = None

    def open(self) -> BoundedStream:
        """A fresh stream from the first byte; reading past a limit raises INVALID_DATASET."""
        return BoundedStream(self)

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read_up_to(size)

    def seekable_path(self) -> Path:
        """A real file with these bytes: the upload itself, or a bounded copy in the temporary folder."""
        if self.path is not None:
            return self.path
        handle, copy = tempfile.mkstemp(prefix='upload-', suffix=Path(self.name).suffix)
        with os.fdopen(handle, 'wb') as target, self.open() as stream:
            while chunk := stream.read(_READ_SIZE):
                target.write(chunk)
        return Path(copy)


class BoundedStream(io.RawIOBase):
    """A source's bytes, counted against its absolute limit and its compression ratio."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self._source = source
        self._raw = source.open_raw()
        self.consumed = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes (256 KiB when not given): never the whole file at once."""
        wanted = _READ_SIZE if size is None or size < 0 else min(size, _READ_SIZE)
        try:
            chunk = self._raw.read(wanted)
        except (
            EOFError,
            gzip.BadGzipFile,
            zlib.error,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
        ) as error:
            problem = f'the {self._source.packing} archive is damaged or cut short ({error})'
            raise invalid(
                self._source.shown, problem, 'Pack the file again, or upload it unpacked.'
            ) from error
        self.consumed += len(chunk)
        self._check()
        return chunk

    def read_up_to(self, size: int) -> bytes:
        """Exactly `size` bytes unless the stream ends before."""
        parts: list[bytes] = []
        missing = size
        while missing > 0 and (chunk := self.read(missing)):
            parts.append(chunk)
            missing -= len(chunk)
        return b''.join(parts)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _check(self) -> None:
        source = self._source
        if self.consumed > source.max_bytes:
            what = 'unpacks to' if source.packing else 'holds'
            raise invalid(
                source.shown,
                f'it {what} more than {limits.size_text(source.max_bytes)} (MAX_UNCOMPRESSED_BYTES)',
                'Upload fewer rows, or drop columns that are not needed.',
            )
        if source.packing and self.consumed > limits.RATIO_CHECKED_FROM_BYTES:
            check_ratio(source.shown, self.consumed, source.packed_size)


def check_ratio(shown: str, unpacked: int, packed: int) -> None:
    """Refuses a decompression bomb by its ratio."""
    if unpacked > limits.RATIO_CHECKED_FROM_BYTES and unpacked > packed * limits.MAX_COMPRESSION_RATIO:
        raise invalid(
            shown,
            f'{limits.size_text(packed)} unpack to {limits.size_text(unpacked)} or more, over '
            f'{limits.MAX_COMPRESSION_RATIO} times as much (MAX_COMPRESSION_RATIO): this looks like a '
            'decompression bomb',
            'Upload the table unpacked.',
        )


def open_upload(path: Path, shown: str, max_bytes: int) -> ByteSource:
    """The source of an uploaded file, unpacked by its first bytes rather than by its name."""
    size = path.stat().st_size
    if size == 0:
        raise invalid(
            shown, 'the file is empty (0 bytes)', 'Upload a table with a header and at least 2 rows.'
        )
    plain = ByteSource(shown, path.name, '', size, max_bytes, lambda: path.open('rb'), path)
    magic = plain.head(4)
    if magic[:2] == b'\x1f\x8b':
        return _gz_source(path, shown, size, max_bytes)
    if magic[:4] in (b'PK\x03\x04', b'PK\x05\x06', b'PK\x07\x08'):
        return _zip_source(path, shown, size, max_bytes)
    return plain


def _gz_source(path: Path, shown: str, size: int, max_bytes: int) -> ByteSource:
    inner = re.sub(r'\.gz(ip)?$', '', path.name, flags=re.IGNORECASE)
    source = ByteSource(shown, inner, 'gz', size, max_bytes, lambda: cast(BinaryIO, gzip.open(path, 'rb')))
    magic = source.head(4)
    if not magic:
        raise invalid(
            shown, 'the archive holds an empty file', 'Pack a table with a header and at least 2 rows.'
        )
    if magic[:2] == b'\x1f\x8b' or (magic == b'PK\x03\x04' and not inner.lower().endswith('.xlsx')):
        raise invalid(
            shown, 'an archive inside an archive (MAX_ARCHIVE_DEPTH 1)', 'Pack the table itself, once.'
        )
    return source


def _zip_source(path: Path, shown: str, size: int, max_bytes: int) -> ByteSource:
    """A workbook as it is, else the one table of a zip archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise invalid(shown, f'the zip archive cannot be read ({error})', 'Pack the file again.') from error
    if any(entry.filename == 'xl/workbook.xml' for entry in entries):
        return ByteSource(shown, path.name, '', size, max_bytes, lambda: path.open('rb'), path)
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
        raise invalid(
            shown,
            f'the archive holds {len(entries):,} entries; the limit is {limits.MAX_ARCHIVE_ENTRIES:,} '
            '(MAX_ARCHIVE_ENTRIES)',
            'Pack only the table.',
        )
    for entry in entries:
        _check_entry(entry, shown)
    entry = _only_table(entries, shown)
    if entry.file_size > max_bytes:
        raise invalid(
            shown,
            f'{entry.filename} unpacks to {limits.size_text(entry.file_size)}; the limit is '
            f'{limits.size_text(max_bytes)} (MAX_UNCOMPRESSED_BYTES)',
            'Upload fewer rows, or drop columns that are not needed.',
        )
    check_ratio(shown, entry.file_size, max(entry.compress_size, 1))
    if entry.file_size == 0:
        raise invalid(
            shown,
            f'{entry.filename} in the archive is empty',
            'Pack a table with a header and at least 2 rows.',
        )
    packed = max(entry.compress_size, 1)
    return ByteSource(
        shown, Path(entry.filename).name, 'zip', packed, max_bytes, _member_opener(path, entry, shown)
    )


def _member_opener(path: Path, entry: zipfile.ZipInfo, shown: str) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        try:
            # The member keeps the archive's file open for as long as it is read.
            return zipfile.ZipFile(path).open(entry)  # type: ignore[return-value]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise invalid(
                shown, f'{entry.filename} cannot be unpacked ({error})', 'Pack the file again.'
            ) from error

    return opener


def _check_entry(entry: zipfile.ZipInfo, shown: str) -> None:
    """Refuses names that would leave a folder, links and encrypted members."""
    name = entry.orig_filename.replace('\\', '/')
    if name.startswith('/') or '..' in name.split('/') or re.match(r'^[A-Za-z]:', name) or '\0' in name:
        raise invalid(
            shown,
            f'the archive holds the path {name[:200]!r}, which leads out of its folder',
            'Pack the table alone, without folders.',
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise invalid(shown, f'the archive holds a link ({name[:200]})', 'Pack the table itself.')
    if entry.flag_bits & 0x1:
        raise invalid(
            shown, f'{name[:200]} in the archive is protected by a password', 'Pack it without one.'
        )


def _only_table(entries: list[zipfile.ZipInfo], shown: str) -> zipfile.ZipInfo:
    files = [
        entry
        for entry in entries
        if not entry.is_dir()
        and not entry.filename.startswith('__MACOSX/')
        and not Path(entry.filename).name.startswith('.')
    ]
    tables = [entry for entry in files if Path(entry.filename).suffix.lower() in TABLE_SUFFIXES] or files
    names = ', '.join(entry.filename[:80] for entry in tables[:5])
    if not tables:
        raise invalid(
            shown, 'the archive holds no file', 'Pack one table (csv, tsv, xlsx, parquet, json or jsonl).'
        )
    if len(tables) > 1:
        raise invalid(
            shown, f'the archive holds {len(tables)} tables ({names})', 'Pack or upload one of them.'
        )
    if Path(tables[0].filename).suffix.lower() in (
        '.zip',
        '.gz',
        '.7z',
        '.bz2',
        '.xz',
        '.zst',
        '.tar',
        '.tgz',
    ):
        raise invalid(
            shown,
            f'an archive ({names}) inside an archive (MAX_ARCHIVE_DEPTH 1)',
            'Pack the table itself, once.',
        )
    return tables[0]
