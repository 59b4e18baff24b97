"""Workbooks: the table is found on its sheet, and read as one by its plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from tempera.tables import EmptyTable, understand

from .written_files import BODY, HEAD, ROWS, book_of, opened, rows_of, written


def test_the_largest_table_of_a_workbook_is_taken_and_the_others_are_told(tmp_path: Path) -> None:
    data = book_of(
        ('Cover', [['Prepared by finance']]),
        ('Codes', [['code', 'meaning'], ['a', 'b']]),
        ('Data', HEAD + BODY),
    )
    plan, frame = opened(written(tmp_path / 'book.xlsx', data))
    assert plan.file.parts[0].sheet == 'Data' and set(plan.file.parts[0].other_sheets) == {'Cover', 'Codes'}
    assert rows_of(frame) == ROWS


def test_a_table_that_starts_beside_and_below_the_corner(tmp_path: Path) -> None:
    shifted = [[None, None, *row] for row in HEAD + BODY]
    data = book_of(
        ('Data', [[None], [None, 'Sales of the north'], [], *shifted, [], [None, None, 'Source: audit']])
    )
    plan, frame = opened(written(tmp_path / 'book.xlsx', data))
    part = plan.file.parts[0]
    assert (part.header, part.first_field, part.fields, plan.names) == ((4,), 2, 3, tuple(ROWS[0]))
    assert rows_of(frame) == ROWS
    assert plan.file.left_out['title'] == 1 and plan.file.left_out['footnote'] == 1


def test_sheets_with_the_same_columns_are_one_table(tmp_path: Path) -> None:
    data = book_of(('2023', HEAD + BODY[:30]), ('2024', HEAD + BODY[30:]))
    plan, frame = opened(written(tmp_path / 'book.xlsx', data))
    assert [part.sheet for part in plan.file.parts] == ['2023', '2024']
    assert rows_of(frame) == ROWS and list(frame.index) == list(range(60))


def test_dates_and_their_serials_are_the_same_days(tmp_path: Path) -> None:
    days = [dt.datetime(2024, 1, 1) + dt.timedelta(days=place) for place in range(30)]
    serials = [45292 + place for place in range(30)]
    mixed = [
        day if place % 10 else serial for place, (day, serial) in enumerate(zip(days, serials, strict=True))
    ]
    rows = [['day', 'date', 'mixed', 'value'], *map(list, zip(days, serials, mixed, range(30), strict=True))]
    plan, frame = opened(written(tmp_path / 'book.xlsx', book_of(('Data', rows))))
    assert [plan.column(name).kind for name in ('day', 'date', 'mixed')] == ['date', 'date', 'date']
    for name in ('day', 'date', 'mixed'):
        assert frame[name].tolist() == [pd.Timestamp(day) for day in days], name


def test_formulas_without_results_are_told_by_column(tmp_path: Path) -> None:
    rows = [
        ['left', 'right', 'both'],
        *([place * 1.5, place % 7, f'=A{place + 2}+B{place + 2}'] for place in range(40)),
    ]
    plan, frame = opened(written(tmp_path / 'book.xlsx', book_of(('Data', rows))))
    found = [one for one in plan.column('both').evidence if one.finding == 'formulas']
    assert found[0].numbers == {'cells': 40, 'position': 2} and 'save it there' in found[0].because
    assert plan.column('both').kind == 'empty' and frame['both'].isna().all()


def test_a_workbook_without_a_table_names_its_sheets(tmp_path: Path) -> None:
    with pytest.raises(EmptyTable, match=r'\[Cover\]'):
        understand(written(tmp_path / 'book.xlsx', book_of(('Cover', []))))
