"""Profiles one column of texts: missing values and their disguises, type, distinct values and statistics.

Types: constant, boolean, integer, number, date, id, category, text. They follow from the values alone, never
from the rows' order, so that shuffled rows give the same profile.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cell_values import DECIMAL_COMMA, INTEGER, MISSING_TOKENS, NUMBER, cut
from .dates import DATE_NAME, date_facts

_NUMBER_SHARE = 0.95
_TOP = 5
_BOOLEANS = ({'true', 'false'}, {'yes', 'no'}, {'y', 'n'}, {'t', 'f'}, {'0', '1'}, {'on', 'off'})
_ID_NAME = re.compile(
    r'(^|[_\s.-])(id|ids|uuid|guid|key|index|idx|rowid|row_?n(o|um|umber)|record|serial)$'
    r'|^(unnamed: 0|row_name)$|[a-z]Id$|ID$',
    re.IGNORECASE,
)
_UUID = r'^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$|^[0-9a-fA-F]{24,64}$'
_SENTINELS = (-9999.0, -999.0, -99.0, 999.0, 9999.0, 99999.0)
_MISSING = pa.array(MISSING_TOKENS)


def profile_column(name: str, column: pa.ChunkedArray) -> dict[str, Any]:
    """The profile of a column; counts are those of the rows given."""
    trimmed = pc.utf8_trim_whitespace(column)
    counted = pc.value_counts(trimmed.combine_chunks() if isinstance(trimmed, pa.ChunkedArray) else trimmed)
    values, counts = counted.field('values'), counted.field('counts')
    gone = pc.or_(pc.is_null(values), pc.fill_null(pc.is_in(pc.utf8_lower(values), _MISSING), False))
    disguises = _disguises(pc.filter(values, gone).to_pylist(), pc.filter(counts, gone).to_pylist())
    present = pc.invert(gone)
    values, counts = pc.filter(values, present), pc.filter(counts, present).to_numpy(zero_copy_only=False)
    found: dict[str, Any] = {
        'name': name,
        'type': 'constant',
        'missing': sum(disguises.values()),
        'missing_disguises': {token: count for token, count in disguises.items() if token},
        'distinct': len(values),
    }
    rows = int(counts.sum()) if len(counts) else 0
    if rows == 0:
        return found | {'all_missing': True}
    return found | _typed(name, values, counts, rows)


def _disguises(tokens: list[str | None], counts: list[int]) -> dict[str, int]:
    """How often each disguise occurs; blank and null cells are counted under the empty text."""
    found: dict[str, int] = {}
    for token, count in zip(tokens, counts, strict=True):
        found[token or ''] = found.get(token or '', 0) + count
    return dict(sorted(found.items()))


def _typed(name: str, values: pa.StringArray, counts: np.ndarray, rows: int) -> dict[str, Any]:
    if len(values) == 1:
        return {'type': 'constant', 'top_values': _top(values, counts)}
    lowered = {value.lower() for value in values.to_pylist()} if len(values) == 2 else set()
    if lowered in _BOOLEANS:
        return {'type': 'boolean', 'top_values': _top(values, counts)}
    numbers = _numbers(values, counts, rows)
    # Numbers can only be dates written as 20240131, and only a name tells.
    dated = date_facts(name, values, counts, rows) if numbers is None or DATE_NAME.search(name) else None
    if dated is not None:
        return {'type': 'date'} | dated
    if numbers is not None:
        return _number_facts(name, values, counts, rows, *numbers)
    return _text_facts(name, values, counts, rows)


def _numbers(values: pa.StringArray, counts: np.ndarray, rows: int) -> tuple[np.ndarray, bool] | None:
    """(which values are numbers, decimal comma?) when nearly all of them are; else None."""
    for pattern, comma in ((NUMBER, False), (DECIMAL_COMMA, True)):
        match = pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
        if comma:
            match = match | pc.match_substring_regex(values, INTEGER).to_numpy(zero_copy_only=False)
        if counts[match].sum() >= _NUMBER_SHARE * rows and match.sum() >= 2:
            return match, comma
    return None


def _number_facts(
    name: str, values: pa.StringArray, counts: np.ndarray, rows: int, match: np.ndarray, comma: bool
) -> dict[str, Any]:
    texts = values.filter(pa.array(match))
    if comma:
        texts = pc.replace_substring(pc.replace_substring(texts, '.', ''), ',', '.')
    texts = pc.utf8_ltrim(texts, '+')
    numbers = texts.cast(pa.float64()).to_numpy(zero_copy_only=False)
    weights = counts[match]
    finite = np.isfinite(numbers)
    numbers, weights = numbers[finite], weights[finite]
    whole = bool(pc.all(pc.match_substring_regex(texts, INTEGER)).as_py()) and bool(match.all())
    facts: dict[str, Any] = {'type': 'integer' if whole else 'number'} | _statistics(numbers, weights)
    if comma:
        facts['decimal'] = ','
    if not match.all():
        odd = values.filter(pa.array(~match))
        facts['not_numbers'] = int(counts[~match].sum())
        facts['not_number_examples'] = sorted(cut(value, 60) for value in odd.to_pylist())[:_TOP]
    if whole and len(values) == rows and rows >= 20:
        consecutive = numbers.max() - numbers.min() == rows - 1
        if consecutive or _ID_NAME.search(name):
            facts['type'] = 'id'
    sentinel = _sentinel(numbers, weights)
    if sentinel is not None:
        facts['possible_missing_code'] = sentinel
    return facts


def _statistics(numbers: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    """Weighted by how often each value occurs; sums are exact in any order of the rows, for values are sorted."""
    order = np.argsort(numbers, kind='stable')
    numbers, weights = numbers[order], weights[order].astype(np.float64)
    total = weights.sum()
    with np.errstate(all='ignore'):
        mean = float((numbers * weights).sum() / total)
        deviation = float(np.sqrt((weights * (numbers - mean) ** 2).sum() / max(total - 1, 1)))
    reached = np.cumsum(weights)
    quantiles = {
        f'q{share:g}': float(
            numbers[min(int(np.searchsorted(reached, share / 100 * total)), len(numbers) - 1)]
        )
        for share in (25, 50, 75)
    }
    found = {'min': float(numbers[0]), 'max': float(numbers[-1]), 'mean': mean, 'sd': deviation, **quantiles}
    zeros = int(weights[numbers == 0].sum())
    return {key: value if np.isfinite(value) else None for key, value in found.items()} | {'zeros': zeros}


def _sentinel(numbers: np.ndarray, weights: np.ndarray) -> float | None:
    """A code such as -999 that stands far outside the other values and comes again and again."""
    for code in _SENTINELS:
        at = numbers == code
        others = numbers[~at]
        if at.any() and len(others) > 2 and weights[at].sum() >= max(2, 0.005 * weights.sum()):
            low, high = others.min(), others.max()
            reach = max(high - low, 1.0)
            if code < low - reach or code > high + reach:
                return code
    return None


def _text_facts(name: str, values: pa.StringArray, counts: np.ndarray, rows: int) -> dict[str, Any]:
    lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False)
    mean_length = float((lengths * counts).sum() / rows)
    facts: dict[str, Any] = {'top_values': _top(values, counts), 'mean_length': round(mean_length, 3)}
    return {'type': _text_type(name, values, rows, mean_length)} | facts


def _text_type(name: str, values: pa.StringArray, rows: int, mean_length: float) -> str:
    distinct = len(values)
    if distinct == rows and rows >= 20:
        codes = pc.match_substring_regex(values, _UUID)
        if pc.all(codes).as_py() or (_ID_NAME.search(name) and mean_length <= 64):
            return 'id'
        coded = pc.match_substring_regex(values, r'^[A-Za-z]{0,6}[-_ ]?\d+[A-Za-z0-9_-]*$')
        if pc.mean(coded.cast(pa.int8())).as_py() >= _NUMBER_SHARE:
            return 'id'
        return 'text'
    few = distinct <= max(20, 0.05 * rows) or (distinct <= 50 and distinct <= 0.5 * rows)
    return 'category' if few and mean_length <= 80 else 'text'


def _top(values: pa.StringArray, counts: np.ndarray) -> list[dict[str, Any]]:
    """The most frequent values; equal counts are ordered by the value."""
    limit = np.sort(counts)[-min(_TOP, len(counts))]
    often = np.flatnonzero(counts >= limit)
    if len(often) > 10_000:
        often = often[
            np.argsort(values.take(pa.array(often)).to_numpy(zero_copy_only=False).astype(str), kind='stable')
        ][:10_000]
    pairs = sorted((-int(counts[at]), values[int(at)].as_py()) for at in often)[:_TOP]
    return [{'value': cut(value, 80), 'count': -count} for count, value in pairs]
