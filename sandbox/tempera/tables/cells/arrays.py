"""Typed arrow arrays, as parquet holds them: taken whole, without a look at single cells."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..plan import Form
from . import clocks
from .natives import from_epoch

Read = tuple[np.ndarray, np.ndarray, np.ndarray]
_TICKS = {'s': 1.0, 'ms': 1e-3, 'us': 1e-6, 'ns': 1e-9}


def read(cells: pa.Array, form: Form) -> Read | None:
    """Values, which are values, and gaps; None where cells of this type are better taken one by one."""
    gaps = cells.is_null().to_numpy(zero_copy_only=False)
    if form.type == 'moment':
        return _moments(cells, form, gaps)
    if form.type in ('float', 'integer'):
        return _numbers(cells, form, gaps)
    if form.type == 'boolean' and pa.types.is_boolean(cells.type):
        return cells.fill_null(False).to_numpy(zero_copy_only=False), ~gaps, gaps
    return None


def _moments(cells: pa.Array, form: Form, gaps: np.ndarray) -> Read | None:
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        micros = (
            cells.cast(pa.timestamp('us'), safe=False) if pa.types.is_date(cells.type) else _micros(cells)
        )
        values = np.asarray(micros.cast(pa.int64()).fill_null(0)).view('datetime64[us]')
        return values, ~gaps, gaps
    if form.epoch and _is_number(cells.type):
        values = from_epoch(_floats(cells), form.epoch)
        return values, ~np.isnat(values), gaps
    return None


def _micros(cells: pa.Array) -> pa.Array:
    """Stored moments are of UTC where they have a zone."""
    return cells.cast(pa.timestamp('us', tz=cells.type.tz), safe=False)


def _numbers(cells: pa.Array, form: Form, gaps: np.ndarray) -> Read | None:
    kind = cells.type
    if pa.types.is_duration(kind):
        values = _floats(cells.cast(pa.int64())) * _TICKS[kind.unit]
        return values, ~gaps, gaps
    if pa.types.is_time(kind):
        whole = cells.cast(pa.int32() if pa.types.is_time32(kind) else pa.int64())
        return _floats(whole) * _TICKS[kind.unit], ~gaps, gaps
    if not _is_number(kind):
        return None
    if form.type == 'integer':
        if pa.types.is_integer(kind) and kind != pa.uint64():
            return np.asarray(cells.cast(pa.int64()).fill_null(0)), ~gaps, gaps
        return None
    values = _floats(cells)
    gaps = gaps | np.isnan(values)
    if form.clock in clocks.DIGITS:
        values = clocks.seconds_of(values, form.clock)
    return values, ~(gaps | np.isnan(values)), gaps


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )


def _floats(cells: pa.Array) -> np.ndarray:
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.int8())
    floats = pc.cast(cells, pa.float64(), safe=False)
    return np.array(floats.fill_null(np.nan).to_numpy(zero_copy_only=False))
