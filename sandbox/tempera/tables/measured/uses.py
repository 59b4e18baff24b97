"""What each column is used as: input, group, time or left out, with the true reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..plan import TablePlan
from .findings import ColumnUse, GroupFinding, Leak, Problem, SplitFinding, TargetFinding
from .groups import Rows
from .quick import is_wordy
from .things import likeness, names_rows
from .trials import compare, random_folds, skills
from .work import Work

#: skill that words must add to be worth their features
IDLE = 0.01


@dataclass(frozen=True)
class Wishes:
    """What a person decided: it holds, whatever is measured."""

    left_out: tuple[str, ...] = ()
    #: columns that are known before the target is, whatever they tell of it
    included: tuple[str, ...] = ()
    problem: Problem | None = None


def uses_at_first(
    plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding, wishes: Wishes
) -> dict[str, ColumnUse]:
    """Input, unless a person or the cells say otherwise."""
    uses: dict[str, ColumnUse] = {}
    for column in plan.columns:
        name = column.name
        if name == finding.name:
            uses[name] = ColumnUse('target')
        elif name in wishes.left_out:
            uses[name] = ColumnUse('left_out', 'it was asked to stay out')
        else:
            reason = _useless(frame[name])
            uses[name] = ColumnUse('left_out', reason) if reason else ColumnUse('input')
    return uses


def _useless(values: pd.Series) -> str:
    """Why a column carries nothing at all; empty where it may carry something."""
    known = values.dropna()
    if known.empty:
        return 'it is empty'
    distinct = known.map(str).nunique() if known.dtype == object else known.nunique()
    if distinct < 2 and len(known) == len(values):
        return f'it is the same in every row: {str(known.iloc[0])[:40]}'
    return ''


def as_wished(
    leaks: tuple[Leak, ...], doubted: tuple[Leak, ...], wishes: Wishes
) -> tuple[tuple[Leak, ...], tuple[Leak, ...]]:
    """What a person knows to be known before is no leak and is not asked about again."""
    included = set(wishes.included)
    return (
        tuple(leak for leak in leaks if not included & set(leak.columns)),
        tuple(leak for leak in doubted if not included & set(leak.columns)),
    )


def without_leaks(uses: Mapping[str, ColumnUse], leaks: tuple[Leak, ...]) -> dict[str, ColumnUse]:
    """With the reason of each column that gives the target away."""
    left = dict(uses)
    for leak in leaks:
        for name in leak.columns:
            left[name] = ColumnUse('left_out', f'it gives the target away: {leak.because}')
    return left


def without_names(
    plan: TablePlan, frame: pd.DataFrame, uses: Mapping[str, ColumnUse]
) -> dict[str, ColumnUse]:
    """Names that (nearly) every row has one of its own of tell nothing of rows to come."""
    left = dict(uses)
    for name, use in uses.items():
        if use.use == 'input' and names_rows(plan.column(name), frame[name]):
            why = 'it is an identifier: nearly every row has its own value, and those to come have others'
            left[name] = ColumnUse('left_out', why)
    return left


def without_idle_words(
    plan: TablePlan, rows: Rows, uses: Mapping[str, ColumnUse], work: Work
) -> dict[str, ColumnUse]:
    """Texts are tried: their many features are worth it only where they add something to the other columns."""
    left = dict(uses)
    for name in list(rows.quick.blocks):
        column = plan.column(name)
        wordy = column.kind == 'text' or is_wordy(column, rows.frame[name])
        others = [other for other in rows.quick.blocks if left[other].use == 'input' and other != name]
        if left[name].use != 'input' or not wordy or not others or likeness(column, rows.frame[name]):
            continue
        folds = random_folds(rows.answer, repeats=1)
        both = rows.quick.matrix([*others, name])
        if not work.take(f'the words of `{name}`', 2 * len(folds), *both.shape):
            continue
        trial = compare(
            'with its words',
            'without',
            skills(both, rows.answer, folds),
            skills(rows.quick.matrix(others), rows.answer, folds),
            len(both),
        )
        if trial is not None and trial.difference <= max(trial.error, IDLE):
            why = (
                f'its words add nothing to the other columns (skill {trial.first_skill:.2f} with them, '
                f'{trial.second_skill:.2f} without)'
            )
            left[name] = ColumnUse('left_out', why)
    return left


def with_structure(
    uses: Mapping[str, ColumnUse], split: SplitFinding, groups: tuple[GroupFinding, ...]
) -> dict[str, ColumnUse]:
    """Names of things are no inputs: those to come are new ones."""
    left = dict(uses)
    for group in groups:
        if group.column == split.group and left[group.column].use == 'input':
            why = (
                f'it names what rows belong to, and those to come belong to others ({group.groups:,} values)'
            )
            left[group.column] = ColumnUse('group', why)
    for name in split.by:
        if left.get(name, ColumnUse('left_out')).use == 'input':
            left[name] = ColumnUse('time', 'it says when a row was seen')
    return left
