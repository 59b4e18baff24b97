"""Whether a workbook may be opened: what it unpacks to, what it declares, and how far apart its cells stand."""

from __future__ import annotations

import io
import re
import zipfile

from . import limits
from .refusals import invalid

_SHEET = re.compile(r'xl/worksheets/.*\.xml$', re.IGNORECASE)
# A cell with something in it: `<c r="B3" s="1">`, and not `<c r="B3" s="1"/>`, which only bears a format.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_PLACELESS_CELL = re.compile(rb'<(?:\w+:)?c(?:\s(?:(?!\br=)[^>])*)?(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')


def check_workbook(data: bytes, shown: str) -> None:
    """Refuses workbooks that would unpack to too much, declare XML entities, or spread their cells too far."""
    if data[:4] != b'PK\x03\x04':
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_sizes(entries, len(data), shown)
            for entry in entries:
                if entry.filename.lower().endswith(('.xml', '.rels')):
                    _check_part(package, entry, shown)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise invalid(
            shown, f'the workbook is damaged ({str(error)[:200]})', 'Save it again as .xlsx, or as CSV.'
        ) from error


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int, shown: str) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
        raise invalid(
            shown,
            f'the workbook holds {len(entries):,} parts (MAX_ARCHIVE_ENTRIES {limits.MAX_ARCHIVE_ENTRIES:,})',
            'Save the sheet as CSV.',
        )
    if total > limits.MAX_WORKBOOK_BYTES:
        raise invalid(
            shown,
            f'the workbook unpacks to {limits.size_text(total)}; the limit is '
            f'{limits.size_text(limits.MAX_WORKBOOK_BYTES)} (MAX_WORKBOOK_BYTES)',
            'Save the sheet as CSV.',
        )
    if total > max(limits.RATIO_CHECKED_FROM_BYTES, packed * limits.MAX_COMPRESSION_RATIO):
        raise invalid(
            shown,
            f'the workbook unpacks to over {limits.MAX_COMPRESSION_RATIO} times its size '
            '(MAX_COMPRESSION_RATIO): this looks like a decompression bomb',
            'Save the sheet as CSV.',
        )


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str) -> None:
    with package.open(entry) as part:
        # a part that is longer than it claims ends where it claims to
        text = part.read(entry.file_size if _SHEET.search(entry.filename) else 4_096)
    head = text[:4_096].replace(b'\0', b'')
    if b'<!DOCTYPE' in head or b'<!ENTITY' in head:
        raise invalid(
            shown,
            'the workbook declares XML entities',
            'Save it again with a spreadsheet program, or as CSV.',
        )
    if _SHEET.search(entry.filename):
        _check_extent(text, shown)


def _check_extent(sheet: bytes, shown: str) -> None:
    """A reader lays out the whole rectangle: two cells in opposite corners would be billions."""
    rows, columns = 0, 0
    for letters, row in _CELL.findall(sheet):
        rows, columns = max(rows, int(row)), max(columns, _number(letters))
    if _PLACELESS_CELL.search(sheet):
        rows = max([rows, *(int(row) for row in _ROW.findall(sheet))])
        columns = max(columns, 1)
    if rows * columns > limits.MAX_WORKBOOK_CELLS:
        raise invalid(
            shown,
            f'the sheet spreads over {rows:,} rows and {columns:,} columns; the limit is '
            f'{limits.MAX_WORKBOOK_CELLS:,} cells (MAX_WORKBOOK_CELLS)',
            'Delete what stands far from the table, or save the sheet as CSV.',
        )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
