"""Workbooks with formulas: calculated ones are read, ones that no program has calculated are refused by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tempera_sandbox.tools import Context, ToolError, run_tool


@pytest.fixture
def context(tmp_path: Path) -> Context:
    for name in ('workspace', 'datasets'):
        (tmp_path / name).mkdir()
    return Context(tmp_path / 'workspace', tmp_path / 'datasets')


def write(path: Path, header: bool = True) -> None:
    """A sheet of two numbers and their sum, the sum as a formula without its result."""
    book = openpyxl.Workbook()
    if header:
        book.active.append(['left', 'right', 'total'])
    for at in range(2 if header else 1, 32):
        book.active.append([at * 1.5, at % 7, f'=A{at}+B{at}'])
    book.save(path)


def calculate(path: Path, result: str) -> None:
    """Gives every formula the same result, as a spreadsheet program would have."""
    with zipfile.ZipFile(path) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    sheet = parts['xl/worksheets/sheet1.xml']
    assert b'<v />' in sheet or b'<v/>' in sheet or b'<v></v>' in sheet
    for blank in (b'<v />', b'<v/>', b'<v></v>'):
        sheet = sheet.replace(blank, result.encode())
    parts['xl/worksheets/sheet1.xml'] = sheet
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_formulas_that_were_never_calculated_are_refused_by_their_column(context: Context) -> None:
    write(context.datasets / 'sums.xlsx')
    with pytest.raises(ToolError) as refused:
        run_tool('profile_upload', {'file': 'sums.xlsx'}, context)
    assert refused.value.code == 'INVALID_DATASET'
    assert "column 'total' holds formulas without results" in refused.value.message
    assert 'Open the workbook in a spreadsheet program, save it there' in refused.value.message


def test_a_column_of_formulas_without_header_is_named_by_its_place(context: Context) -> None:
    write(context.datasets / 'sums.xlsx', header=False)
    with pytest.raises(ToolError, match="column 'column_3' holds formulas"):
        run_tool('profile_upload', {'file': 'sums.xlsx'}, context)


def test_calculated_formulas_are_read(context: Context) -> None:
    path = context.datasets / 'sums.xlsx'
    write(path)
    calculate(path, '<v>4.5</v>')
    profile = run_tool('profile_upload', {'file': 'sums.xlsx'}, context)
    total = next(column for column in profile['columns'] if column['name'] == 'total')
    assert profile['rows'] == 30 and total['missing'] == 0
