"""A small table as files of any kind hold it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from tempera.tables import TablePlan, read, understand

from .test_round_trip import as_python

ROWS = [
    {'size': place % 7, 'price': place * 1.5 + 0.25, 'town': ('north', 'south', 'old town')[place % 3]}
    for place in range(60)
]
HEAD = [list(ROWS[0])]
BODY = [list(row.values()) for row in ROWS]


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


def zip_of(members: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return held.getvalue()
