"""Quick features: every column as numbers that a tree can use, made without learning anything from the target.

Good enough to find out whether something is there. What models learn from is `tempera.tables.features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..plan import ColumnPlan, TablePlan

NUMERIC = ('integer', 'number', 'count', 'money', 'percent', 'duration', 'year')
MOMENTS = ('date', 'datetime')
CODED = ('category', 'ordinal', 'boolean', 'code', 'identifier')
#: columns taken for trials of a wide table: those that tell most by themselves
MOST_COLUMNS = 120
#: labels that may be learned one by one; and the share of rows with a label of their own from which on they are words
MOST_LABELS = 30
OFTEN_ALONE = 0.4
_WORDS = 40


@dataclass(frozen=True)
class Quick:
    """Rows as numbers: one block of columns for each column of the table, and which of them are codes."""

    blocks: dict[str, pd.DataFrame]

    def matrix(self, names: list[str]) -> pd.DataFrame:
        """The blocks of these columns side by side."""
        chosen = [self.blocks[name] for name in names if name in self.blocks]
        if not chosen:
            return pd.DataFrame(index=next(iter(self.blocks.values())).index if self.blocks else None)
        return pd.concat(chosen, axis=1)


def quick_features(plan: TablePlan, frame: pd.DataFrame, names: list[str]) -> Quick:
    """Of these columns of a typed frame."""
    return Quick({name: block_of(plan.column(name), frame[name]) for name in names})


def block_of(column: ColumnPlan, values: pd.Series) -> pd.DataFrame:
    """One column as numbers, named by position so that any name of a column may come."""
    made = _numbers_of(column, values)
    return pd.DataFrame(
        {
            f'c{column.position}_{part}': np.asarray(numbers, dtype='float64')
            for part, numbers in made.items()
        },
        index=values.index,
    )


def is_wordy(column: ColumnPlan, values: pd.Series) -> bool:
    """Labels of which so many stand in one row alone that only their words can tell anything."""
    if column.kind != 'category':
        return False
    return bool(values.nunique() > max(MOST_LABELS, OFTEN_ALONE * len(values)))


def numbers(values: pd.Series) -> pd.Series:
    """As float64, gaps and infinities as NaN."""
    if pd.api.types.is_timedelta64_dtype(values):
        values = values.dt.total_seconds()
    found = pd.to_numeric(values, errors='coerce').astype('float64')
    return found.replace([np.inf, -np.inf], np.nan)


def seconds(values: pd.Series) -> pd.Series:
    """Moments as seconds since 1970, NaN where there is none."""
    moments = pd.to_datetime(values, utc=True, errors='coerce')
    found = moments.dt.as_unit('ns').astype('int64').astype('float64') / 1e9
    return found.where(moments.notna())


def codes(values: pd.Series) -> pd.Series:
    """Labels as whole numbers in order of the label, NaN for gaps: the same whatever order the rows have."""
    texts = texts_of(values)
    found = pd.Series(pd.Categorical(texts, categories=sorted(texts.dropna().unique())).codes, values.index)
    return found.astype('float64').where(found >= 0)


def texts_of(values: pd.Series) -> pd.Series:
    """Labels as texts, gaps kept as gaps."""
    return values.map(_text, na_action='ignore').astype('object').where(values.notna(), None)


def labels_or_numbers(values: pd.Series, problem: str) -> pd.Series:
    """The target's values as they are learned: texts of labels, or numbers."""
    return numbers(values) if problem == 'regression' else texts_of(values)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _numbers_of(column: ColumnPlan, values: pd.Series) -> dict[str, Any]:
    if column.kind in NUMERIC or (column.kind == 'constant' and pd.api.types.is_numeric_dtype(values)):
        return {'number': numbers(values)}
    if column.kind in MOMENTS:
        return _moments(values)
    if column.kind == 'time':
        return {'seconds': _time_of_day(values)}
    if column.kind == 'text' or is_wordy(column, values):
        return _texts(values)
    if column.kind == 'list':
        return _lists(values)
    if column.kind == 'record':
        return _records(values)
    if column.kind == 'coordinates':
        pairs = values.map(
            lambda pair: pair if isinstance(pair, tuple | list) and len(pair) == 2 else (np.nan, np.nan)
        )
        return {'first': pairs.map(lambda pair: pair[0]), 'second': pairs.map(lambda pair: pair[1])}
    return {'code': codes(values)}


def _moments(values: pd.Series) -> dict[str, Any]:
    moments = pd.to_datetime(values, utc=True, errors='coerce')
    return {
        'moment': seconds(values),
        'month': moments.dt.month,
        'weekday': moments.dt.day_of_week,
        'hour': moments.dt.hour + moments.dt.minute / 60,
    }


def _time_of_day(values: pd.Series) -> pd.Series:
    if pd.api.types.is_timedelta64_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return numbers(values)
    return pd.to_timedelta(values.astype('string'), errors='coerce').dt.total_seconds()


def _texts(values: pd.Series) -> dict[str, Any]:
    texts = texts_of(values).fillna('')
    words = texts.str.lower().str.findall(r'\w+')
    counts = pd.Series([word for row in words for word in set(row)]).value_counts()
    common = sorted(counts[counts >= max(3, 0.01 * len(texts))].head(_WORDS).index)
    held = {
        f'word{at}': words.map(lambda row, word=word: float(word in row)) for at, word in enumerate(common)
    }
    return {'characters': texts.str.len(), 'words': words.map(len), **held}


def _lists(values: pd.Series) -> dict[str, Any]:
    rows = values.map(
        lambda one: [str(item) for item in one] if isinstance(one, list | tuple | np.ndarray) else []
    )
    counts = pd.Series([item for row in rows for item in set(row)]).value_counts()
    common = sorted(counts.head(_WORDS).index)
    held = {
        f'item{at}': rows.map(lambda row, item=item: float(item in row)) for at, item in enumerate(common)
    }
    return {'length': rows.map(len), **held}


def _records(values: pd.Series) -> dict[str, Any]:
    rows = values.map(lambda one: one if isinstance(one, dict) else {})
    names = sorted({name for row in rows for name in row})[:_WORDS]
    made: dict[str, Any] = {}
    for at, name in enumerate(names):
        field = rows.map(lambda row, name=name: row.get(name))
        as_number = numbers(field)
        made[f'field{at}'] = as_number if as_number.notna().sum() >= field.notna().sum() / 2 else codes(field)
    return made or {'none': rows.map(len)}
