"""How a column stands to the others of its table: first or last, one of a series, made of another, one of a pair."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...plan import ColumnPlan, TablePlan
from .. import words
from ..quick import NUMERIC, numbers
from .amounts import event_of

#: fewer columns under one stem with numbers are no series
_LEAST_SERIES = 3
#: the same, of columns whose names start with one word
_LEAST_SPOKEN = 6
_STEM = re.compile(r'(.*?\D)[ _.-]?\d+')
#: rows and columns that are looked at for columns that are made of others
_ROWS, _COLUMNS = 500, 120
#: from so many different values on an equal order is no chance
_LEAST_VALUES = 10
#: correlation of ranks of a function of one column, and of one column among a product's
_FUNCTION, _PART = 0.9995, 0.3
_SQUARED = re.compile(r'(?:sq|squared|[_^]?2|[_ ]sq)$')


@dataclass(frozen=True)
class Standing:
    """Of all columns of a table, by name."""

    first: str
    last: str
    #: column of a series → its stem
    series: dict[str, str]
    #: column → the one that it is made of
    made_of: dict[str, str]
    #: columns whose square stands beside them: what a model is fed
    squared: frozenset[str]
    #: a time and whether it had ended
    pairs: dict[str, str]
    #: how many columns are of one sort: `two values`, `labels`
    sorts: Counter[str]


def standing_of(plan: TablePlan, frame: pd.DataFrame) -> Standing:
    """What position, names and order of values tell."""
    made_of = _made_of(plan, frame)
    able = [column for column in plan.columns if _can_lead(column)]
    return Standing(
        first=able[0].name if able else '',
        last=plan.columns[-1].name,
        series=_series(plan),
        made_of=made_of,
        squared=frozenset(
            base for name, base in made_of.items() if _SQUARED.search(name.lower().removeprefix(base.lower()))
        ),
        pairs=_pairs(plan),
        sorts=Counter(sort for column in plan.columns if (sort := sort_of(column))),
    )


def sort_of(column: ColumnPlan) -> str:
    """What kind of a target it would be."""
    if column.kind == 'boolean' or column.distinct == 2:
        return 'two values'
    if column.kind in ('category', 'ordinal'):
        return 'labels'
    return 'numbers' if column.kind in NUMERIC and column.kind != 'year' else ''


def _can_lead(column: ColumnPlan) -> bool:
    """Names and moments stand before what is told of them, and the first column is the one after them."""
    return (
        bool(sort_of(column))
        and not words.names_subject(column.name)
        and not words.says(column.name, words.BACKGROUND | words.IDENTIFIER)
    )


def _series(plan: TablePlan) -> dict[str, str]:
    """Columns under one stem with numbers (`x1` … `x9`), or many that start with one word (`against_bug`, …)."""
    numbered = {column.name: found[1] for column in plan.columns if (found := _STEM.fullmatch(column.name))}
    spoken = {
        column.name: parts[0] for column in plan.columns if len(parts := words.words_of(column.name)) > 1
    }
    return _of_many(spoken, _LEAST_SPOKEN) | _of_many(numbered, _LEAST_SERIES)


def _of_many(stems: dict[str, str], least: int) -> dict[str, str]:
    sizes = Counter(stems.values())
    return {name: stem for name, stem in stems.items() if sizes[stem] >= least}


def _pairs(plan: TablePlan) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in plan.columns:
        event = event_of(plan, column) if sort_of(column) == 'numbers' else ''
        if event:
            found |= {column.name: event, event: column.name}
    return found


def _made_of(plan: TablePlan, frame: pd.DataFrame) -> dict[str, str]:
    """Logarithms, squares and other units of a column, and products that are named so."""
    able = [
        column.name
        for column in plan.columns
        if sort_of(column) == 'numbers' and column.distinct >= _LEAST_VALUES
    ][:_COLUMNS]
    if len(able) < 2:
        return {}
    step = max(1, len(frame) // _ROWS)
    ranks = pd.DataFrame({name: numbers(frame[name].iloc[::step]) for name in able}).rank()
    alike = ranks.corr(min_periods=_LEAST_VALUES).abs().to_numpy()
    places = {name: at for at, name in enumerate(able)}
    found: dict[str, str] = {}
    for name in able:
        for base in able:
            if base == name or found.get(base) == name:
                continue
            same = float(np.nan_to_num(alike[places[name], places[base]]))
            if (same >= _FUNCTION and _is_of(name, base, places)) or (same >= _PART and _spells(name, base)):
                found[name] = base
                break
    return found


def _is_of(name: str, base: str, places: dict[str, int]) -> bool:
    """Of two that go together the one whose name holds the other's is made of it, else the one behind."""
    if base.lower() in name.lower():
        return True
    return name.lower() not in base.lower() and places[base] < places[name]


def _spells(name: str, base: str) -> bool:
    """`income_sq`, `pressure_area`: named by the column and what was done to it."""
    rest = name.lower().removeprefix(base.lower())
    if rest == name.lower() or len(base) < 3:
        return False
    return bool(_SQUARED.fullmatch(rest)) or rest.startswith(('_', '.', ' x ', '*', '/'))
