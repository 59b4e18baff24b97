"""Columns that name things: by their words, by the form of their values, or by the level that each value has."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution

from ..plan import ColumnPlan, TablePlan
from . import words
from .quick import numbers, texts_of
from .trials import Answer

#: fewer groups than these cannot be dealt to three splits
FEWEST_GROUPS = 8
#: rows of a group, on average, from which on it matters where they stand
FEWEST_ROWS_EACH = 1.5
#: the same, up to which enough whole groups stand in a sample
MOST_ROWS_EACH = 40
#: share of rows with a value of their own from which on names tell nothing of new rows
EACH_ITS_OWN = 0.95
#: share of groups with one answer alone that no chance explains
CONSTANT_SHARE = 0.9
#: different values from which on it can be seen whether they measure or name
FEWEST_NAMES = 20
#: share of the spread that lies between values, and how unlike neighbours must be: 1 where they have nothing in common
_LEVELS, _UNLIKE, _SURE = 0.2, 0.7, 1e-4
#: share of the values that must have several rows
_SEVERAL = 0.8
_MOST_LABELS = 5
#: kinds whose values are no names, whatever they are called
_NO_NAMES = ('constant', 'empty', 'boolean', 'list', 'record', 'date', 'datetime', 'time', 'duration')
#: share of the rows that are one above the row before where something is counted again and again
_IN_STEPS = 0.8
#: words that end the names of things, and of steps
_OF_STEPS = ('number', 'num', 'nummer', 'no', 'nr', 'n')
#: digits and letters mixed, as codes are written
_CODED_SHARE, _SHORTEST_CODE = 0.85, 4


def points_of(column: ColumnPlan, values: pd.Series, answer: Answer, once: np.ndarray) -> int:
    """How likely rows are taken from what this column names; 0 where nothing says so. `once` marks rows of which no two
    are alike: where rows are repeated any column seems to know them by name."""
    points = likeness(column, values)
    if points:
        return points
    single, goal = values[once], answer.take(values.index[once])
    return int(_is_scrambled(column, single, goal) or _has_one_answer_each(column, single, goal))


def names_rows(column: ColumnPlan, values: pd.Series) -> bool:
    """Whether (nearly) every row has a name of its own here, be it a number: those to come have others."""
    if column.kind != 'identifier' and not (column.kind == 'integer' and words.names_rows(column.name)):
        return False
    known = values.dropna()
    return bool(known.nunique() > EACH_ITS_OWN * len(known))


def units_of(plan: TablePlan, frame: pd.DataFrame) -> np.ndarray | None:
    """The rows' things, where a column names them and each has a few rows: what a sample must draw as a whole."""
    best: tuple[int, pd.Series] | None = None
    for column in plan.columns:
        if column.kind != 'identifier' and not words.names_subject(column.name):
            continue
        values = frame[column.name]
        points = likeness(column, values)
        if points and len(values) / values.nunique() <= MOST_ROWS_EACH and (best is None or points > best[0]):
            best = points, values
    return None if best is None else group_keys(best[1])


def likeness(column: ColumnPlan, values: pd.Series) -> int:
    """How much a column looks like names of things; 0 for none at all."""
    distinct, known = values.astype('string').nunique(), int(values.notna().sum())
    if column.kind in _NO_NAMES:
        return 0
    if distinct < FEWEST_GROUPS or known / distinct < FEWEST_ROWS_EACH or known < len(values) / 2:
        return 0
    if (
        column.kind == 'text'
        and values.dropna().astype('string').str.contains(' ', regex=False).mean() > 0.05
    ):
        return 0
    if column.kind in ('money', 'percent', 'year', 'ordinal', 'coordinates'):
        return 0
    if words.is_part_of_a_name(column.name) or _counts_up(column, values):
        return 0
    points = 4 * words.names_subject(column.name) + 2 * words.says(column.name, words.PLACE)
    points += 3 * ends_in_identifier(column.name) + 3 * (column.kind in ('identifier', 'code'))
    points += 3 * (_is_numbered(values) or _is_coded(values)) + 2 * _stands_together(values)
    if column.kind in ('number', 'count', 'integer'):
        if (numbers(values).dropna() % 1 != 0).any():
            # what has decimals is measured, whatever it is called: `V_ref`
            return 0
        return points if _names_a_thing(column.name) and not _is_an_amount(column) else 0
    return points


def _names_a_thing(name: str) -> bool:
    """`machine`, `patient_id`: the name of one thing, where `members` and `driver_age` are amounts."""
    found = words.words_of(name)
    things = words.SUBJECT | words.PLACE
    if len(found) == 1 and found[0] not in things and words.names_subject(name):
        # `customers` are an amount, `customerid` is a name
        return not found[0].endswith('s')
    return bool(found) and (found[-1] in things or (found[-1] in words.IDENTIFIER and len(found) > 1))


def _is_an_amount(column: ColumnPlan) -> bool:
    """`education-num`: a few numbers under the number of something that is no subject are steps of it."""
    found = words.words_of(column.name)
    return bool(column.levels) and found[-1] in _OF_STEPS and not words.names_subject(column.name)


def ends_in_identifier(name: str) -> bool:
    """`order_no`, `ref`: called as what tells things apart."""
    found = words.words_of(name)
    return bool(found) and found[-1] in words.IDENTIFIER


def names_surely(column: ColumnPlan) -> bool:
    """By a word that nothing but things stand under: a number, a code or a reference may be of anything."""
    found = words.words_of(column.name)
    last = bool(found) and found[-1] in words.STRICT_IDENTIFIER
    return column.kind == 'identifier' or words.names_subject(column.name) or last


def few_of(column: ColumnPlan, values: pd.Series) -> int:
    """How many things a column names, where they are too few to hold some of them out; else 0."""
    if column.kind in (*_NO_NAMES, 'text') or not (_names_a_thing(column.name) and names_surely(column)):
        return 0
    count = int(values.nunique())
    return count if 2 <= count < FEWEST_GROUPS else 0


def _counts_up(column: ColumnPlan, values: pd.Series) -> bool:
    """A trial's, a round's or a visit's number: it grows by one from row to row and begins again, and names nothing."""
    named = names_surely(column) or words.says(column.name, words.PLACE)
    if named or column.kind not in ('integer', 'count', 'number'):
        return False
    steps = np.diff(numbers(values.sort_index()).dropna().to_numpy())
    return len(steps) > 0 and bool((steps == 1).mean() >= _IN_STEPS and (steps < 0).any())


def _is_numbered(values: pd.Series) -> bool:
    """Values of one form with a running number: P017, machine-4, user 12."""
    if pd.api.types.is_numeric_dtype(values):
        return False
    texts = pd.Series(texts_of(values).dropna().unique()[:200])
    forms = texts.str.replace(r'\d+', '0', regex=True)
    return bool(texts.str.contains(r'\d', regex=True).mean() > 0.95 and forms.nunique() <= 2)


def _is_coded(values: pd.Series) -> bool:
    """Codes of one length in which digits are mixed with letters: 5f3ab912, 1042-KBD."""
    if pd.api.types.is_numeric_dtype(values):
        return False
    texts = pd.Series(texts_of(values).dropna().unique()[:200], dtype='object').astype('string')
    lengths = texts.str.len()
    if texts.empty or lengths.min() < _SHORTEST_CODE or np.ptp(lengths.to_numpy(dtype='int64')) > 1:
        return False
    mixed = texts.str.contains(r'\d', regex=True) & texts.str.contains(r'[^\W\d_]', regex=True)
    return bool(mixed.mean() >= _CODED_SHARE and not texts.str.contains(r'\s', regex=True).any())


def _is_scrambled(column: ColumnPlan, values: pd.Series, answer: Answer) -> bool:
    """Whole numbers of which each has a level of the target of its own while the next number has another one: they name
    things, whatever they are called. Of what is measured, neighbours have levels that are alike."""
    if column.kind != 'integer':
        return False
    figures = numbers(values)
    sizes = figures.value_counts()
    if len(sizes) < FEWEST_NAMES or sizes.mean() < 2 or (sizes >= 2).mean() < _SEVERAL:
        return False
    # what is measured in hundreds is no name
    if int(np.gcd.reduce(sizes.index.to_numpy(dtype='int64'))) > 1:
        return False
    return any(_has_levels(figures, goal) for goal in _goals(answer))


def _goals(answer: Answer) -> list[pd.Series]:
    if not answer.is_classes:
        return [answer.values]
    common = answer.values.value_counts().index[:_MOST_LABELS]
    return [(answer.values == label).astype('float64') for label in common[: 1 if len(common) == 2 else None]]


def _has_levels(figures: pd.Series, goal: pd.Series) -> bool:
    """Whether the goal's spread lies between the figures' values (an F test) and neighbours have nothing in common."""
    seen = pd.DataFrame({'figure': figures, 'goal': goal}).dropna().groupby('figure')['goal']
    sizes, means, spreads = seen.size(), seen.mean(), seen.var().fillna(0.0)
    rows, count = int(sizes.sum()), len(sizes)
    if rows - count < count / 2:
        return False
    within = float(((sizes - 1) * spreads).sum()) / (rows - count)
    middle = float((sizes * means).sum()) / rows
    between = float((sizes * (means - middle) ** 2).sum()) / (count - 1)
    ratio = between / within if within > 0 else np.inf
    each = rows / count
    share = 1.0 if ratio == np.inf else (ratio - 1) / (ratio - 1 + each)
    if share < _LEVELS or f_distribution.sf(ratio, count - 1, rows - count) > _SURE:
        return False
    spread = float(means.var())
    return spread > 0 and float((np.diff(means.to_numpy()) ** 2).mean()) / (2 * spread) >= _UNLIKE


def _has_one_answer_each(column: ColumnPlan, values: pd.Series, answer: Answer) -> bool:
    """Many labels with several rows each, and all rows of a label have one answer."""
    distinct, known = values.nunique() if column.kind == 'category' else 0, int(values.notna().sum())
    if distinct < FEWEST_NAMES or known / distinct < 2:
        return False
    keys = group_keys(values)
    share = constant_share(keys, answer)
    return share >= CONSTANT_SHARE and share > constant_by_chance(keys, answer) + 0.2


def _stands_together(values: pd.Series) -> bool:
    """Rows of a value follow each other in the file."""
    in_file = values.sort_index()
    keys = group_keys(in_file)
    runs = 1 + int((np.diff(keys) != 0).sum())
    distinct = len(np.unique(keys))
    return runs <= 1.2 * distinct and distinct < 0.7 * len(keys)


def group_keys(values: pd.Series) -> np.ndarray:
    """A whole number for each row: that of its value; rows without one are groups of their own."""
    codes: np.ndarray = np.array(pd.Categorical(texts_of(values)).codes, dtype='int64')
    alone = codes < 0
    codes[alone] = codes.max(initial=0) + 1 + np.arange(int(alone.sum()))
    return codes


def constant_share(keys: np.ndarray, answer: Answer) -> float:
    """Share of the groups of two rows or more in which the target is one value."""
    values = answer.values.to_numpy()
    seen = pd.DataFrame({'key': keys, 'value': values}).groupby('key')['value'].agg(['size', 'min', 'max'])
    several = seen[seen['size'] >= 2]
    if several.empty:
        return 0.0
    spread = 0.0 if answer.is_classes else 1e-9 * float(np.ptp(values))
    return float((several['max'] - several['min'] <= spread).mean())


def answer_alike(keys: np.ndarray, answer: Answer) -> bool:
    """Whether the groups of one answer nearly all have the same one, which is not that of nearly all rows: then being
    there at all tells the answer, and not which group it is."""
    if not answer.is_classes:
        return False
    values = answer.values.to_numpy()
    seen = pd.DataFrame({'key': keys, 'value': values}).groupby('key')['value'].agg(['size', 'min', 'max'])
    first = seen.loc[(seen['size'] >= 2) & (seen['min'] == seen['max']), 'min']
    if first.empty:
        return False
    label = first.mode().iloc[0]
    return bool((first == label).mean() >= 0.95 and (values == label).mean() <= 0.9)


def constant_by_chance(keys: np.ndarray, answer: Answer) -> float:
    """The same share when the target's values are dealt out anew."""
    dealt = np.random.default_rng(0).permutation(answer.values.to_numpy())
    return constant_share(keys, Answer(pd.Series(dealt, index=answer.values.index), answer.is_classes))
