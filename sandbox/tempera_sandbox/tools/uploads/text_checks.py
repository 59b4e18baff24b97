"""Whether bytes are a text that may hold a table: no program, image or pickle, no NUL bytes, one encoding, no
document without end."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import PurePath
from typing import Any

from tempera.tables.encoding import BROKEN_SHARE, find_encoding
from tempera.tables.plan import FileKind

from .. import limits
from .refusals import invalid

# First bytes of things that are no tables, and what to do instead.
_MAGIC = (
    (b'%PDF', 'a PDF document', 'Export the table as CSV.'),
    (b'\x89PNG', 'a PNG image', 'Upload a table.'),
    (b'\xff\xd8\xff', 'a JPEG image', 'Upload a table.'),
    (b'GIF8', 'a GIF image', 'Upload a table.'),
    (b'\x7fELF', 'a program', 'Upload a table.'),
    (b'MZ', 'a program', 'Upload a table.'),
    (b'SQLite format 3', 'a SQLite database', 'Export one table as CSV.'),
    (b'\x93NUMPY', 'a NumPy array', 'Save it as CSV or parquet.'),
    (b'ARROW1', 'an Arrow or Feather file', 'Save it as parquet.'),
    (b'7z\xbc\xaf', 'a 7z archive', 'Pack it as zip.'),
    (b'Rar!', 'a RAR archive', 'Pack it as zip.'),
    (b'\x89HDF', 'an HDF5 file', 'Save it as parquet or CSV.'),
    (b'\x80\x04\x95', 'a Python pickle', 'Save it as CSV or parquet: pickles are never loaded.'),
    (b'\x80\x05\x95', 'a Python pickle', 'Save it as CSV or parquet: pickles are never loaded.'),
)
_CONTROL = re.compile(rb'[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]')
_MARKUP = re.compile(rb'^\s*<(!doctype|html|\?xml|table|head|body)\b', re.IGNORECASE)
_ESCAPED = re.compile('[\udc80-\udcff]+')
_WIDE_LETTER = re.compile('[\u0080-\ud7ff\ue000-\U0010ffff]')
_DELIMITERS = b',;\t|'
_SAMPLED = 1 << 20
_LINES_SAMPLED = 100
# A line may hold more delimiters than it has fields; beyond so many times the limit it is not read to find out.
_FIELDS_OVER_LIMIT = 4
_JSON_SUFFIXES = ('.json', '.jsonl', '.ndjson')
_PACKING_SUFFIXES = ('.gz', '.gzip', '.bz2', '.xz', '.zst', '.zip')


def check_text(data: bytes, shown: str, max_columns: int) -> None:
    """Refuses what is no text, or one whose lines have fields without end. Raises INVALID_DATASET."""
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b'\0' in data):
            raise invalid(shown, f'it is {what}, not a table that can be read', remedy)
    head = data[:_SAMPLED]
    if _MARKUP.match(head[:4_096]):
        raise invalid(shown, 'it is a web page or XML document, not a table', 'Export the table itself.')
    encoding = find_encoding(head).name
    if encoding.startswith(('utf-16', 'utf-32')):
        _check_wide(data, encoding, shown)
        return
    if len(_CONTROL.findall(head)) > 0.02 * len(head) or head.count(b'\0') > 0.1 * len(head):
        raise invalid(
            shown,
            'it is a binary file, not a table that can be read',
            'Upload csv, tsv, xlsx, parquet, json or jsonl.',
        )
    if (at := data.find(b'\0')) >= 0:
        line = data.count(b'\n', 0, at) + 1
        raise invalid(
            shown,
            f'a NUL byte at byte {at:,} (line {line:,})',
            'Remove the NUL bytes, or export the table again.',
        )
    _check_fields(head, shown, max_columns)
    _check_one_encoding(data, shown)


def check_lines(data: bytes, shown: str) -> None:
    """Refuses a text with a line, and so perhaps a cell, without end."""
    end = b'\n' if b'\n' in data else b'\r'
    start = 0
    while start + limits.MAX_ROW_BYTES < len(data):
        last = data.rfind(end, start, start + limits.MAX_ROW_BYTES + 1)
        if last < 0:
            line = data.count(end, 0, start) + 1
            raise invalid(
                shown,
                f'line {line:,} is longer than {limits.size_text(limits.MAX_ROW_BYTES)} (MAX_ROW_BYTES)',
                'Shorten what stands in its cells, or write the table again with an end to each row.',
            )
        start = last + 1


def check_json(data: bytes, kind: FileKind, name: str, shown: str) -> None:
    """Refuses a document that is too long to be held, and one that only its name calls JSON."""
    if kind == 'json' and len(data) > limits.MAX_JSON_DOCUMENT_BYTES:
        raise invalid(
            shown,
            f'the JSON document has {limits.size_text(len(data))}; the limit is '
            f'{limits.size_text(limits.MAX_JSON_DOCUMENT_BYTES)} (MAX_JSON_DOCUMENT_BYTES)',
            'Write one record a line (jsonl), or CSV.',
        )
    if kind in ('json', 'jsonl'):
        _check_keys(data, kind, shown)
    path = PurePath(name.lower())
    if path.suffix in _PACKING_SUFFIXES:
        path = path.with_suffix('')
    if path.suffix in _JSON_SUFFIXES and kind == 'delimited':
        raise invalid(
            shown,
            'it is not valid JSON: a document is whole, from its first bracket to the one that closes it',
            'Write it again as a list of objects, or as one object a line.',
        )


def _check_keys(data: bytes, kind: FileKind, shown: str) -> None:
    """Refuses records in which a key stands twice: only one of its values could be read."""
    pieces = data[:_SAMPLED].split(b'\n')[:-1] if kind == 'jsonl' and len(data) > _SAMPLED else [data]
    if kind == 'jsonl' and len(pieces) == 1:
        pieces = data.split(b'\n')
    for piece in pieces:
        try:
            json.loads(piece, object_pairs_hook=_no_duplicates)
        except _RepeatedKeysError as error:
            raise invalid(
                shown, f'keys occur more than once in a record: {error}', 'Give every value its own key.'
            ) from error
        except (ValueError, RecursionError):
            return  # the reader says what is wrong with it


class _RepeatedKeysError(Exception):
    pass


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        raise _RepeatedKeysError(', '.join(key[:60] for key in twice[:5]))
    return record


def _check_wide(data: bytes, encoding: str, shown: str) -> None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise invalid(
            shown,
            f'it begins as {encoding} but does not stay so ({error.reason} at byte {error.start:,})',
            'Save the file as UTF-8.',
        ) from error
    if '\0' in text:
        raise invalid(
            shown, 'a NUL character in the text', 'Remove the NUL bytes, or export the table again.'
        )


def _check_fields(head: bytes, shown: str, max_columns: int) -> None:
    most = max(
        (
            line.count(delimiter) + 1
            for line in head.split(b'\n')[:_LINES_SAMPLED]
            for delimiter in _DELIMITERS
        ),
        default=0,
    )
    if most > _FIELDS_OVER_LIMIT * max(max_columns, limits.MAX_COLUMNS):
        raise invalid(
            shown,
            f'a line holds at least {most:,} columns; the limit is {max_columns:,} (MAX_COLUMNS)',
            'Drop columns that are not needed.',
        )


def _check_one_encoding(data: bytes, shown: str) -> None:
    """Refuses a text of which much is UTF-8 and much is not: any one encoding would garble a part of it."""
    if data.isascii():
        return
    try:
        data.decode('utf-8')
    except UnicodeDecodeError as error:
        decoded = data.decode('utf-8', 'surrogateescape')
        broken = sum(len(run) for run in _ESCAPED.findall(decoded))
        valid = len(_WIDE_LETTER.findall(decoded))
        if broken <= BROKEN_SHARE * (valid + broken) or valid <= broken:
            return
        line = data.count(b'\n', 0, error.start) + 1
        raise invalid(
            shown,
            f'its encodings are mixed: {valid:,} characters are UTF-8, and from line {line:,} on '
            f'{broken:,} bytes are not',
            'Save the whole file as UTF-8.',
        ) from error
