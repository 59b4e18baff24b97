"""Texts that hold several values: JSON or Python lists and records, and items between separators."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from ..plan import Form
from .natives import UNKNOWN

#: between items, in the order in which they are tried
SEPARATORS = (';', '|', ', ', ',', ' / ', '/', '\n')
#: between numbers that stand beside one another, and what each of them is called
BESIDE = ('/', 'x', '×', '*', ':')
PLACES = ('first', 'second', 'third', 'fourth', 'fifth', 'sixth')
_PIECE = re.compile(r'[-+−]?\d+(?:\.\d+)?')
#: longer literals are not parsed as Python
_LONGEST_LITERAL = 100_000


def items_of(text: str, form: Form) -> Any:
    """The items of a list written in a cell, or UNKNOWN."""
    stripped = text.strip()
    if form.separator == 'json':
        found = literal_of(stripped)
        return list(found) if isinstance(found, list | tuple | set) else UNKNOWN
    return [item.strip() for item in stripped.split(form.separator.strip() or form.separator) if item.strip()]


def beside(text: str, separator: str) -> list[str] | None:
    """The numbers of a cell that holds nothing but some with `separator` between; None for another text."""
    pieces = [piece.strip() for piece in text.lower().split(separator)]
    if not 2 <= len(pieces) <= len(PLACES) or not all(_PIECE.fullmatch(piece) for piece in pieces):
        return None
    return pieces


def record_of(text: str, form: Form) -> Any:
    """A record written in a cell as JSON or Python writes it, or as numbers beside one another; or UNKNOWN."""
    if form.separator:
        numbers = beside(text.strip(), form.separator)
        if numbers and len(numbers) == len(form.fields):
            return dict(zip(form.fields, numbers, strict=True))
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
