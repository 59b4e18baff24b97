"""What a cell's text means: disguises of missing values, numbers, and values that JSON can carry."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import math
import re
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

# RE2 forms, shared with pyarrow.
NUMBER = r'^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$'
INTEGER = r'^[+-]?\d{1,18}$'
DECIMAL_COMMA = r'^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$'
_NUMBER = re.compile(NUMBER)
_DECIMAL_COMMA = re.compile(DECIMAL_COMMA)
_SAFE_INTEGER = 2**53
_MAX_DEPTH = 20


def is_missing(cell: str) -> bool:
    """True for a blank cell or one of the usual disguises."""
    return cell.strip().lower() in _MISSING


def number_kind(cell: str) -> str | None:
    """`point` or `comma` by the decimal sign of a number's text; None for anything else."""
    stripped = cell.strip()
    if _NUMBER.match(stripped):
        return 'point'
    return 'comma' if _DECIMAL_COMMA.match(stripped) else None


def json_value(value: Any, longest: int, depth: int = 0) -> Any:
    """A value that JSON carries without loss of meaning: numbers that JSON or JavaScript cannot hold become
    text, times ISO text, bytes base64 text; long texts are cut and end in `…`."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _SAFE_INTEGER else str(value)
    if isinstance(value, float):
        return (
            value
            if math.isfinite(value)
            else 'NaN'
            if math.isnan(value)
            else 'Infinity'
            if value > 0
            else '-Infinity'
        )
    if isinstance(value, decimal.Decimal):
        return float(value) if value.is_finite() and len(value.as_tuple().digits) <= 15 else str(value)
    if isinstance(value, str):
        return value if len(value) <= longest else value[:longest] + '…'
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return 'base64:' + cut(base64.b64encode(bytes(value[:longest])).decode(), longest)
    return _nested(value, longest, depth)


def cut(value: str, longest: int) -> str:
    """A text, shortened with `…`."""
    return value if len(value) <= longest else value[:longest] + '…'


def json_size(value: Any) -> int:
    """About how many bytes a JSON value takes."""
    return len(json.dumps(value, ensure_ascii=False, default=str))


def _nested(value: Any, longest: int, depth: int) -> Any:
    if depth >= _MAX_DEPTH:
        return '…'
    if isinstance(value, dict):
        return {
            cut(str(key), longest): json_value(item, longest, depth + 1)
            for key, item in list(value.items())[:1_000]
        }
    if isinstance(value, (list, tuple, set)):
        return [json_value(item, longest, depth + 1) for item in list(value)[:1_000]]
    if hasattr(value, 'item') and getattr(value, 'size', 0) == 1:
        return json_value(value.item(), longest, depth + 1)
    if hasattr(value, 'tolist'):
        return json_value(value.tolist(), longest, depth + 1)
    return cut(str(value), longest)
