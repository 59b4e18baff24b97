"""Tables for people: CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd

_RUNS = ('=', '+', '-', '@', '\t', '\r')


def export_csv(table: pd.DataFrame, path: Path) -> None:
    """Writes a CSV whose text cells no spreadsheet will run as a formula."""
    path.parent.mkdir(parents=True, exist_ok=True)
    safe = table.rename(columns=_harmless).rename(index=_harmless)
    safe = safe.apply(
        lambda column: column if pd.api.types.is_numeric_dtype(column) else column.map(_harmless)
    )
    # Quoted, so that no carriage return within a cell begins a row, and with it a new first cell.
    safe.to_csv(path, index=False, quoting=csv.QUOTE_NONNUMERIC)


def _harmless(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and cell[:1] in _RUNS else cell
