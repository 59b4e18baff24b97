"""Whole numbers that name things, write codes or count years and days: told from numbers that measure."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pandas as pd
import pytest

from tempera.tables import ColumnPlan, parse, words
from tempera.tables.measured.things import likeness

from .test_kinds import ROWS, planned

SOURCE = random.Random(11)


def things(first: int = 1, each: int = 4) -> list[str]:
    """Each number in a few rows, the rows in no order."""
    cells = [str(first + place // each) for place in range(ROWS)]
    return SOURCE.sample(cells, len(cells))


@pytest.mark.parametrize('name', sorted(words.SUBJECT))
def test_numbers_that_go_on_under_the_name_of_a_subject_name_it(name: str) -> None:
    assert planned({name: things()})[name].kind == 'identifier'
    measured = [str(SOURCE.randint(1, 100_000)) for _ in range(ROWS)]
    assert planned({f'{name} height': measured})[f'{name} height'].kind in ('integer', 'count')


@pytest.mark.parametrize('name', ['city_ids', 'shop id', 'neighborhoodId', 'firm_id', 'nr'])
def test_numbers_under_the_name_of_an_identifier_name_what_stands_in_several_rows(name: str) -> None:
    assert planned({name: things(each=8)})[name].kind == 'identifier'


@pytest.mark.parametrize('name', ['unitid', 'caseid', 'custid', 'orgid'])
def test_a_word_that_ends_in_id_names_rows_and_a_word_of_english_does_not(name: str) -> None:
    own = [str(1_000 + place * 7 + SOURCE.randint(0, 6)) for place in range(ROWS)]
    assert planned({name: own})[name].kind == 'identifier'
    for measured in ('paid', 'citric acid', 'bid'):
        assert planned({measured: own})[measured].kind == 'integer'


@pytest.mark.parametrize('name', ['paycode', 'countrycode2', 'routecodes', 'product code'])
def test_numbers_under_the_name_of_codes_are_codes(name: str) -> None:
    cells = [str(100 + place * 13 % 60 * 7) for place in range(ROWS)]
    plan = planned({name: cells})[name]
    assert plan.kind == 'code' and parse(plan, ['0100'])[0] == '0100'


@pytest.mark.parametrize('name', ['origin', 'development', 'x', 'jahrgang'])
def test_each_of_the_years_in_a_row_is_a_year_whatever_it_is_called(name: str) -> None:
    cells = [str(1990 + place % 14) for place in range(ROWS)]
    assert planned({name: cells})[name].kind == 'year'
    measured = [str(SOURCE.choice([1931, 1944, 1950, 1977, 1981, 2011, 2020, 2030])) for _ in range(ROWS)]
    assert planned({name: measured})[name].kind != 'year'


@pytest.mark.parametrize('first', [dt.date(1925, 3, 1), dt.date(1999, 12, 31), dt.date(2040, 6, 5)])
def test_days_since_the_year_1_under_the_name_of_a_date_are_dates(first: dt.date) -> None:
    cells = [str(first.toordinal() + place) for place in range(ROWS)]
    plan = planned({'ordinal_date': cells, 'reading': cells})
    assert plan['ordinal_date'].kind == 'date' and plan['reading'].kind != 'date'
    assert parse(plan['ordinal_date'], cells[:1])[0] == pd.Timestamp(first)


def test_a_column_that_was_given_no_name_and_goes_up_numbers_the_rows() -> None:
    numbered = [str(place + place // 3) for place in range(ROWS)]
    plan = planned({'column_1': numbered, 'column_2': SOURCE.sample(numbered, ROWS)})
    assert plan['column_1'].kind == 'identifier' and plan['column_2'].kind == 'integer'


def test_columns_without_names_are_no_series_and_keep_their_codes() -> None:
    columns = {f'column_{place}': [f'{SOURCE.random():.3f}' for _ in range(ROWS)] for place in range(1, 9)}
    columns['column_9'] = [str(place % 3) for place in range(ROWS)]
    assert planned(columns)['column_9'].levels == ('0', '1', '2')


@pytest.mark.parametrize('name', ['pixel_{}_{}', 'v{}.{}', 'bin {} {}'])
def test_a_series_under_two_numbers_is_one_and_none_of_it_is_a_boolean(name: str) -> None:
    columns = {
        name.format(place // 4, place % 4): [str(SOURCE.randint(0, 16)) for _ in range(ROWS)]
        for place in range(16)
    }
    corner = name.format(4, 0)
    columns[corner] = [str(place % 2) for place in range(ROWS)]
    columns['lit'] = [str(place % 2) for place in range(ROWS)]
    plans = planned(columns)
    assert plans[corner].kind == 'integer' and plans['lit'].kind == 'boolean'


@pytest.mark.parametrize('name', ['First Name', 'last_name', 'Surname', 'givenName', 'Vorname'])
def test_a_part_of_a_name_is_no_subject_that_rows_are_taken_from(name: str) -> None:
    values = pd.Series([f'Given {at % 40:02}' for at in range(400)])
    plan = ColumnPlan(name, 'key', 0, 'category', distinct=40, rows=400)
    assert likeness(plan, values) == 0
    assert likeness(replace(plan, name='Patient'), values) > 0
