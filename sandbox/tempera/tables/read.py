"""`read(file, plan)`: the typed frame of a table, by its plan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .delimited import read_delimited
from .parse import parse
from .plan import TablePlan
from .raw import RawTable


def read(file: str | Path, plan: TablePlan) -> pd.DataFrame:
    """The rows that the plan uses, typed as it says; the index is each row's position in the file."""
    table = read_raw(file, plan)
    index = pd.Index(table.positions)
    series = {
        column.name: parse(column, cells).set_axis(index)
        for column, cells in zip(plan.columns, table.columns, strict=True)
    }
    return pd.DataFrame(series, index=index)


def read_raw(file: str | Path, plan: TablePlan) -> RawTable:
    """The cells as they stand in the file, of the rows that the plan uses."""
    data = Path(file).read_bytes()
    return read_delimited(data, plan.file.parts[0], plan.names)
