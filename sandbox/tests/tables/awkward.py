"""The rows that awkward files hold, and what is asked of each: read by its own plan and fitted to it again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from tempera.tables import TablePlan, fit, read, understand

from .test_round_trip import as_python

COUNT = 60
#: number, price and day of each row
ROWS = [
    (at, round(900 + (at * 7919 % 24_000) + at / 7, 2), dt.date(2023, 1, 1) + dt.timedelta(days=3 * at))
    for at in range(1, COUNT + 1)
]


def place_of(at: int, names: tuple[str, str, str] = ('north', 'south', 'west')) -> str:
    """One of three places."""
    return names[at % 3]


def grouped(price: float, thousands: str, decimal: str) -> str:
    """`20,300.57` with other marks."""
    return f'{price:,.2f}'.translate({ord(','): thousands, ord('.'): decimal})


def opened(file: Path) -> tuple[TablePlan, pd.DataFrame]:
    """A plan, which is the same after its way through JSON, and the rows; another file is read by it as this one is."""
    plan = understand(file)
    again = TablePlan.from_json(json.dumps(plan.to_json()))
    assert again == plan
    frame = read(file, again)
    assert len(frame) == plan.file.rows_used
    pd.testing.assert_frame_equal(frame, read(file, fit(file, plan).plan))
    return plan, frame


def held(frame: pd.DataFrame, name: str) -> list[Any]:
    """The values of a column as Python has them."""
    return [as_python(value) for value in frame[name]]


def prices(frame: pd.DataFrame, name: str, digits: int = 2) -> bool:
    """Whether a column holds the rows' prices."""
    return [round(value, digits) for value in frame[name]] == [round(price, digits) for _, price, _ in ROWS]


def days(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column holds the rows' days."""
    return [moment.date() for moment in frame[name]] == [day for _, _, day in ROWS]


def lines(form: Any, head: str, foot: str = '') -> str:
    """A text of a head, a line a row and a foot."""
    return head + ''.join(form(at, price, day) for at, price, day in ROWS) + foot
