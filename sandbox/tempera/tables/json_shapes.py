"""Where in a JSON document the records are, and which shape they have: a list, an object by key, columns, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .raw import RawTable

#: how deep in a document a list of records is looked for
_DEEPEST = 4
_KEY_COLUMN = 'key'
#: fields in which programs keep a record inside another
ENVELOPES = (
    '_source',
    'properties',
    'node',
    'attributes',
    'fields',
    'record',
    'item',
    'doc',
    'value',
    'data',
)
#: of the records, so many must have the envelope
_MOST_IN_ENVELOPES = 0.9
#: objects of a document that are looked through for the names of columns
_MOST_LOOKED_AT = 1_000
#: what documents call the list of their columns, and a column's name there
_COLUMN_LISTS = ('columns', 'fields', 'header', 'headers', 'names', 'cols')
_COLUMN_NAMES = ('name', 'fieldName', 'field', 'label', 'title', 'id')


def records_path(document: Any, depth: int = 0) -> list[str] | None:
    """The keys that lead to the longest list of records."""
    if isinstance(document, list):
        rows = document and all(isinstance(one, dict | list) for one in document[:100])
        return [] if rows or (depth == 0 and not document) else None
    if not isinstance(document, dict) or depth > _DEEPEST:
        return None
    if _is_split(document) or _is_columns(document):
        return []
    found: list[tuple[int, list[str]]] = []
    for key, value in document.items():
        path = records_path(value, depth + 1) if isinstance(value, dict | list) else None
        if path is not None and '.' not in key:
            found.append((len(at_path(value, path)), [key, *path]))
    if found:
        return max(found, key=lambda one: one[0])[1]
    if len(document) > 1 and all(isinstance(one, dict) for one in document.values()):
        return []
    # one record by itself: a row that is to be predicted
    return (
        []
        if depth == 0 and document and not any(isinstance(one, dict) for one in document.values())
        else None
    )


def _is_split(document: Mapping[str, Any]) -> bool:
    """As pandas' `orient='split'` writes it."""
    return isinstance(document.get('columns'), list) and isinstance(document.get('data'), list)


def _is_columns(document: Mapping[str, Any]) -> bool:
    """A list, or an object by row, for each column, all of one length."""
    values = list(document.values())
    if len(values) < 2 or not all(isinstance(one, list) for one in values):
        return bool(values) and _is_columns_by_row(values)
    plain = not any(isinstance(item, dict | list) for one in values for item in one[:20])
    return plain and len({len(one) for one in values}) == 1


def _is_columns_by_row(values: list[Any]) -> bool:
    if len(values) < 2 or not all(isinstance(one, dict) for one in values):
        return False
    keys = [set(one) for one in values]
    return all(one == keys[0] for one in keys) and all(key.isdigit() for key in keys[0])


def names_beside(document: Any, fields: int) -> tuple[str, ...]:
    """The names of the columns of lists without any, where the document describes so many columns; else none."""
    pending = [document]
    for _ in range(_MOST_LOOKED_AT):
        if not pending:
            break
        one = pending.pop()
        if not isinstance(one, dict):
            continue
        for key in _COLUMN_LISTS:
            names = _column_names(one.get(key))
            if len(names) == fields:
                return names
        pending += [value for value in one.values() if isinstance(value, dict)]
    return ()


def _column_names(listed: Any) -> tuple[str, ...]:
    if not isinstance(listed, list):
        return ()
    if all(isinstance(one, str) for one in listed):
        return tuple(listed)
    if not all(isinstance(one, dict) for one in listed):
        return ()
    key = next((key for key in _COLUMN_NAMES if all(isinstance(one.get(key), str) for one in listed)), '')
    return tuple(one[key] for one in listed) if key else ()


def _unwrapped(records: Sequence[Any]) -> Sequence[Any]:
    """Records without the envelope that programs send each of them in: `{"id": 7, "properties": {…}}`."""
    held = [one for one in records if isinstance(one, dict)]
    key = next((key for key in ENVELOPES if held and _is_envelope(key, held)), '')
    return [_lifted(one, key) if isinstance(one, dict) else one for one in records] if key else records


def _is_envelope(key: str, records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nearly all records have an object there, with more fields in it than beside it."""
    inside = [one for one in records if isinstance(one.get(key), dict)]
    if len(inside) < _MOST_IN_ENVELOPES * len(records):
        return False
    some = inside[:100]
    return sum(len(one[key]) for one in some) > sum(len(one) - 1 for one in some)


def _lifted(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    beside = {name: value for name, value in record.items() if name != key}
    inside = record.get(key)
    if not isinstance(inside, dict):
        return beside
    return beside | {(f'{key}.{name}' if name in beside else name): value for name, value in inside.items()}


def at_path(document: Any, path: list[str]) -> Any:
    """What stands there in a document."""
    for key in path:
        document = document[key]
    return document


def table_of(records: Any) -> RawTable:
    """The records as columns; those that an envelope holds, with the envelope's other fields beside them."""
    if isinstance(records, dict):
        return _of_object(records)
    records = _unwrapped(records)
    names: dict[str, None] = {}
    for record in records:
        if isinstance(record, dict):
            names.update(dict.fromkeys(record))
    columns = tuple(
        [record.get(name) if isinstance(record, dict) else None for record in records] for name in names
    )
    return RawTable(tuple(names), columns, np.arange(len(records)))


def _of_object(document: Mapping[str, Any]) -> RawTable:
    if _is_split(document):
        rows = document['data']
        names = tuple(str(name) for name in document['columns'])
        columns = tuple(
            [row[place] if place < len(row) else None for row in rows] for place in range(len(names))
        )
        return RawTable(names, columns, np.arange(len(rows)))
    if _is_columns(document):
        lists = [list(one.values()) if isinstance(one, dict) else one for one in document.values()]
        return RawTable(tuple(document), tuple(lists), np.arange(len(lists[0])))
    if not all(isinstance(one, dict) for one in document.values()):
        return table_of([document])
    # one record for each key: the key is a column of its own
    keyed = table_of([record if isinstance(record, dict) else {} for record in document.values()])
    free = _KEY_COLUMN if _KEY_COLUMN not in keyed.names else f'{_KEY_COLUMN}_of_record'
    return RawTable((free, *keyed.names), (list(document), *keyed.columns), keyed.positions)
