"""What is asked of an upload before it is read: nothing in it may unpack, nest or spread without end.

1. What a table means is `tempera.tables`'; here stands only what a hostile file could do to the process that reads it.
2. Archives are unpacked within the smaller of two bounds: what the caller allows, and MAX_COMPRESSION_RATIO.
3. Names inside an archive are only read, never used as paths; those that would lead out of a folder are refused.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

from tempera.tables.archive import Member, kind_of, unpack
from tempera.tables.errors import TooLarge
from tempera.tables.limits import DEFAULT, Limits

from .. import limits
from .parquet_checks import check_parquet
from .refusals import invalid
from .text_checks import check_json, check_lines, check_text
from .workbook_checks import check_workbook

_ZIP = (b'PK\x03\x04', b'PK\x05\x06', b'PK\x07\x08')
_WORKBOOK = 'xl/workbook.xml'


def check_upload(path: Path, shown: str, max_columns: int, max_bytes: int) -> Limits:
    """The limits under which the file may be read. Raises INVALID_DATASET, or TableError for one that is damaged."""
    size = path.stat().st_size
    if size == 0:
        raise invalid(
            shown, 'the file is empty (0 bytes)', 'Upload a table with a header and at least 2 rows.'
        )
    if size > max_bytes:
        raise _too_many_bytes(shown, 'holds', max_bytes)
    data = path.read_bytes()
    if data[:4] in _ZIP:
        _check_zip(data, shown)
    ratio = max(size * limits.MAX_COMPRESSION_RATIO, limits.RATIO_CHECKED_FROM_BYTES)
    bounds = replace(DEFAULT, columns=max_columns, unpacked_bytes=min(max_bytes, ratio))
    try:
        inside = unpack(data, path.name, bounds)
    except TooLarge as error:
        if 'unpacks to' not in str(error):
            raise
        if ratio < max_bytes:
            raise _bomb(shown, size) from error
        raise _too_many_bytes(shown, 'unpacks to', max_bytes) from error
    for member in inside.members:
        _check_member(member, path, shown, max_columns, max_bytes)
    return bounds


def _check_member(member: Member, path: Path, shown: str, max_columns: int, max_bytes: int) -> None:
    named = f'{shown}: {member.name}' if member.name else shown
    kind = kind_of(member.data)
    if kind == 'parquet':
        check_parquet(member.data, named, max_columns, max_bytes)
    elif kind == 'workbook':
        check_workbook(member.data, named)
    else:
        check_text(member.data, named, max_columns)
        if kind != 'json':
            check_lines(member.data, named)
        check_json(member.data, kind, member.name or path.name, named)


def _check_zip(data: bytes, shown: str) -> None:
    """Refuses an archive by its entries; one that cannot be listed is left to the reader, which says why."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return
    if any(entry.filename == _WORKBOOK for entry in entries):
        return
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
        raise invalid(
            shown,
            f'the archive holds {len(entries):,} entries; the limit is {limits.MAX_ARCHIVE_ENTRIES:,} '
            '(MAX_ARCHIVE_ENTRIES)',
            'Pack only the table.',
        )
    for entry in entries:
        _check_entry(entry, shown)


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


def _too_many_bytes(shown: str, does: str, max_bytes: int) -> Exception:
    return invalid(
        shown,
        f'it {does} more than {limits.size_text(max_bytes)} (MAX_UNCOMPRESSED_BYTES)',
        'Upload fewer rows, or drop columns that are not needed.',
    )


def _bomb(shown: str, packed: int) -> Exception:
    return invalid(
        shown,
        f'{limits.size_text(packed)} unpack to over {limits.MAX_COMPRESSION_RATIO} times as much '
        '(MAX_COMPRESSION_RATIO): this looks like a decompression bomb',
        'Upload the table unpacked.',
    )
