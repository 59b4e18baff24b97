"""Texts as every reader of cells takes them: without the blanks around them, and folded where case means nothing."""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

#: blanks that spreadsheets, web pages and typists leave around a cell; the marks of byte order and direction among them
BLANKS = ' \t\r\n\x0b\x0c\x00\u00a0\u2007\u2009\u200a\u200b\u200e\u200f\u202f\u3000\ufeff'

Texts: TypeAlias = Any  # pa.StringArray; arrow comes without types


def strings(values: Any) -> Texts:
    """One plain array of strings, whatever arrow holds it in."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary_decode()
    return values if values.type == pa.string() else values.cast(pa.string())


def trimmed(texts: Texts) -> Texts:
    """Without the blanks at both ends."""
    return pc.utf8_trim(texts, BLANKS)


def folded(texts: Texts) -> Texts:
    """Trimmed, in lower case, and with single blanks between words."""
    return pc.replace_substring_regex(pc.utf8_lower(trimmed(texts)), r'\s+', ' ')


def fold(text: str) -> str:
    """`folded`, of one text."""
    return ' '.join(text.strip(BLANKS).lower().split())


def matches(texts: Texts, pattern: str) -> pa.BooleanArray:
    """Which texts the whole pattern fits; a gap fits none."""
    return pc.fill_null(pc.match_substring_regex(texts, f'^(?:{pattern})$'), False)
