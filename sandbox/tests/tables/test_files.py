"""Kinds of files: workbooks, JSON, parquet, archives, several files; each read as one table by its plan."""

from __future__ import annotations

import bz2
import datetime as dt
import decimal
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tempera.tables import EmptyTable, TableError, TablePlan, TooLarge, UnreadableTable, read, understand
from tempera.tables.limits import Limits

from .test_round_trip import as_python

ROWS = [
    {'size': place % 7, 'price': place * 1.5 + 0.25, 'town': ('north', 'south', 'old town')[place % 3]}
    for place in range(60)
]


def opened(file: Path | list[Path]) -> tuple[TablePlan, pd.DataFrame]:
    plan = understand(file)
    again = TablePlan.from_json(json.dumps(plan.to_json()))
    assert again == plan
    return plan, read(file, again)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): as_python(value) for name, value in row.items()} for row in frame.to_dict('records')]


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def csv_of(rows: list[dict[str, Any]]) -> str:
    return pd.DataFrame(rows).to_csv(index=False)


# JSON


@pytest.mark.parametrize(
    ('name', 'document'),
    [
        ('list of records', ROWS),
        ('records under a key', {'meta': {'count': 60}, 'data': {'items': ROWS}}),
        ('columns', {name: [row[name] for row in ROWS] for name in ROWS[0]}),
        (
            'columns by row',
            {name: {str(place): row[name] for place, row in enumerate(ROWS)} for name in ROWS[0]},
        ),
        (
            'split',
            {
                'columns': list(ROWS[0]),
                'index': list(range(60)),
                'data': [list(row.values()) for row in ROWS],
            },
        ),
        ('list of lists', [list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
    ],
)
def test_records_are_found_wherever_they_stand_in_a_document(
    name: str, document: Any, tmp_path: Path
) -> None:
    plan, frame = opened(written(tmp_path / 'table.json', json.dumps(document)))
    assert plan.file.kind == 'json', name
    assert rows_of(frame) == ROWS
    assert list(frame.index) == list(range(60))


def test_a_record_for_each_key_keeps_the_key(tmp_path: Path) -> None:
    document = {f'K{place}': row for place, row in enumerate(ROWS)}
    plan, frame = opened(written(tmp_path / 'table.json', json.dumps(document)))
    assert plan.names == ('key', 'size', 'price', 'town') and frame['key'].iloc[3] == 'K3'


def test_one_object_is_one_row(tmp_path: Path) -> None:
    _, frame = opened(written(tmp_path / 'row.json', json.dumps(ROWS[1])))
    assert rows_of(frame) == [ROWS[1]]


def test_lines_of_records_with_a_broken_one(tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in ROWS]
    lines[10:10] = ['{"size": 3, "pri', '']
    plan, frame = opened(written(tmp_path / 'table.jsonl', '\n'.join(lines)))
    assert (plan.file.kind, plan.file.rows, plan.file.rows_used) == ('jsonl', 61, 60)
    assert plan.file.parts[0].left_out[0].lines == (11,)
    assert rows_of(frame) == ROWS and list(frame.index[:12]) == [*range(10), 11, 12]


def test_fields_that_records_lack_are_gaps_and_integers_stay_exact(tmp_path: Path) -> None:
    rows = [
        {'id': 9007199254740993 + place, **({'extra': place} if place % 2 else {})} for place in range(30)
    ]
    _, frame = opened(written(tmp_path / 'table.json', json.dumps(rows)))
    assert frame['id'].iloc[0] == 9007199254740993 and frame['id'].nunique() == 30
    assert frame['extra'].isna().sum() == 15


def test_json_values_mean_what_they_are_under_any_form(tmp_path: Path) -> None:
    rows = [
        {'a': 6.2 + place, 'b': place % 2 == 0, 'c': None if place == 4 else f'{place},5'}
        for place in range(30)
    ]
    _, frame = opened(written(tmp_path / 'table.json', json.dumps(rows)))
    assert frame['a'].iloc[0] == 6.2 and frame['b'].dtype == 'boolean'
    assert frame['c'].iloc[1] == 1.5 and np.isnan(frame['c'].iloc[4])


# workbooks


def book_of(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


HEAD = [list(ROWS[0])]
BODY = [list(row.values()) for row in ROWS]


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


# parquet


def parquet_of(frame: pd.DataFrame | pa.Table, path: Path) -> Path:
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame)
    pq.write_table(table, path)
    return path


def test_types_of_parquet(tmp_path: Path) -> None:
    count = 40
    hours = [dt.datetime(2024, 1, 1, place % 24) for place in range(count)]
    table = pa.table({
        'moment': pa.array(hours, pa.timestamp('ns', 'Europe/Berlin')),
        'plain': pa.array(hours, pa.timestamp('ms')),
        'day': pa.array([dt.date(2024, 1, 1) + dt.timedelta(days=place) for place in range(count)]),
        'hour': pa.array([dt.time(place % 24) for place in range(count)]),
        'span': pa.array([dt.timedelta(seconds=place * 7 + 1) for place in range(count)]),
        'money': pa.array([decimal.Decimal(place) / 4 + 1 for place in range(count)], pa.decimal128(12, 2)),
        'big': pa.array([2**53 + 1 + place for place in range(count)]),
        'kind': pa.array(['a', 'b', None, 'a'] * 10).dictionary_encode(),
        'list': pa.array([['x'] * (place % 3) for place in range(count)]),
        'record': pa.array([{'w': place * 0.5, 'h': 'tall'} for place in range(count)]),
        'half': pa.array(np.arange(count, dtype=np.float16)),
        'nothing': pa.nulls(count),
    })  # fmt: skip
    plan, frame = opened(parquet_of(table, tmp_path / 'table.parquet'))
    assert {column.name: column.kind for column in plan.columns} == {
        'moment': 'datetime', 'plain': 'datetime', 'day': 'date', 'hour': 'time', 'span': 'duration', 'money': 'number',
        'big': 'identifier', 'kind': 'category', 'list': 'list', 'record': 'record', 'half': 'identifier',
        'nothing': 'empty',
    }  # fmt: skip
    assert frame['moment'].iloc[5] == table['moment'][5].as_py()
    assert (
        frame['hour'].iloc[3] == 3 * 3600 and frame['span'].iloc[2] == 15.0 and frame['money'].iloc[1] == 1.25
    )
    assert frame['big'].iloc[0] == 2**53 + 1 and frame['kind'].isna().sum() == 10
    assert frame['record'].iloc[3] == {'w': 1.5, 'h': 'tall'} and frame['list'].iloc[2] == ['x', 'x']


@pytest.mark.parametrize(
    ('index', 'names'),
    [
        (pd.Index([f'K{place}' for place in range(60)], name='sku'), ('sku',)),
        (pd.Index([f'K{place}' for place in range(60)]), ('index',)),
        (pd.MultiIndex.from_product([range(6), range(10)], names=['shop', 'day']), ('shop', 'day')),
    ],
)
def test_indexes_of_stored_frames_are_columns(
    index: pd.Index, names: tuple[str, ...], tmp_path: Path
) -> None:
    plan, frame = opened(parquet_of(pd.DataFrame(ROWS, index=index), tmp_path / 'table.parquet'))
    assert plan.file.index == names and plan.names == (*names, *ROWS[0])
    assert list(frame.index) == list(range(60)) and frame['town'].iloc[1] == 'south'


# archives and several files


@pytest.mark.parametrize(
    ('packed', 'pack'), [('gzip', gzip.compress), ('bzip2', bz2.compress), ('xz', lzma.compress)]
)
def test_a_packed_file_is_read_as_the_file(packed: str, pack: Any, tmp_path: Path) -> None:
    plan, frame = opened(written(tmp_path / 'table.csv.packed', pack(csv_of(ROWS).encode())))
    assert plan.file.packed == (packed,) and rows_of(frame) == ROWS


def zip_of(members: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return held.getvalue()


def test_parts_in_a_zip_are_one_table_in_their_numbers_order(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        f'part-{place}.csv': csv_of(ROWS[place * 5 : place * 5 + 5]) for place in (10, 2, 0)
    }
    members |= {
        f'part-{place}.csv': csv_of(ROWS[place * 5 : place * 5 + 5]) for place in (1, 3, 4, 5, 6, 7, 8, 9, 11)
    }
    members |= {
        'README.md': '# hello',
        '__MACOSX/._part-1.csv': b'\x00',
        'other.csv': 'code,meaning\na,b\nc,d\n',
    }
    plan, frame = opened(written(tmp_path / 'table.zip', zip_of(members)))
    assert [part.member for part in plan.file.parts] == [f'part-{place}.csv' for place in range(12)]
    assert rows_of(frame) == ROWS and list(frame.index) == list(range(60))
    assert plan.file.others['README.md'] == 'no table by its name'
    assert plan.file.others['other.csv'].startswith('its columns are others')


def test_parts_whose_columns_stand_in_another_order(tmp_path: Path) -> None:
    turned = [{name: row[name] for name in ('town', 'size', 'price')} for row in ROWS[30:]]
    files = [written(tmp_path / 'a.csv', csv_of(ROWS[:30])), written(tmp_path / 'b.csv', csv_of(turned))]
    plan, frame = opened(files)
    assert plan.file.parts[1].names == ('town', 'size', 'price') and rows_of(frame) == ROWS


def test_a_test_set_without_answers_is_a_part_with_gaps(tmp_path: Path) -> None:
    test = [{name: row[name] for name in ('size', 'price')} for row in ROWS[40:]]
    data = zip_of({'data/train.csv': csv_of(ROWS[:40]), 'data/test.csv': csv_of(test)})
    plan, frame = opened(written(tmp_path / 'table.zip', data))
    assert {part.role: part.rows for part in plan.file.parts} == {'train': 40, 'test': 20}
    assert frame['town'].isna().sum() == 20 and len(frame) == 60


# what cannot be read


@pytest.mark.parametrize(
    ('name', 'data', 'error'),
    [
        ('empty.csv', b'', EmptyTable),
        ('blank.csv', b' \n\n \n', EmptyTable),
        ('cut.csv.gz', gzip.compress(b'a,b\n' * 1000)[:40], UnreadableTable),
        ('cut.parquet', b'PAR1 nothing', UnreadableTable),
        ('cut.xlsx', book_of(('Data', HEAD + BODY))[:400], UnreadableTable),
        ('broken.json', b'[{"a": 1}, {"a": ]', TableError),
        ('nothing.zip', zip_of({'README.md': '# hello'}), EmptyTable),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(
    name: str, data: bytes, error: type[TableError], tmp_path: Path
) -> None:
    with pytest.raises(error, match=r'\[') as refused:
        understand(written(tmp_path / name, data))
    assert refused.value.code.startswith('TABLE_')


@pytest.mark.parametrize('limits', [Limits(rows=10), Limits(columns=2), Limits(cells=100)])
def test_every_limit_names_itself_in_its_refusal(limits: Limits, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match=r'at most'):
        understand(written(tmp_path / 'table.csv', csv_of(ROWS)), limits)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    file = written(tmp_path / 'bomb.csv.gz', gzip.compress(b'a,b\n' * 100_000))
    with pytest.raises(TooLarge, match='unpacks to more'):
        understand(file, Limits(unpacked_bytes=10_000))
