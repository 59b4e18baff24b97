"""Columns whose cells come with a type: parquet's, and a workbook's or JSON's where nearly all cells have one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from .cells import natives, pairs
from .draft import ENOUGH, Draft, Subject
from .missing import tokens_among_values
from .notations import clock_draft
from .numeric import numeric_draft
from .plan import Form
from .raw import Cells

_MOST_FIELDS = 200
_SAMPLE = 2_000


def typed_draft(subject: Subject, cells: Cells) -> Draft | None:
    """By the cells' own types; None where they are texts, or mixed so that their texts tell more."""
    if isinstance(cells, pa.Array):
        return None if pa.types.is_string(cells.type) else _of_array(subject, cells)
    return _of_objects(subject, cells)


def _of_array(subject: Subject, cells: pa.Array) -> Draft | None:
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return _of_array(subject, cells.dictionary_decode()) if not _is_text(kind.value_type) else None
    if pa.types.is_timestamp(kind):
        draft = Draft('datetime', Form(type='moment', zoned=kind.tz is not None))
        draft.found('kind', f'stored as {kind}')
        return draft
    if pa.types.is_date(kind):
        draft = Draft('date', Form(type='moment', formats=('%Y-%m-%d',)))
        draft.found('kind', f'stored as {kind}')
        return draft
    if pa.types.is_duration(kind):
        draft = Draft('duration', Form(type='float', clock='clock+iso+units'), unit='s')
        draft.found('kind', f'stored as {kind}, kept in seconds')
        return draft
    if pa.types.is_time(kind):
        draft = Draft('time', Form(type='float', clock='clock'), unit='s')
        draft.found('kind', f'stored as {kind}, kept as seconds since midnight')
        return draft
    if pa.types.is_boolean(kind):
        return _boolean(subject)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        draft_of_texts = clock_draft(subject) or numeric_draft(subject)
        if draft_of_texts:
            draft_of_texts.found('type', f'stored as {kind}')
        return draft_of_texts
    return _of_objects(subject, cells.to_pylist()) if pa.types.is_nested(kind) else None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _boolean(subject: Subject) -> Draft:
    form = Form(type='boolean', true=('true', 't', '1', 'yes', 'y'), false=('false', 'f', '0', 'no', 'n'))
    draft = Draft('boolean', form)
    draft.with_tokens(tokens_among_values(subject.distinct))
    draft.found('kind', 'cells are true or false by their own type')
    return draft


def _of_objects(subject: Subject, cells: list[Any]) -> Draft | None:
    types = subject.distinct.types or _census(cells)
    total = sum(types.values())
    if not total or types.get('str', 0) == total:
        return None

    def share(*names: str) -> float:
        return sum(types.get(name, 0) for name in names) / total

    if share('bool', 'bool_') >= ENOUGH:
        return _boolean(subject)
    if share('list', 'tuple', 'ndarray') >= ENOUGH:
        return _list_of(cells)
    if share('dict', 'OrderedDict') >= ENOUGH:
        return record_draft(cells)
    if share('datetime', 'date', 'Timestamp') >= ENOUGH:
        return _moments(subject, cells)
    if share('time', 'timedelta', 'Timedelta') >= ENOUGH:
        spans = share('timedelta', 'Timedelta') > share('time')
        draft = Draft('duration' if spans else 'time', Form(type='float', clock='clock+iso+units'), unit='s')
        draft.found('kind', 'cells are spans of time by their own type, kept in seconds')
        return draft
    return None


def _census(cells: list[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for cell in cells:
        if not natives.is_gap(cell):
            counts[type(cell).__name__] = counts.get(type(cell).__name__, 0) + 1
    return counts


def _moments(subject: Subject, cells: list[Any]) -> Draft:
    held = [cell for cell in cells if isinstance(cell, dt.date)]
    with_time = any(isinstance(cell, dt.datetime) and cell.time() != dt.time() for cell in held)
    zoned = any(isinstance(cell, dt.datetime) and cell.tzinfo is not None for cell in held)
    formats = ('%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M')
    form = Form(type='moment', formats=formats, epoch='days', zoned=zoned)
    draft = Draft('datetime' if with_time else 'date', form)
    draft.with_tokens(tokens_among_values(subject.distinct))
    draft.found(
        'kind', 'cells are dates by their own type; a bare number beside them is a serial of the same dates'
    )
    return draft


def _list_of(cells: list[Any]) -> Draft:
    items = [item for cell in cells[:_SAMPLE] if isinstance(cell, list | tuple | np.ndarray) for item in cell]
    form = Form(type='list', separator='json', items=form_of(items))
    if _are_pairs(cells):
        draft = Draft('coordinates', Form(type='pair'))
    else:
        draft = Draft('list', form)
    draft.found('kind', 'cells are lists', items=len(items))
    return draft


def _are_pairs(cells: list[Any]) -> bool:
    held = [cell for cell in cells[:_SAMPLE] if isinstance(cell, list | tuple)]
    fit = [cell for cell in held if pairs.as_pair(list(cell), cell) is not natives.UNKNOWN]
    fractions = sum(1 for cell in fit if any(isinstance(item, float) and item % 1 for item in cell))
    return len(fit) == len(held) > 1 and fractions > 0.8 * len(held)


def record_draft(cells: list[Any]) -> Draft:
    """Cells that are records, by the fields of the first of them."""
    fields: dict[str, list[Any]] = {}
    for cell in cells[:_SAMPLE]:
        if isinstance(cell, Mapping):
            for name, value in cell.items():
                if str(name) in fields or len(fields) < _MOST_FIELDS:
                    fields.setdefault(str(name), []).append(value)
    form = Form(type='record', fields={name: form_of(values) for name, values in fields.items()})
    draft = Draft('record', form)
    draft.found('kind', f'cells are records of {", ".join(list(fields)[:8])}', fields=len(fields))
    return draft


def form_of(values: list[Any]) -> Form:
    """How values inside lists and records are parsed: by their own types, else as texts."""
    types = _census(values)
    total = sum(types.values())
    if not total:
        return Form()
    if types.get('bool', 0) == total:
        return Form(type='boolean', true=('true', '1'), false=('false', '0'))
    if types.get('int', 0) == total:
        return Form(type='integer')
    if types.get('int', 0) + types.get('float', 0) >= ENOUGH * total:
        return Form(type='float')
    if types.get('dict', 0) >= ENOUGH * total:
        return replace(record_draft([value for value in values if isinstance(value, dict)]).form)
    if types.get('list', 0) >= ENOUGH * total:
        return replace(_list_of([value for value in values if isinstance(value, list)]).form)
    return Form()
