"""The cases of tests/cases that are about reading and kinds of columns: what the plan says and the frame holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tempera.tables import ColumnPlan, TablePlan, parse, read, understand

from .test_round_trip import as_python

CASES = Path(__file__).resolve().parents[3] / 'tests' / 'cases'


def opened(name: str) -> tuple[TablePlan, pd.DataFrame]:
    file = CASES / name
    plan = understand(file)
    frame = read(file, plan)
    assert len(frame) == plan.file.rows_used
    assert plan.file.rows == plan.file.rows_used + sum(
        count
        for reason, count in plan.file.left_out.items()
        if reason in ('total', 'footnote', 'repeated_header', 'unaligned', 'other_table')
    )
    assert list(frame.columns) == list(plan.names)
    return plan, frame


def kinds(plan: TablePlan) -> dict[str, str]:
    return {column.name: column.kind for column in plan.columns}


def asked(column: ColumnPlan) -> list[str]:
    return [question.key for question in column.questions]


def values(column: ColumnPlan, *cells: Any) -> list[Any]:
    return [as_python(value) for value in parse(column, list(cells))]


def test_01_a_label_that_is_a_word_for_missing_stays_a_label_and_is_asked_about() -> None:
    plan, frame = opened('01-none-class.csv')
    assert frame['disorder'].value_counts().to_dict() == {'None': 465, 'Insomnia': 162, 'Apnea': 173}
    assert asked(plan.column('disorder')) == ['column.disorder.missing']
    assert plan.column('disorder').questions[0].choices[0].value == 'value'


@pytest.mark.parametrize('name', ['01-none-class.csv', '25-north-america.csv'])
def test_a_question_names_its_column_and_quotes_as_reports_do(name: str) -> None:
    plan, _ = opened(name)
    asking = [(column, question) for column in plan.columns for question in column.questions]
    assert asking
    for column, question in asking:
        assert f'`{column.name}`' in question.text and '[' not in question.text
        assert all('[' not in choice.consequence for choice in question.choices)


def test_02_changing_offsets_are_moments_in_utc() -> None:
    plan, frame = opened('02-mixed-offsets.csv')
    column = plan.column('measured_at')
    assert (column.kind, column.zone) == ('datetime', 'UTC')
    assert frame['measured_at'].iloc[0] == pd.Timestamp('2023-11-03T22:20:00Z')
    assert frame['measured_at'].iloc[1] == pd.Timestamp('2023-05-20T19:20:00Z')
    assert frame['measured_at'].notna().all()


def test_03_subjects_are_identifiers_that_repeat() -> None:
    plan, _ = opened('03-patients-visits.csv')
    assert plan.column('patient').kind == 'identifier'
    assert plan.column('patient').distinct == 150


def test_04_numbers_as_names_are_a_header() -> None:
    plan, frame = opened('04-number-headers.csv')
    assert plan.file.has_header and plan.names == (*map(str, range(10)), 'label')
    assert len(frame) == 600


def test_08_german_numbers_are_read_by_the_locale_of_the_file() -> None:
    plan, frame = opened('08-german-cars.csv')
    assert (plan.file.encoding, plan.file.delimiter) == ('cp1252', ';')
    assert frame.iloc[0].to_dict() == {
        'Händler': 'Süd', 'Kilometer': 187_335, 'Listenpreis': 32_471, 'Verbrauch': 6.2, 'Alter': 13, 'Preis': 5269.74,
    }  # fmt: skip
    assert not any(column.questions for column in plan.columns)


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


@pytest.mark.parametrize(('name', 'gaps'), [('11-infinite-ratio.csv', 28), ('42-one-percent-inf.csv', 9)])
def test_11_and_42_infinities_are_gaps_of_a_number(name: str, gaps: int) -> None:
    plan, frame = opened(name)
    column = plan.column('ratio')
    assert (column.kind, column.gaps) == ('number', gaps)
    assert [token.text for token in column.missing] == ['inf']
    assert int(frame['ratio'].isna().sum()) == gaps
    assert values(column, 'inf', '-Infinity', float('inf')) == [None, None, None]


def test_13_a_count_with_zeros_is_a_count() -> None:
    plan, frame = opened('13-claim-counts.csv')
    assert plan.column('claims').kind == 'count'
    assert (frame['claims'] == 0).sum() > 1000


def test_15_spellings_of_a_label_are_one() -> None:
    plan, frame = opened('15-label-spellings.csv')
    assert plan.column('churned').kind == 'boolean'
    assert set(frame['churned']) == {'yes', 'no'}
    assert values(plan.column('churned'), 'YES', ' No', 'y', True) == ['yes', 'no', 'yes', 'yes']


def test_17_zero_and_one_as_floats_are_two_values() -> None:
    plan, frame = opened('17-labels-as-floats.csv')
    assert plan.column('defaulted').kind == 'boolean'
    assert set(frame['defaulted'].dropna()) == {0, 1}
    assert kinds(plan)['region'] == 'category'


def test_18_comments_total_and_source_are_no_rows() -> None:
    plan, frame = opened('18-comments-and-total.csv')
    assert plan.names == ('building', 'area', 'built', 'type', 'kwh')
    assert {one.reason: one.count for one in plan.file.parts[0].left_out} == {
        'comment': 3,
        'footnote': 1,
        'total': 1,
    }
    assert len(frame) == 500 and plan.file.rows == 502


def test_19_money_and_percent_are_read_as_they_are_typed() -> None:
    plan, _ = opened('19-money-as-text.csv')
    assert kinds(plan)['Annual Income'] == 'money' and plan.column('Annual Income').unit == '$'
    assert kinds(plan)['Rate'] == 'percent'
    assert values(plan.column('Annual Income'), '$85,000', 85000, '85000') == [85_000.0] * 3
    assert values(plan.column('Rate'), '12.93%', 12.93) == [12.93, 12.93]


def test_20_moments_with_z_keep_their_hour_and_read_row_by_row() -> None:
    plan, frame = opened('20-utc-z.csv')
    assert frame['at'].dt.hour.nunique() > 1
    assert values(plan.column('at'), '2024-01-01T03:00:00Z') == [pd.Timestamp('2024-01-01T03:00:00Z')]


def test_22_leading_zeros_are_codes_and_large_numbers_keep_their_digits() -> None:
    plan, frame = opened('22-zip-and-big-ids.csv')
    assert kinds(plan)['zip'] == 'code' and kinds(plan)['account'] == 'identifier'
    assert frame['account'].nunique() == 450 and frame['account'].iloc[0] == 9007199254740993
    assert frame['zip'].str.len().eq(5).all()


def test_23_any_name_is_kept_and_has_a_safe_key() -> None:
    plan, _ = opened('23-odd-names.csv')
    assert plan.names[0] == 'price\n(net)' and '=SUM(A1)' in plan.names and '<b>out</b>' in plan.names
    keys = [column.key for column in plan.columns]
    assert len(set(keys)) == len(keys) and all(key.replace('_', 'a').isalnum() for key in keys)


def test_24_several_labels_in_a_cell_are_a_list() -> None:
    plan, frame = opened('24-several-labels.csv')
    column = plan.column('tags')
    assert (column.kind, column.form.separator) == ('list', ';')
    assert frame['tags'].iloc[1] == ['news', 'sport', 'art']


def test_25_a_word_for_missing_beside_real_blanks_is_a_value_and_asked_about() -> None:
    plan, frame = opened('25-north-america.csv')
    assert frame['continent'].isna().sum() == 36 and (frame['continent'] == 'NA').sum() == 283
    assert asked(plan.column('continent')) == ['column.continent.missing']


def test_26_epoch_milliseconds_are_moments() -> None:
    plan, frame = opened('26-epoch-ms.csv')
    assert plan.column('timestamp').kind == 'datetime'
    assert frame['timestamp'].iloc[0] == pd.Timestamp(1680836698669, unit='ms', tz='UTC')


def test_29_booleans_of_a_spreadsheet_and_a_sentinel() -> None:
    plan, frame = opened('29-spreadsheet-booleans.csv')
    assert frame['smoker'].dtype == 'boolean'
    assert values(plan.column('smoker'), True, 'TRUE', 'false') == [True, True, False]
    assert [token.text for token in plan.column('thousand_km').sentinels] == ['-999']
    assert values(plan.column('thousand_km'), -999, '-999', '-999.0', 10.5) == [None, None, None, 10.5]


def test_30_names_of_months_make_dates() -> None:
    plan, frame = opened('30-month-names.csv')
    assert plan.column('day').kind == 'date' and frame['day'].iloc[0] == pd.Timestamp(2022, 4, 8)


def test_31_messages_are_text() -> None:
    plan, _ = opened('31-messages.csv')
    assert kinds(plan) == {'message': 'text', 'label': 'category'}


def test_32_brackets_are_negative() -> None:
    plan, frame = opened('32-brackets-negative.csv')
    assert plan.column('profit').kind in ('number', 'money') and frame['profit'].min() < 0
    assert values(plan.column('profit'), '(1,234.50)') == [-1234.5]


def test_33_records_and_lists_in_cells() -> None:
    plan, frame = opened('33-nested.json')
    assert kinds(plan)['dims'] == 'record' and kinds(plan)['features'] == 'list'
    assert frame['dims'].iloc[0] == {'w': 55.5, 'h': 82.6} and frame['features'].iloc[3] == []


def test_34_years_and_months_are_told_apart_from_measures() -> None:
    plan, _ = opened('34-year-month.csv')
    assert kinds(plan)['year'] == 'year' and kinds(plan)['month'] == 'integer'


@pytest.mark.parametrize(('name', 'header'), [('40-title-no-cover.xlsx', 4), ('41-two-header-rows.xlsx', 2)])
def test_40_and_41_the_row_of_names_of_a_workbook(name: str, header: int) -> None:
    plan, frame = opened(name)
    assert plan.file.parts[0].header == (header,) and plan.names[-1] == 'returned'
    assert len(frame) == 500 and set(frame['returned']) == {'yes', 'no'}


def test_43_a_european_timestamp_is_a_moment() -> None:
    plan, frame = opened('43-european-datetime.csv')
    assert plan.column('read_at').kind == 'datetime'
    assert frame['read_at'].iloc[0] == pd.Timestamp(2022, 4, 16, 9, 30)
    assert not plan.column('read_at').questions


def test_44_typed_columns_of_parquet() -> None:
    plan, frame = opened('44-typed.parquet')
    assert kinds(plan) == {
        'cat': 'category', 'flag': 'boolean', 'money': 'number', 'seen': 'datetime', 'wait': 'duration',
        'tags': 'list', 'x': 'number', 'y': 'number',
    }  # fmt: skip
    assert frame['seen'].iloc[0] == pd.Timestamp('2024-03-01', tz='America/New_York')
    assert frame['wait'].iloc[0] == 3974.0 and frame['money'].iloc[0] == 96.38
    assert values(plan.column('wait'), dt.timedelta(minutes=1), '0:01:00') == [60.0, 60.0]


def test_46_a_stray_word_beside_true_and_false_is_named() -> None:
    plan, frame = opened('46-true-false-once.csv')
    column = plan.column('renewed')
    assert column.kind == 'boolean' and frame['renewed'].dtype == 'boolean'
    assert [(token.text, token.count) for token in column.missing] == [('unknown', 1)]


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


def test_57_blank_dates_are_gaps() -> None:
    plan, frame = opened('57-filled-majority.csv')
    assert (
        plan.column('signed_on').kind == 'date'
        and frame['signed_on'].isna().sum() == plan.column('signed_on').gaps
    )


def test_59_durations_are_seconds() -> None:
    plan, frame = opened('59-typed-no-zone.parquet')
    assert (plan.column('wait').kind, plan.column('wait').unit) == ('duration', 's')
    assert frame['wait'].dtype == 'float64' and frame['wait'].iloc[0] == 3974.0


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
