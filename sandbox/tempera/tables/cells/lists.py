"""Texts that hold several values: JSON or Python lists and records, and items between separators."""

from __future__ import annotations

import ast
import json
from typing import Any

from ..plan import Form
from .natives import UNKNOWN

#: between items, in the order in which they are tried
SEPARATORS = (';', '|', ', ', ',', ' / ', '/', '\n')
#: longer literals are not parsed as Python
_LONGEST_LITERAL = 100_000


def items_of(text: str, form: Form) -> Any:
    """The items of a list written in a cell, or UNKNOWN."""
    stripped = text.strip()
    if form.separator == 'json':
        found = literal_of(stripped)
        return list(found) if isinstance(found, list | tuple | set) else UNKNOWN
    return [item.strip() for item in stripped.split(form.separator.strip() or form.separator) if item.strip()]


def record_of(text: str) -> Any:
    """A record written in a cell as JSON or Python writes it, or UNKNOWN."""
    found = literal_of(text.strip())
    return found if isinstance(found, dict) else UNKNOWN


def literal_of(text: str) -> Any:
    """What JSON or, failing that, Python reads; UNKNOWN for what neither does."""
    if not text or text[0] not in '[{(' or text[-1] not in ']})':
        return UNKNOWN
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if len(text) > _LONGEST_LITERAL:
        return UNKNOWN
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return UNKNOWN
