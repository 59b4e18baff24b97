"""Samples of the columns of any file's tables: which tables, which columns, which values, what was left out."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tempera_sandbox.tools import Context, ToolError, limits, run_tool
from tempera_sandbox.tools.samples.reservoir import bounded, places

from .tool_files import make_context

ODD_NAMES = (
    'a"b',
    "it's",
    'select',
    'größe',
    'two\nlines',
    '名前',
    'x' * 400,
    '; drop table t',
    'a,b',
    '🙂',
    '%s{}',
)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def sampled(context: Context, name: str, content: bytes | str | None = None, **options: object) -> dict:
    if content is not None:
        (context.datasets / name).write_bytes(content.encode() if isinstance(content, str) else content)
    found = run_tool('sample_columns', {'file': name, **options}, context)
    json.dumps(found, allow_nan=False).encode()
    return found


def refused(context: Context, name: str, content: bytes | str, **options: object) -> ToolError:
    with pytest.raises(ToolError) as caught:
        sampled(context, name, content, **options)
    return caught.value


def column_of(found: dict, name: str) -> dict:
    return next(column for column in found['columns'] if column['name'] == name)


def test_cells_come_as_they_stand_in_the_file_without_those_that_stand_for_none(context: Context) -> None:
    rows = [f'{at:03d},"$1,{at:03d}.50",{"NA" if at % 20 == 0 else f" v{at % 7} "}' for at in range(100)]
    found = sampled(context, 't.csv', 'zip,price,word\n' + '\n'.join(rows), table='', sample_size=20)
    assert [(one['name'], one['position']) for one in found['columns']] == [
        ('zip', 0),
        ('price', 1),
        ('word', 2),
    ]
    assert all(value[0] == '0' for value in column_of(found, 'zip')['reservoir'])
    assert all(
        value.startswith('$1,0') and value.endswith('.50') for value in column_of(found, 'price')['reservoir']
    )
    word = column_of(found, 'word')
    assert (word['total_count'], word['null_count'], word['distinct_count']) == (100, 5, 7)
    assert len(word['reservoir']) == 20 and 'NA' not in word['reservoir']


def test_the_sample_lies_evenly_over_the_table_and_is_the_same_each_time(context: Context) -> None:
    text = 'n,m\n' + ''.join(f'{at},{at % 2}\n' for at in range(10_000))
    first, again = (sampled(context, 't.csv', text, table='', sample_size=50) for _ in range(2))
    assert first == again
    numbers = [int(value) for value in column_of(first, 'n')['reservoir']]
    assert [number // 200 for number in numbers] == list(range(50))
    # values that come in turns are not all the one or the other
    assert 15 <= column_of(first, 'm')['reservoir'].count('1') <= 35


@pytest.mark.parametrize(('count', 'most'), [(0, 50), (1, 50), (50, 50), (51, 50), (10**9, 7), (5, 0)])
def test_places_are_as_many_as_there_may_be_and_each_stands_once(count: int, most: int) -> None:
    chosen = places(count, most).tolist()
    assert len(chosen) == min(count, most) == len(set(chosen))
    assert chosen == sorted(chosen) and all(0 <= place < count for place in chosen)


def test_a_column_gives_no_more_bytes_than_it_has_room_for() -> None:
    held, dropped = bounded(['é' * 400] * 50, 10_000)
    assert len(held) + dropped == 50 and 1 <= len(held) <= 12
    assert bounded(['x' * 5_000], 10)[0] == ['x' * (limits.MAX_SAMPLED_VALUE_CHARS - 1) + '…']


@pytest.mark.parametrize('form', ['csv', 'csv.gz', 'json', 'jsonl', 'parquet', 'xlsx'])
def test_odd_names_are_columns_like_any_other_in_every_form(context: Context, form: str) -> None:
    names = [name for name in ODD_NAMES if form != 'csv.gz' or '\n' not in name]
    frame = pd.DataFrame({name: [f'w{at}', f'v{at}', 'u'] for at, name in enumerate(names)})
    path = context.datasets / f't.{form}'
    if form.startswith('csv'):
        content = frame.to_csv(index=False).encode()
        path.write_bytes(gzip.compress(content) if form.endswith('gz') else content)
    elif form == 'xlsx':
        frame.to_excel(path, index=False)
    elif form == 'parquet':
        frame.to_parquet(path)
    else:
        path.write_text(frame.to_json(orient='records', lines=form == 'jsonl', force_ascii=False))
    found = sampled(context, path.name, table='')
    plain = [' '.join(one['name'].split()) for one in found['columns']]
    assert plain == [' '.join(name.split()) for name in names]
    assert all(one['reservoir'] == [f'w{at}', f'v{at}', 'u'] for at, one in enumerate(found['columns']))


def test_each_sheet_and_each_member_of_an_archive_is_a_table(context: Context) -> None:
    book = openpyxl.Workbook()
    book.active.title = 'People'
    for sheet, rows in (
        (book.active, [['name', 'age'], ['Ann', 30], ['Bo', 41]]),
        (book.create_sheet('Old people'), [['name', 'age'], ['Cy', 88], ['Di', 90]]),
        (book.create_sheet('Rates'), [['code', 'rate', 'day'], ['A', 1.5, 'Mon'], ['B', 2, 'Tue']]),
        (book.create_sheet('Blank'), []),
    ):
        for row in rows:
            sheet.append(row)
    book.save(context.datasets / 'book.xlsx')
    listed = sampled(context, 'book.xlsx')
    assert listed['tables'] == [
        {'table': 'Old people', 'rows': 2, 'columns': 2},
        {'table': 'People', 'rows': 2, 'columns': 2},
        {'table': 'Rates', 'rows': 2, 'columns': 3},
    ]
    assert listed['left_out'] == ['Sheet [Blank]: it is empty.']
    rates = sampled(context, 'book.xlsx', table='Rates')
    assert column_of(rates, 'rate')['reservoir'] == ['1.5', '2']
    with zipfile.ZipFile(context.datasets / 'all.zip', 'w') as archive:
        archive.writestr('a/one.csv', 'x,y\n1,2\n3,4\n')
        archive.writestr('two.csv', 'z,w\n5,6\n')
        archive.writestr('README.md', 'nothing')
    listed = sampled(context, 'all.zip')
    assert [one['table'] for one in listed['tables']] == ['a/one.csv', 'two.csv']
    assert 'README.md' in listed['left_out'][0]
    assert column_of(sampled(context, 'all.zip', table='two.csv'), 'z')['reservoir'] == ['5']
    with pytest.raises(ToolError, match="no table 'three'") as caught:
        sampled(context, 'all.zip', table='three')
    assert caught.value.code == 'NOT_FOUND'


@pytest.mark.parametrize(
    ('content', 'names'),
    [('', []), ('a,b\n', ['a', 'b']), ('only\n1\n2\n', ['only']), ('\n \n', [])],
)
def test_empty_and_narrow_tables_are_read_too(context: Context, content: str, names: list[str]) -> None:
    found = sampled(context, 't.csv', content, table='')
    assert [one['name'] for one in found['columns']] == names
    if not names:
        assert found['left_out']


def test_ten_thousand_columns_share_the_answers_room(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, 'MAX_SAMPLED_BYTES', 600_000)
    names = [f'column {at}' for at in range(10_000)]
    wide = pa.table({name: pa.array(['é' * 20] * 3) for name in names})
    pq.write_table(wide, context.datasets / 'wide.parquet')
    found = sampled(context, 'wide.parquet', table='')
    assert [one['name'] for one in found['columns']] == names
    held = sum(len(value.encode()) for one in found['columns'] for value in one['reservoir'])
    assert 300_000 < held <= 600_000
    assert any('values of the sample are left out' in one for one in found['left_out'])


def test_a_large_text_is_looked_at_here_and_there(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, 'MAX_SAMPLED_WHOLE_BYTES', 100_000)
    monkeypatch.setattr(limits, 'SAMPLED_HEAD_BYTES', 20_000)
    monkeypatch.setattr('tempera_sandbox.tools.samples.excerpt._PIECE_BYTES', 2_000)
    rows = 60_000
    plain = 'number,word\n' + ''.join(f'{at},w{at % 9}\n' for at in range(rows))
    found = sampled(context, 't.csv', plain, table='', sample_size=60)
    numbers = [int(value) for value in column_of(found, 'number')['reservoir']]
    assert max(numbers) > 0.9 * rows and sorted(numbers) == numbers
    assert set(column_of(found, 'word')['reservoir']) == {f'w{at}' for at in range(9)}
    assert column_of(found, 'number')['total_count'] is None
    assert 'looked at' in found['left_out'][0] and 'pieces at equal distances' in found['left_out'][0]
    quoted = 'number,word\n' + ''.join(f'{at},"first\nsecond {at % 9}"\n' for at in range(rows))
    found = sampled(context, 'quoted.csv', quoted, table='', sample_size=60)
    assert max(int(value) for value in column_of(found, 'number')['reservoir']) < 0.1 * rows
    assert 'where a record begins' in found['left_out'][0]
    lines = ''.join(json.dumps({'number': at, 'word': f'w{at % 9}'}) + '\n' for at in range(rows))
    found = sampled(context, 't.jsonl', lines, table='', sample_size=60)
    assert max(int(value) for value in column_of(found, 'number')['reservoir']) > 0.9 * rows


def test_a_large_parquet_is_read_from_row_groups_at_equal_distances(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, 'MAX_SAMPLED_WHOLE_BYTES', 100_000)
    monkeypatch.setattr(limits, 'SAMPLED_HEAD_BYTES', 200_000)
    table = pa.table({'number': range(200_000), 'word': [f'word {at}' for at in range(200_000)]})
    pq.write_table(table, context.datasets / 't.parquet', row_group_size=2_000)
    found = sampled(context, 't.parquet', table='', sample_size=50)
    numbers = [int(value) for value in column_of(found, 'number')['reservoir']]
    assert max(numbers) > 190_000 and len({number // 20_000 for number in numbers}) == 10
    number = column_of(found, 'number')
    assert (number['type'], number['total_count'], number['null_count']) == ('int64', 200_000, None)
    assert column_of(found, 'word')['reservoir'][0].startswith('word ')


def test_a_file_that_is_no_table_is_refused_with_its_name(context: Context) -> None:
    for name, content in (
        ('t.csv', b'\x7fELF' + b'\0' * 200),
        ('t.parquet', b'PAR1 broken PAR1'),
        ('t.xlsx', b'PK\x03\x04 broken'),
        ('t.duckdb', b'\0' * 8 + b'DUCK' + b'\0' * 5_000),
    ):
        error = refused(context, name, content, table='')
        assert error.code == 'INVALID_DATASET' and name in error.message, error.message


def make_database(context: Context) -> None:
    with duckdb.connect(str(context.datasets / 'lake.duckdb')) as connection:
        connection.execute('CREATE SCHEMA "odd ""one"')
        connection.execute(
            'CREATE TABLE "odd ""one"."select" ("a""b" INTEGER, "größe 🙂" VARCHAR, "two\nlines" DATE)'
        )
        connection.execute(
            'INSERT INTO "odd ""one"."select" SELECT i, CASE WHEN i % 4 > 0 THEN \'v\' || i END, DATE \'2020-01-01\' '
            'FROM range(1000) t(i)'
        )
        connection.execute('CREATE TABLE empty (x DOUBLE)')
        connection.execute("CREATE VIEW spy AS SELECT * FROM read_csv('/etc/passwd')")


def test_a_duckdb_file_gives_its_tables_and_never_runs_its_views(context: Context) -> None:
    make_database(context)
    listed = sampled(context, 'lake.duckdb')
    assert [(one['table'], one['columns']) for one in listed['tables']] == [
        ('main.empty', 1),
        ('odd "one.select', 3),
    ]
    assert listed['left_out'] == ['1 views are not read: tables alone are.']
    found = sampled(context, 'lake.duckdb', table='odd "one.select', sample_size=30)
    assert [one['name'] for one in found['columns']] == ['a"b', 'größe 🙂', 'two\nlines']
    second = found['columns'][1]
    assert (second['type'], second['total_count'], second['null_count']) == ('VARCHAR', 1000, 250)
    numbers = [int(value[1:]) for value in second['reservoir']]
    assert len(numbers) == 30 and numbers == sorted(numbers) and max(numbers) > 500
    assert found['columns'][2]['reservoir'] == ['2020-01-01'] * 30
    assert found == sampled(context, 'lake.duckdb', table='odd "one.select', sample_size=30)
    empty = sampled(context, 'lake.duckdb', table='main.empty')['columns'][0]
    assert (empty['reservoir'], empty['total_count'], empty['null_count']) == ([], 0, 0)
    with pytest.raises(ToolError, match='no table'):
        sampled(context, 'lake.duckdb', table='main.spy')
