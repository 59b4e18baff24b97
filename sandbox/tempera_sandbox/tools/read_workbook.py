"""Streams the first sheet of an xlsx workbook that holds a table into a sample."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from . import ToolError, limits
from .delimited_text import check_names, has_header, too_many_columns
from .table_sample import TableSample
from .upload_bytes import check_ratio, invalid

_BATCH_ROWS = 2_000


def read_workbook(path: Path, shown: str, max_columns: int) -> tuple[TableSample, dict[str, Any], list[str]]:
    """The sample, {sheet, header}, and warnings. Raises INVALID_DATASET."""
    import openpyxl  # only workbooks need it

    check_package(path, shown)
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sample, form, warnings = _read_sheets(workbook, shown, max_columns)
        finally:
            workbook.close()
        if has_formulas(path):
            formulas = openpyxl.load_workbook(path, read_only=True, keep_links=False)
            try:
                check_calculated(sample, formulas[form['sheet']], shown)
            finally:
                formulas.close()
        return sample, form, warnings
    except (ToolError, MemoryError):
        raise
    except Exception as error:  # openpyxl lets any error of a hostile file through
        raise invalid(
            shown, f'the workbook cannot be read ({str(error)[:200]})', 'Save it again as .xlsx, or as CSV.'
        ) from error


def check_package(path: Path, shown: str) -> None:
    """Refuses workbooks that would unpack to too much, or declare XML entities."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
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
            check_ratio(shown, total, max(path.stat().st_size, 1))
            for entry in entries:
                if entry.filename.lower().endswith(('.xml', '.rels')):
                    with package.open(entry) as part:
                        head = part.read(4_096).replace(b'\0', b'')
                    if b'<!DOCTYPE' in head or b'<!ENTITY' in head:
                        raise invalid(
                            shown,
                            'the workbook declares XML entities',
                            'Save it again with a spreadsheet program, or as CSV.',
                        )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise invalid(
            shown, f'the workbook is damaged ({str(error)[:200]})', 'Save it again as .xlsx, or as CSV.'
        ) from error


def has_formulas(path: Path) -> bool:
    """True when any sheet of the package holds a formula."""
    with zipfile.ZipFile(path) as package:
        for entry in package.infolist():
            if entry.filename.startswith('xl/worksheets/') and entry.filename.endswith('.xml'):
                with package.open(entry) as part:
                    tail = b''
                    while piece := part.read(1 << 20):
                        if re.search(rb'<f[ >/]', tail + piece):
                            return True
                        tail = piece[-3:]
    return False


def check_calculated(sample: TableSample, sheet: Any, shown: str) -> None:
    """Refuses a sheet whose formulas were never calculated: programs that write workbooks leave the results out, and
    the column would be read as empty. Formulas beside calculated ones may well be blank."""
    sheet.reset_dimensions()
    formulas: dict[int, int] = {}
    for row in sheet.iter_rows(values_only=True):
        for at, value in enumerate(row):
            # an array formula is an object, not a text
            if (isinstance(value, str) and value.startswith('=')) or type(value).__name__ in (
                'ArrayFormula',
                'DataTableFormula',
            ):
                formulas[at] = formulas.get(at, 0) + 1
    table = sample.table()
    # a column past the last one read had no cell at all
    known = dict(enumerate(sample.names))
    filled = {
        at: any(cell and cell.strip() for cell in table.column(at).to_pylist()) if at in known else False
        for at in formulas
    }
    empty = [known.get(at, f'column_{at + 1}') for at in sorted(filled) if not filled[at]]
    if empty and len(empty) == len(filled):
        names = ', '.join(repr(name) for name in empty[:10]) + (
            f' and {len(empty) - 10} more' if len(empty) > 10 else ''
        )
        raise invalid(
            shown,
            f'{"column" if len(empty) == 1 else "columns"} {names} '
            f'{"holds" if len(empty) == 1 else "hold"} formulas without results: no program has '
            'calculated them yet',
            'Open the workbook in a spreadsheet program, save it there, and upload it again.',
        )


def _read_sheets(
    workbook: Any, shown: str, max_columns: int
) -> tuple[TableSample, dict[str, Any], list[str]]:
    sheets = workbook.worksheets
    for sheet in sheets:
        # The declared size may be a lie, or a million empty rows.
        sheet.reset_dimensions()
        rows = _rows(sheet, shown, max_columns)
        head = [row for _, row in zip(range(200), rows, strict=False)]
        if not head:
            continue
        sample, header = _collect(head, rows, shown, max_columns)
        warnings = (
            [f'The workbook has {len(sheets)} sheets; {sheet.title!r} is read.'] if len(sheets) > 1 else []
        )
        if not header:
            warnings.append(
                'The sheet has no header row: the columns are called column_1, column_2 and so on.'
            )
        return sample, {'sheet': sheet.title, 'header': header}, warnings
    raise invalid(shown, 'the workbook holds no rows', 'Upload a sheet with a header and at least 2 rows.')


def _rows(sheet: Any, shown: str, max_columns: int) -> Iterator[list[str]]:
    """The sheet's rows as texts, without blank ones and without blank cells at the end."""
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += max(len(row), 1)
        if cells > limits.MAX_WORKBOOK_CELLS:
            limit = f'{limits.MAX_WORKBOOK_CELLS:,} cells (MAX_WORKBOOK_CELLS)'
            raise invalid(shown, f'the sheet has more than {limit}', 'Save it as CSV.')
        texts = [_text(value) for value in row]
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > max_columns:
            raise too_many_columns(shown, len(texts), max_columns)
        if texts:
            yield texts


def _collect(
    head: list[list[str]], rest: Iterable[list[str]], shown: str, max_columns: int
) -> tuple[TableSample, bool]:
    width = max(len(row) for row in head)
    padded = [row + [''] * (width - len(row)) for row in head]
    header = has_header(padded, width)
    names = check_names(padded[0], shown) if header else [f'column_{at}' for at in range(1, width + 1)]
    sample = TableSample(names)
    batch = head[1:] if header else list(head)
    for row in rest:
        if len(row) > width:
            raise invalid(
                shown,
                f'a row has {len(row):,} cells, the first rows have {width:,}',
                'Give every column a name in the first row.',
            )
        batch.append(row)
        if len(batch) >= _BATCH_ROWS:
            sample.add(text_table(batch, names))
            batch = []
    sample.add(text_table(batch, names))
    return sample, header


def text_table(rows: list[list[str]], names: list[str]) -> pa.Table:
    """Rows of texts as a table; short rows are filled with blanks."""
    columns = [
        pa.array([row[at] if at < len(row) else '' for row in rows], pa.string()) for at in range(len(names))
    ]
    return pa.table(columns, names=names)


def _text(value: Any) -> str:
    if value is None:
        return ''
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(' ')
    return str(value)[: limits.MAX_CELL_BYTES]
