"""A table read otherwise than its cells tell, because somebody has decided so.

A value still depends on its cell and the plan alone: what was decided changes the plan, and is kept in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from .cells import numbers
from .cells.texts import fold
from .columns import recounted, understand_columns
from .distinct import Distinct, distinct_of
from .parse import parse
from .plan import ColumnPlan, Evidence, Form, Reason, TablePlan, Token
from .raw import Cells, RawTable, whole
from .read import read_raw
from .restored_lines import with_lines
from .retyped import as_kind, with_levels
from .understand import Files

_DECIDED = 'it was decided so'
_DAY_OR_MONTH = re.compile(r'%[dm]([-/. ])%[dm]')


@dataclass(frozen=True)
class ReadingDecisions:
    """What was decided of a table; columns by their names."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    #: texts that stand for no value, blanks apart
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what the one mark before three digits means: `decimal` or `thousands`
    marks: Mapping[str, str] = field(default_factory=dict)
    #: what stands first in a date: `day` or `month`
    orders: Mapping[str, str] = field(default_factory=dict)
    #: lines that look like no data and are rows
    lines: tuple[Reason, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns that are read otherwise."""
        return tuple(dict.fromkeys([*self.kinds, *self.missing, *self.marks, *self.orders]))


def plan_as_decided(file: Files, plan: TablePlan, decisions: ReadingDecisions) -> TablePlan:
    """The plan of the file as it was decided, with its counts."""
    if not decisions.names and not decisions.lines:
        return plan
    located = replace(plan, file=with_lines(plan.file, decisions.lines))
    table = read_raw(file, located)
    if decisions.lines:
        located = _understood_again(located, table)
    places = {name: place for place, name in enumerate(table.names)}
    for name in decisions.names:
        column = _column_as_decided(located.column(name), decisions)
        if column != located.column(name):
            located = located.with_column(_counted(column, whole(table.columns[places[name]])))
    return located


def _understood_again(plan: TablePlan, table: RawTable) -> TablePlan:
    """What stands in the lines that are rows now may change what a column is."""
    columns = understand_columns(table, plan.file.delimiter)
    return replace(
        plan,
        columns=tuple(
            replace(now, evidence=(*now.evidence, *_besides(before, now)))
            for before, now in zip(plan.columns, columns, strict=True)
        ),
    )


def _besides(before: ColumnPlan, now: ColumnPlan) -> tuple[Evidence, ...]:
    """What was known of the column before its cells were looked at."""
    found = {one.finding for one in now.evidence}
    return tuple(one for one in before.evidence if one.finding not in found)


def _column_as_decided(column: ColumnPlan, decisions: ReadingDecisions) -> ColumnPlan:
    found = as_kind(column, decisions.kinds.get(column.name, column.kind))
    if column.name in decisions.marks:
        found = with_marks(found, decisions.marks[column.name])
    if column.name in decisions.orders:
        found = with_order(found, decisions.orders[column.name])
    if column.name in decisions.missing:
        found = with_missing(found, decisions.missing[column.name])
    return found


def tokens_of(column: ColumnPlan) -> tuple[str, ...]:
    """The texts that stand for no value in a column, blanks apart."""
    return tuple(dict.fromkeys(token.text for token in (*column.missing, *column.sentinels) if token.text))


def with_missing(column: ColumnPlan, texts: tuple[str, ...]) -> ColumnPlan:
    """The column with these texts, and no others but blanks, for what stands for no value."""
    chosen, held = dict.fromkeys(map(fold, texts)), dict.fromkeys(map(fold, tokens_of(column)))
    if set(chosen) == set(held):
        return column
    words = [word for word in column.form.missing if word not in held or word in chosen]
    figures = _numbers_of(column.form, tuple(chosen))
    words += [word for word in chosen if word not in words and word not in figures]
    form = replace(
        column.form,
        missing=tuple(words),
        sentinels=tuple(dict.fromkeys(figures.values())),
        labels={label: text for label, text in column.form.labels.items() if label not in chosen},
    )
    before = {fold(token.text): token for token in (*column.missing, *column.sentinels)}
    tokens = {word: before.get(word) or Token(word, 0, _DECIDED) for word in chosen}
    return replace(
        column,
        form=form,
        missing=tuple(token for word, token in tokens.items() if word not in figures),
        sentinels=tuple(token for word, token in tokens.items() if word in figures),
        evidence=(*column.evidence, Evidence('missing', _DECIDED)),
        questions=tuple(one for one in column.questions if not one.key.endswith('.missing')),
    )


def _numbers_of(form: Form, words: tuple[str, ...]) -> dict[str, float]:
    """Which of the texts are numbers of the column, as their cells would be read."""
    if form.type not in ('integer', 'float') or form.clock or form.epoch:
        return {}
    values, known = numbers.read(pa.array(words, pa.string()), form)
    finite = known & np.isfinite(values)
    return {
        word: float(value) for word, value, is_number in zip(words, values, finite, strict=True) if is_number
    }


def with_marks(column: ColumnPlan, meaning: str) -> ColumnPlan:
    """The column with the mark that stands before three digits for decimals, or for thousands."""
    form = column.form
    if meaning == 'thousands' and not form.thousands:
        other = ',' if form.decimal == '.' else '.'
        form = replace(form, decimal=other, thousands=form.decimal)
    elif meaning == 'decimal' and form.thousands:
        form = replace(form, type='float', decimal=form.thousands, thousands='')
    return _read_so(column, form, '.decimal', 'decimal')


def with_order(column: ColumnPlan, first: str) -> ColumnPlan:
    """The column with the day, or the month, first in its dates."""
    order = {'day': r'%d\1%m', 'month': r'%m\1%d'}[first]
    names = tuple(dict.fromkeys(_DAY_OR_MONTH.sub(order, name) for name in column.form.formats))
    return _read_so(column, replace(column.form, formats=names), '.date_order', 'kind')


def _read_so(column: ColumnPlan, form: Form, question: str, finding: str) -> ColumnPlan:
    """The question is answered, whether the form has changed or not."""
    kind = 'number' if form.type == 'float' and column.form.type == 'integer' else column.kind
    return replace(
        column,
        kind=kind,
        form=form,
        evidence=(*column.evidence, Evidence(finding, _DECIDED)),
        questions=tuple(one for one in column.questions if not one.key.endswith(question)),
    )


def _counted(column: ColumnPlan, cells: Cells) -> ColumnPlan:
    found = recounted(column, cells)
    if any(not token.count for token in (*found.missing, *found.sentinels)):
        held = distinct_of(cells)
        found = replace(found, missing=_tokens(found.missing, held), sentinels=_tokens(found.sentinels, held))
    return with_levels(found, parse(found, cells)) if found.form.type == 'text' else found


def _tokens(tokens: tuple[Token, ...], held: Distinct) -> tuple[Token, ...]:
    """With how often each stands there, also those that were named by a person."""
    return tuple(replace(token, count=token.count or held.count_of(fold(token.text))) for token in tokens)
