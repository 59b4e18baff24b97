"""Notations that people keep times, years, measures and answers in: what a column of each is taken for, what its cells
then mean, and that the features carry it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempera.tables import ColumnPlan, TablePlan, parse, read, understand
from tempera.tables.cells import sums
from tempera.tables.features import TableFeatures, specs_of
from tempera.tables.plan import Form

from .test_kinds import column_of, planned
from .test_round_trip import as_python

ROWS = 240
Random = random.Random


def place_of(at: int) -> str:
    return f'{at}{ {1: "st", 2: "nd", 3: "rd"}.get(at % 10, "th") if at // 10 != 1 else "th" }'


def half_day(hour: int) -> str:
    return f'{hour % 12 or 12}{"am" if hour < 12 else "pm"}'


def step_of(share: float, *steps: str) -> str:
    return steps[min(int(share * len(steps)), len(steps) - 1)]


def load_of(pounds: float) -> str:
    return f'{round(pounds)} lbs' if round(pounds) % 2 else f'{pounds * 0.4536:.1f} kg'


#: name, kind, a cell of a number between 0 and 1, which grows with it
GROWING: list[tuple[str, str, Callable[[float], str]]] = [
    ('dep', 'time', lambda x: f'{round(x * 23):02}{round(x * 3540) % 60:02}'),
    ('sched_dep_time', 'time', lambda x: f'{int(x * 23)}{round(x * 23 * 60) % 60:02}'.lstrip('0') or '0'),
    ('closing time', 'time', lambda x: f'{int(x * 23):02}{round(x * 23 * 60) % 60:02} hrs'),
    ('Time (HH:MM)', 'time', lambda x: f'{round(1 + 23 * x):02}:00'),
    ('called at', 'time', lambda x: f'{int(x * 23):02}{round(x * 23 * 60) % 60:02}{round(x * 997) % 60:02}'),
    ('fiscal year', 'year', lambda x: f'FY{round(1990 + 30 * x)}'),
    ('fy', 'year', lambda x: f"FY'{round(1990 + 30 * x) % 100:02}"),
    ('season', 'year', lambda x: f'{round(1990 + 30 * x)}/{round(1991 + 30 * x) % 100:02}'),
    ('term', 'year', lambda x: f'{round(2001 + 8 * x)}-{round(2002 + 8 * x) % 100:02}'),
    ('school year', 'year', lambda x: f'{round(1990 + 30 * x)}-{round(1991 + 30 * x)}'),
    ('decade', 'year', lambda x: f'{10 * round(180 + 20 * x)}s'),
    ('height', 'number', lambda x: f'{round(56 + 26 * x) // 12}\'{round(56 + 26 * x) % 12}"'),
    ('how tall', 'number', lambda x: f'{round(56 + 26 * x) // 12} ft {round(56 + 26 * x) % 12} in'),
    ('Height', 'number', lambda x: f'{round(56 + 26 * x) // 12}-{round(56 + 26 * x) % 12}'),
    ('birth weight', 'number', lambda x: f'{round(80 + 90 * x) // 16} lb {round(80 + 90 * x) % 16} oz'),
    ('latitude', 'number', lambda x: f'{int(60 * x)}°{round(3600 * x) % 60}\'{round(99 * x) % 60}"N'),
    ('place', 'integer', lambda x: place_of(1 + round(40 * x))),
    ('installs', 'integer', lambda x: f'{10 ** round(1 + 6 * x):,}+'),
    ('rating', 'number', lambda x: f'{round(10 * x, 1)}/10'),
    ('term of loan', 'number', lambda x: f'{1 + round(30 * x)} year{"s" * (round(30 * x) > 0)}'),
    ('load', 'number', lambda x: load_of(5 + 90 * x)),
    ('worth', 'money', lambda x: f'₹{1 + 90 * x:.1f} lakh' if x < 0.6 else f'₹{(1 + 90 * x) / 100:.3f} crore'),
    ('quarter', 'date', lambda x: f"Q{round(80 * x) % 4 + 1}'{round(80 * x) // 4 + 3:02}"),
    ('reported', 'date', lambda x: f'{round(80 * x) % 4 + 1}Q{2000 + round(80 * x) // 4}'),
    ('half', 'date', lambda x: f'H{round(40 * x) % 2 + 1} {1990 + round(40 * x) // 2}'),
    ('wk', 'date', lambda x: f'W{round(3 + 40 * x):02}-2020'),
    ('opens', 'time', lambda x: half_day(round(23 * x))),
    ('age', 'ordinal', lambda x: step_of(x, 'under 5 years', '5 to 9 years', '10 to 64 years', '65 years and over')),
    ('emp_length', 'ordinal', lambda x: step_of(x, '< 1 year', '1 year', '2 years', '5 years', '10+ years')),
    ('income', 'ordinal', lambda x: step_of(x, 'Less than $10,000', '$10,000 to $49,999', '$50,000 or more')),
    ('drinks', 'ordinal', lambda x: step_of(x, 'Never', 'Monthly', 'Weekly', 'Daily')),
    ('trust', 'ordinal', lambda x: step_of(x, 'Not at all', 'A little', 'Somewhat', 'Very much')),
    ('change', 'ordinal', lambda x: step_of(x, 'Much worse', 'Worse', 'About the same', 'Better')),
]  # fmt: skip


def frame_of(plans: dict[str, ColumnPlan], columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: parse(plans[name], cells) for name, cells in columns.items()})


def features_of(plans: dict[str, ColumnPlan], columns: dict[str, list[Any]]) -> tuple[np.ndarray, list[str]]:
    """The matrix and its names; a row alone gives what it gives among the others."""
    plan = TablePlan(file=None, columns=tuple(plans.values()))  # type: ignore[arg-type]
    frame = frame_of(plans, columns)
    features = TableFeatures(specs_of(plan, columns))
    matrix = features.fit_transform(frame)
    for place in (0, len(frame) // 2):
        np.testing.assert_allclose(features.transform(frame.iloc[[place]])[0], matrix[place])
    return matrix, list(features.get_feature_names_out())


@pytest.mark.parametrize(('name', 'kind', 'write'), GROWING, ids=[name for name, _, _ in GROWING])
def test_a_notation_is_read_and_its_features_grow_with_what_it_says(
    name: str, kind: str, write: Callable[[float], str]
) -> None:
    source = random.Random(name)
    sizes = [source.random() for _ in range(ROWS)]
    cells = [write(size) for size in sizes]
    plans = planned({name: cells})
    assert plans[name].kind == kind, plans[name].evidence
    assert plans[name].unparsed == 0.0 and plans[name].gaps == 0
    matrix, _ = features_of(plans, {name: cells})
    order = pd.DataFrame(matrix).corrwith(pd.Series(sizes), method='spearman')
    assert order.abs().max() > 0.93, order


@pytest.mark.parametrize(
    ('name', 'cell', 'value'),
    [
        ('dep', '0930', 34_200.0),
        ('dep', '2400', 86_400.0),
        ('dep', '1260', None),
        ('dep', 930, 34_200.0),
        ('sched_dep_time', '5', 300.0),
        ('sched_dep_time', 2359.0, 86_340.0),
        ('closing time', '0930 hrs', 34_200.0),
        ('called at', '093015', 34_215.0),
        ('fiscal year', 'FY2021', 2021),
        ('fiscal year', 2021, 2021),
        ('fy', 'fy 98', 1998),
        ('season', '1999/00', 1999),
        ('season', '2010/2015', None),
        ('decade', '1990s', 1990),
        ('height', '5\'11"', 71.0),
        ('height', "6'", 72.0),
        ('height', "6'13", None),
        ('Height', '6-2', 74.0),
        ('birth weight', '7lbs 8 oz', 7.5),
        ('latitude', '40°30\'36"N', 40.51),
        ('latitude', "10°30'S", -10.5),
        ('place', '22nd', 22),
        ('installs', '5,000+', 5_000),
        ('rating', '8.5/10', 8.5),
        ('rating', '8.5/5', None),
        ('worth', '₹2 lakh', 200_000.0),
        ('quarter', "Q3'21", pd.Timestamp(2021, 7, 1)),
        ('reported', '4Q2020', pd.Timestamp(2020, 10, 1)),
        ('half', 'H2 2020', pd.Timestamp(2020, 7, 1)),
        ('wk', 'W01-2021', pd.Timestamp(2021, 1, 4)),
        ('opens', '12am', 0.0),
        ('opens', '9 pm', 75_600.0),
    ],
)
def test_what_cells_of_a_notation_mean(name: str, cell: Any, value: Any) -> None:
    write = next(write for one, _, write in GROWING if one == name)
    source = random.Random(name)
    plan = planned({name: [write(source.random()) for _ in range(ROWS)]})[name]
    found = as_python(parse(plan, [cell])[0])
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


#: name, the kinds that will do, a cell: each looks like one of the notations and is none
ALIKE: list[tuple[str, tuple[str, ...], Callable[[Random, int], str]]] = [
    ('account', ('code',), lambda r, i: f'{r.randint(0, 9999):04}'),
    ('branch', ('code',), lambda r, i: f'{r.choice((100, 101, 110, 120, 200, 210)):04}'),
    ('survival_time', ('integer', 'count'), lambda r, i: str(r.randint(1, 2400))),
    ('start', ('year',), lambda r, i: str(r.randint(2001, 2023))),
    ('time', ('integer', 'count'), lambda r, i: str(r.choice((10, 20, 30, 50, 100, 120)))),
    ('month', ('date',), lambda r, i: f'{r.randint(2001, 2012)}-{r.randint(1, 12):02}'),
    ('years', ('category', 'ordinal'), lambda r, i: r.choice(('2001-2005', '2006-2010', '2011-2020'))),
    ('range', ('ordinal',), lambda r, i: r.choice(('0-2', '3-5', '6-11'))),
    ('part', ('category', 'code', 'identifier'), lambda r, i: f'{r.randint(10, 99)}/{r.randint(10_000, 99_999)}'),
    ('length', ('number', 'duration'), lambda r, i: f'{r.randint(1, 9)} m'),
    ('minutes', ('number', 'duration'), lambda r, i: f"{r.randint(1, 90)}'"),
    ('stones', ('number', 'integer'), lambda r, i: f'{r.randint(8, 16)} st'),
    ('grade', ('category',), lambda r, i: r.choice(('1a', '1b', '2a', '3'))),
]  # fmt: skip


@pytest.mark.parametrize(('name', 'kinds', 'make'), ALIKE, ids=[name for name, _, _ in ALIKE])
def test_what_looks_like_a_notation_is_taken_for_what_it_is(
    name: str, kinds: tuple[str, ...], make: Callable[[Random, int], str]
) -> None:
    plan, cells = column_of(name, make)
    assert plan.kind in kinds, plan.evidence
    assert plan.unparsed == 0.0 and parse(plan, cells).notna().all()


@pytest.mark.parametrize('kind', [pa.int32(), pa.int64(), pa.float64(), pa.uint64()])
def test_times_stored_as_numbers_are_the_times_that_texts_give(kind: pa.DataType) -> None:
    source = random.Random(5)
    figures = [source.randint(0, 23) * 100 + source.randint(0, 59) for _ in range(ROWS)]
    texts = planned({'arr_time': [str(figure) for figure in figures]})['arr_time']
    stored = planned({'arr_time': pa.array(figures).cast(kind)})['arr_time']
    assert (texts.kind, texts.form.clock) == (stored.kind, stored.form.clock) == ('time', 'hhmm')
    values = parse(texts, [str(figure) for figure in figures])
    assert values.tolist() == [figure // 100 * 3600 + figure % 100 * 60 for figure in figures]
    for cells in (pa.array(figures).cast(kind), figures, [float(figure) for figure in figures]):
        assert parse(stored, cells).tolist() == values.tolist()


def test_numbers_beside_one_another_are_features_each() -> None:
    source = random.Random(3)
    pairs = [(source.randint(100, 180), source.randint(60, 99)) for _ in range(ROWS)]
    for separator in ('/', ' x ', ':'):
        cells = [f'{high}{separator}{low}' for high, low in pairs]
        plans = planned({'reading': cells})
        assert plans['reading'].kind == 'record'
        matrix, names = features_of(plans, {'reading': cells})
        assert names == ['reading.first', 'reading.second']
        assert matrix.tolist() == [[float(high), float(low)] for high, low in pairs]


def test_several_labels_of_a_cell_are_features_each() -> None:
    source = random.Random(4)
    tags = ('red', 'green', 'blue', 'black', 'white')
    chosen = [source.sample(tags, source.randint(1, 4)) for _ in range(ROWS)]
    for separator in (';', '|', ', ', ','):
        cells = [separator.join(one) for one in chosen]
        plans = planned({'colours': cells})
        assert plans['colours'].kind == 'list'
        matrix, names = features_of(plans, {'colours': cells})
        assert set(names) == {'colours: items', *(f'colours holds {tag}' for tag in tags)}
        for tag in tags:
            assert matrix[:, names.index(f'colours holds {tag}')].tolist() == [
                float(tag in one) for one in chosen
            ]


def test_answers_beside_a_scale_are_no_steps_of_it() -> None:
    steps = ['Disagree', 'Neutral', 'Agree', "Don't know", 'Prefer not to say']
    cells = [steps[at % 5] for at in range(ROWS)]
    plans = planned({'opinion': cells})
    assert plans['opinion'].kind == 'ordinal' and plans['opinion'].levels == ('Disagree', 'Neutral', 'Agree')
    assert as_python(parse(plans['opinion'], ["Don't know"])[0]) == "Don't know"
    matrix, names = features_of(plans, {'opinion': cells})
    assert matrix[:, names.index('opinion is missing')].tolist() == [float(at % 5 > 2) for at in range(ROWS)]


def test_amounts_in_several_currencies_are_asked_about() -> None:
    plain = planned({'price': [('$5', 'USD 7', '$9.50')[at % 3] for at in range(ROWS)]})['price']
    assert plain.kind == 'money' and not plain.questions
    mixed = planned({'price': [('$5', '€7', '£8', 'CHF 9')[at % 4] for at in range(ROWS)]})['price']
    assert mixed.kind == 'money' and mixed.unit == ''
    assert [one.key for one in mixed.questions] == ['column.price.currencies']
    assert '4 currencies' in mixed.questions[0].text


WORDS = [('sim', 'não'), ('tak', 'nie'), ('ja', 'nej'), ('evet', 'hayır'), ('是', '否'), ('✓', '✗')]


@pytest.mark.parametrize('pair', WORDS, ids=[yes for yes, _ in WORDS])
def test_yes_and_no_in_other_languages(pair: tuple[str, str]) -> None:
    assert planned({'a': [pair[at % 3 % 2] for at in range(ROWS)]})['a'].kind == 'boolean'


MARKS = [("'", '"'), ('′', '″'), (' ft ', ' in'), ('ft', 'in'), ("'", '')]


@given(st.integers(3, 8), st.integers(0, 11), st.sampled_from(MARKS))
def test_feet_and_inches_add_up(feet: int, inches: int, marks: tuple[str, str]) -> None:
    _, pieces = sums.SYSTEMS[0]
    assert sums.sum_of(f'{feet}{marks[0]}{inches}{marks[1]}', pieces) == (12.0 * feet + inches, 2)


def test_a_plan_of_notations_goes_through_json_and_a_file(tmp_path: Any) -> None:
    source = random.Random(9)
    rows = [[write(size) for _, _, write in GROWING] for size in (source.random() for _ in range(ROWS))]
    file = tmp_path / 'notations.csv'
    pd.DataFrame(rows, columns=[f'{name} {at}' for at, (name, _, _) in enumerate(GROWING)]).to_csv(
        file, index=False
    )
    plan = understand(file)
    again = TablePlan.from_json(json.dumps(plan.to_json()))
    assert again == plan
    frame = read(file, again)
    pd.testing.assert_frame_equal(frame, read(file, plan))
    assert not frame.isna().any().any()
    assert any(column.form != Form() for column in again.columns)


@pytest.mark.parametrize('zone', ['+09:00', ' +0100', '-05:00', 'Z', ' UTC'])
def test_midnights_with_an_offset_are_the_days_that_they_were_written_as(zone: str) -> None:
    days = pd.date_range('2020-01-01', periods=ROWS)
    plan = planned({'day': [f'{day:%Y-%m-%d} 00:00:00{zone}' for day in days]})['day']
    assert plan.kind == 'date' and plan.zone == ''
    assert parse(plan, [f'2020-03-01 00:00:00{zone}'])[0] == pd.Timestamp('2020-03-01')
    moments = planned({'at': [f'{day:%Y-%m-%d} {day.day:02}:00:00{zone}' for day in days if day.day < 24]})[
        'at'
    ]
    assert moments.kind == 'datetime' and moments.zone == 'UTC'
