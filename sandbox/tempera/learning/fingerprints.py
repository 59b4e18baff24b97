"""Which rows scores were measured on, as a short text: two sessions with the same one were judged by the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd

#: characters of a fingerprint
LENGTH = 32


def rows_fingerprint(source_rows: Iterable[Any], answers: Iterable[Any]) -> str:
    """Of rows with their answers, in whatever order they stand and whichever columns were prepared beside them. A
    label counts as what it says: `1` is the same as a number, as a text and as yes."""
    return _text(_digest(source_rows, answers))


def folds_fingerprint(
    folds: Iterable[Sequence[Any]], rows: pd.DataFrame, source_row: str, target: str
) -> str:
    """Of cross-validation's folds in their order: places in `rows` that each learns from and judges by."""
    found = sha256()
    for places in folds:
        for part in places:
            chosen = rows.iloc[part]
            found.update(_digest(chosen[source_row], chosen[target]))
    return _text(found.digest())


def _digest(source_rows: Iterable[Any], answers: Iterable[Any]) -> bytes:
    numbered = zip((int(row) for row in source_rows), (_plain(answer) for answer in answers), strict=True)
    found = sha256()
    for row, answer in sorted(numbered):
        found.update(f'{row}\x1f{answer}\x1e'.encode('utf-8', 'surrogatepass'))
    return found.digest()


def _plain(answer: Any) -> str:
    text = {'True': '1', 'False': '0'}.get(str(answer), str(answer))
    try:
        return repr(float(text))
    except ValueError:
        return text


def _text(digest: bytes) -> str:
    return digest.hex()[:LENGTH]
