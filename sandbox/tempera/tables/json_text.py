"""A JSON document from text, and from what is nearly JSON: several documents one behind the other, commas too many,
a script's assignment or call around it, records as Python writes them."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

#: comments, `var data =`, `callback(`: what stands before a document in a script
_BEFORE = re.compile(
    rb'(?:\s*//[^\n]*\n)*\s*(?:(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]*\s*(?:=|\()\s*)?(?=[\[{])'
)
_AFTER = re.compile(rb'[\s);]*\Z')
_BLANK_OR_COMMA = re.compile(r'[\s,]*')
#: a comma before a bracket that closes; texts are passed over as a whole
_NEARLY = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])|//[^\n]*|/\*.*?\*/', re.DOTALL)
#: longer records are not read as Python
_LONGEST_LITERAL = 100_000


def bare(data: bytes) -> bytes:
    """Without what a script has around its data."""
    before = _BEFORE.match(data[:512])
    if not before:
        return data
    after = _AFTER.search(data, max(0, len(data) - 64))
    return data[before.end() : after.start() if after else len(data)]


def document_of(text: str) -> Any:
    """The document; the records where there are several documents. ValueError, RecursionError for anything else."""
    try:
        return json.loads(text)
    except ValueError as error:
        for tried in (_several, _with_commas_too_many):
            try:
                return tried(text)
            except ValueError:
                continue
        raise error


def record_of(line: str) -> Any:
    """The object of one line, as JSON or as Python writes it; ValueError for anything else."""
    try:
        return json.loads(line)
    except ValueError:
        stripped = line.strip().rstrip(',')
        if not stripped.startswith("{'") or len(stripped) > _LONGEST_LITERAL:
            raise
    try:
        return ast.literal_eval(stripped)
    except (SyntaxError, MemoryError, TypeError) as error:
        raise ValueError(str(error)) from error


def _several(text: str) -> list[Any]:
    decoder, found, place = json.JSONDecoder(), [], 0
    while (place := _end_of_blanks(text, place)) < len(text):
        value, place = decoder.raw_decode(text, place)
        if not isinstance(value, dict):
            raise ValueError('not all of the documents are objects')
        found.append(value)
    return found


def _end_of_blanks(text: str, place: int) -> int:
    blank = _BLANK_OR_COMMA.match(text, place)
    return blank.end() if blank else place


def _with_commas_too_many(text: str) -> Any:
    return json.loads(_NEARLY.sub(lambda found: found[0] if found[0].startswith('"') else '', text))
