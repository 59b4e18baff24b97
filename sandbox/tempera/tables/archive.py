"""Files in files: gzip, bzip2, xz, zstd around one, zip around several; and what kind of file bytes are."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pyarrow as pa

from .errors import TooLarge, UnreadableTable
from .json_records import looks_like_lines
from .limits import Limits
from .plan import FileKind

_CHUNK = 1 << 20
_MOST_LAYERS = 4
#: members that come along with tables and are none
_NO_TABLES = frozenset(
    '.md .pdf .doc .docx .png .jpg .jpeg .gif .svg .html .htm .py .r .ipynb .xml .log .yaml .yml .toml .license'
    ' .sas .do .names .bib'.split()
)
_NOTES = (
    'readme',
    'license',
    'licence',
    'copying',
    'changelog',
    'notes',
    'description',
    'codebook',
    'metadata',
)


@dataclass(frozen=True)
class Member:
    """A file, or one that was inside it; its name is empty where there is only one."""

    name: str
    data: bytes


@dataclass
class Unpacked:
    """What is inside a file, from outside inwards, and the members that are no tables, with why."""

    packed: tuple[str, ...]
    members: list[Member]
    others: dict[str, str] = field(default_factory=dict)


def unpack(data: bytes, name: str, limits: Limits) -> Unpacked:
    """The files inside a file, or the file itself."""
    packed: list[str] = []
    for _ in range(_MOST_LAYERS):
        layer = _layer(data)
        if layer == 'zip':
            return _of_zip(data, name, (*packed, 'zip'), limits)
        if not layer:
            break
        packed.append(layer)
        data = _inflated(data, layer, name, limits)
    return Unpacked(tuple(packed), [Member('', data)])


def kind_of(data: bytes) -> FileKind:
    """What kind of table these bytes are."""
    if data[:4] == b'PAR1':
        return 'parquet'
    if _is_workbook(data):
        return 'workbook'
    start = data[:4096].lstrip(b'\xef\xbb\xbf \t\r\n')
    if start[:1] == b'{' and looks_like_lines(data):
        return 'jsonl'
    if start[:1] in (b'{', b'[') and data.rstrip()[-1:] in (b'}', b']') and _may_be_json(start):
        return 'json'
    wide = data[:2] in (b'\xff\xfe', b'\xfe\xff') and data[2:6].replace(b'\x00', b'').lstrip()[:1] in (
        b'{',
        b'[',
    )
    return 'json' if wide else 'delimited'


def _may_be_json(start: bytes) -> bool:
    after = start[1:].lstrip()[:1]
    return after in (b'{', b'[', b'"', b'}', b']') or (
        start[:1] == b'[' and (after.isdigit() or after in (b'-', b'n'))
    )


def _layer(data: bytes) -> str:
    if data[:2] == b'\x1f\x8b':
        return 'gzip'
    if data[:3] == b'BZh':
        return 'bzip2'
    if data[:6] == b'\xfd7zXZ\x00':
        return 'xz'
    if data[:4] == b'\x28\xb5\x2f\xfd':
        return 'zstd'
    return 'zip' if data[:4] in (b'PK\x03\x04', b'PK\x05\x06') and not _is_workbook(data) else ''


def _is_workbook(data: bytes) -> bool:
    if data[:8] == b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1':
        return True
    if data[:4] != b'PK\x03\x04':
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return False
    return any(name.startswith('xl/') for name in names) or {'content.xml', 'mimetype'} <= names


def _inflated(data: bytes, layer: str, name: str, limits: Limits) -> bytes:
    source = io.BytesIO(data)
    try:
        if layer == 'gzip':
            return _bounded(_pieces(gzip.GzipFile(fileobj=source)), name, limits)
        if layer == 'bzip2':
            return _bounded(_pieces(bz2.BZ2File(source)), name, limits)
        if layer == 'xz':
            return _bounded(_pieces(lzma.LZMAFile(source)), name, limits)
        return _bounded(_pieces(pa.CompressedInputStream(pa.BufferReader(data), 'zstd')), name, limits)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, pa.ArrowInvalid) as error:
        raise UnreadableTable(
            f'[{name}] is {layer} that is damaged or cut off ({error}). Pack it again.'
        ) from error


def _pieces(
    source: gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile | pa.CompressedInputStream,
) -> Iterator[bytes]:
    while piece := source.read(_CHUNK):
        yield piece


def _bounded(pieces: Iterator[bytes], name: str, limits: Limits) -> bytes:
    """All of it, unless it is more than may be unpacked."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) > limits.unpacked_bytes:
            raise TooLarge(
                f'[{name}] unpacks to more than {limits.unpacked_bytes:,} bytes. Give a sample of it.'
            )
    return bytes(held)


def _of_zip(data: bytes, name: str, packed: tuple[str, ...], limits: Limits) -> Unpacked:
    found = Unpacked(packed, [])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > limits.members:
                raise TooLarge(
                    f'[{name}] has {len(entries):,} members; at most {limits.members:,} are looked at.'
                )
            left = limits.unpacked_bytes
            for entry in sorted(entries, key=lambda one: _sorting(one.filename)):
                why = _no_table(entry.filename)
                if why:
                    found.others[entry.filename] = why
                    continue
                with package.open(entry) as source:
                    inside = _bounded(
                        iter(lambda: source.read(_CHUNK), b''), name, Limits(unpacked_bytes=left)
                    )
                left -= len(inside)
                _add_inside(found, entry.filename, inside, limits)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
        raise UnreadableTable(
            f'[{name}] is a zip that is damaged or locked ({error}). Pack it again.'
        ) from error
    return found


def _add_inside(found: Unpacked, name: str, data: bytes, limits: Limits) -> None:
    layer = _layer(data)
    if layer and layer != 'zip':
        data = _inflated(data, layer, name, limits)
    if layer == 'zip':
        found.others[name] = 'it is an archive inside an archive'
    elif not data.strip(b'\x00 \r\n\t'):
        found.others[name] = 'it is empty'
    else:
        found.members.append(Member(name, data))


def _sorting(name: str) -> tuple[str | int, ...]:
    """`part-2` before `part-10`."""
    pieces: list[str | int] = []
    digits = ''
    for letter in f'{name.lower()}\x00':
        if letter.isdigit():
            digits += letter
            continue
        pieces += [f'0{int(digits):020d}'] if digits else []
        pieces.append(letter)
        digits = ''
    return tuple(pieces)


def _no_table(name: str) -> str:
    path = PurePosixPath(name)
    if '__MACOSX' in path.parts or path.name.startswith('.'):
        return 'a file of the operating system'
    if path.suffix.lower() in _NO_TABLES or (
        path.suffix.lower() in ('', '.txt') and path.stem.lower().startswith(_NOTES)
    ):
        return 'no table by its name'
    return ''
