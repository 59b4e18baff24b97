"""JSON: where in a document the records are, and records line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .encoding import Encoding, find_encoding, to_utf8
from .errors import EmptyTable, UnreadableTable
from .layout import Layout, kept, ranges
from .limits import Limits, check_size
from .plan import Evidence, LeftOut, PartPlan
from .raw import RawTable
from .sheets import cut_table, find_table

#: how deep in a document a list of records is looked for
_DEEPEST = 4
#: lines that may be broken in a file of records
_BROKEN_SHARE = 0.2
#: bytes that are looked at to tell lines from a document
_GLANCE = 4_000_000
_KEY_COLUMN = 'key'


def understand_json(data: bytes, name: str, limits: Limits, member: str = '') -> Layout:
    """The records of a JSON document."""
    encoding = find_encoding(data)
    part = PartPlan(member=member, encoding=encoding.name, encoding_is_guess=encoding.is_guess)
    document = _document(data, encoding, name)
    path = _records_path(document)
    if path is None:
        raise UnreadableTable(
            f'[{name}] is JSON without a list of records. Give a list of objects, or one object a line.'
        )
    records = _at(document, path)
    where = '.'.join(path)
    found = Evidence(
        'records', f'the records are the list at [{where}]' if path else 'the document is their list'
    )
    if isinstance(records, list) and records and isinstance(records[0], list):
        table = find_table(records, replace(part, records_at=where))
        if table is None:
            raise EmptyTable(f'[{name}] holds lists without a cell. Give a list of objects.')
        return Layout('json', table.part, table.table, (found,))
    raw = _table(records)
    check_size(len(raw), len(raw.names), limits, name)
    if not raw.names or not len(raw):
        raise EmptyTable(f'[{name}] holds no record. Give a list of objects, or one object a line.')
    planned = replace(part, records_at=where, fields=len(raw.names), rows=len(raw), rows_used=len(raw))
    return Layout('json', planned, raw, (found,))


def read_json(data: bytes, name: str, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    """The rows of a part by its plan."""
    document = _document(data, Encoding(part.encoding, part.encoding_is_guess), name)
    records = _at(document, part.records_at.split('.') if part.records_at else [])
    if isinstance(records, list) and records and isinstance(records[0], list):
        return cut_table(records, part, names)
    return _table(records)


def understand_lines(data: bytes, name: str, limits: Limits, member: str = '') -> Layout:
    """Records line by line."""
    encoding = find_encoding(data)
    records, broken, numbers = _lines(data, encoding)
    if len(broken) > _BROKEN_SHARE * (len(records) + len(broken)):
        raise UnreadableTable(
            f'[{name}] has {len(broken)} lines that are no JSON object, the first on line {broken[0]}.'
        )
    if not records:
        raise EmptyTable(f'[{name}] holds no record. Give one JSON object a line.')
    raw = _table([record for record in records if record is not None])
    check_size(len(raw), len(raw.names), limits, name)
    left = (LeftOut('unaligned', len(broken), tuple(broken[:20]), 'no JSON object'),) if broken else ()
    dropped = ranges(place for place, record in enumerate(records) if record is None)
    part = PartPlan(
        member=member,
        encoding=encoding.name,
        encoding_is_guess=encoding.is_guess,
        fields=len(raw.names),
        dropped=dropped,
        rows=len(records),
        rows_used=len(raw),
        left_out=left,
    )
    table = replace(raw, positions=kept(len(records), dropped))
    return Layout('jsonl', part, table, (Evidence('records', f'{len(numbers)} lines hold one record each'),))


def read_lines(data: bytes, part: PartPlan) -> RawTable:
    """The rows of a part by its plan."""
    records, _, _ = _lines(data, Encoding(part.encoding, part.encoding_is_guess))
    raw = _table([record for record in records if record is not None])
    return replace(raw, positions=kept(len(records), part.dropped))


def looks_like_lines(data: bytes) -> bool:
    """Whether the first lines are JSON objects, one each; one line alone is a document."""
    start = data[:_GLANCE]
    lines = [line for line in start.splitlines() if line.strip()]
    whole = (lines[:-1] if len(data) > len(start) else lines)[:50]
    objects = sum(1 for line in whole if line.strip().startswith(b'{') and _is_object(line))
    return len(whole) > 1 and _is_object(whole[0]) and objects >= (1 - _BROKEN_SHARE) * len(whole)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _lines(data: bytes, encoding: Encoding) -> tuple[list[Any], list[int], list[int]]:
    """Records, None for a broken line, the numbers of broken lines, and of all that hold something."""
    records: list[Any] = []
    broken: list[int] = []
    numbers: list[int] = []
    for number, line in enumerate(to_utf8(data, encoding).split(b'\n'), 1):
        if not line.strip():
            continue
        numbers.append(number)
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        records.append(record if isinstance(record, dict) else None)
        if not isinstance(record, dict):
            broken.append(number)
    return records, broken, numbers


def _document(data: bytes, encoding: Encoding, name: str) -> Any:
    try:
        return json.loads(to_utf8(data, encoding))
    except RecursionError as error:
        raise UnreadableTable(f'[{name}] is nested too deep to be a table.') from error
    except ValueError as error:
        raise UnreadableTable(f'[{name}] is no whole JSON document: {error}.') from error


def _records_path(document: Any, depth: int = 0) -> list[str] | None:
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
        path = _records_path(value, depth + 1) if isinstance(value, dict | list) else None
        if path is not None and '.' not in key:
            found.append((len(_at(value, path)), [key, *path]))
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


def _at(document: Any, path: list[str]) -> Any:
    for key in path:
        document = document[key]
    return document


def _table(records: Any) -> RawTable:
    if isinstance(records, dict):
        return _of_object(records)
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
        return _table([document])
    # one record for each key: the key is a column of its own
    keyed = _table([record if isinstance(record, dict) else {} for record in document.values()])
    free = _KEY_COLUMN if _KEY_COLUMN not in keyed.names else f'{_KEY_COLUMN}_of_record'
    return RawTable((free, *keyed.names), (list(document), *keyed.columns), keyed.positions)
