"""A file with its predictions as CSV text, of which nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

_FORMULA = ('=', '+', '-', '@', '\t', '\r')


def as_csv(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    answers: list[dict[str, Any]],
    target: str,
    with_header: bool,
) -> str:
    """The upload's columns with the prediction and each class's probability, or the interval of a number."""
    first = answers[0] if answers else {}
    labels, ends = list(first.get('probabilities', {})), ['low', 'high'] if 'interval' in first else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    added = [
        f'predicted_{target}',
        *[f'{end}_{target}' for end in ends],
        *[f'probability_{label}' for label in labels],
    ]
    if with_header:
        writer.writerow([_cell(name) for name in [*columns, *added]])
    for row, answer in zip(rows, answers, strict=True):
        rest = [
            *[answer['interval'][end] for end in ends],
            *[answer['probabilities'][label] for label in labels],
        ]
        writer.writerow([*[_cell(cell) for cell in row], _cell(answer['prediction']), *rest])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ''
    if not isinstance(value, str):
        return value
    try:
        float(value)
    except ValueError:
        return "'" + value if value.startswith(_FORMULA) else value
    return value
