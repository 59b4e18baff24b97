"""Texts as every reader of cells takes them: without the blanks around them, and folded where case means nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeAlias

import numpy as np
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
    return pc.utf8_trim(texts, BLANKS) if may_be_trimmed(texts) else texts


def may_be_trimmed(texts: Texts) -> bool:
    """Whether a text may begin or end with a blank: none does whose first and last bytes are plain."""
    if not isinstance(texts, pa.StringArray) or not len(texts):
        return True
    firsts, lasts = _end_bytes(texts)
    return bool(((firsts <= _BLANK) | (firsts >= _BEYOND) | (lasts <= _BLANK) | (lasts >= _BEYOND)).any())


def is_among(texts: Texts, words: Collection[str]) -> np.ndarray:
    """Which texts are, folded, one of these words; a gap is none.

    Numbers are most of the cells of most files: a text that begins with a digit is no word that does not.
    """
    found = np.zeros(len(texts), dtype=bool)
    values = pa.array(sorted(words), pa.string())
    if any(word[:1].isdigit() for word in words) or not isinstance(texts, pa.StringArray):
        return np.asarray(pc.is_in(folded(texts), value_set=values).to_numpy(zero_copy_only=False)).astype(
            bool
        )
    if len(texts):
        firsts, _ = _end_bytes(texts)
        places = np.flatnonzero((firsts < ord('0')) | (firsts > ord('9')))
        some = texts if len(places) == len(texts) else texts.take(pa.array(places))
        found[places] = pc.is_in(folded(some), value_set=values).to_numpy(zero_copy_only=False)
    return found


_BLANK, _BEYOND = 0x20, 0x80


def _end_bytes(texts: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """First and last byte of each text; 0 of an empty one."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    starts, stops = ends[:-1], ends[1:]
    held = (
        np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else np.zeros(1, dtype=np.uint8)
    )
    filled = stops > starts
    last = len(held) - 1
    firsts = np.where(filled, held[np.minimum(starts, last)], 0)
    return firsts, np.where(filled, held[np.clip(stops - 1, 0, last)], 0)


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
