"""Parquet is one table by one plan: its types as they are, the indexes of stored frames as columns."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .written_files import ROWS, opened


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
