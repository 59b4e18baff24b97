"""Values that JSON can carry, and cells that a model without a plan takes for missing."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
from typing import Any

# How missing values are disguised, in lower case and without surrounding blanks.
MISSING_TOKENS = (
    '',
    '?',
    'na',
    'n/a',
    'nan',
    'null',
    'none',
    'nil',
    '-',
    '--',
    '#n/a',
    '#na',
    '<na>',
    '.',
    'missing',
)
_MISSING = frozenset(MISSING_TOKENS)

_SAFE_INTEGER = 2**53
_MAX_DEPTH = 20
# Items of one list, or keys of one object.
_MOST_NESTED = 1_000


def is_missing(cell: str) -> bool:
    """True for a blank cell or one of the usual disguises."""
    return cell.strip().lower() in _MISSING


def json_value(value: Any, longest: int) -> Any:
    """A value that JSON carries without loss of meaning: numbers that JSON or JavaScript cannot hold become
    text, times ISO text, bytes base64 text; long texts are cut and end in `…`."""
    return json_cell(value, longest)[0]


def json_cell(value: Any, longest: int) -> tuple[Any, bool]:
    """The same, and whether anything of it was left out: a `…` may be the value's own."""
    shown = _Shown(longest)
    return shown.value(value, 0), shown.is_cut


def finite(value: Any) -> Any:
    """What a tool answers, as JSON has it: a number that is none is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


class _Shown:
    """One value on its way to JSON."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.is_cut = False

    def value(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return value if abs(value) <= _SAFE_INTEGER else str(value)
        if isinstance(value, float):
            return value if math.isfinite(value) else _infinite(value)
        if isinstance(value, decimal.Decimal):
            return float(value) if value.is_finite() and len(value.as_tuple().digits) <= 15 else str(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray, memoryview)):
            self.is_cut |= len(value) > self._longest
            return 'base64:' + self._text(base64.b64encode(bytes(value[: self._longest])).decode())
        return self._nested(value, depth)

    def _text(self, value: str) -> str:
        self.is_cut |= len(value) > self._longest
        return cut(value, self._longest)

    def _nested(self, value: Any, depth: int) -> Any:
        if depth >= _MAX_DEPTH:
            self.is_cut = True
            return '…'
        if isinstance(value, dict):
            self.is_cut |= len(value) > _MOST_NESTED
            held = list(value.items())[:_MOST_NESTED]
            return {self._text(str(key)): self.value(item, depth + 1) for key, item in held}
        if isinstance(value, (list, tuple, set)):
            self.is_cut |= len(value) > _MOST_NESTED
            return [self.value(item, depth + 1) for item in list(value)[:_MOST_NESTED]]
        if hasattr(value, 'item') and getattr(value, 'size', 0) == 1:
            return self.value(value.item(), depth + 1)
        if hasattr(value, 'tolist'):
            return self.value(value.tolist(), depth + 1)
        return self._text(str(value))


def _infinite(value: float) -> str:
    return 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'


def cut(value: str, longest: int) -> str:
    """A text, shortened with `…`."""
    return value if len(value) <= longest else value[:longest] + '…'


def json_size(value: Any) -> int:
    """About how many bytes a JSON value takes."""
    return len(json.dumps(value, ensure_ascii=False, default=str))
