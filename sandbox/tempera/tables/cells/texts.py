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


def plain_digits(texts: Texts) -> Texts:
    """With the digits, and marks between them, of any script as ASCII writes them: `٢٠` and `２０` as `20`."""
    held = pc.any(pc.match_substring_regex(texts, _OTHER_DIGIT)).as_py()
    if not held:
        return texts
    return pa.array([None if text is None else in_ascii(text) for text in texts.to_pylist()], pa.string())


def in_ascii(text: str) -> str:
    """`plain_digits`, of one text."""
    return text.translate(_DIGITS)


_SCRIPTS = ('\u0660', '\u06f0', '\u0966', '\u09e6', '\u0e50', '\uff10')
_OTHER_DIGIT = '[' + ''.join(f'{zero}-{chr(ord(zero) + 9)}' for zero in _SCRIPTS) + ']'
_DIGITS = {ord(zero) + value: str(value) for zero in _SCRIPTS for value in range(10)} | {
    ord(mark): plain for mark, plain in zip('\u066b\u066c\uff0e\uff0c\uff0d\uff0b', '.,.,-+', strict=True)
}


def matches(texts: Texts, pattern: str) -> pa.BooleanArray:
    """Which texts the whole pattern fits; a gap fits none."""
    return pc.fill_null(pc.match_substring_regex(texts, f'^(?:{pattern})$'), False)
