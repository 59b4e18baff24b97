"""The awkward tables of tests/cases, opened: what the plan says and the frame holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from tempera.tables import ColumnPlan, TablePlan, parse, read, understand

from .test_round_trip import as_python

CASES = Path(__file__).resolve().parents[3] / 'tests' / 'cases'


def opened(name: str) -> tuple[TablePlan, pd.DataFrame]:
    file = CASES / name
    plan = understand(file)
    frame = read(file, plan)
    assert len(frame) == plan.file.rows_used
    assert plan.file.rows == plan.file.rows_used + sum(
        count
        for reason, count in plan.file.left_out.items()
        if reason in ('total', 'footnote', 'repeated_header', 'unaligned', 'other_table')
    )
    assert list(frame.columns) == list(plan.names)
    return plan, frame


def kinds(plan: TablePlan) -> dict[str, str]:
    return {column.name: column.kind for column in plan.columns}


def asked(column: ColumnPlan) -> list[str]:
    return [question.key for question in column.questions]


def values(column: ColumnPlan, *cells: Any) -> list[Any]:
    return [as_python(value) for value in parse(column, list(cells))]
