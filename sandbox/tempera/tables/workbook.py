"""Workbooks: which sheet holds the table, where in it, and which of its cells were never calculated."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from .errors import EmptyTable, UnreadableTable
from .layout import Layout
from .limits import Limits, check_size
from .plan import Evidence, PartPlan
from .raw import RawTable
from .sheets import Merged, SheetTable, cut_table, find_table

_FORMULA = re.compile(
    rb'<c [^>]*?r="([A-Z]+)([0-9]+)"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*(<v>|<is>)?'
)
_SHEET = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet'
_RELATION = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'


def understand_workbook(data: bytes, name: str, limits: Limits, member: str = '') -> list[Layout]:
    """The table of a workbook: that of its largest sheet, with those of sheets that have the same columns; the tables
    of others stand beside it, and may be joined."""
    book = _opened(data, name)
    found: dict[str, SheetTable] = {}
    other: dict[str, str] = {}
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            other[sheet.name] = 'it is a chart or a macro'
            continue
        rows = _rows(book, sheet.name)
        table = find_table(rows, PartPlan(member=member, sheet=sheet.name), _merged(book, sheet.name))
        if table is None or not table.part.rows_used:
            other[sheet.name] = (
                'it is empty' if not any(any(row) for row in rows) else 'it holds no rows under names'
            )
        elif sheet.visible != SheetVisibleEnum.Visible:
            other[sheet.name] = 'it is hidden'
        else:
            found[sheet.name] = table
    if not found:
        sheets = ', '.join(f'[{sheet}]: {why}' for sheet, why in other.items())
        raise EmptyTable(
            f'[{name}] has no sheet with a table ({sheets}). Give a sheet with names above rows of data.'
        )
    best = max(found.values(), key=lambda table: (table.part.fields > 1, table.size))
    chosen = [table for table in found.values() if _alike(table, best)]
    for title, table in found.items():
        if table not in chosen:
            count, fields = table.part.rows_used, table.part.fields
            other[title] = (
                f'it holds another table, of {count} row{"s" * (count != 1)} and {fields} column{"s" * (fields != 1)}'
            )
    beside = [
        replace(_layout(data, name, table, {}, limits), beside=other[title])
        for title, table in found.items()
        if table not in chosen
    ]
    return [*(_layout(data, name, table, other, limits) for table in chosen), *beside]


def read_workbook(data: bytes, name: str, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    """The rows of a part by its plan."""
    book = _opened(data, name)
    return cut_table(_rows(book, part.sheet), part, names, _merged(book, part.sheet))


def _opened(data: bytes, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise UnreadableTable(
            f'[{name}] is locked by a password. Save it without one, and give that.'
        ) from error
    except CalamineError as error:
        raise UnreadableTable(f'[{name}] is a damaged workbook ({error}). Open and save it again.') from error


def _rows(book: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    return list(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def _merged(book: CalamineWorkbook, sheet: str) -> list[Merged]:
    """The merged cells of a sheet, from above; kinds of workbooks that do not tell have none."""
    return sorted(book.get_sheet_by_name(sheet).merged_cell_ranges or [])


def _alike(table: SheetTable, best: SheetTable) -> bool:
    """Sheets of the same names, a month or a year each, are parts of one table."""
    if table is best:
        return True
    same = table.table.names == best.table.names and bool(table.part.header)
    return same and table.part.fields > 1


def _layout(data: bytes, name: str, table: SheetTable, other: dict[str, str], limits: Limits) -> Layout:
    check_size(table.part.rows, table.part.fields, limits, name)
    part = replace(table.part, other_sheets=other)
    evidence = [
        Evidence('sheet', f'the table is on sheet [{part.sheet}]'),
        Evidence('header', table.head.because or 'the first row is taken for names'),
    ]
    evidence += [Evidence('beside', table.beside)] if table.beside else []
    uncalculated = _uncalculated(data, part)
    for position, count in uncalculated.items():
        name_there = table.table.names[position] if position < part.fields else f'column_{position + 1}'
        evidence.append(
            Evidence(
                'formulas',
                f'column [{name_there}] holds {count} formulas without results: no program has '
                'calculated them. Open the workbook in a spreadsheet program, save it there, and give it again',
                {'cells': count, 'position': position},
            )
        )
    return Layout(
        'workbook', part, table.table, tuple(evidence),
        of_columns=tuple(
            (position, evidence[-len(uncalculated) + at])
            for at, position in enumerate(uncalculated)
            if position < part.fields
        ),
    )  # fmt: skip


def _uncalculated(data: bytes, part: PartPlan) -> dict[int, int]:
    """Of the table's columns, and those beside it that hold nothing else, how many cells hold a formula without its
    result."""
    xml = _sheet_xml(data, part.sheet)
    if b'<f' not in xml:
        return {}
    counts: dict[int, int] = {}
    for column, row, value in _FORMULA.findall(xml):
        place = _column_number(column) - part.first_field
        if not value and int(row) >= part.first and place >= 0:
            counts[place] = counts.get(place, 0) + 1
    return counts


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _sheet_xml(data: bytes, sheet: str) -> bytes:
    """The sheet's part of an xlsx; nothing for other kinds of workbooks."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            book = ElementTree.fromstring(package.read('xl/workbook.xml'))
            relations = ElementTree.fromstring(package.read('xl/_rels/workbook.xml.rels'))
            ids = {one.get('name'): one.get(_RELATION) for one in book.iter(_SHEET)}
            targets = {one.get('Id'): one.get('Target') or '' for one in relations}
            target = targets.get(ids.get(sheet), '')
            path = target.lstrip('/') if target.startswith('/') else f'xl/{target}'
            return package.read(path)
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return b''
