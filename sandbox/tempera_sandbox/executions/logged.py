"""What a script logged, checked where it enters: kinds, shapes and sizes. What is not as the SDK sends it is dropped,
counted by its reason, and told in the script's output.

Whoever reads it later (worker, database, api, browsers) may rely on what stands here: steps are whole numbers that
JSON keeps exactly, names and tags have at most LONGEST_NAME characters and hold no NUL and no half of a letter.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tempera._channel import LARGEST_MESSAGE, LARGEST_STEP, LONGEST_NAME, MOST_CHARTS
from tempera._decisions import (
    BASES,
    KEY,
    LARGEST_EVIDENCE,
    LARGEST_VALUE,
    LONGEST_KEY,
    LONGEST_REASON,
    MOST_ALTERNATIVES,
)

from ..generated.sandbox_pb2 import Metric

STEP = f'the step is no whole number within ±{LARGEST_STEP:,}'
NAME = f'a name is no text of at most {LONGEST_NAME} characters'
VALUE = 'the value is no number'
SHAPE = 'not in the form that tempera sends'
TOO_LONG = f'longer than {LARGEST_MESSAGE:,} bytes'
UNREADABLE = 'not written by tempera'

_LONGEST_PATH = 1024
_LARGEST_COUNT = 2**53 - 1
_MOST_LABELS = 200
_DECISION = {'key', 'value', 'reason', 'alternatives', 'evidence', 'confidence', 'basis'}
#: the SDK writes JSON without blanks, and here it has some
_SPACES = 2
_SCALARS = (str, int, float, bool, type(None))


class DroppedError(Exception):
    """Why a message cannot be taken."""


class Dropped:
    """Counts what was dropped: points of metrics, and messages of other kinds, by reason."""

    def __init__(self) -> None:
        self.points: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()

    def note(self) -> bytes:
        """A line for the script's output; empty when nothing was dropped."""
        parts = [
            f'{count:,} {what}{"" if count == 1 else "s"} ({reason})'
            for what, counts in (('metric point', self.points), ('logged message', self.messages))
            for reason, count in sorted(counts.items())
        ]
        return f'tempera: dropped {"; ".join(parts)}.\n'.encode() if parts else b''


def points(value: Any, dropped: Dropped) -> list[Metric]:
    """The metrics of one message, those dropped counted. DroppedError when it is none."""
    if type(value) is not list or len(value) != 3:
        raise DroppedError(SHAPE)
    step, run, values = value
    if type(values) is not dict:
        raise DroppedError(SHAPE)
    if type(step) is not int or not -LARGEST_STEP <= step <= LARGEST_STEP:
        dropped.points[STEP] += len(values)
        return []
    if not is_name(run):
        dropped.points[NAME] += len(values)
        return []
    found = []
    for name, number in values.items():
        kind = type(number)
        if kind is not float and kind is not int:
            dropped.points[VALUE] += 1
        elif len(name) > LONGEST_NAME or '\0' in name:
            dropped.points[NAME] += 1
        else:
            try:
                found.append(Metric(step=step, name=name, value=number, run_tag=run))
            except ValueError:  # Half of a letter.
                dropped.points[NAME] += 1
            except OverflowError:
                dropped.points[VALUE] += 1
    return found


def charts(value: Any) -> str:
    """A dashboard as JSON. DroppedError when it is none."""
    listed = value.get('charts') if type(value) is dict else None
    if type(listed) is not list or len(listed) > MOST_CHARTS:
        raise DroppedError(SHAPE)
    return _as_json({'charts': [_chart(chart) for chart in listed]})


def rich(value: Any) -> str:
    """A table, image or matrix as JSON. DroppedError when it is none."""
    if type(value) is not dict or value.get('kind') not in _SHAPES:
        raise DroppedError(SHAPE)
    kind = value['kind']
    name, path, data = (value.get(key) for key in ('name', 'path', 'data'))
    if not is_name(name) or not _is_path(path):
        raise DroppedError(NAME)
    if data is not None and not _SHAPES[kind](data):
        raise DroppedError(SHAPE)
    record = {'kind': kind, 'name': name, 'path': path}
    return _as_json(record if data is None else {**record, 'data': data})


def decision(value: Any) -> str:
    """What was decided, as JSON. DroppedError when it is none."""
    if type(value) is not dict or set(value) != _DECISION:
        raise DroppedError(SHAPE)
    key, reason, confidence = (value[name] for name in ('key', 'reason', 'confidence'))
    if not is_name(key, LONGEST_KEY) or not KEY.fullmatch(key) or not is_name(reason, LONGEST_REASON):
        raise DroppedError(NAME)
    if confidence is not None and not (type(confidence) in (int, float) and 0 <= confidence <= 1):
        raise DroppedError(VALUE)
    if value['basis'] not in BASES:  # Nobody but the platform says that a person decided.
        raise DroppedError(SHAPE)
    alternatives, evidence = value['alternatives'], value['evidence']
    if type(alternatives) is not list or len(alternatives) > MOST_ALTERNATIVES:
        raise DroppedError(SHAPE)
    if (evidence is not None and type(evidence) is not dict) or not all(map(_is_alternative, alternatives)):
        raise DroppedError(SHAPE)
    for part, most in ((value['value'], LARGEST_VALUE), (evidence, LARGEST_EVIDENCE)):
        if len(_as_json(part).encode()) > most * _SPACES:
            raise DroppedError(TOO_LONG)
    return _as_json(value)


def _is_alternative(value: Any) -> bool:
    return (
        type(value) is dict
        and set(value) == {'value', 'changes'}
        and is_name(value['changes'], LONGEST_REASON)
        and len(_as_json(value['value']).encode()) <= LARGEST_VALUE * _SPACES
    )


def is_name(value: Any, longest: int = LONGEST_NAME) -> bool:
    """Whether it is text that can be kept and sent."""
    if type(value) is not str or len(value) > longest or '\0' in value:
        return False
    return value.isascii() or not any('\ud800' <= letter <= '\udfff' for letter in value)


def _as_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if '\\u0000' in text:  # No database keeps it.
        raise DroppedError(NAME)
    return text


def _chart(chart: Any) -> dict[str, Any]:
    if (
        type(chart) is not dict
        or type(chart.get('metrics')) is not list
        or len(chart['metrics']) > MOST_CHARTS
    ):
        raise DroppedError(SHAPE)
    title, kind, metrics = chart.get('title'), chart.get('type'), chart['metrics']
    if not all(map(is_name, (title, kind, *metrics))):
        raise DroppedError(NAME)
    return {'title': title, 'metrics': metrics, 'type': kind}


def _is_path(path: Any) -> bool:
    """A file of the session, as the SDK names it."""
    return is_name(path, _LONGEST_PATH) and not path.startswith('/') and '..' not in path.split('/')


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST_COUNT


def _is_table(data: Any) -> bool:
    if type(data) is not dict or not set(data) <= {'columns', 'rows', 'total_rows', 'total_columns'}:
        return False
    columns, rows = data.get('columns'), data.get('rows')
    if type(columns) is not list or type(rows) is not list or not all(type(name) is str for name in columns):
        return False
    return all(_is_count(data.get(key, 0)) for key in ('total_rows', 'total_columns')) and all(
        type(row) is list and all(isinstance(cell, _SCALARS) for cell in row) for row in rows
    )


def _is_matrix(data: Any) -> bool:
    if type(data) is not dict or set(data) != {'labels', 'matrix'}:
        return False
    labels, matrix = data['labels'], data['matrix']
    if type(labels) is not list or type(matrix) is not list or len(labels) > _MOST_LABELS:
        return False
    size = len(labels)
    return (
        all(map(is_name, labels))
        and len(matrix) == size
        and all(type(row) is list and len(row) == size and all(map(_is_count, row)) for row in matrix)
    )


_SHAPES = {'table': _is_table, 'image': lambda data: False, 'confusion_matrix': _is_matrix}
