"""Cells to values, by a column's plan alone: a value depends on its cell and the plan, never on its neighbours.

`parse` takes whatever a caller has: texts of a file, values of a JSON row, a typed arrow array. What holds nothing,
and what does not parse, becomes a gap of the column's type. Whole numbers that measure may meet one with parts, which
is a value too: the column is then float64.

    integer  Int64          float    float64 (NaN)      boolean  boolean          moment  datetime64[us] or [us, UTC]
    text     str (NaN)      list     object (list)      record   object (dict)    pair    object (latitude, longitude)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import text_values
from .cells import arrays, booleans, lists, natives, pairs
from .cells.texts import Texts, is_among, strings
from .plan import ColumnPlan, Form, ValueType

#: an array with fewer distinct texts than this share of its cells is parsed text by text
_REPEATED = 0.5
#: texts that are looked at first
_GLANCE = 2_000
_NUMPY: dict[ValueType, Any] = {
    'integer': np.int64,
    'float': np.float64,
    'boolean': bool,
    'moment': 'datetime64[us]',
}


@dataclass(frozen=True)
class Parsed:
    """Values of cells, which of them are values, and which hold nothing. What is neither did not parse."""

    values: np.ndarray
    known: np.ndarray
    gaps: np.ndarray


def parse(column: ColumnPlan, cells: Any) -> pd.Series:
    """The values of cells under a column's plan. A Series keeps its index; anything else is numbered from 0."""
    index = cells.index if isinstance(cells, pd.Series) else None
    return to_series(parse_cells(column.form, cells), column.form, index, column.name)


def parse_cells(form: Form, cells: Any) -> Parsed:
    """As `parse`, with what is a gap and what does not parse told apart."""
    if isinstance(cells, pd.Series):
        cells = cells.tolist() if cells.dtype == object else pa.Array.from_pandas(cells)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks() if cells.num_chunks != 1 else cells.chunk(0)
    if isinstance(cells, pa.DictionaryArray):
        cells = cells.dictionary_decode()
    if isinstance(cells, pa.Array):
        if (
            pa.types.is_string(cells.type)
            or pa.types.is_large_string(cells.type)
            or pa.types.is_string_view(cells.type)
        ):
            return parse_texts(form, strings(cells))
        typed = arrays.read(cells, form)
        if typed is not None:
            return _without_sentinels(Parsed(*typed), form)
        cells = cells.to_pylist()
    return _parse_objects(form, list(cells))


def to_series(parsed: Parsed, form: Form, index: pd.Index | None = None, name: str = '') -> pd.Series:
    """As pandas holds the type."""
    values, known = parsed.values, parsed.known
    data: Any
    if form.type == 'integer' and values.dtype == np.float64:
        data = np.where(known, values, np.nan)
    elif form.type == 'integer':
        data = pd.arrays.IntegerArray(values.astype(np.int64, copy=False), ~known)
    elif form.type == 'boolean':
        data = pd.arrays.BooleanArray(values.astype(bool, copy=False), ~known)
    elif form.type == 'float':
        data = np.where(known, values, np.nan)
    elif form.type == 'moment':
        data = np.where(known, values, np.datetime64('NaT', 'us'))
    elif form.type == 'text':
        return pd.Series(_texts(values, known), index=index, name=name or None)
    else:
        data = values.astype(object)
        data[~known] = None
    series = pd.Series(data, index=index, name=name or None)
    return series.dt.tz_localize('UTC') if form.type == 'moment' and form.zoned else series


def _texts(values: np.ndarray, known: np.ndarray) -> Any:
    held = pa.array(values, pa.string(), mask=~known)
    return pd.array(held.to_pandas(), dtype='str')


def parse_texts(form: Form, texts: Texts) -> Parsed:
    """Texts, each distinct one parsed once where they repeat."""
    if not _repeats(texts):
        return parse_distinct(form, texts)
    encoded = texts.dictionary_encode()
    if len(encoded.dictionary) > _REPEATED * len(texts):
        return parse_distinct(form, texts)
    distinct = parse_distinct(form, encoded.dictionary)
    places = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    null = texts.is_null().to_numpy(zero_copy_only=False)
    if not len(encoded.dictionary):
        return _all_gaps(form, len(texts))
    known = distinct.known[places] & ~null
    return Parsed(distinct.values[places], known, distinct.gaps[places] | null)


def _repeats(texts: Texts) -> bool:
    """Whether the first texts repeat at all: where hardly one does, none is looked for among all."""
    some = texts.slice(0, _GLANCE)
    return len(texts) <= _GLANCE or pc.count_distinct(some).as_py() < 0.95 * len(some)


def parse_distinct(form: Form, texts: Texts) -> Parsed:
    """As `parse_texts`, each text by itself."""
    gaps = is_among(texts, form.missing)
    if texts.null_count:
        gaps |= texts.is_null().to_numpy(zero_copy_only=False)
    if len(texts) == texts.null_count:
        return _all_gaps(form, len(texts))
    values, known = _READERS[form.type](texts.fill_null(''), form)
    return _without_sentinels(Parsed(values, known & ~gaps, gaps), form)


def _all_gaps(form: Form, count: int) -> Parsed:
    values = np.zeros(count, dtype=_NUMPY.get(form.type, object))
    return Parsed(values, np.zeros(count, dtype=bool), np.ones(count, dtype=bool))


def _without_sentinels(parsed: Parsed, form: Form) -> Parsed:
    """Infinities and the numbers that stand for nothing are gaps."""
    if form.type not in ('float', 'integer'):
        return parsed
    nothing = (
        np.isin(parsed.values, np.array(form.sentinels))
        if form.sentinels
        else np.zeros(len(parsed.values), bool)
    )
    if form.type == 'float':
        nothing |= np.isinf(parsed.values.astype(np.float64, copy=False))
    nothing &= parsed.known
    if not nothing.any():
        return parsed
    return Parsed(parsed.values, parsed.known & ~nothing, parsed.gaps | nothing)


def _parse_objects(form: Form, cells: list[Any]) -> Parsed:
    """Cells of Python types: the texts among them as texts, the others for what they are."""
    count = len(cells)
    values = np.zeros(count, dtype=_NUMPY.get(form.type, object))
    known, gaps = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    written = [place for place, cell in enumerate(cells) if isinstance(cell, str)]
    if written:
        some = parse_texts(form, pa.array([cells[place] for place in written], pa.string()))
        values = values.astype(some.values.dtype) if form.parts else values
        values[written], known[written], gaps[written] = some.values, some.known, some.gaps
    read = _native_reader(form)
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            continue
        if natives.is_gap(cell):
            gaps[place] = True
            continue
        value = read(cell)
        if value is natives.UNKNOWN:
            continue
        if form.parts and isinstance(value, float) and values.dtype != np.float64:
            values = values.astype(np.float64)
        values[place], known[place] = value, True
    return _without_sentinels(Parsed(values, known, gaps), form)


def _native_reader(form: Form) -> Callable[[Any], Any]:
    return {
        'integer': lambda cell: _as_integer(cell, form),
        'float': lambda cell: natives.as_measure(cell, form),
        'boolean': lambda cell: natives.as_boolean(cell, form),
        'moment': lambda cell: natives.as_moment(cell, form),
        'text': lambda cell: _as_label(cell, form),
        'list': lambda cell: _as_list(cell, form),
        'record': lambda cell: _as_record(cell, form),
        'pair': lambda cell: pairs.as_pair(natives.as_items(cell), cell),
    }[form.type]


def _as_integer(cell: Any, form: Form) -> Any:
    number = natives.as_number(cell)
    if isinstance(number, float):
        if number.is_integer() and abs(number) < 2**63:
            number = int(number)
        else:
            return number if form.parts and np.isfinite(number) else natives.UNKNOWN
    return number if number is natives.UNKNOWN or -(2**63) <= number < 2**63 else natives.UNKNOWN


def _as_label(cell: Any, form: Form) -> str:
    text = natives.as_text(cell)
    return form.labels.get(text.lower(), text)


def _as_list(cell: Any, form: Form) -> Any:
    items = natives.as_items(cell)
    if items is natives.UNKNOWN or form.items is None:
        return items
    return _plain_values(form.items, items)


def _as_record(cell: Any, form: Form) -> Any:
    if not isinstance(cell, dict):
        return natives.UNKNOWN
    return {name: _plain_values(field, [cell.get(name)])[0] for name, field in form.fields.items()}


def _plain_values(form: Form, cells: list[Any]) -> list[Any]:
    """Values as Python holds them, None for gaps."""
    parsed = parse_cells(form, cells)
    return [
        (value.item() if isinstance(value, np.generic) else value) if known else None
        for value, known in zip(parsed.values, parsed.known, strict=True)
    ]


def _read_objects(items: Iterable[Any], count: int) -> tuple[np.ndarray, np.ndarray]:
    values, known = np.empty(count, dtype=object), np.zeros(count, dtype=bool)
    for place, item in enumerate(items):
        if item is not natives.UNKNOWN:
            values[place], known[place] = item, True
    return values, known


def _read_lists(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    return _read_objects(
        (_as_list(lists.items_of(text, form), form) for text in texts.to_pylist()), len(texts)
    )


def _read_records(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    return _read_objects(
        (_as_record(lists.record_of(text, form), form) for text in texts.to_pylist()), len(texts)
    )


def _read_pairs(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    return _read_objects((pairs.pair_of(text) for text in texts.to_pylist()), len(texts))


_READERS: dict[ValueType, Callable[[Texts, Form], tuple[np.ndarray, np.ndarray]]] = {
    'integer': text_values.read_integers,
    'float': text_values.read_floats,
    'boolean': booleans.read,
    'moment': text_values.read_moments,
    'text': text_values.read_labels,
    'list': _read_lists,
    'record': _read_records,
    'pair': _read_pairs,
}
