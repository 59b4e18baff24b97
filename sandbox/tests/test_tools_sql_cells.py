"""The cells of an answer to SQL: each arrives as what it is, whether JSON has a type for it or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tempera_sandbox.tools import Context

from .tool_files import make_tables, query


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_tables(tmp_path)


def test_cells_are_safe_for_json(context: Context) -> None:
    row = query(
        context,
        "SELECT 'nan'::DOUBLE, '-inf'::FLOAT, 9007199254740993, 1.50::DECIMAL(5,2), DATE "
        "'2024-02-29', 'a'::BLOB, [1, NULL], {'k': DATE '2024-01-01'}, "
        "NULL, true, INTERVAL 1 DAY, TIME '01:02:03', DATE '290000-01-01'",
    )['rows'][0]
    assert row[:6] == ['NaN', '-Infinity', '9007199254740993', 1.5, '2024-02-29', 'base64:YQ==']
    assert (
        row[6] == [1, None]
        and row[7] == {'k': '2024-01-01'}
        and row[8:10] == [None, True]
        and row[12] == '290000-01-01'
    )


@pytest.mark.parametrize(
    ('expression', 'expected'),
    [
        ('INTERVAL 1 MONTH', '1 month'),
        ("INTERVAL '1 year 2 days 3.5 seconds'", '1 year 2 days 00:00:03.5'),
        ("TIMESTAMP 'infinity'", 'infinity'),
        ("DATE '-infinity'", '-infinity'),
        ("TIMESTAMP_NS '2021-01-01 00:00:00.123456789'", '2021-01-01T00:00:00.123456789'),
        ("TIMESTAMP '2021-01-01 10:00:00'", '2021-01-01T10:00:00'),
        ("DATE '0044-03-15 (BC)'", '0044-03-15 (BC)'),
        ("TIME '12:34:56.789'", '12:34:56.789'),
        ('170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'),
        ('-9007199254740993::BIGINT', '-9007199254740993'),
        ('12345678901234567.89::DECIMAL(38,2)', '12345678901234567.89'),
        ('0.00000000000000000001::DECIMAL(38,20)', 1e-20),
        ('0.1::FLOAT', 0.1),
        ('[INTERVAL 1 MONTH, NULL]', ['1 month', None]),
        (
            "{'a': DATE 'infinity', 'b': 12345678901234567.89::DECIMAL(38,2)}",
            {'a': 'infinity', 'b': '12345678901234567.89'},
        ),
        ("MAP {'x': [INTERVAL 2 DAY]}", {'x': ['2 days']}),
        ('[0.1::FLOAT][1:0]', []),
    ],
)
def test_a_value_that_json_has_no_type_for_comes_as_it_is(
    context: Context, expression: str, expected: object
) -> None:
    # beside others, whose form it must not change
    row = query(context, f"SELECT 7, {expression}, 'x', DATE '290000-01-01'")['rows'][0]
    assert row == [7, expected, 'x', '290000-01-01']


def test_cells_of_which_something_was_left_out_are_named(context: Context) -> None:
    cut = query(context, "SELECT 'a…', repeat('x', 50000), range(2000) UNION ALL SELECT 'b', 'c', [1]")
    assert sorted((cell['row'], cell['column']) for cell in cut['cut_cells']) == [(0, 1), (0, 2)]
    assert len(cut['rows'][0][2]) == 1000
    assert query(context, "SELECT repeat('e', 50000)::BLOB")['cut_cells'] == [{'row': 0, 'column': 0}]
    assert query(context, 'SELECT * FROM train')['cut_cells'] == []


def test_times_with_a_zone_and_infinite_dates_come_as_text(context: Context) -> None:
    row = query(context, "SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00', 'infinity'::DATE")['rows'][0]
    assert str(row[0]).startswith('2024-01-01') or str(row[0]).startswith('2023-12-31')
