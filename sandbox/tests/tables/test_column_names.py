"""What a column's name says of its cells: units in brackets, a calendar's numbers, places, years by another word."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest

from tempera.tables import read, understand
from tempera.tables.measured.measure import measure

from .test_kinds import ROWS, column_of, planned


@pytest.mark.parametrize(
    ('name', 'kind', 'unit'),
    [
        ('Month Number', 'integer', ''),
        ('day_of_week', 'integer', ''),
        ('number of days', 'count', ''),
        ('visits per month', 'count', ''),
        ('Visibility (mi)', 'integer', 'mi'),
        ('Dose [mg/dl]', 'integer', 'mg/dl'),
        ('Area (m2)', 'integer', 'm2'),
        ('Visits (Pardons)', 'count', ''),
        ('Claims (CDC Wonder)', 'count', ''),
        ('Children (US)', 'count', ''),
    ],
)
def test_what_is_in_brackets_and_what_a_calendar_numbers(name: str, kind: str, unit: str) -> None:
    month = kind == 'integer' and not unit
    plan = planned({name: [str(at % 7 + 1 if month else at % 40 // 3 * 2) for at in range(ROWS)]})[name]
    assert (plan.kind, plan.unit) == (kind, unit)


@pytest.mark.parametrize('name', ['state', 'County', 'store'])
def test_whole_numbers_under_the_name_of_a_place_are_codes(name: str) -> None:
    plan, _ = column_of(name, lambda r, i: str(r.randint(1, 56)))
    assert plan.kind == 'code'
    assert column_of(f'{name} population', lambda r, i: str(r.randint(1, 56)))[0].kind != 'code'


@pytest.mark.parametrize('name', ['season', 'fiscal_year', 'time', 'academic year'])
def test_years_under_another_word_say_when_rows_were_seen(name: str, tmp_path: Path) -> None:
    source = np.random.default_rng(2)
    years = np.repeat(np.arange(2001, 2021), 12)
    sales = 20 * (years - 2000) + source.normal(0, 9, len(years))
    shown = years if name == 'time' else [f'{year}/{(year + 1) % 100:02}' for year in years]
    file = tmp_path / 'sales.csv'
    pd.DataFrame({name: shown, 'size': source.normal(size=len(years)), 'sales': sales}).to_csv(
        file, index=False
    )
    plan = understand(file)
    found = measure(plan, read(file, plan), 'sales').split
    assert (found.strategy, found.by) == ('forward', (name,))


def test_postcodes_are_codes_though_each_row_has_its_own() -> None:
    def make(source: Random, at: int) -> str:
        return f'{"ABCE"[at % 4]}{source.randint(1, 20)} {at % 9}{"ABD"[at % 3]}{"XYZ"[at // 9 % 3]}'

    plan, _ = column_of('postcode', make)
    assert plan.kind == 'code'
