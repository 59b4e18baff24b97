"""What kinds and remarks of columns are called: in reports, in an upload's preview and beside the session's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tables.plan import ColumnPlan, Kind
from .words import code_text

KIND_WORDS: Mapping[Kind, str] = {
    'integer': 'whole number',
    'number': 'number',
    'count': 'count',
    'money': 'amount of money',
    'percent': 'percentage',
    'duration': 'duration',
    'date': 'date',
    'datetime': 'date with time',
    'time': 'time of day',
    'year': 'year',
    'boolean': 'yes or no',
    'category': 'category',
    'ordinal': 'ordered category',
    'identifier': 'identifier',
    'code': 'code',
    'text': 'text',
    'list': 'list of values',
    'record': 'record',
    'coordinates': 'coordinates',
    'constant': 'one value only',
    'empty': 'empty',
}


def kind_words(column: ColumnPlan) -> str:
    """The column's kind, with its unit."""
    return KIND_WORDS[column.kind] + (f' ({column.unit})' if column.unit else '')


def remarks(column: ColumnPlan, profiled: Mapping[str, Any]) -> str:
    """What is to be known of a column, in a table's cell."""
    notes = []
    if column.sentinels:
        notes.append(
            ' and '.join(code_text(token.text, 20) for token in column.sentinels) + ' stands for no value'
        )
    if 'nearly_empty' in profiled['flags']:
        notes.append('nearly empty')
    if 'heavy_tail' in profiled['flags']:
        notes.append('a few very large values')
    return ', '.join(notes) or '–'
