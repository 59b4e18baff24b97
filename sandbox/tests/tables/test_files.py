"""Packed files, zips of parts and files given apart: one table by one plan; and what cannot be read."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path
from typing import Any

import pytest

from tempera.tables import EmptyTable, TableError, TooLarge, UnreadableTable, understand
from tempera.tables.limits import Limits

from .written_files import BODY, HEAD, ROWS, book_of, csv_of, opened, rows_of, written, zip_of


@pytest.mark.parametrize(
    ('packed', 'pack'), [('gzip', gzip.compress), ('bzip2', bz2.compress), ('xz', lzma.compress)]
)
def test_a_packed_file_is_read_as_the_file(packed: str, pack: Any, tmp_path: Path) -> None:
    plan, frame = opened(written(tmp_path / 'table.csv.packed', pack(csv_of(ROWS).encode())))
    assert plan.file.packed == (packed,) and rows_of(frame) == ROWS


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
