"""Whether a workbook may be opened: what it unpacks to, what it declares, and how far apart its cells stand, in each
way that workbooks write their cells (xlsx, xlsb, ods)."""

from __future__ import annotations

import io
import re
import zipfile

from .. import limits
from .refusals import invalid

_SHEET = re.compile(r'xl/worksheets/.*\.(?:xml|bin)$|content\.xml$', re.IGNORECASE)
# A cell with something in it: `<c r="B3" s="1">`, and not `<c r="B3" s="1"/>`, which only bears a format.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_PLACELESS_CELL = re.compile(rb'<(?:\w+:)?c(?:\s(?:(?!\br=)[^>])*)?(?<!/)>')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="([0-9]{1,7})"')
# Records of an xlsb sheet: the head of a row, a cell without a value, the last kind of cell.
_ROW_HEAD, _BLANK_CELL, _LAST_CELL = 0, 1, 11
_OPEN_TAG = re.compile(rb'<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>')


def check_workbook(data: bytes, shown: str) -> None:
    """Refuses workbooks that would unpack to too much, declare XML entities, or spread their cells too far."""
    if data[:4] != b'PK\x03\x04':
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_sizes(entries, len(data), shown)
            for entry in entries:
                if entry.filename.lower().endswith(('.xml', '.rels', '.bin')):
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
    if not entry.filename.lower().endswith('.bin') and (b'<!DOCTYPE' in head or b'<!ENTITY' in head):
        raise invalid(
            shown,
            'the workbook declares XML entities',
            'Save it again with a spreadsheet program, or as CSV.',
        )
    if _SHEET.search(entry.filename):
        _check_extent(text, entry.filename, shown)


def _check_extent(sheet: bytes, name: str, shown: str) -> None:
    """A reader lays out the whole rectangle: two cells in opposite corners would be billions."""
    if name.lower().endswith('.bin'):
        extents = [_binary_extent(sheet)]
    elif name.lower().endswith('content.xml'):
        extents = open_extents(sheet)
    else:
        extents = [_xml_extent(sheet)]
    for rows, columns in extents:
        if rows * columns > limits.MAX_WORKBOOK_CELLS:
            raise invalid(
                shown,
                f'the sheet spreads over {rows:,} rows and {columns:,} columns; the limit is '
                f'{limits.MAX_WORKBOOK_CELLS:,} cells (MAX_WORKBOOK_CELLS)',
                'Delete what stands far from the table, or save the sheet as CSV.',
            )


def _xml_extent(sheet: bytes) -> tuple[int, int]:
    rows, columns = 0, 0
    for letters, row in _CELL.findall(sheet):
        rows, columns = max(rows, int(row)), max(columns, _number(letters))
    if _PLACELESS_CELL.search(sheet):
        rows = max([rows, *(int(row) for row in _ROW.findall(sheet))])
        columns = max(columns, 1)
    return rows, columns


def _binary_extent(sheet: bytes) -> tuple[int, int]:
    """Of an xlsb sheet: records of a type, a length and their content, a row's cells behind its head."""
    place, row, rows, columns = 0, 0, 0, 0
    while place < len(sheet):
        kind, place = _variable(sheet, place, 2)
        size, place = _variable(sheet, place, 4)
        if size >= 4 and kind <= _LAST_CELL:
            number = int.from_bytes(sheet[place : place + 4], 'little')
            if kind == _ROW_HEAD:
                row = number + 1
            elif kind > _BLANK_CELL:
                rows, columns = max(rows, row), max(columns, number + 1)
        place += size
    return rows, columns


def _variable(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, seven bits each, and the place behind it."""
    value = 0
    for at in range(most):
        byte = data[place] if place < len(data) else 0
        value |= (byte & 0x7F) << (7 * at)
        place += 1
        if byte < 0x80:
            break
    return value, place


def open_extents(content: bytes) -> list[tuple[int, int]]:
    """Of each sheet of an ods: rows and cells stand one behind the other, and say how often they are repeated."""
    found: list[tuple[int, int]] = []
    row = column = rows = columns = 0
    again = 1
    for end, kind, attributes in _OPEN_TAG.findall(content):
        if kind == b'table':
            if not end:
                row = rows = columns = 0
            found += [(rows, columns)] if end else []
        elif kind == b'table-row' and not end:
            again = _repeated(attributes, b'rows')
            row, column = row + again, 0
        elif not end:
            column += _repeated(attributes, b'columns')
            if b'value-type' in attributes or b'formula' in attributes:
                rows, columns = max(rows, row), max(columns, column)
    return found


def _repeated(attributes: bytes, what: bytes) -> int:
    found = re.search(rb'number-' + what + rb'-repeated="([0-9]{1,9})"', attributes)
    return max(1, int(found[1])) if found else 1


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
