"""Suggests which column is to be predicted, with the reason that completes "because …"; checks a named target."""

from __future__ import annotations

import difflib
import re
from typing import Any

from . import ToolError

_PLAIN = {
    'target',
    'label',
    'class',
    'y',
    'outcome',
    'response',
    'dependent',
    'labels',
    'classes',
    'result',
    'output',
}
_USUAL = {
    'species',
    'price',
    'churn',
    'churned',
    'exited',
    'survived',
    'diagnosis',
    'default',
    'fraud',
    'isfraud',
    'income',
    'quality',
    'mpg',
    'tip',
    'salary',
    'medv',
    'saleprice',
    'attrition',
    'purchased',
    'converted',
    'conversion',
    'status',
    'risk',
    'disease',
    'sentiment',
    'spam',
    'category',
    'grade',
    'score',
    'rating',
    'revenue',
    'sales',
    'cost',
    'charges',
    'demand',
    'count',
    'cnt',
    'won',
    'win',
    'loanstatus',
    'approved',
    'subscribed',
    'deposit',
    'medianhousevalue',
    'consumption',
}
_TYPE_POINTS = {'boolean': 10, 'category': 8, 'number': 5, 'integer': 5}


def suggest_target(columns: list[dict[str, Any]], rows: int) -> dict[str, str] | None:
    """{name, reason} of the likeliest target; None when no column could be one. The one place where a target is
    guessed: people are shown it with the upload, and the offline model follows it."""
    best: tuple[int, int, dict[str, Any], str] | None = None
    for at, column in enumerate(columns):
        points, reason = _points(column, at, len(columns), rows)
        if points is not None and (best is None or (points, at) > best[:2]):
            best = (points, at, column, reason)
    if best is None:
        return None
    column = best[2]
    kind = {'boolean': 'two values', 'category': f'{column["distinct"]} classes'}.get(
        column['type'], 'numbers'
    )
    return {
        'name': column['name'],
        'reason': f'{best[3]}, and it holds {kind} with {column["missing"]:,} missing',
    }


def check_target(target: str, columns: list[dict[str, Any]], shown: str) -> dict[str, Any]:
    """The named target's profile. Raises UNKNOWN_TARGET with the nearest names, or INVALID_DATASET."""
    names = [column['name'] for column in columns]
    if target not in names:
        by_plain = {_plain(name): name for name in reversed(names)}
        near = [
            by_plain[plain]
            for plain in difflib.get_close_matches(_plain(target), list(by_plain)[:8_000], 3, 0.5)
        ]
        offered = near or names[:8]
        said = 'Did you mean ' if near else 'Its columns are '
        listed = ', '.join(repr(name)[:80] for name in offered) + (
            '' if near or len(names) <= 8 else f' and {len(names) - 8:,} more'
        )
        raise ToolError(
            'UNKNOWN_TARGET',
            f'{shown}: there is no column {target!r:.200} to predict. '
            f'{said}{listed}{"?" if near else "."} Name one of the columns, exactly as it is written.',
            {'file': shown, 'target': target[:200], 'nearest': offered},
        )
    column = columns[names.index(target)]
    problem = None
    if column.get('all_missing'):
        problem = f'the target {target!r:.200} is missing in every row'
    elif column['distinct'] < 2:
        problem = f'the target {target!r:.200} has the same value in every row'
    if problem:
        raise ToolError(
            'INVALID_DATASET',
            f'{shown}: {problem}. Name another column to predict, or fill this one.',
            {'file': shown},
        )
    return column


def _points(column: dict[str, Any], at: int, width: int, rows: int) -> tuple[int | None, str]:
    kind = column['type']
    if kind not in _TYPE_POINTS or column['missing'] > rows * 0.5 or column['distinct'] < 2:
        return None, ''
    points, plain, reasons = _TYPE_POINTS[kind], _plain(column['name']), []
    if plain in _PLAIN or re.fullmatch(r'(target|label|class)\d*|(is|has)?(target|label)', plain):
        points += 100
        reasons.append(f'its name {column["name"]!r} says so')
    elif plain in _USUAL:
        points += 60
        reasons.append(f'{column["name"]!r} is what such tables are usually made to predict')
    if at == width - 1:
        points += 20
        reasons.append('it is the last column')
    elif at == 0 and kind in ('category', 'boolean'):
        points += 12
        reasons.append('it is the first column')
    return points, ' and '.join(reasons) or 'it is the last column that could be predicted'


def _plain(name: str) -> str:
    return re.sub(r'[^a-z0-9]', '', name.lower())
