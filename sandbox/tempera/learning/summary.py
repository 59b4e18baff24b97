"""A plan's columns in the few words that an agent's policy and the report's table go by."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..tables import ColumnPlan, TablePlan
from ..tables.measured.quick import NUMERIC, numbers, texts_of
from .source import Source

#: share of gaps above which a column hardly says anything
NEARLY_EMPTY = 0.95
#: skewness above which a few values decide means and standard deviations
HEAVY_SKEW = 3
_SHOWN = 6


def coarse_kind(column: ColumnPlan) -> str:
    """`number`, `category`, `date`, `text` or `constant`: what figures and candidates go by."""
    if column.kind in ('constant', 'empty'):
        return 'constant'
    if column.kind in NUMERIC:
        return 'number'
    if column.kind in ('date', 'datetime'):
        return 'date'
    if column.kind in ('text', 'identifier', 'record', 'coordinates'):
        return 'text'
    return 'category'


def summary_of(column: ColumnPlan, values: pd.Series) -> dict[str, Any]:
    """{name, kind, is, missing, disguised, disguises, distinct, flags, whole?}: counts, and how gaps are written."""
    written = [token for token in column.missing if token.text]
    found: dict[str, Any] = {
        'name': column.name,
        'kind': coarse_kind(column),
        'is': column.kind,
        'missing': int(values.isna().sum()),
        'disguised': sum(token.count for token in (*written, *column.sentinels)),
        'disguises': [token.text for token in (*written, *column.sentinels)][:_SHOWN],
        'distinct': column.distinct,
        'unparsed': round(column.unparsed, 6),
        'flags': _flags(column, values),
    }
    if column.kind in NUMERIC:
        figures = numbers(values).dropna()
        found['whole'] = bool((figures % 1 == 0).all()) if len(figures) else False
    if column.unit:
        found['unit'] = column.unit
    return found


def summaries(source: Source) -> list[dict[str, Any]]:
    """Of every column, in the file's order."""
    return [summary_of(column, source.frame[column.name]) for column in source.plan.columns]


def common_values(values: pd.Series) -> list[str]:
    """The commonest values as texts, the same whatever order the rows have."""
    counts = texts_of(values).value_counts().sort_index().sort_values(ascending=False, kind='stable')
    return [str(value)[:40] for value in counts.index[:_SHOWN]]


def plain_frame(plan: TablePlan, frame: pd.DataFrame, labels: str | None = None) -> pd.DataFrame:
    """As figures take them: numbers as float64, moments without a zone, all else (and `labels`) as texts."""
    made = {}
    for column in plan.columns:
        values = frame[column.name]
        kind = 'category' if column.name == labels else coarse_kind(column)
        if kind == 'number' or (column.kind == 'constant' and pd.api.types.is_numeric_dtype(values)):
            made[column.name] = numbers(values)
        elif kind == 'date':
            made[column.name] = pd.to_datetime(values, utc=True, errors='coerce').dt.tz_localize(None)
        else:
            made[column.name] = texts_of(values)
    return pd.DataFrame(made, index=frame.index)


def reading_of(plan: TablePlan) -> dict[str, Any]:
    """How the file is read, in short: {file, format, delimiter, encoding, header, decimal, compression, sheet …}."""
    file, part = plan.file, plan.file.parts[0]
    column = next((one for one in plan.columns if one.form.type == 'float' and one.form.decimal), None)
    text = 'tsv' if file.delimiter == '\t' else 'csv'
    return {
        'file': file.name,
        'format': {'delimited': text, 'workbook': 'xlsx'}.get(file.kind, file.kind),
        'delimiter': file.delimiter or None,
        'encoding': part.encoding or None,
        'encoding_is_guess': file.encoding_is_guess,
        'header': file.has_header,
        'decimal': column.form.decimal if column else '.',
        'compression': file.packed[0] if file.packed else None,
        'sheet': part.sheet or None,
    }


def missing_cells(source: Source) -> int:
    """Cells without a value: blank, or written as one of the tokens for that."""
    return int(source.frame.isna().sum().sum())


def _flags(column: ColumnPlan, values: pd.Series) -> list[str]:
    flags = []
    if column.kind in ('constant', 'empty'):
        flags.append('constant')
    if column.kind == 'identifier':
        flags.append('identifier')
    if len(values) and values.isna().mean() > NEARLY_EMPTY:
        flags.append('nearly_empty')
    if column.sentinels:
        flags.append('sentinels')
    if column.kind in NUMERIC:
        figures = numbers(values).dropna()
        if figures.nunique() > 20 and figures.std() > 0 and abs(figures.skew()) > HEAVY_SKEW:
            flags.append('heavy_tail')
    return flags
