"""How a fresh process answers: one mark, JSON and numbers, taken only as a whole."""

from __future__ import annotations

import json
import struct
from typing import Any

_MARK = b'\0tempera: the answer of a check\0'
_SIZES = struct.Struct('<QQ')


def packed(fields: dict[str, Any], parts: list[Any]) -> bytes:
    """An answer as bytes: a mark, the lengths of what follows, JSON, float64."""
    import numpy as np

    head = json.dumps(fields).encode('utf-8', 'backslashreplace')
    numbers = b''.join(np.asarray(part, dtype='<f8').tobytes() for part in parts)
    return _MARK + _SIZES.pack(len(head), len(numbers)) + head + numbers


def unpacked(data: bytes) -> tuple[dict[str, Any], bytes] | None:
    """The one answer in what was said; None when there is none, or when there are several: then none of them counts."""
    _before, mark, rest = data.partition(_MARK)
    if not mark or _MARK in rest or len(rest) < _SIZES.size:
        return None
    head_size, numbers_size = _SIZES.unpack_from(rest)
    end = _SIZES.size + head_size + numbers_size
    if end > len(rest) or numbers_size % 8:
        return None
    try:
        fields = json.loads(rest[_SIZES.size : _SIZES.size + head_size])
    except (ValueError, RecursionError):
        return None
    return (fields, rest[_SIZES.size + head_size : end]) if isinstance(fields, dict) else None
