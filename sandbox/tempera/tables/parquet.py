"""Parquet: typed columns, and the indexes of stored frames as columns like any other."""

from __future__ import annotations

import ast
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .errors import EmptyTable, UnreadableTable
from .layout import Layout
from .limits import Limits, check_size
from .plan import Evidence, PartPlan
from .raw import Cells, RawTable


def understand_parquet(data: bytes, name: str, limits: Limits, member: str = '') -> Layout:
    """The table of a parquet file."""
    table = _opened(data, name)
    check_size(table.num_rows, table.num_columns, limits, name)
    if not table.num_columns:
        raise EmptyTable(f'[{name}] has no column.')
    raw, index = _raw(table)
    part = PartPlan(member=member, fields=len(raw.names), rows=table.num_rows, rows_used=table.num_rows)
    evidence: tuple[Evidence, ...] = (Evidence('types', 'columns come with their types'),)
    if index:
        evidence += (Evidence('index', f'{", ".join(index)} was the index of a stored frame'),)
    return Layout('parquet', part, raw, evidence, index=index)


def read_parquet(data: bytes, name: str) -> RawTable:
    """All rows."""
    return _raw(_opened(data, name))[0]


def _opened(data: bytes, name: str) -> pa.Table:
    try:
        return pq.read_table(pa.BufferReader(data))
    except (pa.ArrowInvalid, OSError, pa.ArrowNotImplementedError) as error:
        raise UnreadableTable(f'[{name}] is a damaged parquet file ({error}).') from error


def _raw(table: pa.Table) -> tuple[RawTable, tuple[str, ...]]:
    stored = _index_columns(table)
    # by their places: a search by name for each column would take as many steps again
    given = table.column_names
    order = [
        *(given.index(name) for name in stored),
        *(place for place, name in enumerate(given) if name not in stored),
    ]
    levels = len(_described(table).get('column_indexes', []))
    names = tuple(_shown(given[at], place, levels) for place, at in enumerate(order))
    columns = tuple(_column(table.column(at)) for at in order)
    return RawTable(names, columns, np.arange(table.num_rows)), names[: len(stored)]


def _shown(name: str, place: int, levels: int) -> str:
    if name == '__index_level_0__':
        return 'index'
    if name.startswith('__index_level_'):
        return f'index_{place}'
    return _in_words(name) if levels > 1 and name.startswith('(') else name


def _in_words(name: str) -> str:
    """`weight mean` for `('weight', 'mean')`, as a frame with two rows of names is stored."""
    try:
        parts = ast.literal_eval(name)
    except (ValueError, SyntaxError):
        return name
    return ' '.join(str(part) for part in parts if str(part)) if isinstance(parts, tuple) else name


def _index_columns(table: pa.Table) -> list[str]:
    names = _described(table).get('index_columns', [])
    return [name for name in names if isinstance(name, str) and name in table.column_names]


def _described(table: pa.Table) -> dict[str, Any]:
    """What pandas says of a frame that it stored."""
    held: dict[bytes, bytes] = table.schema.metadata or {}
    try:
        described: Any = json.loads(held.get(b'pandas', b'{}'))
    except ValueError:
        return {}
    return described if isinstance(described, dict) else {}


def _column(chunks: pa.ChunkedArray) -> Cells:
    column = chunks.combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], chunks.type)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return column.cast(pa.string())
    if pa.types.is_map(column.type):
        return [None if pairs is None else dict(pairs) for pairs in column.to_pylist()]
    return column
