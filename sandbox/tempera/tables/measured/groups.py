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
from .quick import Quick
from .things import (
    CONSTANT_SHARE,
    answer_alike,
    constant_by_chance,
    constant_share,
    ends_in_identifier,
    few_of,
    group_keys,
    names_surely,
    points_of,
)
from .trials import Answer, compare, group_folds, random_folds, skills
from .work import Work

_MOST_CANDIDATES = 8
#: share of the rows from which on one group leaves too little for the other splits
MOST_OF_ROWS = 0.6


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
    #: rows of which no two are alike
    once: np.ndarray
    #: every row with an answer, of which `rows` may be a sample: what is counted is counted here
    whole: pd.DataFrame


@dataclass(frozen=True)
class _Answers:
    """How many values have one answer each, of those that were tried."""

    tried: int
    share: float
    by_chance: float
    #: the groups of one answer nearly all have the same
    alike: bool
    #: share of the rows that the largest group has
    largest: float

    @property
    def is_one_each(self) -> bool:
        """In far more of the values than chance would explain."""
        return self.share >= CONSTANT_SHARE and self.share > self.by_chance + 0.2 and not self.alike


def find_groups(plan: TablePlan, looking: Looking, work: Work) -> tuple[GroupFinding, ...]:
    """Every candidate with its numbers, those that keep rows together first."""
    frame = looking.rows.frame
    scored = [
        (points_of(column, frame[column.name], looking.rows.answer, looking.once), column)
        for column in map(plan.column, looking.candidates)
    ]
    likely = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])[:_MOST_CANDIDATES]
    found = [_judge(column, looking, work) for _, column in likely]
    found += _of_few(plan, looking)
    return tuple(sorted(found, key=lambda one: (not one.keeps_together, one.confirm, -one.groups)))


def _of_few(plan: TablePlan, looking: Looking) -> list[GroupFinding]:
    """Things that are too few to hold some of them out: what is found speaks of these."""
    found: list[GroupFinding] = []
    for name in looking.candidates:
        count = few_of(plan.column(name), looking.whole[name])
        if count:
            because = (
                f'its {count} values are too few to hold some out: the score speaks for rows of these alone'
            )
            each = round(int(looking.whole[name].notna().sum()) / count, 2)
            found.append(GroupFinding(name, count, each, 0.0, None, keeps_together=False, because=because))
    return found


def subjects_of(
    plan: TablePlan, frame: pd.DataFrame, answer: Answer, names: list[str], once: np.ndarray
) -> np.ndarray | None:
    """The rows' groups by the likeliest of these columns that names things which have one answer each; None without.

    Found before anything is learned: where whole subjects have one answer, whatever recognises a subject seems to tell
    the answer, and would be taken for a leak if its rows stood on both sides.
    """
    best: tuple[int, np.ndarray] | None = None
    for name in names:
        points = points_of(plan.column(name), frame[name], answer, once)
        if points == 0 or (best is not None and points <= best[0]):
            continue
        keys = group_keys(frame[name])
        constant = constant_share(keys, answer)
        if constant >= CONSTANT_SHARE and constant > constant_by_chance(keys, answer) + 0.2:
            best = points, keys
    return None if best is None else best[1]


def _judge(column: ColumnPlan, looking: Looking, work: Work) -> GroupFinding:
    rows = looking.rows
    inputs = [name for name in looking.inputs if name != column.name]
    keys = group_keys(rows.frame[column.name])
    named = rows.frame[column.name].notna().to_numpy()
    whole = looking.whole[column.name].dropna()
    sizes = np.bincount(group_keys(whole))
    answers = _Answers(
        tried=len(np.unique(keys[named])),
        share=constant_share(keys, rows.answer),
        by_chance=constant_by_chance(keys, rows.answer),
        alike=answer_alike(keys, rows.answer),
        largest=float(sizes.max()) / len(looking.whole),
    )
    trial = _trial(column, keys, rows, inputs, work)
    finding = GroupFinding(
        column=column.name,
        groups=len(sizes),
        rows_each=round(len(whole) / len(sizes), 2),
        constant_target=round(answers.share, 4),
        trial=trial,
        keeps_together=False,
        because='',
    )
    return _decided(finding, column, answers, _is_panel(keys, looking.moment))


def _decided(finding: GroupFinding, column: ColumnPlan, answers: _Answers, panel: bool) -> GroupFinding:
    name, trial = column.name, finding.trial
    subject = words.names_subject(name) or column.kind == 'identifier' or ends_in_identifier(name)
    place = column.kind == 'code' or (words.says(name, words.PLACE) and not words.names_subject(name))
    learned = trial is not None and trial.is_real
    likely = subject or place or column.kind != 'category'
    if answers.largest > MOST_OF_ROWS:
        because = f'one value of `{name}` has {answers.largest:.0%} of the rows: they cannot be dealt to three splits'
        return replace(finding, because=because)
    if panel and not answers.is_one_each:
        because = f'the same values of `{name}` are seen all along the time: those to come are known ones'
        return replace(finding, because=because)
    if answers.is_one_each:
        because = (
            f'all rows of a value of `{name}` have one answer in {answers.share:.0%} of '
            f'{_values_tried(finding, answers)}: '
            'with rows of it on both sides a model need only recognise it'
        )
        return replace(finding, keeps_together=True, because=because, confirm=not likely)
    if learned and trial is not None:
        together = subject or not place
        because = (
            f'cross-validated by rows a quick learner has a skill of {trial.first_skill:.2f}, with '
            'whole values of '
            f'`{name}` held out {trial.second_skill:.2f}: it learns them by heart'
            + ('' if together else ', and rows to come are of the same ones')
        )
        return replace(finding, keeps_together=together, because=because, confirm=not subject)
    if names_surely(column) and finding.rows_each >= 2:
        because = f'`{name}` names what rows were taken from; that it is learned by heart was not seen here'
        return replace(finding, keeps_together=True, because=because, confirm=True)
    because = (
        f'nothing says that rows of a value of `{name}` belong together'
        if trial is None
        else f'held out by `{name}` or not, the score is the same'
    )
    return replace(finding, because=because)


def _values_tried(finding: GroupFinding, answers: _Answers) -> str:
    if answers.tried == finding.groups:
        return f'its {finding.groups:,} values'
    return f'the {answers.tried:,} values that were tried of {finding.groups:,}'


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
