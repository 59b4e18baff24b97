"""Finds the line at which a delimited text goes wrong, so that a refusal can say where to look.

It reads the text again and is asked only when something is amiss; what is held in memory is bounded by one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from . import limits
from .text_encoding import open_utf8, read_bytes
from .upload_bytes import ByteSource, invalid

TAKEN = 'Taken are csv, tsv, xlsx, parquet, json and jsonl, also packed as gz or zip.'
_CHUNK = 256 * 1024
# A quote opens a cell only where a field begins, whichever delimiter it turns out to be.
_OPENING = re.compile(rb'(?:^|[,;|\t])[ ]?"')
_JSON = re.compile(r'^\s*(?P<list>\[)?\s*\{\s*("|\})')
_MARKUP = re.compile(r'^\s*<(!doctype|html|\?xml|table|head|body)\b', re.IGNORECASE)


def refuse_other_form(head: str, shown: str) -> None:
    """Refuses JSON and web pages that bear the name of a delimited text. Raises INVALID_DATASET."""
    head = head.lstrip('\ufeff')
    found = _JSON.match(head)
    if found:
        lines = not found['list'] and _is_json_lines(head)
        form, ending = ('one JSON record a line', '.jsonl') if lines else ('a JSON document', '.json')
        remedy = f'Rename it so that it ends in {ending} and upload it again. {TAKEN}'
        raise invalid(shown, f'it holds {form}, not delimited text', remedy)
    if _MARKUP.match(head):
        raise invalid(
            shown, 'it is a web page or XML document, not a table', f'Export the table itself. {TAKEN}'
        )


def unclosed_quote(source: ByteSource, encoding: str) -> Exception | None:
    """The refusal of a text in which a quote opens and is never closed; None when there is no such quote."""
    with open_utf8(source, encoding) as stream:
        line = unclosed_quote_line(_chunks(stream))
    if line is None:
        return None
    return invalid(
        source.shown,
        f'a quote opens in line {line:,} and is never closed: all that follows would be one cell',
        f'Close the quote in line {line:,}, or write a quote that belongs to the text twice.',
    )


def unclosed_quote_line(chunks: Iterable[bytes]) -> int | None:
    """The line, counted from 1, at which the quote opens that is open at the end of a UTF-8 text, or for longer than
    a cell may be; None when every quote is closed."""
    inside, opened, held = False, 0, 0
    for number, line in _lines(chunks):
        was_inside = inside
        inside, opens_here = _after(line, inside)
        held = held + len(line) if was_inside and not opens_here else len(line)
        opened = number if opens_here else opened
        if inside and held > limits.MAX_CELL_BYTES:
            return opened
    return opened if inside else None


def uneven_rows(
    source: ByteSource, encoding: str, delimiter: str, width: int, most: int, header: bool
) -> list[tuple[int, int]]:
    """(line at which the row starts, its number of fields) of the first `most` rows that have not `width` fields."""
    found: list[tuple[int, int]] = []
    with open_utf8(source, encoding) as stream:
        csv.field_size_limit(limits.MAX_CELL_BYTES)
        reader = csv.reader(
            (line.decode('utf-8', 'replace') for _, line in _lines(_chunks(stream))), delimiter=delimiter
        )
        start = 1
        try:
            for row in reader:
                if row and len(row) != width and not (header and start == 1):
                    found.append((start, len(row)))
                if len(found) >= most:
                    break
                start = reader.line_num + 1
        except csv.Error:
            pass  # A cell past its limit has a refusal of its own; the rows found so far stand.
    return found


def _is_json_lines(head: str) -> bool:
    lines = [line.strip() for line in head.splitlines()[:3] if line.strip()]
    return len(lines) > 1 and all(line.startswith('{') and line.endswith('}') for line in lines[:2])


def _after(line: bytes, inside: bool) -> tuple[bool, bool]:
    """Whether a quote is open at the end of the line, and whether it was opened in this line."""
    at, opens_here = 0, False
    while True:
        if not inside:
            opening = _OPENING.search(line, at)
            if opening is None:
                return False, False
            inside, opens_here, at = True, True, opening.end()
        closing = line.find(b'"', at)
        if closing < 0:
            return True, opens_here
        if line[closing + 1 : closing + 2] == b'"':
            at = closing + 2
        else:
            inside, at = False, closing + 1


def _chunks(stream: io.RawIOBase) -> Iterator[bytes]:
    while chunk := read_bytes(stream, _CHUNK):
        yield chunk


def _lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers from 1; a line that is too long comes in pieces under one number."""
    rest, number = b'', 1
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b'\n')
        for line in whole:
            yield number, line + b'\n'
            number += 1
        if len(rest) > limits.MAX_ROW_BYTES:
            yield number, rest
            rest = b''
    if rest:
        yield number, rest
