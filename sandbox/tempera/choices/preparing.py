"""How rows are dealt, which columns are used and what becomes of repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .._decisions import Basis, decide_by, settled
from ..tables import TablePlan
from ..tables.findings import Question
from ..tables.measured.findings import GroupFinding, Leak, Measured, SplitFinding, TimeFinding
from ..tables.measured.quick import MOMENTS
from ..tables.measured.trials import content_keys
from .asking import TO_CONFIRM, asked

#: rows are dealt by no column
_BY_NOTHING = ('random', 'stratified')
#: kinds of columns that hold nothing to learn from
_NOTHING = ('constant', 'empty')
_REPEATS = {
    'drop': 'so many values are possible that equal rows are taken for one that was entered twice',
    'keep': 'exact repeats may come by chance, so that none is taken for a row that was entered twice',
}
_REPEATS_CHANGE = {
    'drop': 'of rows that are exactly equal the first alone is learned from and judged on',
    'keep': 'equal rows are learned from and judged on as often as they stand there',
}


@dataclass(frozen=True)
class Known:
    """The table as it is read, and what was measured of it."""

    plan: TablePlan
    measured: Measured

    @property
    def target(self) -> str:
        return self.measured.target.name

    @property
    def doubts(self) -> dict[str, Question]:
        """What is asked about the use of columns, by the decision's key."""
        return {one.key: one for one in self.measured.doubts}

    def leak(self, name: str) -> Leak | None:
        """Why the column may give the target away."""
        found = (*self.measured.leaks, *self.measured.doubted)
        return next((one for one in found if name in one.columns), None)


def chosen_preparation(known: Known, proposed: Mapping[str, Any], frame: pd.DataFrame) -> dict[str, Any]:
    """The preparation's parameters, with what a person or the exploration has decided in their place."""
    problem = str(proposed['problem_type'])
    left = columns_left_out(known, proposed['drop'])
    used = [name for name in frame.columns if name not in left]
    return {
        **proposed,
        'drop': left,
        'drop_duplicates': _chosen_repeats(known, bool(proposed['drop_duplicates']), frame[used]) == 'drop',
        'split': chosen_split(known, proposed['split'], problem),
    }


def _chosen_repeats(known: Known, drops: bool, used: pd.DataFrame) -> str:
    """What becomes of repeats. Where no row repeats another in what is used, nothing is chosen."""
    own, other = ('drop', 'keep') if drops else ('keep', 'drop')
    exact = int(pd.Series(content_keys(used)).duplicated().sum())
    if not exact:
        return settled('rows.repeats', own)
    return decide_by(
        'rule',
        'rows.repeats',
        own,
        _REPEATS[own],
        alternatives=[{'value': other, 'changes': _REPEATS_CHANGE[other]}],
        evidence={'exact repeats': exact, 'near repeats': known.measured.repeats.near},
        confidence=TO_CONFIRM if 'rows.repeats' in known.doubts else None,
    )


def columns_left_out(known: Known, proposed: Mapping[str, str]) -> dict[str, str]:
    """Of the columns those that stay out, each with why. Only what is chosen is decided: the others are used."""
    left: dict[str, str] = {}
    for name in known.plan.names:
        key = f'column.{known.plan.column(name).key}.use'
        if name == known.target:
            continue
        if name in proposed:
            if _stays_out(known, name, proposed[name]):
                left[name] = proposed[name]
        elif key in known.doubts:
            if _doubted(known, name, known.doubts[key]) == 'out':
                left[name] = 'it was left out on request'
        elif settled(key, 'in') == 'out':
            left[name] = 'it was left out on request'
    return left


def _stays_out(known: Known, name: str, reason: str) -> bool:
    column, leak = known.plan.column(name), known.leak(name)
    key = f'column.{column.key}.use'
    question = known.doubts.get(key)
    changes = question.choices[1].consequence if question else 'the model may learn from it'
    basis: Basis = 'rule' if column.kind in _NOTHING else 'agent'
    held = decide_by(
        basis,
        key,
        'out',
        asked(question) if question else reason,
        alternatives=[{'value': 'in', 'changes': changes}],
        evidence=dict(leak.numbers) if leak else None,
        confidence=TO_CONFIRM if question else None,
    )
    return held == 'out'


def _doubted(known: Known, name: str, question: Question) -> str:
    """A column that is nearly too good is used until a person says otherwise."""
    leak = known.leak(name)
    return decide_by(
        'default',
        question.key,
        'in',
        asked(question),
        alternatives=[{'value': 'out', 'changes': question.choices[1].consequence}],
        evidence=dict(leak.numbers) if leak else None,
        confidence=TO_CONFIRM,
    )


def chosen_split(known: Known, proposed: Mapping[str, Any], problem: str) -> dict[str, Any]:
    """How rows are dealt, {strategy, by}. Who only names a column gets the strategy that it is good for."""
    plan, split = known.plan, known.measured.split
    because, own = str(proposed.get('because') or ''), proposed['by']
    is_measured = own is not None and own in (', '.join(split.by), split.group)
    doubtful = is_measured and split.confirm
    evidence, confidence = _tried(known.measured) if is_measured else None, TO_CONFIRM if doubtful else None
    basis: Basis = _basis_of_split(proposed, doubtful)
    asks = [asked(one) for one in split.questions] if doubtful else []
    reason = '. '.join(filter(None, [because.rstrip('.'), *asks])) if asks else because
    by = decide_by(
        basis,
        'split.by',
        own,
        reason,
        alternatives=_other_columns(split) if is_measured else [],
        evidence=evidence,
        confidence=confidence,
    )
    strategy = str(proposed['strategy'])
    if by != own:
        strategy = _strategy_for(plan, by, problem)
    alone = {'value': _strategy_for(plan, None, problem), 'changes': 'rows are dealt one by one'}
    alternatives = [] if strategy == alone['value'] else [alone]
    strategy = decide_by(
        basis,
        'split.strategy',
        strategy,
        because,
        alternatives=alternatives,
        evidence=evidence,
        confidence=confidence,
    )
    if strategy in _BY_NOTHING:
        return {**proposed, 'strategy': _strategy_for(plan, None, problem), 'by': None}
    return {**proposed, 'strategy': strategy, 'by': by}


def _basis_of_split(proposed: Mapping[str, Any], doubtful: bool) -> Basis:
    """Rows are dealt one by one where nothing spoke for another way; a part that is given for testing is a rule."""
    if proposed['strategy'] == 'file':
        return 'rule'
    return 'default' if doubtful or proposed['strategy'] in _BY_NOTHING else 'agent'


def _other_columns(split: SplitFinding) -> list[dict[str, Any]]:
    """What else rows could be dealt by, of what was measured."""
    found: list[dict[str, Any]] = []
    if split.group and split.by:
        found.append(
            {'value': split.group, 'changes': f'rows of one `{split.group}` stay together, at any time'}
        )
    choices = [one for question in split.questions for one in question.choices if not one.recommended]
    found.append(
        {'value': None, 'changes': choices[0].consequence if choices else 'rows are dealt one by one'}
    )
    return found


def _tried(measured: Measured) -> dict[str, Any]:
    """The numbers behind a split by groups or along time."""
    split = measured.split
    group = next((one for one in measured.groups if one.column == split.group), None)
    time = next((one for one in measured.time if one.columns == split.by), None)
    return (_numbers_of(group, 'groups') if group else {}) | (_numbers_of(time, 'moments') if time else {})


def _numbers_of(found: GroupFinding | TimeFinding, counted: str) -> dict[str, Any]:
    numbers = {counted: getattr(found, counted), f'rows of one of the {counted}': found.rows_each}
    trial = found.trial
    if trial is None:
        return numbers
    return numbers | {
        f'skill {trial.first}': trial.first_skill,
        f'skill {trial.second}': trial.second_skill,
        'standard error of the difference': trial.error,
        'folds': trial.folds,
    }


def _strategy_for(plan: TablePlan, by: str | None, problem: str) -> str:
    if by is None:
        return 'random' if problem == 'regression' else 'stratified'
    return 'time' if by in plan.names and plan.column(by).kind in (*MOMENTS, 'year') else 'group'
