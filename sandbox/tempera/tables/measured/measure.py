"""`measure`: what rows and columns are to each other, for one target, and the split and the inputs that follow.

    measured = measure(plan, frame, 'survived')
    measured.split          # how rows are dealt, and why
    measured.left_out       # {column: the true reason}

Decisions depend on the cells alone: not on the order of columns, on the machine or on its load. The order of rows
counts only where it is the finding (a file that is sorted by its target).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..plan import TablePlan
from . import words
from .findings import (
    ColumnUse,
    GroupFinding,
    Leak,
    Measured,
    Problem,
    RepeatFinding,
    SplitFinding,
    TargetFinding,
    TimeFinding,
)
from .groups import Looking, Rows, find_groups, likeness, subjects_of
from .leaks import Evidence, find_leaks
from .quick import NUMERIC, Quick, block_of, is_wordy, labels_or_numbers, numbers, texts_of
from .repeats import find_repeats
from .splits import choose_split, folds_for
from .targets import understand_target
from .times import Moments, find_moments, judge_moments
from .trials import MOST_ROWS, Answer, compare, random_folds, sample_rows, skills
from .work import LIMIT, Work

#: a learner's skill on what is left that is doubted aloud
TOO_GOOD = 0.985
#: share of rows with a value of their own from which on names tell nothing of new rows
EACH_ITS_OWN = 0.95
#: skill that words must add to be worth their features
IDLE = 0.01
#: columns that trials of a wide table are made on
MOST_TRIED = 120


@dataclass(frozen=True)
class Wishes:
    """What a person decided: it holds, whatever is measured."""

    left_out: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None


def measure(
    plan: TablePlan,
    frame: pd.DataFrame,
    target: str,
    wishes: Wishes | None = None,
    problem: Problem | None = None,
    work_limit: int = LIMIT,
) -> Measured:
    """Everything about predicting `target` from a typed frame. KeyError where there is no such column."""
    wishes = wishes or Wishes()
    finding = understand_target(plan, frame, target, problem)
    work = Work(work_limit)
    repeats = find_repeats(plan, frame, finding.name)
    rows = _usable_rows(plan, frame, finding)
    if len(rows) < 20:
        return _too_few(plan, finding, repeats, work, wishes, len(rows))
    uses = _uses_at_first(plan, frame, finding, wishes)
    names = [name for name, use in uses.items() if use.use == 'input']
    sampled = frame.loc[sample_rows(frame.loc[rows], MOST_ROWS)]
    answer = Answer.of(
        labels_or_numbers(sampled[finding.name], finding.problem), finding.problem != 'regression'
    )
    tried = _most_telling(plan, sampled, names, answer)
    blocks = {name: block_of(plan.column(name), sampled[name]) for name in tried}
    subjects = subjects_of(plan, sampled, answer, tried)
    leaks, doubted = find_leaks(Evidence(plan, sampled, finding, answer, blocks, subjects), tried, work)
    uses = _without_names(plan, frame, _without_leaks(uses, leaks))
    uses = _without_idle_words(plan, Rows(sampled, Quick(blocks), answer), uses, work)
    left = [name for name in tried if uses[name].use == 'input']
    return _structured(
        plan,
        frame,
        finding,
        _Found(sampled, Quick(blocks), answer, left, uses, leaks, doubted, repeats),
        work,
    )


@dataclass(frozen=True)
class _Found:
    """What is known before the structure is looked for."""

    sampled: pd.DataFrame
    quick: Quick
    answer: Answer
    left: list[str]
    uses: dict[str, ColumnUse]
    leaks: tuple[Leak, ...]
    doubted: tuple[Leak, ...]
    repeats: RepeatFinding


def _structured(
    plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding, found: _Found, work: Work
) -> Measured:
    rows = Rows(found.sampled, found.quick, found.answer)
    moments = [one for one in find_moments(plan, frame, finding.name) if _is_open(one, found.leaks)]
    first = moments[0].values.loc[found.sampled.index].to_numpy() if moments else None
    candidates = [name for name, use in found.uses.items() if use.use == 'input']
    groups = find_groups(plan, Looking(rows, candidates, found.left, first), work)
    times = tuple(judge_moments(plan, one, rows, found.left, work) for one in moments[:2])
    split = choose_split(finding, groups, times)
    uses = _with_structure(found.uses, split, groups)
    left = [name for name in found.left if uses[name].use in ('input', 'time')]
    skill = _expected(rows, split, moments, left, work)
    return Measured(
        target=finding,
        split=split,
        groups=groups,
        time=times,
        repeats=found.repeats,
        leaks=found.leaks,
        doubted=found.doubted,
        weights=_weights(plan, found.sampled),
        columns=uses,
        expected_skill=skill,
        warnings=_warnings(finding, skill, left, len(frame)) + _doubts(found.doubted),
        work=work.spent,
        work_limit=work.limit,
        untried=tuple(work.untried),
    )


def _usable_rows(plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding) -> pd.Index:
    values = frame[finding.name]
    known = values.notna()
    if finding.problem == 'regression':
        known &= numbers(values).notna()
    elif finding.too_rare:
        known &= ~texts_of(values).isin(list(finding.too_rare))
    if finding.meaning == 'censored':
        known &= happened(frame[finding.event])
    return frame.index[known]


def happened(values: pd.Series) -> pd.Series:
    """Where an event's column says that it happened: true, 1, yes, and the words that it has itself (`failed`)."""
    texts = texts_of(values).astype('string').str.lower().fillna('')
    return texts.isin(
        ['true', '1', 'yes', 'y', 't', 'event', 'failed', 'dead', 'died', 'churned', 'observed']
    )


def _uses_at_first(
    plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding, wishes: Wishes
) -> dict[str, ColumnUse]:
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


def _most_telling(plan: TablePlan, frame: pd.DataFrame, names: list[str], answer: Answer) -> list[str]:
    """Of a wide table the columns most tied to the target by a first look; the others are inputs unmeasured."""
    if len(names) <= MOST_TRIED:
        return names
    truth = answer.values.rank()
    strength = {}
    for name in names:
        block = block_of(plan.column(name), frame[name])
        strength[name] = max(
            (abs(block[part].rank().corr(truth)) for part in block.columns if block[part].nunique() > 1),
            default=0.0,
        )
    kept = set(sorted(names, key=lambda name: (-np.nan_to_num(strength[name]), name))[:MOST_TRIED])
    return [name for name in names if name in kept]


def _without_leaks(uses: Mapping[str, ColumnUse], leaks: tuple[Leak, ...]) -> dict[str, ColumnUse]:
    left = dict(uses)
    for leak in leaks:
        for name in leak.columns:
            left[name] = ColumnUse('left_out', f'it gives the target away: {leak.because}')
    return left


def _without_names(
    plan: TablePlan, frame: pd.DataFrame, uses: Mapping[str, ColumnUse]
) -> dict[str, ColumnUse]:
    """Names that (nearly) every row has one of its own of tell nothing of rows to come."""
    left = dict(uses)
    for name, use in uses.items():
        if use.use != 'input' or plan.column(name).kind != 'identifier':
            continue
        known = frame[name].dropna()
        if known.nunique() > EACH_ITS_OWN * len(known):
            why = 'it is an identifier: nearly every row has its own value, and those to come have others'
            left[name] = ColumnUse('left_out', why)
    return left


def _without_idle_words(
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


def _is_open(moments: Moments, leaks: tuple[Leak, ...]) -> bool:
    given_away = {name for leak in leaks for name in leak.columns}
    return not given_away & set(moments.columns)


def _with_structure(
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


def _expected(
    rows: Rows, split: SplitFinding, moments: list[Moments], left: list[str], work: Work
) -> float | None:
    matrix = rows.quick.matrix(left)
    folds = folds_for(split, rows.frame, rows.answer, moments)
    if (
        matrix.shape[1] == 0
        or not folds
        or not work.take('what is to be expected', len(folds), *matrix.shape)
    ):
        return None
    found = skills(matrix, rows.answer, folds)
    return round(float(found.mean()), 4) if len(found) else None


def _weights(plan: TablePlan, frame: pd.DataFrame) -> tuple[str, ...]:
    """Columns that may say how much a row counts: positive numbers around 1, called so."""
    found = []
    for column in plan.columns:
        if column.kind not in NUMERIC or not words.says(column.name, words.WEIGHT):
            continue
        values = numbers(frame[column.name]).dropna()
        sampled = any(
            word in ('sample', 'sampling', 'survey', 'design', 'case', 'wt')
            for word in words.words_of(column.name)
        )
        if len(values) and values.min() > 0 and (sampled or abs(float(values.mean()) - 1) < 0.02):
            found.append(column.name)
    return tuple(found)


def _doubts(doubted: tuple[Leak, ...]) -> tuple[str, ...]:
    return tuple(f'{leak.because[:1]}{leak.because[1:]}.' for leak in doubted)


def _warnings(finding: TargetFinding, skill: float | None, left: list[str], rows: int) -> tuple[str, ...]:
    told: list[str] = []
    if skill is not None and skill >= TOO_GOOD:
        told.append(
            f'A quick learner has a skill of {skill:.3f} on what is left. Either the problem is easy, '
            'or a column still '
            f'gives `{finding.name}` away: look at what it uses.'
        )
    if not left:
        told.append('No column is left to predict from.')
    elif len(left) == 1:
        told.append(f'Only `{left[0]}` is left to predict from.')
    if rows < 200:
        told.append(f'{rows} rows are few: whatever score is found is uncertain.')
    return tuple(told)


def _too_few(
    plan: TablePlan, finding: TargetFinding, repeats: RepeatFinding, work: Work, wishes: Wishes, rows: int
) -> Measured:
    uses = {
        column.name: ColumnUse('target')
        if column.name == finding.name
        else ColumnUse('left_out', 'it was asked to stay out')
        if column.name in wishes.left_out
        else ColumnUse('input')
        for column in plan.columns
    }
    strategy = SplitFinding(
        'random' if finding.problem == 'regression' else 'stratified',
        because='there are too few rows to measure anything',
    )
    warning = f'Only {rows} rows have an answer: nothing can be measured, and no score can be trusted.'
    return Measured(
        target=replace(finding),
        split=strategy,
        repeats=repeats,
        columns=uses,
        warnings=(warning,),
        work=work.spent,
        work_limit=work.limit,
    )


__all__ = ['Measured', 'TimeFinding', 'Wishes', 'happened', 'measure']
