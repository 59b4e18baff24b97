"""An upload's typed rows as an arrow table, in the types that SQL knows."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pyarrow as pa

from tempera.tables import ColumnPlan

from .uploaded_table import UploadedTable

_NESTED = ('record', 'coordinates')


def arrow_table(table: UploadedTable) -> pa.Table:
    """Numbers, booleans, dates, moments (those with a zone in UTC), texts and lists; records as JSON."""
    typed = table.typed()
    columns = [_array(column, typed[column.name]) for column in table.plan.columns]
    return pa.table(columns, names=_distinct(list(table.plan.names)))


def _array(column: ColumnPlan, values: pd.Series) -> pa.Array:
    if column.kind in _NESTED:
        return _texts(values, lambda value: json.dumps(value, ensure_ascii=False, default=str))
    if pd.api.types.is_datetime64_any_dtype(values):
        if getattr(values.dt, 'tz', None) is not None:
            values = values.dt.tz_convert('UTC').dt.tz_localize(None)
        is_days = column.kind == 'date' and bool((values.dropna() == values.dropna().dt.normalize()).all())
        array = pa.array(values.astype('datetime64[us]'), from_pandas=True)
        return array.cast(pa.date32()) if is_days else array
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return _texts(values, str)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


def _texts(values: pd.Series, written: Callable[[object], str]) -> pa.Array:
    gaps = values.isna()
    return pa.array(
        [None if gap else written(value) for value, gap in zip(values, gaps, strict=True)], pa.string()
    )


def _distinct(names: list[str]) -> list[str]:
    """SQL takes names that differ in case alone for one: the later ones get a number, as DuckDB's own reader does."""
    taken: set[str] = set()
    found = []
    for name in names:
        free, number = name, 1
        while free.lower() in taken:
            free, number = f'{name}_{number}', number + 1
        taken.add(free.lower())
        found.append(free)
    return found
