"""Tables, images and confusion matrices: files below {stage}/logs/, shown live and kept as artifacts."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._channel import LARGEST_MESSAGE, LONGEST_NAME, checked_name, send_rich
from ._paths import paths

_ROWS_SHOWN = 50
_COLUMNS_SHOWN = 100
_BYTES_SHOWN = LARGEST_MESSAGE // 2
_LABELS_SHOWN = 100


def log_table(name: str, rows: Any) -> Path:
    """Keeps a table: a DataFrame, a list of dicts or a list of lists. Returns the path of its CSV file."""
    name = checked_name('log_table', 'table', name)
    columns, lines = _table(rows)
    target = _target(name, '.csv')
    with target.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(lines)
    send_rich('table', name, _relative(target), _first_rows(columns, lines))
    return target


def log_image(name: str, image: Any) -> Path:
    """Keeps an image: a matplotlib figure (or an Axes), a PIL image, or the path of an image file."""
    name = checked_name('log_image', 'image', name)
    if isinstance(image, str | Path):
        source = Path(image)
        target = _target(name, source.suffix or '.png')
        if source.resolve() != target.resolve():
            shutil.copyfile(source, target)
    else:
        target = _target(name, '.png')
        figure = getattr(image, 'figure', None) or image
        if hasattr(figure, 'savefig'):
            figure.savefig(target, dpi=120, bbox_inches='tight')
        elif hasattr(image, 'save'):
            image.save(target)
        else:
            raise TypeError(
                f'log_image: cannot keep {type(image).__name__}; give a figure, a PIL image or a path.'
            )
    send_rich('image', name, _relative(target))
    return target


def log_confusion_matrix(name: str, truth: Sequence[Any], predicted: Sequence[Any]) -> Path:
    """Counts each pair of true and predicted label. Returns the path of its JSON file."""
    name = checked_name('log_confusion_matrix', 'matrix', name)
    pairs = [(plain(left), plain(right)) for left, right in zip(list(truth), list(predicted), strict=True)]
    labels = sorted({label for pair in pairs for label in pair}, key=lambda label: (str(type(label)), label))
    index = {label: position for position, label in enumerate(labels)}
    matrix = [[0] * len(labels) for _ in labels]
    for left, right in pairs:
        matrix[index[left]][index[right]] += 1
    data = {'labels': [str(label)[:LONGEST_NAME] for label in labels], 'matrix': matrix}
    target = _target(name, '.json')
    target.write_text(json.dumps(data), encoding='utf-8')
    send_rich('confusion_matrix', name, _relative(target), data if len(labels) <= _LABELS_SHOWN else None)
    return target


def _target(name: str, suffix: str) -> Path:
    folder = paths.stage / 'logs'
    folder.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r'[^A-Za-z0-9_.-]+', '_', str(name)).strip('._') or 'unnamed'
    return folder / (slug if slug.endswith(suffix) else slug[:120] + suffix)


def _relative(target: Path) -> str:
    return target.relative_to(paths.session).as_posix()


def _table(rows: Any) -> tuple[list[str], list[list[Any]]]:
    if hasattr(rows, 'columns') and hasattr(rows, 'itertuples'):
        columns = [str(column) for column in rows.columns]
        return columns, [list(line) for line in rows.itertuples(index=False, name=None)]
    lines: list[Any] = list(_listed(rows))
    if lines and isinstance(lines[0], Mapping):
        columns = list(dict.fromkeys(str(key) for line in lines for key in line))
        return columns, [[line.get(column) for column in columns] for line in lines]
    width = max((len(line) for line in lines), default=0)
    return [f'column_{number + 1}' for number in range(width)], [list(line) for line in lines]


def _listed(rows: Any) -> Iterable[Any]:
    return [rows] if isinstance(rows, Mapping) else rows


def _first_rows(columns: list[str], lines: list[list[Any]]) -> dict[str, Any]:
    """What is shown at once of a table: its head, with long cells cut, so that it fits into a message."""
    shown = [[_short(plain(value)) for value in line[:_COLUMNS_SHOWN]] for line in lines[:_ROWS_SHOWN]]
    while len(json.dumps(shown)) > _BYTES_SHOWN:
        shown = shown[: len(shown) // 2]
    names = [_short(column) for column in columns[:_COLUMNS_SHOWN]]
    return {'columns': names, 'rows': shown, 'total_rows': len(lines), 'total_columns': len(columns)}


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_NAME:
        return value[: LONGEST_NAME - 1] + '…'
    return value


def plain(value: Any) -> Any:
    """A value that JSON can hold; numpy and torch scalars become Python's, NaN and infinities None."""
    if hasattr(value, 'item') and getattr(value, 'ndim', 0) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
