"""The awkward tables of tests/cases that are awkward as files: heads, names, encodings and rows as people mean them."""

from __future__ import annotations

import pytest

from tempera.tables import read, understand

from .cases import CASES, opened, values


def test_04_numbers_as_names_are_a_header() -> None:
    plan, frame = opened('04-number-headers.csv')
    assert plan.file.has_header and plan.names == (*map(str, range(10)), 'label')
    assert len(frame) == 600


def test_09_the_table_is_found_on_its_sheet_below_title_and_merged_heads() -> None:
    plan, frame = opened('09-title-and-total.xlsx')
    part = plan.file.parts[0]
    assert (part.sheet, part.header, part.first) == ('Orders', (4,), 5)
    assert part.other_sheets == {'Cover': 'it holds another table, of 1 row and 1 column'}
    assert plan.file.left_out == {'blank': 1, 'title': 1, 'merged_head': 1, 'total': 1}
    assert plan.names == ('age', 'segment', 'items', 'value', 'express', 'returned')
    assert len(frame) == 500 and frame['express'].dtype == 'boolean'


def test_10_a_header_one_field_short_names_no_row_names() -> None:
    plan, frame = opened('10-r-row-names.csv')
    assert plan.names == ('row_name', 'dose', 'ph', 'level', 'yield')
    assert plan.column('row_name').kind == 'identifier'
    assert plan.column('level').levels == ('low', 'mid', 'high')
    assert frame['yield'].iloc[0] == 127.02


def test_18_comments_total_and_source_are_no_rows() -> None:
    plan, frame = opened('18-comments-and-total.csv')
    assert plan.names == ('building', 'area', 'built', 'type', 'kwh')
    assert {one.reason: one.count for one in plan.file.parts[0].left_out} == {
        'comment': 3,
        'footnote': 1,
        'total': 1,
    }
    assert len(frame) == 500 and plan.file.rows == 502


def test_23_any_name_is_kept_and_has_a_safe_key() -> None:
    plan, _ = opened('23-odd-names.csv')
    assert plan.names[0] == 'price\n(net)' and '=SUM(A1)' in plan.names and '<b>out</b>' in plan.names
    keys = [column.key for column in plan.columns]
    assert len(set(keys)) == len(keys) and all(key.replace('_', 'a').isalnum() for key in keys)


@pytest.mark.parametrize(('name', 'header'), [('40-title-no-cover.xlsx', 4), ('41-two-header-rows.xlsx', 2)])
def test_40_and_41_the_row_of_names_of_a_workbook(name: str, header: int) -> None:
    plan, frame = opened(name)
    assert plan.file.parts[0].header == (header,) and plan.names[-1] == 'returned'
    assert len(frame) == 500 and set(frame['returned']) == {'yes', 'no'}


def test_47_long_rows_are_left_out_and_told() -> None:
    plan, frame = opened('47-ragged.csv')
    assert (plan.file.rows, plan.file.rows_used, plan.file.left_out) == (500, 483, {'unaligned': 17})
    assert plan.file.parts[0].left_out[0].lines[0] == 16
    assert frame['note'].iloc[0] == 'line one\nline 0' and frame['y'].notna().sum() > 440


def test_48_cyrillic_is_read_and_said_to_be_a_guess() -> None:
    plan, frame = opened('48-windows-1251.csv')
    assert plan.file.encoding == 'cp1251' and plan.file.encoding_is_guess
    assert plan.names == ('площадь', 'район', 'этаж', 'цена') and plan.columns[0].key == 'площадь'
    assert frame['цена'].iloc[0] == 1693.0


def test_50_years_as_names() -> None:
    plan, _ = opened('50-years-as-headers.csv')
    assert plan.names == ('country', *map(str, range(2015, 2024)))


def test_51_names_that_are_alike_are_made_unique_and_said() -> None:
    plan, frame = opened('51-alike-names.csv')
    assert plan.names == ('age', 'age_2', 'x', 'y') and plan.file.renamed == {'age_2': 'age'}
    assert frame.iloc[0].tolist() == [20, 30, 0, 'b']


def test_52_utf_16_without_a_mark() -> None:
    plan, frame = opened('52-utf16-no-mark.csv')
    assert plan.file.encoding == 'utf-16-le' and plan.names == ('größe', 'farbe', 'wert')
    assert frame['farbe'].iloc[0] == 'grün' and frame['größe'].iloc[0] == -0.83


def test_55_and_60_decimal_commas() -> None:
    plan, frame = opened('55-german-decimals.csv')
    assert frame.iloc[0].tolist() == [7.8, 140.2, 10_097.05, 'A', 33_329.72]
    assert values(plan.column('Verbrauch'), '6,2', 6.2) == [6.2, 6.2]
    plan, frame = opened('60-quoted-decimal-commas.csv')
    assert plan.file.delimiter == ',' and frame.iloc[0].tolist() == [5.17, 1.73, 'blue', 49.95]


def test_61_rows_given_for_training_and_for_testing_are_one_table_of_two_parts() -> None:
    files = [CASES / '61-train.csv', CASES / '61-test.csv']
    plan = understand(files)
    frame = read(files, plan)
    assert [(part.member, part.role, part.rows) for part in plan.file.parts] == [
        ('61-train.csv', 'train', 400), ('61-test.csv', 'test', 100),
    ]  # fmt: skip
    assert plan.file.parts[1].names == ('row_id', 'f1', 'f2', 'f3', 'kind')
    assert list(frame.index) == list(range(500))
    assert frame['answer'].iloc[:400].notna().all() and frame['answer'].iloc[400:].isna().all()


def test_62_no_name_is_reserved() -> None:
    plan, frame = opened('62-reserved-names.csv')
    assert plan.names == ('__source_row', 'prediction', 'kind', 'y')
    assert frame['__source_row'].iloc[0] == -1.022 and frame.index[0] == 0
