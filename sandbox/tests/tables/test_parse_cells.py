"""A value depends on its cell and the plan alone, and typed cells mean what their texts mean."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tempera.tables import parse, read, understand
from tempera.tables.plan import ColumnPlan, Form

from .test_round_trip import as_python

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
_CELLS = (
    '', ' ', 'NA', 'n/a', '-', '?', 'x', '0', '1', '1.0', '-5', '(1,234.50)', '$85,000', '6,2', '6.2', '1.234,5', '12%',
    '-999', 'inf', '-inf', '1e5', '05/12/2022', '2022-12-05', '2022-12-05T10:00:00Z', '2022-12-05 10:00:00+02:00',
    '04-JUN-18', 'TRUE', 'false', 'Yes', 'no ', 'north', 'North', '1:30:00', '1h 30m', 'PT1H30M', '9007199254740993',
    'a;b', '["a", "b"]', '{"w": 1}', '52.5, 13.4', '\u00a0x\u00a0', None, True, False, 3, 2.5, float('nan'), 10**17,
    dt.date(2022, 12, 5), dt.datetime(2022, 12, 5, 10), dt.timedelta(hours=1), dt.time(10), ['a'], {'w': 2},
)  # fmt: skip
_FORMS = (
    Form(type='float', thousands=',', units=('$', '%'), missing=('', 'na', '-'), sentinels=(-999.0,)),
    Form(type='float', decimal=',', thousands='.', missing=('', 'na')),
    Form(type='float', clock='clock+iso+units'),
    Form(type='integer', thousands=',', missing=('', '?')),
    Form(type='moment', formats=('%d/%m/%Y', '%Y-%m-%d', '%d-%b-%y')),
    Form(type='moment', formats=('%Y-%m-%dT%H:%M:%S%z', '%Y-%m-%d %H:%M:%S%z'), zoned=True, epoch='ms'),
    Form(type='boolean', true=('true', 'yes', '1'), false=('false', 'no', '0'), missing=('', 'na')),
    Form(labels={'north': 'North'}, missing=('', 'n/a')),
    Form(type='list', separator=';', items=Form()),
    Form(type='list', separator='json', items=Form()),
    Form(type='record', fields={'w': Form(type='float')}),
    Form(type='pair'),
)


def plan_of(form: Form) -> ColumnPlan:
    return ColumnPlan('column', 'column', 0, 'number', form)


@pytest.mark.parametrize(
    'form', _FORMS, ids=lambda form: f'{form.type} {form.decimal}{form.separator}{form.clock}'
)
def test_a_value_is_the_same_alone_in_a_batch_and_in_any_order(form: Form) -> None:
    column = plan_of(form)

    @_SETTINGS
    @given(st.lists(st.sampled_from(range(len(_CELLS))), min_size=1, max_size=80))
    def check(places: list[int]) -> None:
        cells = [_CELLS[place] for place in places]
        together = [as_python(value) for value in parse(column, cells)]
        alone = [as_python(parse(column, [cell])[0]) for cell in cells]
        backwards = [as_python(value) for value in parse(column, cells[::-1])][::-1]
        assert together == alone == backwards

    check()


@pytest.mark.parametrize(
    'form', _FORMS, ids=lambda form: f'{form.type} {form.decimal}{form.separator}{form.clock}'
)
def test_texts_in_an_arrow_array_a_series_and_a_list_are_alike(form: Form) -> None:
    texts = [cell for cell in _CELLS if cell is None or isinstance(cell, str)] * 3
    column = plan_of(form)
    by_list = parse(column, texts)
    pd.testing.assert_series_equal(parse(column, pa.array(texts, pa.string())), by_list)
    pd.testing.assert_series_equal(parse(column, pd.Series(texts, dtype='str')), by_list)
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    pd.testing.assert_series_equal(parse(column, encoded), by_list)


def value_of(form: Form, cell: Any) -> Any:
    return as_python(parse(plan_of(form), [cell])[0])


@pytest.mark.parametrize(
    ('form', 'cell', 'value'),
    [
        (_FORMS[0], '$85,000', 85_000.0),
        (_FORMS[0], '85000', 85_000.0),
        (_FORMS[0], 85_000, 85_000.0),
        (_FORMS[0], '(1,234.50)', -1234.5),
        (_FORMS[0], '-$5', -5.0),
        (_FORMS[0], '$-5', -5.0),
        (_FORMS[0], '5-', -5.0),
        (_FORMS[0], '12%', 12.0),
        (_FORMS[0], '-999', None),
        (_FORMS[0], -999, None),
        (_FORMS[0], -999.0, None),
        (_FORMS[0], 'inf', None),
        (_FORMS[0], float('inf'), None),
        (_FORMS[0], '1,23,456.5', 123_456.5),
        (_FORMS[0], '1,2', None),
        (_FORMS[1], '6,2', 6.2),
        (_FORMS[1], 6.2, 6.2),
        (_FORMS[1], '1.234,5', 1234.5),
        (_FORMS[1], '187.335', 187_335.0),
        (_FORMS[1], '6.2', None),
        (_FORMS[2], '1:30:00', 5400.0),
        (_FORMS[2], '1h 30m', 5400.0),
        (_FORMS[2], 'PT1H30M', 5400.0),
        (_FORMS[2], '2 days 03:00:00', 183_600.0),
        (_FORMS[2], dt.timedelta(minutes=90), 5400.0),
        (_FORMS[3], '9007199254740993', 9007199254740993),
        (_FORMS[3], 9007199254740993, 9007199254740993),
        (_FORMS[3], '1.0', 1),
        (_FORMS[3], '1.5', None),
        (_FORMS[3], '9223372036854775807', 2**63 - 1),
        (_FORMS[3], '9223372036854775808', None),
        (_FORMS[4], '05/12/2022', pd.Timestamp(2022, 12, 5)),
        (_FORMS[4], '04-JUN-18', pd.Timestamp(2018, 6, 4)),
        (_FORMS[4], '4. Juni 2018', None),
        (_FORMS[4], dt.date(2022, 12, 5), pd.Timestamp(2022, 12, 5)),
        (_FORMS[5], '2022-12-05T10:00:00Z', pd.Timestamp('2022-12-05T10:00:00Z')),
        (_FORMS[5], '2022-12-05 10:00:00+02:00', pd.Timestamp('2022-12-05T08:00:00Z')),
        (_FORMS[5], 1_670_234_400_000, pd.Timestamp('2022-12-05T10:00:00Z')),
        (_FORMS[6], True, True),
        (_FORMS[6], 'TRUE', True),
        (_FORMS[6], 0, False),
        (_FORMS[6], 0.0, False),
        (_FORMS[6], 'maybe', None),
        (_FORMS[7], 'NORTH ', 'North'),
        (_FORMS[7], 5.0, '5'),
        (_FORMS[8], 'a; b', ['a', 'b']),
        (_FORMS[8], ['a', 'b'], ['a', 'b']),
        (_FORMS[9], "['a', 'b']", ['a', 'b']),
        (_FORMS[10], '{"w": 1}', {'w': 1.0}),
        (_FORMS[10], {'w': '2', 'other': 3}, {'w': 2.0}),
        (_FORMS[11], '52.5, 13.4', (52.5, 13.4)),
        (_FORMS[11], '52°30\'N 13°24\'E', (52.5, 13.4)),
        (_FORMS[11], {'lat': 52.5, 'lon': 13.4}, (52.5, 13.4)),
    ],
)  # fmt: skip
def test_what_a_cell_means(form: Form, cell: Any, value: Any) -> None:
    got = value_of(form, cell)
    assert got == value
    assert type(got) is type(value) or isinstance(value, np.generic)


def test_a_series_keeps_its_index() -> None:
    values = parse(plan_of(Form(type='integer')), pd.Series(['5', 'x', None], index=[7, 3, 9]))
    assert list(values.index) == [7, 3, 9]
    assert [as_python(value) for value in values] == [5, None, None]


def test_rows_read_one_by_one_are_the_frame(tmp_path: Path) -> None:
    """What a person types as one row means what it means in the file."""
    file = tmp_path / 'table.csv'
    lines = [
        f'{place % 7},"${place * 100:,}",{"yes" if place % 3 else "NO"},2024-01-{place % 28 + 1:02}'
        for place in range(300)
    ]
    file.write_text('size,price,taken,day\n' + '\n'.join(lines) + '\n')
    plan = understand(file)
    frame = read(file, plan)
    raw = pd.read_csv(file, dtype=str)
    for name in plan.names:
        alone = [as_python(parse(plan.column(name), [cell])[0]) for cell in raw[name]]
        assert alone == [as_python(value) for value in frame[name]]
