"""Documents, workbooks, frames and archives as programs leave them: each is read as the one table that it holds."""

from __future__ import annotations

import datetime as dt
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .awkward import COUNT, ROWS, days, held, opened, place_of, prices

RECORDS = [{'id': at, 'place': place_of(at), 'price': price, 'day': str(day)} for at, price, day in ROWS]
CELLS = [[at, place_of(at), price] for at, price, _ in ROWS]


def csv_of(rows: list[list[Any]], head: str = 'id,place,price\n') -> str:
    return head + ''.join(','.join(map(str, row)) + '\n' for row in rows)


# Documents

#: name: (the text, columns that stand beside the records' own)
DOCUMENTS: dict[str, tuple[str, set[str]]] = {
    'a search engine': (
        json.dumps({'took': 3, 'hits': {'total': COUNT, 'hits': [{'_index': 'x', '_source': one} for one in RECORDS]}}),
        {'_index'}),
    'a map': (
        json.dumps({'type': 'FeatureCollection', 'features': [
            {'type': 'Feature', 'properties': one, 'geometry': {'type': 'Point', 'coordinates': [2.5, one['id']]}}
            for one in RECORDS]}),
        {'type', 'geometry'}),
    'a graph': (
        json.dumps({'data': {'users': {'pageInfo': {'next': None}, 'edges': [{'node': one} for one in RECORDS]}}}),
        set()),
    'an interface of resources': (
        json.dumps({'data': [{'type': 'sale', 'attributes': one} for one in RECORDS]}), {'type'}),
    'an answer with its address': (json.dumps({'@odata.context': 'u', 'value': RECORDS}), set()),
    'documents one behind the other': ('\n'.join(json.dumps(one, indent=2) for one in RECORDS), set()),
    'commas too many': ('[\n' + ',\n'.join(json.dumps(one) for one in RECORDS) + ',\n]', set()),
    'comments': ('// sales\n[' + ', /* next */\n'.join(json.dumps(one) for one in RECORDS) + ']', set()),
    'a script': (f'var data = {json.dumps(RECORDS)};', set()),
    'a call': (f'callback({json.dumps(RECORDS)});', set()),
    'as Python prints them': ('\n'.join(repr(one) for one in RECORDS), set()),
    'lines behind a mark': ('\ufeff' + '\n'.join(json.dumps(one) for one in RECORDS), set()),
    'a table with its schema': (pd.DataFrame(RECORDS).to_json(orient='table', index=False), set()),
}  # fmt: skip


@pytest.mark.parametrize('name', DOCUMENTS)
def test_records_are_found_in_what_programs_write(name: str, tmp_path: Path) -> None:
    text, beside = DOCUMENTS[name]
    file = tmp_path / 'table.json'
    file.write_text(text, 'utf-8')
    plan, frame = opened(file)
    assert set(plan.names) == {'id', 'place', 'price', 'day'} | beside
    assert prices(frame, 'price') and days(frame, 'day')


def test_names_that_a_document_describes_beside_its_lists(tmp_path: Path) -> None:
    columns = [{'id': -1, 'name': 'id'}, {'id': 2, 'name': 'place'}, {'id': 3, 'name': 'price'}]
    file = tmp_path / 'table.json'
    file.write_text(json.dumps({'meta': {'view': {'name': 'x', 'columns': columns}}, 'data': CELLS}), 'utf-8')
    plan, frame = opened(file)
    assert plan.names == ('id', 'place', 'price') and prices(frame, 'price')


def test_not_a_number_is_a_gap(tmp_path: Path) -> None:
    file = tmp_path / 'table.json'
    file.write_text(
        json.dumps([one | {'price': float('nan')} if one['id'] % 5 == 0 else one for one in RECORDS])
    )
    _, frame = opened(file)
    assert int(frame['price'].isna().sum()) == COUNT // 5


# Workbooks


def book(fill: Callable[[Any], None], path: Path) -> Path:
    workbook = openpyxl.Workbook()
    fill(workbook)
    workbook.save(path)
    return path


def test_a_cell_that_is_merged_downwards_holds_for_each_of_its_rows(tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        sheet.append(['region', 'city', 'price'])
        for at, price, _ in ROWS:
            sheet.append([f'region {at // 3}' if at % 3 == 1 else None, f'city {at}', price])
            if at % 3 == 1:
                sheet.merge_cells(start_row=at + 1, end_row=at + 3, start_column=1, end_column=1)

    plan, frame = opened(book(fill, tmp_path / 'table.xlsx'))
    assert held(frame, 'region') == [f'region {(at - 1) // 3}' for at, _, _ in ROWS]
    assert plan.column('region').kind == 'category' and prices(frame, 'price')


def test_of_tables_beside_each_other_the_largest_is_taken_and_the_other_is_told(tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        sheet.append(['id', 'place', 'price', None, None, 'code', 'meaning'])
        for row in CELLS:
            sheet.append([*row, None, None, *([row[0], f'label {row[0]}'] if row[0] < 6 else [])])

    plan, frame = opened(book(fill, tmp_path / 'table.xlsx'))
    assert plan.names == ('id', 'place', 'price') and prices(frame, 'price')
    assert any(one.finding == 'beside' and '2 columns of 6 rows' in one.because for one in plan.file.evidence)


def test_a_blank_column_inside_a_table_parts_nothing(tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        sheet.append(['id', 'place', None, 'price', 'double'])
        for at, place, price in CELLS:
            sheet.append([at, place, None, price, price * 2])

    plan, frame = opened(book(fill, tmp_path / 'table.xlsx'))
    assert {'id', 'place', 'price', 'double'} <= set(plan.names) and prices(frame, 'price')


def test_cells_of_several_types_in_a_column_are_one_type(tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.active
        sheet.append(['id', 'day', 'price', 'took'])
        for at, price, day in ROWS:
            moment = dt.datetime(day.year, day.month, day.day)
            sheet.append([at, moment if at % 2 else f'{day:%d.%m.%Y}', price if at % 4 else f'{price:.2f}',
                          dt.timedelta(hours=at, minutes=5)])  # fmt: skip
        sheet['C9'] = '#N/A'

    plan, frame = opened(book(fill, tmp_path / 'table.xlsx'))
    assert {column.name: column.kind for column in plan.columns} == {
        'id': 'identifier', 'day': 'date', 'price': 'number', 'took': 'duration',
    }  # fmt: skip
    assert days(frame, 'day') and int(frame['price'].isna().sum()) == 1
    assert held(frame, 'took') == [at * 3600.0 + 300 for at, _, _ in ROWS]


def test_days_as_names_and_a_total_on_each_sheet(tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        workbook.remove(workbook.active)
        for year in (2021, 2022, 2023):
            sheet = workbook.create_sheet(str(year))
            sheet.append([f'Sales {year}'])
            sheet.append([])
            sheet.append(['place', *[dt.datetime(2023, month, 1) for month in range(1, 5)]])
            for at in range(20):
                sheet.append([f'{place_of(at)} {at}', *[at * 1.5 + month for month in range(4)]])
            sheet.append(['Total', *[sum(at * 1.5 + month for at in range(20)) for month in range(4)]])

    plan, frame = opened(book(fill, tmp_path / 'table.xlsx'))
    assert plan.names == ('place', '2023-01-01', '2023-02-01', '2023-03-01', '2023-04-01')
    assert plan.file.left_out == {'blank': 3, 'title': 3, 'total': 3} and len(frame) == 60


# Frames


def test_types_that_frames_are_stored_with(tmp_path: Path) -> None:
    table = pa.table({
        'pairs': pa.array([[('k', at)] for at, _, _ in ROWS], pa.map_(pa.string(), pa.int32())),
        'large': pa.array([place_of(at) for at, _, _ in ROWS], pa.large_string()),
        'half': pa.array([float(at) for at, _, _ in ROWS]).cast(pa.float16()),
        'huge': pa.array([2**63 + at for at, _, _ in ROWS], pa.uint64()),
        'nothing': pa.nulls(COUNT),
        'berlin': pa.array([dt.datetime(2023, 1, 1, at % 24, tzinfo=dt.UTC) for at, _, _ in ROWS],
                           pa.timestamp('ns', 'Europe/Berlin')),
    })  # fmt: skip
    pq.write_table(table, tmp_path / 'table.parquet')
    plan, frame = opened(tmp_path / 'table.parquet')
    assert held(frame, 'pairs')[0] == {'k': 1} and held(frame, 'huge')[0] == str(2**63 + 1)
    assert held(frame, 'half') == [at for at, _, _ in ROWS] and plan.column('nothing').kind == 'empty'
    assert frame['berlin'].iloc[0] == pd.Timestamp('2023-01-01T01:00Z')


def test_two_rows_of_names_of_a_stored_frame_are_one_name(tmp_path: Path) -> None:
    frame = pd.DataFrame([[price, price * 2] for _, price, _ in ROWS])
    frame.columns = pd.MultiIndex.from_tuples([('price', 'mean'), ('price', 'sum')])
    frame.to_parquet(tmp_path / 'table.parquet')
    plan, again = opened(tmp_path / 'table.parquet')
    assert plan.names == ('price mean', 'price sum') and prices(again, 'price mean')


# Archives


def zip_of(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w') as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def tar_of(members: dict[str, str], mode: Any) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as package:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content.encode())
            package.addfile(entry, io.BytesIO(content.encode()))
    return stream.getvalue()


def workbook_of(rows: list[list[Any]]) -> bytes:
    stream, workbook = io.BytesIO(), openpyxl.Workbook()
    for row in [['id', 'place', 'price'], *rows]:
        workbook.active.append(row)
    workbook.save(stream)
    return stream.getvalue()


PARTS = {'d/a.csv': csv_of(CELLS[:30]), 'd/b.csv': csv_of(CELLS[30:])}
#: name: (bytes, number of parts)
ARCHIVES: dict[str, tuple[bytes, int]] = {
    'names in the first part only': (
        zip_of({'part-0.csv': csv_of(CELLS[:30]), 'part-1.csv': csv_of(CELLS[30:], ''), '_SUCCESS': ''}), 2),
    'a tar': (tar_of(PARTS, 'w'), 2),
    'a packed tar': (tar_of(PARTS, 'w:gz'), 2),
    'an archive in an archive': (zip_of({'inside.zip': zip_of(dict(PARTS)), 'readme.txt': 'x'}), 2),
    'a text and a workbook': (zip_of({'1.csv': csv_of(CELLS[:30]), '2.xlsx': workbook_of(CELLS[30:])}), 2),
}  # fmt: skip


@pytest.mark.parametrize('name', ARCHIVES)
def test_parts_of_an_archive_are_one_table(name: str, tmp_path: Path) -> None:
    data, parts = ARCHIVES[name]
    file = tmp_path / 'table.zip'
    file.write_bytes(data)
    plan, frame = opened(file)
    assert (plan.names, len(plan.file.parts)) == (('id', 'place', 'price'), parts)
    assert prices(frame, 'price')


def test_folders_that_name_a_value_are_a_column(tmp_path: Path) -> None:
    members = {
        f'place={place}/part-0.csv': csv_of(
            [[at, price] for at, there, price in CELLS if there == place], 'id,price\n'
        )
        for place in ('north', 'south', 'west')
    }
    file = tmp_path / 'table.zip'
    file.write_bytes(zip_of(dict(members)))
    plan, frame = opened(file)
    assert plan.names == ('id', 'price', 'place')
    assert (
        all(row['place'] == place_of(row['id']) for row in frame.to_dict('records')) and len(frame) == COUNT
    )
