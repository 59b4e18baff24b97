"""Which columns of a table a statement can need: those whose names occur in it, unless it may mean others too."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: counts of rows, which need no column
_COUNTS = re.compile(r'count\s*\(\s*\*?\s*\)', re.IGNORECASE)
#: forms that mean columns without naming them
_UNNAMED = re.compile(
    r'\*|\b(?:columns|describe|desc|summarize|show|natural|pivot|unpivot|table|values|information_schema)\b'
    r'|\b(?:duckdb|pg)_\w+|^\s*\(*\s*from\b|\(\s*from\b|\bby\s+name\b',
    re.IGNORECASE,
)
#: where a table's name stands for its rows
_AS_TABLE = r'(?:\bfrom|\bjoin|,)\s*{name}(?![\w.])|(?<![\w.]){name}\s*\.'
#: words that may follow a table's name and are no other name for it
_AFTER_A_TABLE = (
    r'(?:where|group|order|limit|offset|join|left|right|inner|outer|full|cross|on|using|having|qualify|window|union'
    r'|intersect|except|asof|semi|anti|positional|sample|tablesample|using|as)\b'
)


def named_columns(statement: str, table: str, names: Sequence[str]) -> Sequence[str]:
    """Of the columns of a table, the ones to read for a statement; at least one, as a table has to have rows."""
    rest = _COUNTS.sub(' ', statement)
    if _UNNAMED.search(rest) or _means_whole_rows(rest, table):
        return names
    lowered = rest.lower()
    found = [name for name in names if name.lower() in lowered or name.lower().replace('"', '""') in lowered]
    return found or names[:1]


def _means_whole_rows(statement: str, table: str) -> bool:
    """Whether the table's name stands somewhere as a value: `SELECT t FROM t` is a record of every column."""
    name = rf'"?{re.escape(table)}"?'
    every = len(re.findall(rf'(?<![\w"]){name}(?![\w"])', statement, re.IGNORECASE))
    as_table = len(re.findall(_AS_TABLE.format(name=name), statement, re.IGNORECASE))
    if every > as_table:
        return True
    called = re.findall(
        rf'(?<![\w"]){name}\s+(?:as\s+)?(?!{_AFTER_A_TABLE})("?\w+"?)', statement, re.IGNORECASE
    )
    return any(
        len(re.findall(rf'(?<![\w."]){re.escape(other)}(?![\w"]|\s*\.)', statement, re.IGNORECASE))
        > called.count(other)
        for other in called
    )
