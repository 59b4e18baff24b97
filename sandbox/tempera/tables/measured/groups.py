"""Rows that belong together: the same patient, machine, shop. Candidates are found and then tried.

A column whose rows share a value is a group where (1) it names things that rows are taken from (by its name, by the
form of its values, or because its rows stand together in the file), and (2) either the target hardly changes within a
value, or cross-validation by rows scores clearly better than by groups: then a model learns the things by heart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..plan import ColumnPlan, TablePlan
from . import words
from .findings import GroupFinding, Trial
from .quick import Quick, numbers, texts_of
from .trials import Answer, compare, group_folds, random_folds, skills
from .work import Work

#: fewer groups than these cannot be dealt to three splits
FEWEST_GROUPS = 8
#: rows of a group, on average, from which on it matters where they stand
FEWEST_ROWS_EACH = 1.5
#: the same, up to which enough whole groups stand in a sample
MOST_ROWS_EACH = 40
#: share of groups with one answer alone that no chance explains
CONSTANT_SHARE = 0.9
_MOST_CANDIDATES = 8
#: different numbers from which on neighbours tell whether numbers measure or name
_FEWEST_SCRAMBLED = 20
_ONE_ANSWER = 0.8
#: words that end the names of things, and of steps
_OF_STEPS = ('number', 'num', 'nummer', 'no', 'nr', 'n')


@dataclass(frozen=True)
class Rows:
    """The rows that trials are made on: quick features, target, and the frame itself in the same order."""

    frame: pd.DataFrame
    quick: Quick
    answer: Answer


@dataclass(frozen=True)
class Looking:
    """What groups are looked for in: rows, the columns that may name them, those that trials learn from, and when each
    row was seen (in seconds) where the table has a time: what is seen all along it comes again and is no group."""

    rows: Rows
    candidates: list[str]
    inputs: list[str]
    moment: np.ndarray | None


def find_groups(plan: TablePlan, looking: Looking, work: Work) -> tuple[GroupFinding, ...]:
    """Every candidate with its numbers, those that keep rows together first."""
    frame = looking.rows.frame
    scored = [
        (_points(column, frame[column.name], looking.rows.answer), column)
        for column in map(plan.column, looking.candidates)
    ]
    likely = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])[:_MOST_CANDIDATES]
    found = [_judge(column, looking, work) for _, column in likely]
    return tuple(sorted(found, key=lambda one: (not one.keeps_together, one.confirm, -one.groups)))


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


def subjects_of(plan: TablePlan, frame: pd.DataFrame, answer: Answer, names: list[str]) -> np.ndarray | None:
    """The rows' groups by the likeliest of these columns that names things which have one answer each; None without.

    Found before anything is learned: where whole subjects have one answer, whatever recognises a subject seems to tell
    the answer, and would be taken for a leak if its rows stood on both sides.
    """
    best: tuple[int, np.ndarray] | None = None
    for name in names:
        points = _points(plan.column(name), frame[name], answer)
        if points == 0 or (best is not None and points <= best[0]):
            continue
        keys = group_keys(frame[name])
        constant = _constant_share(keys, answer)
        if constant >= CONSTANT_SHARE and constant > _constant_by_chance(keys, answer) + 0.2:
            best = points, keys
    return None if best is None else best[1]


def _points(column: ColumnPlan, values: pd.Series, answer: Answer) -> int:
    return likeness(column, values) or int(_is_scrambled(column, values, answer))


def _is_scrambled(column: ColumnPlan, values: pd.Series, answer: Answer) -> bool:
    """Whole numbers whose rows have one answer each while the next number has another one: they name things, whatever
    they are called, as what is measured would give neighbours answers that are alike."""
    if column.kind != 'integer' or not answer.is_classes:
        return False
    figures = numbers(values)
    keys = group_keys(values)
    several = figures.nunique() >= _FEWEST_SCRAMBLED and figures.notna().sum() / figures.nunique() >= 2
    if not several or _constant_share(keys, answer) < CONSTANT_SHARE:
        return False
    if _constant_by_chance(keys, answer) + 0.2 > CONSTANT_SHARE:
        return False
    goals = pd.DataFrame({'figure': figures, 'answer': answer.values}).groupby('figure')['answer'].first()
    alike = float((goals.to_numpy()[1:] == goals.to_numpy()[:-1]).mean())
    by_chance = float((goals.value_counts(normalize=True) ** 2).sum())
    if by_chance > _ONE_ANSWER:
        # nearly all have the same answer: neighbours that are alike tell nothing
        return False
    return alike < by_chance + 0.5 * (1 - by_chance)


def group_keys(values: pd.Series) -> np.ndarray:
    """A whole number for each row: that of its value; rows without one are groups of their own."""
    codes: np.ndarray = np.array(pd.Categorical(texts_of(values)).codes, dtype='int64')
    alone = codes < 0
    codes[alone] = codes.max(initial=0) + 1 + np.arange(int(alone.sum()))
    return codes


def likeness(column: ColumnPlan, values: pd.Series) -> int:
    """How much a column looks like names of things; 0 for none at all."""
    distinct, known = values.astype('string').nunique(), int(values.notna().sum())
    if column.kind in (
        'constant',
        'empty',
        'boolean',
        'list',
        'record',
        'date',
        'datetime',
        'time',
        'duration',
    ):
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
    points = 4 * words.names_subject(column.name) + 2 * words.says(column.name, words.PLACE)
    points += 3 * _ends_in_identifier(column.name) + 3 * (column.kind in ('identifier', 'code'))
    points += 3 * _is_numbered(values) + 2 * _stands_together(values)
    if column.kind in ('number', 'count', 'integer'):
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


def _ends_in_identifier(name: str) -> bool:
    found = words.words_of(name)
    return bool(found) and found[-1] in words.IDENTIFIER


def _is_numbered(values: pd.Series) -> bool:
    """Values of one form with a running number: P017, machine-4, user 12."""
    if pd.api.types.is_numeric_dtype(values):
        return False
    texts = pd.Series(texts_of(values).dropna().unique()[:200])
    forms = texts.str.replace(r'\d+', '0', regex=True)
    return bool(texts.str.contains(r'\d', regex=True).mean() > 0.95 and forms.nunique() <= 2)


def _stands_together(values: pd.Series) -> bool:
    """Rows of a value follow each other in the file."""
    in_file = values.sort_index()
    keys = group_keys(in_file)
    runs = 1 + int((np.diff(keys) != 0).sum())
    distinct = len(np.unique(keys))
    return runs <= 1.2 * distinct and distinct < 0.7 * len(keys)


def _judge(column: ColumnPlan, looking: Looking, work: Work) -> GroupFinding:
    rows = looking.rows
    inputs = [name for name in looking.inputs if name != column.name]
    keys = group_keys(rows.frame[column.name])
    counts = pd.Series(keys).value_counts()
    constant = _constant_share(keys, rows.answer)
    chance = _constant_by_chance(keys, rows.answer)
    trial = _trial(column, keys, rows, inputs, work)
    finding = GroupFinding(
        column=column.name,
        groups=len(counts),
        rows_each=round(float(counts.mean()), 2),
        constant_target=round(constant, 4),
        trial=trial,
        keeps_together=False,
        because='',
    )
    return _decided(finding, column, constant, chance, _is_panel(keys, looking.moment))


def _decided(
    finding: GroupFinding, column: ColumnPlan, constant: float, chance: float, panel: bool
) -> GroupFinding:
    name, trial = column.name, finding.trial
    subject = words.names_subject(name) or column.kind == 'identifier' or _ends_in_identifier(name)
    place = column.kind == 'code' or (words.says(name, words.PLACE) and not words.names_subject(name))
    learned = trial is not None and trial.is_real
    if panel and not (constant >= CONSTANT_SHARE and constant > chance + 0.2):
        because = f'the same values of `{name}` are seen all along the time: those to come are known ones'
        return replace(finding, because=because)
    if constant >= CONSTANT_SHARE and constant > chance + 0.2:
        because = (
            f'all rows of a value of `{name}` have one answer in {constant:.0%} of its '
            f'{finding.groups:,} values: '
            'with rows of it on both sides a model need only recognise it'
        )
        return replace(finding, keeps_together=True, because=because)
    if learned and trial is not None:
        because = (
            f'cross-validated by rows a quick learner has a skill of {trial.first_skill:.2f}, with '
            'whole values of '
            f'`{name}` held out {trial.second_skill:.2f}: it learns them by heart'
        )
        return replace(finding, keeps_together=subject or not place, because=because, confirm=not subject)
    if subject and finding.rows_each >= 2:
        because = f'`{name}` names what rows were taken from; that it is learned by heart was not seen here'
        return replace(finding, keeps_together=True, because=because, confirm=True)
    return replace(finding, because=f'held out by `{name}` or not, the score is the same')


def _trial(column: ColumnPlan, keys: np.ndarray, rows: Rows, inputs: list[str], work: Work) -> Trial | None:
    matrix = rows.quick.matrix(inputs)
    by_rows, by_groups = random_folds(rows.answer, repeats=1), group_folds(rows.answer, keys, repeats=1)
    fits = len(by_rows) + len(by_groups)
    if not by_groups or not work.take(f'groups by `{column.name}`', fits, len(matrix), matrix.shape[1] + 1):
        return None
    memory = pd.Series(keys, index=matrix.index)
    return compare(
        'by rows',
        'by groups',
        skills(matrix, rows.answer, by_rows, memory),
        skills(matrix, rows.answer, by_groups, memory),
        len(matrix),
    )


def _constant_share(keys: np.ndarray, answer: Answer) -> float:
    """Share of the groups of two rows or more in which the target is one value."""
    values = answer.values.to_numpy()
    seen = pd.DataFrame({'key': keys, 'value': values}).groupby('key')['value'].agg(['size', 'min', 'max'])
    several = seen[seen['size'] >= 2]
    if several.empty:
        return 0.0
    spread = 0.0 if answer.is_classes else 1e-9 * float(np.ptp(values))
    return float((several['max'] - several['min'] <= spread).mean())


def _constant_by_chance(keys: np.ndarray, answer: Answer) -> float:
    """The same share when the target's values are dealt out anew."""
    dealt = np.random.default_rng(0).permutation(answer.values.to_numpy())
    return _constant_share(keys, Answer(pd.Series(dealt, index=answer.values.index), answer.is_classes))


def _is_panel(keys: np.ndarray, moment: np.ndarray | None) -> bool:
    """Whether each value is seen many times along most of the time, as shops are in daily sales."""
    if moment is None:
        return False
    seen = pd.DataFrame({'key': keys, 'moment': moment}).dropna()
    if seen.empty:
        return False
    whole = float(np.ptp(seen['moment'])) or 1.0
    each = seen.groupby('key')['moment'].agg(['size', np.ptp])
    return bool(each['size'].median() >= 10 and (each['ptp'] / whole).median() > 0.5)
