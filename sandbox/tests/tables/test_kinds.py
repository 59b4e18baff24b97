"""What columns are taken for, and what their cells then mean: every kind, as people and programs write it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tempera.tables import ColumnPlan, parse
from tempera.tables.columns import understand_columns
from tempera.tables.naming import safe_keys, unique_names
from tempera.tables.raw import RawTable

from .test_round_trip import as_python

ROWS = 240
#: names with their keys, to which core/column-keys.test.ts holds the ledger's
KEYED = Path(__file__).with_name('column_keys.json')
Maker = Callable[[random.Random, int], str]


def planned(columns: dict[str, list[Any]], delimiter: str = ',') -> dict[str, ColumnPlan]:
    held = tuple(
        pa.array(cells, pa.string()) if all(isinstance(cell, str) for cell in cells) else cells
        for cells in columns.values()
    )
    table = RawTable(tuple(columns), held, np.arange(len(held[0])))
    return {plan.name: plan for plan in understand_columns(table, delimiter)}


def column_of(name: str, make: Maker) -> tuple[ColumnPlan, list[str]]:
    source = random.Random(name)
    cells = [make(source, place) for place in range(ROWS)]
    return planned({name: cells})[name], cells


MONTHS = ('janvier', 'février', 'mars', 'août')
KINDS: list[tuple[str, str, Maker]] = [
    ('pounds', 'money', lambda r, i: f'£{r.randint(1, 99_999):,}.{r.randint(10, 99)}'),
    ('euros', 'money', lambda r, i: f'{r.randint(1, 999)},{r.randint(10, 99)} €'),
    ('dollars', 'money', lambda r, i: f'USD {r.randint(1, 999)}.{r.randint(10, 99)}'),
    ('in euros', 'money', lambda r, i: f'{r.randint(1, 999)}.{r.randint(10, 99)} EUR'),
    ('worth', 'money', lambda r, i: f'${r.randint(1, 999)}K' if i % 2 else f'${r.randint(1, 9)}.{r.randint(1, 9)}M'),
    ('balance', 'money', lambda r, i: f'-${r.randint(1, 999)}.50' if i % 3 else f'(${r.randint(1, 999)}.25)'),
    ('share', 'percent', lambda r, i: f'{r.randint(0, 100)} %'),
    ('anteil', 'percent', lambda r, i: f'{r.randint(0, 100)},{r.randint(0, 9)}%'),
    ('views', 'number', lambda r, i: f'{r.randint(1, 9)}.{r.randint(1, 9)}M' if i % 2 else f'{r.randint(1, 900)}k'),
    ('weight', 'number', lambda r, i: f'{r.randint(40, 120)} kg'),
    ('mass', 'number', lambda r, i: f'{r.randint(40, 120)}kg' if i % 2 else f'{r.randint(400, 900)} g'),
    ('warmth', 'number', lambda r, i: f'{r.randint(-20, 40)}°C'),
    ('speed', 'number', lambda r, i: f'{r.randint(20, 120)} km/h'),
    ('swiss', 'number', lambda r, i: f"{r.randint(1, 999)}'{r.randint(100, 999)}.{r.randint(10, 99)}"),
    ('spaced', 'number', lambda r, i: f'{r.randint(1, 999)} {r.randint(100, 999)},{r.randint(10, 99)}'),
    ('tiny', 'number', lambda r, i: f'{r.randint(1, 9)}.{r.randint(1, 9)}e-0{r.randint(1, 9)}'),
    ('signed', 'number', lambda r, i: f'+{r.randint(1, 9)}.5' if i % 2 else f'−{r.randint(1, 9)}.25'),
    ('behind', 'number', lambda r, i: f'{r.randint(1, 99)}.5-' if i % 2 else f'{r.randint(1, 9)}.25'),
    ('lead', 'number', lambda r, i: '<0.5' if i % 20 == 0 else f'{r.randint(1, 9)}.{r.randint(10, 99)}'),
    ('level', 'number', lambda r, i: 'not measured' if i % 20 == 0 else f'{r.randint(1, 9)}.{r.randint(10, 99)}'),
    ('indian', 'integer', lambda r, i: f'{r.randint(1, 99)},{r.randint(10, 99)},{r.randint(100, 999)}'),
    ('floats', 'integer', lambda r, i: f'{r.randint(1, 90)}.0'),
    ('quantity', 'count', lambda r, i: str(r.randint(0, 12))),
    ('year', 'year', lambda r, i: str(r.randint(1990, 2024))),
    ('yr_built', 'year', lambda r, i: str(r.randint(1890, 2024))),
    ('binary', 'boolean', lambda r, i: str(i % 2)),
    ('yes_no', 'boolean', lambda r, i: r.choice(['yes', 'No', 'YES', 'n/a'])),
    ('wahr', 'boolean', lambda r, i: r.choice(['WAHR', 'FALSCH'])),
    ('letters', 'boolean', lambda r, i: r.choice(['Y', 'N'])),
    ('sex', 'category', lambda r, i: r.choice(['M', 'F'])),
    (
        'flight', 'duration',
        lambda r, i: f'{r.randint(1, 15)}h' if i % 4 == 0 else f'{r.randint(0, 5)}h {r.randint(0, 59)}m',
    ),
    ('runtime', 'duration', lambda r, i: f'{r.randint(80, 200)} min'),
    ('elapsed', 'duration', lambda r, i: f'{r.randint(0, 90)}:{r.randint(0, 59):02}:{r.randint(0, 59):02}'),
    ('lap_time', 'duration', lambda r, i: f'{r.randint(1, 3)}:{r.randint(0, 59):02}.{r.randint(0, 999):03}'),
    ('iso', 'duration', lambda r, i: f'PT{r.randint(1, 9)}H{r.randint(1, 59)}M'),
    ('departure', 'time', lambda r, i: f'{r.randint(0, 23):02}:{r.randint(0, 59):02}'),
    ('lunch', 'time', lambda r, i: f'{r.randint(1, 12)}:{r.randint(0, 59):02} {"AM" if i % 2 else "PM"}'),
    ('american', 'date', lambda r, i: f'{r.randint(1, 12)}/{r.randint(1, 28)}/{r.randint(1990, 2024)}'),
    ('short', 'date', lambda r, i: f'{r.randint(1, 12):02}/{r.randint(1, 28):02}/{r.randint(10, 24)}'),
    ('german', 'date', lambda r, i: f'{r.randint(1, 28)}.{r.randint(1, 12)}.{r.randint(1990, 2024)}'),
    ('french', 'date', lambda r, i: f'{r.randint(1, 28)} {r.choice(MONTHS)} {r.randint(1990, 2024)}'),
    (
        'english', 'date',
        lambda r, i: f'{r.choice(["January", "Sept", "Oct"])} {r.randint(1, 28)}, {r.randint(1990, 2024)}',
    ),
    ('month', 'date', lambda r, i: f'{r.randint(1990, 2024)}-{r.randint(1, 12):02}'),
    ('named month', 'date', lambda r, i: f'{r.choice(["Jan", "Feb", "Mar"])}-{r.randint(10, 24)}'),
    ('quarter', 'date', lambda r, i: f'{r.randint(1990, 2024)}Q{r.randint(1, 4)}'),
    ('quarter first', 'date', lambda r, i: f'Q{r.randint(1, 4)} {r.randint(1990, 2024)}'),
    ('week', 'date', lambda r, i: f'{r.randint(1990, 2024)}-W{r.randint(1, 52):02}'),
    ('digits', 'date', lambda r, i: f'{r.randint(1990, 2024)}{r.randint(1, 12):02}{r.randint(1, 28):02}'),
    ('six digits', 'date', lambda r, i: f'{r.randint(1990, 2024)}{r.randint(1, 12):02}'),
    (
        'mixed', 'datetime',
        lambda r, i: f'2020-{r.randint(1, 12):02}-{r.randint(1, 28):02}' + ('' if i % 3 else ' 10:00:00'),
    ),
    (
        'log', 'datetime',
        lambda r, i: f'[{r.randint(1, 28):02}/Jan/2016:{r.randint(0, 23):02}:47:{r.randint(0, 59):02} +0000]',
    ),
    ('feed', 'datetime', lambda r, i: f'Mon Jan {r.randint(1, 28):02} {r.randint(0, 23):02}:55:48 +0000 2019'),
    ('mail', 'datetime', lambda r, i: f'Tue, {r.randint(1, 28):02} Feb 2019 {r.randint(0, 23):02}:55:48 GMT'),
    ('zones', 'datetime', lambda r, i: f'2020-01-{i % 28 + 1:02} 10:00:00{("+01:00", "-0500", " UTC")[i % 3]}'),
    (
        'compact', 'datetime',
        lambda r, i: f'2019{r.randint(1, 12):02}{r.randint(1, 28):02}T{r.randint(0, 23):02}2700Z',
    ),
    ('created_at', 'datetime', lambda r, i: str(r.randint(1_400_000_000, 1_600_000_000))),
    ('rank', 'identifier', lambda r, i: str(i + 1)),
    ('user_id', 'identifier', lambda r, i: str(r.randint(1000, 1060))),
    (
        'uuid', 'identifier',
        lambda r, i: f'{r.randint(10**7, 9 * 10**7)}-1234-4abc-8def-{r.randint(10**11, 9 * 10**11)}',
    ),
    ('card', 'identifier', lambda r, i: f'{r.randint(10**19, 9 * 10**19)}'),
    ('phone', 'identifier', lambda r, i: f'({r.randint(100, 999)}) {r.randint(100, 999)}-{r.randint(1000, 9999)}'),
    ('address', 'identifier', lambda r, i: f'{r.randint(1, 255)}.{r.randint(1, 255)}.{r.randint(1, 255)}.{i % 255}'),
    ('plz', 'code', lambda r, i: f'{r.randint(1000, 99_999):05}'),
    ('ean', 'code', lambda r, i: f'{r.randint(10**12, 9 * 10**12)}'),
    ('icd', 'category', lambda r, i: f'{"ABCDE"[i % 5]}{r.randint(10, 40)}.{r.randint(0, 9)}'),
    (
        'city', 'category',
        lambda r, i: f'{r.choice(["Paris", "Rome", "Bonn", "Lyon"])}, {r.choice(["FR", "IT", "DE"])}',
    ),
    ('country', 'category', lambda r, i: r.choice(['DE', 'FR', 'US', 'NO'])),
    ('answer', 'category', lambda r, i: ['I agree with all of this here', 'I do not agree with any of it'][i % 2]),
    ('grade', 'ordinal', lambda r, i: r.choice(['low', 'medium', 'high'])),
    ('size', 'ordinal', lambda r, i: r.choice(['S', 'M', 'L', 'XL'])),
    ('ages', 'ordinal', lambda r, i: r.choice(['18-24', '25-34', '35-44', '65+'])),
    ('incomes', 'ordinal', lambda r, i: r.choice(['<$10k', '$10k-$50k', '$50k-$100k', '>$100k'])),
    ('email', 'text', lambda r, i: f'u{i}@mail.org'),
    ('link', 'text', lambda r, i: f'https://x.org/p/{i}'),
    (
        'review', 'text',
        lambda r, i: ' '.join(r.choice(['good', 'bad', 'film', 'the', 'a', 'very', 'nice']) for _ in range(12)),
    ),
    ('tags', 'list', lambda r, i: ', '.join(r.sample(['red', 'green', 'blue', 'black'], r.randint(1, 3)))),
    ('genres', 'list', lambda r, i: '|'.join(r.sample(['Drama', 'Action', 'Comedy', 'Sci-Fi'], r.randint(1, 3)))),
    ('json list', 'list', lambda r, i: str(r.sample(['a', 'b', 'c'], r.randint(0, 3)))),
    ('json record', 'record', lambda r, i: f'{{"w": {i}, "h": {i / 2}}}'),
    ('place', 'coordinates', lambda r, i: f'{r.randint(-89, 89)}.{r.randint(1000, 9999)}, {r.randint(-179, 179)}.5'),
    ('constant', 'constant', lambda r, i: 'same'),
    ('empty', 'empty', lambda r, i: ''),
]  # fmt: skip


@pytest.mark.parametrize(('name', 'kind', 'make'), KINDS, ids=[name for name, _, _ in KINDS])
def test_every_kind_is_known_by_its_cells(name: str, kind: str, make: Maker) -> None:
    plan, cells = column_of(name, make)
    assert plan.kind == kind, plan.evidence
    assert plan.unparsed == 0.0
    assert plan.rows == ROWS and plan.evidence
    values = parse(plan, cells)
    assert int(values.isna().sum()) == plan.gaps


@pytest.mark.parametrize(
    ('name', 'cell', 'value'),
    [
        ('worth', '$2.5M', 2_500_000.0),
        ('worth', '$40K', 40_000.0),
        ('mass', '2kg', 2000.0),
        ('flight', '1h 30m', 5400.0),
        ('runtime', '90 min', 5400.0),
        ('lap_time', '1:30.500', 90.5),
        ('lunch', '12:30 PM', 45_000.0),
        ('lead', '<0.5', 0.5),
        ('level', 'not measured', None),
        ('short', '12/31/21', pd.Timestamp(2021, 12, 31)),
        ('french', '1 août 2021', pd.Timestamp(2021, 8, 1)),
        ('quarter', '2021Q3', pd.Timestamp(2021, 7, 1)),
        ('week', '2021-W01', pd.Timestamp(2021, 1, 4)),
        ('digits', '20210405', pd.Timestamp(2021, 4, 5)),
        ('digits', 20210405, pd.Timestamp(2021, 4, 5)),
        ('six digits', 202104, pd.Timestamp(2021, 4, 1)),
        ('log', '[26/Jan/2016:13:47:21 +0100]', pd.Timestamp('2016-01-26T12:47:21Z')),
        ('feed', 'Mon Jan 05 16:55:48 +0000 2019', pd.Timestamp('2019-01-05T16:55:48Z')),
        ('zones', '2020-01-01 10:00:00 UTC', pd.Timestamp('2020-01-01T10:00:00Z')),
        ('indian', '1,23,456', 123_456),
        ('indian', 5.5, 5.5),
        ('plz', '01067', '01067'),
        ('letters', True, 'Y'),
    ],
)
def test_what_cells_of_a_kind_mean(name: str, cell: Any, value: Any) -> None:
    make = next(make for one, _, make in KINDS if one == name)
    plan, _ = column_of(name, make)
    assert as_python(parse(plan, [cell])[0]) == value


def numbers(count: int = ROWS) -> list[str]:
    return [f'{place % 37 + 3}' for place in range(count)]


@pytest.mark.parametrize(
    ('token', 'share'), [('-999', 0.05), ('9999', 0.2), ('-99', 0.02), ('999', 0.3), ('-9999', 0.01)]
)
def test_numbers_that_stand_for_nothing(token: str, share: float) -> None:
    cells = numbers()
    for place in range(0, ROWS, max(1, round(1 / share))):
        cells[place] = token
    plan = planned({'hours': cells})['hours']
    assert [one.text for one in plan.sentinels] == [token] and plan.gaps == cells.count(token)


@pytest.mark.parametrize(
    'cells',
    [
        [f'{place % 60 + 940}' for place in range(ROWS)],
        [f'{-(place % 120)}' for place in range(ROWS)],
        [f'{place % 100}' for place in range(ROWS)],
        [*numbers(ROWS - 1), '-999'],
    ],
)
def test_numbers_that_are_values(cells: list[str]) -> None:
    plan = planned({'hours': cells})['hours']
    assert not plan.sentinels and plan.gaps == 0


@pytest.mark.parametrize('word', ['NA', 'n/a', 'NULL', '-', '?', 'unknown', '#N/A', '.', 'None', 'nan'])
def test_words_for_missing_among_numbers_are_gaps(word: str) -> None:
    cells = [word if place % 9 == 0 else cell for place, cell in enumerate(numbers())]
    plan = planned({'hours': cells})['hours']
    assert plan.kind in ('integer', 'count') and plan.gaps == cells.count(word) and not plan.questions


@pytest.mark.parametrize('word', ['NA', 'None', 'N/A'])
@pytest.mark.parametrize(
    ('common', 'blanks', 'asked'),
    [(0.6, False, True), (0.4, False, True), (0.05, True, True), (0.05, False, False)],
)
def test_words_for_missing_among_labels(word: str, common: float, blanks: bool, asked: bool) -> None:
    """A label where it is common or stands beside real blanks, and asked about; else a gap."""
    cells = [word if place < common * ROWS else ('red', 'blue', 'green')[place % 3] for place in range(ROWS)]
    if blanks:
        cells[-5:] = [''] * 5
    plan = planned({'colour': cells})['colour']
    assert [one.key for one in plan.questions] == (['column.colour.missing'] if asked else [])
    gaps = (5 if blanks else 0) + (0 if asked else cells.count(word))
    assert plan.gaps == gaps
    assert (as_python(parse(plan, [word])[0]) is None) is not asked


def test_what_one_column_leaves_open_another_settles() -> None:
    open_cells = [f'{place % 800 + 100}.{place * 7 % 900 + 100}' for place in range(ROWS)]
    proof = [f'{place % 9},{place % 7}5' for place in range(ROWS)]
    days = [f'{place % 12 + 1:02}/{place % 9 + 1:02}/2021' for place in range(ROWS)]
    lines = [f'{place % 28 + 1:02}/{place % 9 + 1:02}/2021' for place in range(ROWS)]
    alone = planned({'km': open_cells, 'day': days})
    assert [one.key for one in alone['km'].questions] == ['column.km.decimal']
    assert [one.key for one in alone['day'].questions] == ['column.day.date_order']
    together = planned({'km': open_cells, 'use': proof, 'day': days, 'told': lines})
    assert together['km'].kind == 'integer' and not together['km'].questions
    assert together['day'].form.formats == ('%d/%m/%Y',) and not together['day'].questions


def test_columns_of_one_series_are_of_one_kind() -> None:
    source = random.Random(5)
    columns = {f'pixel{place}': [str(source.randint(0, 255)) for _ in range(ROWS)] for place in range(20)}
    columns['pixel20'] = [str(place % 2 * 3) for place in range(ROWS)]
    columns['shade'] = [str(place % 2 * 3) for place in range(ROWS)]
    plans = planned(columns)
    assert plans['pixel20'].levels == () and plans['shade'].levels == ('0', '3')


def test_names_are_made_unique_and_keys_are_safe() -> None:
    names, changed = unique_names(['a', 'a', ' a ', '', 'a_2', 'b.c', 'Größe (m)', '\ufeffid'])
    assert len(set(names)) == 8 and names[:3] == ('a', 'a_3', 'a_4') and names[3] == 'column_4'
    assert changed['column_4'] == '' and names[7] == 'id'
    keys = safe_keys(names)
    assert len(set(keys)) == 8 and all('.' not in key and key for key in keys) and keys[6] == 'größe_m'


@pytest.mark.parametrize('table', json.loads(KEYED.read_text()))
def test_keys_are_those_that_the_ledger_knows(table: list[list[str]]) -> None:
    assert safe_keys([name for name, _ in table]) == tuple(key for _, key in table)
