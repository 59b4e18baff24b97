"""By what a session's score is set beside another's: the rows that it was tested on, and what its folds came to."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from tempera.learning.fingerprints import rows_fingerprint

MOST_FOLDS = 200
_LONGEST_TEXT = 100


def tested_rows(test: pd.DataFrame, source_row: str | None, target: str) -> dict[str, str]:
    """{test_fingerprint} as measured here, whatever the scripts say; empty where rows cannot be told apart."""
    if source_row is None or source_row not in test.columns or target not in test.columns:
        return {}
    try:
        return {'test_fingerprint': rows_fingerprint(test[source_row], test[target])}
    except (TypeError, ValueError, OverflowError):
        return {}  # numbers of rows that are no whole numbers: an error of its own


def cross_validation(metadata: dict[str, Any] | None) -> dict[str, Any]:
    """{cross_validation} as train's metadata has it under `cv`, for pairs of sessions with the same folds; empty where
    the scores are no list of numbers."""
    found = (metadata or {}).get('cv')
    entries = found if isinstance(found, dict) else {}
    metric, scores = entries.get('metric'), entries.get('scores')
    if not isinstance(metric, str) or not isinstance(scores, list) or not 2 <= len(scores) <= MOST_FOLDS:
        return {}
    if len(metric) > _LONGEST_TEXT or not all(_is_number(score) for score in scores):
        return {}
    folds = entries.get('fingerprint')
    rows = {name: entries.get(name) for name in ('learned_rows', 'judged_rows')}
    known = isinstance(folds, str) and folds[:_LONGEST_TEXT] == folds and all(map(_is_number, rows.values()))
    return {
        'cross_validation': {'metric': metric, 'scores': scores, 'folds': folds if known else None}
        | (rows if known else {})
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
