"""Files in files: gzip, bzip2, xz, zstd around one, zip and tar around several; and what kind of file bytes are."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

import pyarrow as pa

from .errors import TooLarge, UnreadableTable
from .json_records import looks_like_lines
from .json_text import bare
from .limits import Limits
from .plan import FileKind

_CHUNK = 1 << 20
_MOST_LAYERS = 4
#: archives that are looked into from outside inwards
_DEEPEST = 2
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
    return _unpacked(data, name, limits, 1)


def _unpacked(data: bytes, name: str, limits: Limits, depth: int) -> Unpacked:
    packed: list[str] = []
    for _ in range(_MOST_LAYERS):
        layer = _layer(data)
        if layer in ('zip', 'tar'):
            entries = _of_zip if layer == 'zip' else _of_tar
            return _of_archive(entries(data, name), (*packed, layer), name, limits, depth)
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
    start = bare(data[:4096]).lstrip(b'\xef\xbb\xbf \t\r\n')
    if start[:1] == b'{' and looks_like_lines(data):
        return 'jsonl'
    if (
        start[:1] in (b'{', b'[')
        and data[-64:].rstrip(b' \t\r\n;)')[-1:] in (b'}', b']')
        and _may_be_json(start)
    ):
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
    if data[257:262] == b'ustar':
        return 'tar'
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


@dataclass(frozen=True)
class _Entry:
    """A file in an archive, not yet unpacked."""

    name: str
    pieces: Callable[[], Iterator[bytes]]


@contextmanager
def _of_zip(data: bytes, name: str) -> Iterator[list[_Entry]]:
    """The entries of a zip while it is open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield [
                _Entry(entry.filename, partial(_opened_pieces, package, entry))
                for entry in package.infolist()
                if not entry.is_dir()
            ]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
        raise UnreadableTable(
            f'[{name}] is a zip that is damaged or locked ({error}). Pack it again.'
        ) from error


def _opened_pieces(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(entry) as source:
        yield from iter(lambda: source.read(_CHUNK), b'')


@contextmanager
def _of_tar(data: bytes, name: str) -> Iterator[list[_Entry]]:
    """The plain files of a tar; links, devices and folders are none."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode='r:') as package:
            yield [
                _Entry(entry.name, partial(_read_pieces, package, entry))
                for entry in package.getmembers()
                if entry.isfile()
            ]
    except tarfile.TarError as error:
        raise UnreadableTable(f'[{name}] is a tar that is damaged ({error}). Pack it again.') from error


def _read_pieces(package: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterator[bytes]:
    source = package.extractfile(entry)
    if source is not None:
        yield from iter(lambda: source.read(_CHUNK), b'')


def _of_archive(
    opened: AbstractContextManager[list[_Entry]],
    packed: tuple[str, ...],
    name: str,
    limits: Limits,
    depth: int,
) -> Unpacked:
    found = Unpacked(packed, [])
    left = limits.unpacked_bytes
    with opened as entries:
        if len(entries) > limits.members:
            raise TooLarge(
                f'[{name}] has {len(entries):,} members; at most {limits.members:,} are looked at.'
            )
        for entry in sorted(entries, key=lambda one: _sorting(one.name)):
            why = _no_table(entry.name)
            if why:
                found.others[entry.name] = why
                continue
            within = replace(limits, unpacked_bytes=left)
            inside = _bounded(entry.pieces(), name, within)
            left -= len(inside)
            left -= _add_inside(found, entry.name, inside, replace(limits, unpacked_bytes=left), depth)
    return found


def _add_inside(found: Unpacked, name: str, data: bytes, limits: Limits, depth: int) -> int:
    """Takes a member, or what is packed in it, and says how many bytes that gave beside its own."""
    if not data.strip(b'\x00 \r\n\t'):
        found.others[name] = 'it is empty'
        return 0
    if not _layer(data):
        found.members.append(Member(name, data))
        return 0
    if depth >= _DEEPEST and _layer(data) in ('zip', 'tar'):
        found.others[name] = 'it is an archive inside an archive inside an archive'
        return 0
    inside = _unpacked(data, name, limits, depth + 1)
    found.members += [
        Member(f'{name}/{member.name}' if member.name else name, member.data) for member in inside.members
    ]
    found.others |= {f'{name}/{member}': why for member, why in inside.others.items()}
    return sum(len(member.data) for member in inside.members)


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
