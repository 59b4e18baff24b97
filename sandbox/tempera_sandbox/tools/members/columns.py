"""Columns as a file of JSON lines holds them: {name, table?, type?, values, label?, weight?}."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from .. import ToolError, limits


@dataclass(frozen=True)
class Column:
    """What the members see of a column."""

    name: str
    table: str
    type: str
    values: tuple[str, ...]
    #: code of the term that a person or a model gave it
    label: str | None
    #: how much its label counts, above 0 to 1
    weight: float


def read_columns(path: Path) -> Iterator[Column]:
    """One after the other. Raises ToolError INVALID_ARGUMENT with the line."""
    with path.open('rb') as lines:
        for number, line in enumerate(iter(lambda: lines.readline(limits.MAX_COLUMN_LINE_BYTES + 1), b''), 1):
            if len(line) > limits.MAX_COLUMN_LINE_BYTES:
                most = limits.size_text(limits.MAX_COLUMN_LINE_BYTES)
                raise _refused(number, f'is longer than {most} (MAX_COLUMN_LINE_BYTES)')
            if line.strip():
                yield _column(line, number)


def _column(line: bytes, number: int) -> Column:
    try:
        held = json.loads(line)
    except ValueError as error:
        raise _refused(number, 'is no JSON') from error
    if not isinstance(held, dict) or not isinstance(held.get('name'), str):
        raise _refused(number, 'has no name')
    values, label, weight = held.get('values'), held.get('label'), held.get('weight', 1)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _refused(number, 'has no list of texts as its values')
    if label is not None and not (isinstance(label, str) and 0 < len(label) <= limits.MAX_CODE_CHARS):
        raise _refused(number, 'has a label that is no code')
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight <= 1:
        raise _refused(number, 'has a weight that is not above 0 and at most 1')
    some = tuple(
        value[: limits.MAX_LEARNED_VALUE_CHARS] for value in evenly(values, limits.MAX_LEARNED_VALUES)
    )
    return Column(held['name'][:200], _text(held, 'table'), _text(held, 'type'), some, label, float(weight))


def _text(held: dict[str, Any], name: str) -> str:
    found = held.get(name)
    return found[:200] if isinstance(found, str) else ''


def _refused(number: int, what: str) -> ToolError:
    return ToolError('INVALID_ARGUMENT', f'Line {number:,} of the columns {what}.', {'line': number})


def evenly(values: list[str], most: int) -> list[str]:
    """So many of them, at equal distances."""
    if len(values) <= most:
        return values
    return [values[at * len(values) // most] for at in range(most)]


def chosen(columns: Iterator[Column], seed: int) -> tuple[list[Column], int]:
    """The labelled columns that are learned from, and how many there are: of each term at most so many, those that
    count most first and at random among equals; of the rest as many as fit, terms with few first."""
    by_label: dict[str, list[tuple[float, float, Column]]] = defaultdict(list)
    dice = random.Random(seed)
    labelled = 0
    for column in columns:
        if column.label is not None:
            labelled += 1
            held = by_label[column.label]
            held.append((-column.weight, dice.random(), column))
            if len(held) > 2 * limits.MAX_LEARNED_OF_TERM:
                held.sort(key=lambda each: each[:2])
                del held[limits.MAX_LEARNED_OF_TERM :]
    taken: list[tuple[int, str, Column]] = []
    for label, held in by_label.items():
        held.sort(key=lambda each: each[:2])
        some = held[: limits.MAX_LEARNED_OF_TERM]
        taken += [(place, label, column) for place, (_, _, column) in enumerate(some)]
    taken.sort(key=lambda each: each[:2])
    return [column for _, _, column in taken[: limits.MAX_LEARNED_COLUMNS]], labelled


def batches(columns: Iterator[Column], size: int) -> Iterator[list[Column]]:
    """So many at a time."""
    while batch := list(islice(columns, size)):
        yield batch
