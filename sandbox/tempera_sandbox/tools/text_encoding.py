"""Finds a text's encoding by reading all of it once, and streams it as UTF-8.

The whole file is looked at because a single byte near its end can decide: valid UTF-8 throughout, Windows
characters, or a mixture of both, which is refused with its place rather than guessed at.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass, field

from .upload_bytes import BoundedStream, ByteSource, invalid

_CHUNK = 256 * 1024
_BOMS = (
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF32_LE, 'utf-32'),
    (codecs.BOM_UTF32_BE, 'utf-32'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
)
_UNDEFINED_IN_CP1252 = re.compile(rb'[\x81\x8d\x8f\x90\x9d]')
_CONTROL = re.compile(rb'[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]')
_ESCAPED = re.compile('[\udc80-\udcff]+')
_WIDE = re.compile('[\u0080-\ud7ff\ue000-\U0010ffff]')
# First bytes of things that are no tables, and what to do instead.
_MAGIC = (
    (b'%PDF', 'a PDF document', 'Export the table as CSV.'),
    (b'\x89PNG', 'a PNG image', 'Upload a table.'),
    (b'\xff\xd8\xff', 'a JPEG image', 'Upload a table.'),
    (b'GIF8', 'a GIF image', 'Upload a table.'),
    (b'\xd0\xcf\x11\xe0', 'an old Excel workbook (.xls)', 'Save it as .xlsx or CSV.'),
    (b'\x7fELF', 'a program', 'Upload a table.'),
    (b'MZ', 'a program', 'Upload a table.'),
    (b'SQLite format 3', 'a SQLite database', 'Export one table as CSV.'),
    (b'\x93NUMPY', 'a NumPy array', 'Save it as CSV or parquet.'),
    (b'ARROW1', 'an Arrow or Feather file', 'Save it as parquet.'),
    (b'BZh', 'a bzip2 archive', 'Pack it as gz or zip.'),
    (b'\xfd7zXZ', 'an xz archive', 'Pack it as gz or zip.'),
    (b'7z\xbc\xaf', 'a 7z archive', 'Pack it as zip.'),
    (b'Rar!', 'a RAR archive', 'Pack it as zip.'),
    (b'\x28\xb5\x2f\xfd', 'a zstd archive', 'Pack it as gz or zip.'),
    (b'\x89HDF', 'an HDF5 file', 'Save it as parquet or CSV.'),
    (b'\x80\x04\x95', 'a Python pickle', 'Save it as CSV or parquet: pickles are never loaded.'),
    (b'\x80\x05\x95', 'a Python pickle', 'Save it as CSV or parquet: pickles are never loaded.'),
)


@dataclass
class _Tally:
    """What one pass over the bytes counts."""

    size: int = 0
    lines: int = 0
    control: int = 0
    valid_wide: int = 0
    broken: int = 0
    first_nul: tuple[int, int] | None = None
    first_broken_line: int | None = None
    undefined_in_cp1252: bool = False
    tail: bytes = field(default=b'', repr=False)


def detect_encoding(source: ByteSource) -> str:
    """The encoding's name as Python and pandas know it. Reads the whole stream, and so holds every limit.
    Raises INVALID_DATASET for binary files, NUL bytes and mixed encodings."""
    head = source.head(4096)
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _wide_without_mark(head)
    if encoding in ('utf-16', 'utf-16-le', 'utf-16-be', 'utf-32'):
        _check_wide(source, encoding)
        return encoding
    tally = _tally(source)
    _refuse_binary(source, head, tally)
    if tally.broken == 0:
        return encoding or 'utf-8'
    if encoding == 'utf-8-sig' or tally.valid_wide * 10 > tally.broken:
        raise invalid(
            source.shown,
            f'its encodings are mixed: {tally.valid_wide} characters are UTF-8, and from line '
            f'{tally.first_broken_line} on '
            f'{tally.broken} bytes are not',
            'Save the whole file as UTF-8.',
        )
    return 'latin-1' if tally.undefined_in_cp1252 else 'cp1252'


def open_utf8(source: ByteSource, encoding: str) -> io.RawIOBase:
    """The text as a stream of UTF-8 bytes without a byte order mark."""
    return _Recoded(source.open(), encoding)


def read_bytes(stream: io.RawIOBase, size: int) -> bytes:
    """The next `size` bytes; fewer only at the stream's end."""
    parts: list[bytes] = []
    missing = size
    while missing > 0 and (chunk := stream.read(missing)):
        parts.append(chunk)
        missing -= len(chunk)
    return b''.join(parts)


class _Recoded(io.RawIOBase):
    """Decodes strictly and encodes as UTF-8; plain UTF-8 passes as it is."""

    def __init__(self, stream: BoundedStream, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = None if encoding == 'utf-8' else codecs.getincrementaldecoder(encoding)('strict')
        self._pending = b''
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = _CHUNK if size is None or size < 0 else size
        while not self._pending and not self._ended:
            chunk = self._stream.read(wanted)
            self._ended = not chunk
            self._pending = (
                chunk if self._decoder is None else self._decoder.decode(chunk, self._ended).encode('utf-8')
            )
        piece, self._pending = self._pending[:wanted], self._pending[wanted:]
        return piece

    def close(self) -> None:
        self._stream.close()
        super().close()


def _tally(source: ByteSource) -> _Tally:
    tally = _Tally()
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            _count_chunk(tally, tally.tail + chunk, len(tally.tail))
    _count_broken(tally, tally.tail)
    return tally


def _count_chunk(tally: _Tally, data: bytes, carried: int) -> None:
    """Counts a chunk; an unfinished UTF-8 character at its end is carried to the next."""
    if tally.first_nul is None and (at := data.find(b'\0')) >= 0:
        tally.first_nul = (tally.size - carried + at, tally.lines + 1 + data.count(b'\n', 0, at))
    if tally.size < 1 << 20:
        tally.control += len(_CONTROL.findall(data))
    tally.size += len(data) - carried
    if data.isascii():
        tally.lines += data.count(b'\n')
        tally.tail = b''
        return
    cut = _unfinished(data)
    body, tally.tail = data[: len(data) - cut], data[len(data) - cut :]
    _count_broken(tally, body)
    tally.lines += body.count(b'\n')


def _count_broken(tally: _Tally, body: bytes) -> None:
    try:
        tally.valid_wide += len(body) - len(body.decode('utf-8')) > 0 and len(
            _WIDE.findall(body.decode('utf-8'))
        )
    except UnicodeDecodeError as error:
        if tally.first_broken_line is None:
            tally.first_broken_line = tally.lines + 1 + body.count(b'\n', 0, error.start)
        decoded = body.decode('utf-8', 'surrogateescape')
        tally.broken += sum(len(run) for run in _ESCAPED.findall(decoded))
        tally.valid_wide += len(_WIDE.findall(decoded))
        tally.undefined_in_cp1252 = tally.undefined_in_cp1252 or _UNDEFINED_IN_CP1252.search(body) is not None


def _unfinished(data: bytes) -> int:
    """How many bytes at the end begin a UTF-8 character that the next chunk may finish."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte & 0xC0 == 0x80:
            continue
        needed = 2 if byte & 0xE0 == 0xC0 else 3 if byte & 0xF0 == 0xE0 else 4 if byte & 0xF8 == 0xF0 else 1
        return back if needed > back else 0
    return 0


def _refuse_binary(source: ByteSource, head: bytes, tally: _Tally) -> None:
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic) and (len(magic) > 2 or tally.first_nul is not None):
            raise invalid(source.shown, f'it is {what}, not a table that can be read', remedy)
    sampled = max(min(tally.size, 1 << 20), 1)
    if tally.control / sampled > 0.02 or head.count(b'\0') > len(head) // 10:
        raise invalid(
            source.shown,
            'it is a binary file, not a table that can be read',
            'Upload csv, tsv, xlsx, parquet, json or jsonl.',
        )
    if tally.first_nul is not None:
        byte, line = tally.first_nul
        raise invalid(
            source.shown,
            f'a NUL byte at byte {byte:,} (line {line:,})',
            'Remove the NUL bytes, or export the table again.',
        )


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: nearly every second byte is zero, on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > half * 0.6 and even <= half * 0.02:
        return 'utf-16-le'
    if even > half * 0.6 and odd <= half * 0.02:
        return 'utf-16-be'
    return None


def _check_wide(source: ByteSource, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)('strict')
    try:
        with source.open() as stream:
            while True:
                chunk = stream.read(_CHUNK)
                text = decoder.decode(chunk, not chunk)
                if '\0' in text:
                    raise invalid(
                        source.shown,
                        'a NUL character in the text',
                        'Remove the NUL bytes, or export the table again.',
                    )
                if not chunk:
                    return
    except UnicodeDecodeError as error:
        raise invalid(
            source.shown,
            f'it begins as {encoding} but does not stay so ({error.reason})',
            'Save the file as UTF-8.',
        ) from error
