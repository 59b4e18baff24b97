"""The awkward tables of tests/cases whose columns are awkward: kinds and values as people mean them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from .cases import asked, kinds, opened, values


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


def test_08_german_numbers_are_read_by_the_locale_of_the_file() -> None:
    plan, frame = opened('08-german-cars.csv')
    assert (plan.file.encoding, plan.file.delimiter) == ('cp1252', ';')
    assert frame.iloc[0].to_dict() == {
        'Händler': 'Süd', 'Kilometer': 187_335, 'Listenpreis': 32_471, 'Verbrauch': 6.2, 'Alter': 13, 'Preis': 5269.74,
    }  # fmt: skip
    assert not any(column.questions for column in plan.columns)


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
