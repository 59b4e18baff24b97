"""Streams JSON lines, or an array of records, into a sample; nested values become JSON text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from . import limits
from .delimited_text import check_names, too_many_columns
from .table_sample import TableSample
from .text_encoding import open_utf8, read_bytes
from .upload_bytes import ByteSource, invalid

_BATCH_ROWS = 2_000
_CHUNK = 256 * 1024
_REMEDY = 'Upload a list of records [{…}, {…}], or one record a line.'


def read_json(
    source: ByteSource, encoding: str, max_columns: int
) -> tuple[TableSample, dict[str, Any], list[str]]:
    """The sample, {form: lines|records}, and warnings. Two passes: the first finds every key.
    Raises INVALID_DATASET."""
    try:
        names, nested, form = _keys(source, encoding, max_columns)
        sample = TableSample(check_names(names, source.shown))
        batch: list[dict[str, Any]] = []
        for record in _records(source, encoding):
            batch.append(record)
            if len(batch) >= _BATCH_ROWS:
                sample.add(_text_table(batch, names, sample.names))
                batch = []
        if batch:
            sample.add(_text_table(batch, names, sample.names))
    except RecursionError as error:
        raise invalid(source.shown, 'its JSON is nested too deeply', _REMEDY) from error
    except ValueError as error:
        raise invalid(source.shown, f'it is not valid JSON ({str(error)[:200]})', _REMEDY) from error
    warnings = [f'Nested values are profiled as text: {", ".join(sorted(nested)[:10])}.'] if nested else []
    return sample, {'form': form, 'header': True}, warnings


def _keys(source: ByteSource, encoding: str, max_columns: int) -> tuple[list[str], set[str], str]:
    names: dict[str, None] = {}
    nested: set[str] = set()
    for record in _records(source, encoding):
        for key, value in record.items():
            if key not in names:
                names[key] = None
                if len(names) > max_columns:
                    raise too_many_columns(source.shown, len(names), max_columns, at_least=True)
            if isinstance(value, (dict, list)):
                nested.add(key)
    if not names:
        raise invalid(source.shown, 'it holds no records', _REMEDY)
    if len(names) < limits.MIN_COLUMNS:
        raise invalid(
            source.shown,
            'its records have one column only',
            'Upload records with at least 2 keys (MIN_COLUMNS).',
        )
    return list(names), nested, 'records' if _starts_with_list(source, encoding) else 'lines'


def _starts_with_list(source: ByteSource, encoding: str) -> bool:
    with open_utf8(source, encoding) as stream:
        return stream.read(4_096).lstrip()[:1] == b'['


def _records(source: ByteSource, encoding: str) -> Iterator[dict[str, Any]]:
    """The records one by one. A value may span chunks; it is parsed again when more text has come."""
    for value in _values(source, encoding):
        if isinstance(value, dict):
            yield from _unwrapped(value)
        else:
            raise invalid(source.shown, f'a record is a {type(value).__name__} instead of an object', _REMEDY)


def _unwrapped(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A record; or the records of {"data": [records]} and of {column: [values]}."""
    items = list(value.values())
    if (
        len(items) == 1
        and isinstance(items[0], list)
        and items[0]
        and all(isinstance(item, dict) for item in items[0])
    ):
        yield from items[0]
    elif (
        len(items) > 1
        and all(isinstance(item, list) for item in items)
        and len({len(item) for item in items}) == 1
        and len(items[0]) > 1
    ):
        for row in zip(*items, strict=True):
            yield dict(zip(value, row, strict=True))
    else:
        yield value


def _values(source: ByteSource, encoding: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(object_pairs_hook=_no_duplicates)
    text, at, listed, ended = '', 0, False, False
    with open_utf8(source, encoding) as stream:
        utf8 = codecs.getincrementaldecoder('utf-8')()
        wanted = _CHUNK
        while not ended:
            chunk = read_bytes(stream, wanted)
            ended = len(chunk) < wanted
            text, at = text[at:] + utf8.decode(chunk, ended), 0
            _check_length(source, text)
            while True:
                at = _skip(text, at)
                if not listed and text[at : at + 1] == '[':
                    listed, at = True, at + 1
                    continue
                if at >= len(text) or (listed and text[at] == ']'):
                    break
                try:
                    value, end = decoder.raw_decode(text, at)
                except json.JSONDecodeError:
                    if ended:
                        raise
                    break
                if end >= len(text) and not ended and not isinstance(value, (dict, list)):
                    break
                at = end
                yield value
            # A long value is parsed again only when the text has doubled: linear work in all.
            wanted = max(_CHUNK, len(text) - at)


def _check_length(source: ByteSource, text: str) -> None:
    if len(text) > limits.MAX_JSON_DOCUMENT_BYTES:
        raise invalid(
            source.shown,
            f'one JSON value is longer than {limits.size_text(limits.MAX_JSON_DOCUMENT_BYTES)} '
            '(MAX_JSON_DOCUMENT_BYTES), or is never closed',
            'Upload one record a line (jsonl).',
        )


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in ' \t\r\n,':
        at += 1
    return at


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})[:5] if len(keys) < 2_000 else ['…']
        raise ValueError(f'keys occur more than once in a record: {", ".join(twice)}')
    return record


def _text_table(records: list[dict[str, Any]], keys: list[str], names: list[str]) -> pa.Table:
    columns = [pa.array([_text(record.get(key)) for record in records], pa.string()) for key in keys]
    return pa.table(columns, names=names)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)[: limits.MAX_CELL_BYTES]
    return str(value)
