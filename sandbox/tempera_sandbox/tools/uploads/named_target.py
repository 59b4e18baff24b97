"""Checks the column that a person names as the target."""

from __future__ import annotations

import difflib
import re
from typing import Any

from .. import ToolError


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
        hint = 'Did you mean ' if near else 'Its columns are '
        listed = ', '.join(repr(name)[:80] for name in offered) + (
            '' if near or len(names) <= 8 else f' and {len(names) - 8:,} more'
        )
        raise ToolError(
            'UNKNOWN_TARGET',
            f'{shown}: there is no column {target!r:.200} to predict. '
            f'{hint}{listed}{"?" if near else "."} Name one of the columns, exactly as it is written.',
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


def _plain(name: str) -> str:
    return re.sub(r'[^a-z0-9]', '', name.lower())
