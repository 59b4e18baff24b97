"""A table written in any of the dialects is read back to the same values."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tempera.tables import TablePlan, read, understand

from .dialects import DIALECTS, WORKBOOK, Column, Dialect, Value, write

ROWS = 40
_SETTINGS = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
_LABELS = ('north', 'south', 'old town', "men's", 'a "quoted" one', 'x, y and z', 'semi;colon')
_values: dict[str, st.SearchStrategy[Any]] = {
    # four places: a mark before three digits may be either, and is told apart by other cells only
    'number': st.integers(-999_999_999, 999_999_999).map(lambda value: (value * 10 + 5) / 10_000),
    'integer': st.integers(-5_000_000, 5_000_000),
    'label': st.sampled_from(_LABELS),
    'date': st.dates(dt.date(1975, 1, 1), dt.date(2030, 12, 31)),
    'moment': st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2030, 12, 31)).map(
        lambda at: at.replace(microsecond=0)
    ),
    'boolean': st.booleans(),
    'money': st.integers(1, 9_999_999).map(lambda cents: cents / 100),
}


@st.composite
def columns_of(draw: st.DrawFn) -> list[Column]:
    """Labels first, as most tables have them, then columns of any type, gaps in some."""
    kinds = ['label', *draw(st.lists(st.sampled_from(list(_values)), min_size=2, max_size=6)), 'number']
    columns = []
    for place, kind in enumerate(kinds):
        values: list[Value] = draw(st.lists(_values[kind], min_size=ROWS, max_size=ROWS))
        if kind in ('date', 'moment'):
            # dates that can be told apart: one has a day above 12
            values[0] = values[0].replace(day=28) if isinstance(values[0], dt.date) else values[0]
        if kind == 'boolean':
            values[:2] = [True, False]
        if kind == 'integer':
            values[0] = 1_234_567
        if kind != 'boolean' and place > 0 and draw(st.booleans()):
            for gap in draw(st.lists(st.integers(1, ROWS - 1), max_size=6)):
                values[gap] = None
        columns.append(Column(f'{kind}_{place}', kind, tuple(values)))
    return columns


@pytest.mark.parametrize('dialect', [*DIALECTS, WORKBOOK], ids=lambda dialect: dialect.name)
def test_every_dialect_gives_the_values_back(dialect: Dialect, tmp_path: Path) -> None:
    @_SETTINGS
    @given(columns_of())
    def check(columns: list[Column]) -> None:
        file = tmp_path / ('table.xlsx' if dialect.workbook else 'table.csv')
        file.write_bytes(write(columns, dialect))
        plan = understand(file)
        frame = read(file, plan)
        assert list(frame.columns) == [column.name for column in columns]
        assert list(frame.index) == list(range(ROWS))
        for column in columns:
            got = [as_python(value) for value in frame[column.name]]
            assert got == [expected(column, value, dialect) for value in column.values], (
                column.name,
                plan.column(column.name),
            )

    check()


@pytest.mark.parametrize('dialect', DIALECTS, ids=lambda dialect: dialect.name)
def test_a_plan_goes_to_json_and_reads_the_same(dialect: Dialect, tmp_path: Path) -> None:
    values = {
        'label': tuple(_LABELS[place % len(_LABELS)] for place in range(ROWS)),
        'number': tuple(place * 1.25 - 7 for place in range(ROWS)),
        'date': tuple(dt.date(2021, 1, 1) + dt.timedelta(days=place) for place in range(ROWS)),
    }
    file = tmp_path / 'table.csv'
    file.write_bytes(write([Column(name, name, held) for name, held in values.items()], dialect))
    plan = understand(file)
    again = TablePlan.from_json(json.dumps(plan.to_json()))
    assert again == plan
    pd.testing.assert_frame_equal(read(file, again), read(file, plan))


def expected(column: Column, value: Value, dialect: Dialect) -> Any:
    """What is to be read where this was written."""
    if value is None:
        return None
    if column.type == 'boolean':
        return (
            value if dialect.true.lower() in ('true', 'false') else dialect.true if value else dialect.false
        )
    if isinstance(value, dt.datetime):
        return pd.Timestamp(value)
    if isinstance(value, dt.date):
        return pd.Timestamp(value)
    return value


def as_python(value: Any) -> Any:
    """A cell of a frame, None for a gap."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, 'item') else value
