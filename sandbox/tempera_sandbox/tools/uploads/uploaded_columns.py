"""What an upload's profile tells of each column: its type, its gaps, its values and their statistics.

`type` is the coarse word that forms and checks go by (constant, boolean, integer, number, date, id, category, text);
`kind` is the plan's own, and `kind_words` what reports call it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tempera.reports.kinds import kind_words
from tempera.tables import ColumnPlan
from tempera.tables.plan import Kind

from ..cell_values import cut

_TYPES: dict[Kind, str] = {
    'integer': 'integer',
    'count': 'integer',
    'year': 'integer',
    'number': 'number',
    'money': 'number',
    'percent': 'number',
    'duration': 'number',
    'date': 'date',
    'datetime': 'date',
    'time': 'number',
    'boolean': 'boolean',
    'category': 'category',
    'ordinal': 'category',
    'code': 'category',
    'identifier': 'id',
    'text': 'text',
    'list': 'text',
    'record': 'text',
    'coordinates': 'text',
    'constant': 'constant',
    'empty': 'constant',
}
_TOP = 5
_SHOWN_CHARS = 80


def profile_column(column: ColumnPlan, values: pd.Series, written: pd.Series) -> dict[str, Any]:
    """The profile of a column. `missing` is of all rows; the rest of the rows given, typed and as they are written."""
    known = values[~values.isna()]
    hashable = known if column.kind not in ('list', 'record', 'coordinates') else known.map(str)
    found: dict[str, Any] = {
        'name': column.name,
        'type': _type_of(column, known),
        'kind': column.kind,
        'kind_words': kind_words(column),
        'missing': column.gaps,
        'missing_disguises': {
            token.text: token.count
            for token in (*column.missing, *column.sentinels)
            if token.text and token.count
        },
        'distinct': int(hashable.nunique()),
    }
    if column.unit:
        found['unit'] = column.unit
    if known.empty:
        return found | {'all_missing': True}
    return found | _facts(column, known, written[known.index]) | _strays(column)


def _type_of(column: ColumnPlan, known: pd.Series) -> str:
    if column.kind in ('category', 'ordinal') and _is_numeric(known):
        return 'integer' if bool((known % 1 == 0).all()) else 'number'
    return _TYPES[column.kind]


def _facts(column: ColumnPlan, known: pd.Series, written: pd.Series) -> dict[str, Any]:
    if pd.api.types.is_datetime64_any_dtype(known):
        return {'min': known.min().isoformat(), 'max': known.max().isoformat()}
    if _is_numeric(known) and column.kind != 'constant':
        facts = _statistics(known.to_numpy(dtype=np.float64))
        return facts | ({'decimal': ','} if column.form.decimal == ',' else {}) | _codes(column)
    texts = written.dropna().map(str)
    facts = {'top_values': _top(texts)}
    return facts | ({'mean_length': round(float(texts.str.len().mean()), 3)} if len(texts) else {})


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _statistics(numbers: np.ndarray) -> dict[str, Any]:
    """Sums are of sorted values, so that the rows' order changes nothing."""
    numbers = np.sort(numbers[np.isfinite(numbers)])
    if not len(numbers):
        return {}
    with np.errstate(all='ignore'):
        found = {
            'min': float(numbers[0]),
            'max': float(numbers[-1]),
            'mean': float(numbers.mean()),
            'sd': float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0,
        }
    for share in (25, 50, 75):
        at = max(int(np.ceil(share / 100 * len(numbers))) - 1, 0)
        found[f'q{share}'] = float(numbers[at])
    figures = {key: value if np.isfinite(value) else None for key, value in found.items()}
    return figures | {'zeros': int((numbers == 0).sum())}


def _codes(column: ColumnPlan) -> dict[str, Any]:
    """The number that stands for no value, such as -999."""
    return {'possible_missing_code': column.form.sentinels[0]} if column.form.sentinels else {}


def _strays(column: ColumnPlan) -> dict[str, Any]:
    """Cells with something in them that is none of the column's values."""
    strays = round(column.unparsed * (column.rows - column.gaps))
    if not strays:
        return {}
    examples = sorted(cut(text, 60) for text in column.unparsed_examples)[:_TOP]
    return {'not_numbers': strays, 'not_number_examples': examples}


def _top(texts: pd.Series) -> list[dict[str, Any]]:
    """The most frequent values; equal counts are ordered by the value."""
    counts = texts.value_counts()
    order = np.lexsort((counts.index.to_numpy(dtype=str), -counts.to_numpy()))[:_TOP]
    return [
        {'value': cut(str(counts.index[at]), _SHOWN_CHARS), 'count': int(counts.iloc[at])} for at in order
    ]
