"""JSON: where in a document the records are, and records line by line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .encoding import Encoding, find_encoding, to_utf8
from .errors import EmptyTable, UnreadableTable
from .json_shapes import at_path, names_beside, records_path, table_of
from .json_text import bare, document_of, record_of
from .layout import Layout, ranges, remaining
from .limits import Limits, check_size
from .plan import Evidence, LeftOut, PartPlan
from .raw import RawTable
from .sheets import cut_table, find_table

#: lines that may be broken in a file of records
_BROKEN_SHARE = 0.2
#: bytes that are looked at to tell lines from a document
_GLANCE = 4_000_000


def understand_json(data: bytes, name: str, limits: Limits, member: str = '') -> Layout:
    """The records of a JSON document."""
    encoding = find_encoding(data)
    part = PartPlan(member=member, encoding=encoding.name, encoding_is_guess=encoding.is_guess)
    document = _document(data, encoding, name)
    path = records_path(document)
    if path is None:
        raise UnreadableTable(
            f'[{name}] is JSON without a list of records. Give a list of objects, or one object a line.'
        )
    records = at_path(document, path)
    where = '.'.join(path)
    found = Evidence(
        'records', f'the records are the list at [{where}]' if path else 'the document is their list'
    )
    if isinstance(records, list) and records and isinstance(records[0], list):
        table = find_table(records, replace(part, records_at=where))
        if table is None:
            raise EmptyTable(f'[{name}] holds lists without a cell. Give a list of objects.')
        raw, names = table.table, names_beside(document, table.part.fields)
        if names and not table.part.header:
            raw = replace(raw, names=names)
        return Layout('json', table.part, raw, (found,))
    raw = table_of(records)
    check_size(len(raw), len(raw.names), limits, name)
    if not raw.names or not len(raw):
        raise EmptyTable(f'[{name}] holds no record. Give a list of objects, or one object a line.')
    planned = replace(part, records_at=where, fields=len(raw.names), rows=len(raw), rows_used=len(raw))
    return Layout('json', planned, raw, (found,))


def read_json(data: bytes, name: str, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    """The rows of a part by its plan."""
    document = _document(data, Encoding(part.encoding, part.encoding_is_guess), name)
    records = at_path(document, part.records_at.split('.') if part.records_at else [])
    if isinstance(records, list) and records and isinstance(records[0], list):
        return cut_table(records, part, names)
    return table_of(records)


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
    raw = table_of([record for record in records if record is not None])
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
    table = replace(raw, positions=remaining(len(records), dropped))
    return Layout('jsonl', part, table, (Evidence('records', f'{len(numbers)} lines hold one record each'),))


def read_lines(data: bytes, part: PartPlan) -> RawTable:
    """The rows of a part by its plan."""
    records, _, _ = _lines(data, Encoding(part.encoding, part.encoding_is_guess))
    raw = table_of([record for record in records if record is not None])
    return replace(raw, positions=remaining(len(records), part.dropped))


def looks_like_lines(data: bytes) -> bool:
    """Whether the first lines are JSON objects, one each; one line alone is a document."""
    start = data[:_GLANCE].removeprefix(b'\xef\xbb\xbf')
    lines = [line for line in start.splitlines() if line.strip()]
    whole = (lines[:-1] if len(data) > len(start) else lines)[:50]
    objects = sum(1 for line in whole if line.strip().startswith(b'{') and _is_object(line))
    return len(whole) > 1 and _is_object(whole[0]) and objects >= (1 - _BROKEN_SHARE) * len(whole)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(record_of(line.decode()), dict)
    except (ValueError, RecursionError):
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
            record = record_of(line.decode())
        except (ValueError, RecursionError):
            record = None
        records.append(record if isinstance(record, dict) else None)
        if not isinstance(record, dict):
            broken.append(number)
    return records, broken, numbers


def _document(data: bytes, encoding: Encoding, name: str) -> Any:
    try:
        return document_of(to_utf8(bare(data), encoding).decode())
    except RecursionError as error:
        raise UnreadableTable(f'[{name}] is nested too deep to be a table.') from error
    except ValueError as error:
        raise UnreadableTable(f'[{name}] is no whole JSON document: {error}.') from error
