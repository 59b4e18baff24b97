"""What the scripts choose, as decisions of the ledger: what a person or an earlier stage has decided holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._decisions import decide, settled
from .tables import TablePlan
from .tables.measured.quick import MOMENTS
from .tables.retyped import KINDS

#: rows are dealt by no column
_BY_NOTHING = ('random', 'stratified')
_REPEATS = {
    'drop': 'with continuous measurements an exact repeat is a re-entry',
    'keep': 'exact repeats may come by chance, so that none is taken for a row that was entered twice',
}
_REPEATS_CHANGE = {
    'drop': 'of rows that are exactly equal the first alone is learned from and judged on',
    'keep': 'equal rows are learned from and judged on as often as they stand there',
}


def decided_kinds(plan: TablePlan) -> dict[str, str]:
    """Columns that a person has decided to be of another kind than their cells tell, by name."""
    asked = {one.name: settled(f'column.{one.key}.kind', str(one.kind)) for one in plan.columns}
    return {name: kind for name, kind in asked.items() if kind != plan.column(name).kind and kind in KINDS}


def chosen_preparation(plan: TablePlan, target: str, proposed: Mapping[str, Any]) -> dict[str, Any]:
    """The preparation's parameters, with what a person or the exploration has decided in their place."""
    problem = str(proposed['problem_type'])
    own, other = ('drop', 'keep') if proposed['drop_duplicates'] else ('keep', 'drop')
    repeats = decide(
        'rows.repeats',
        own,
        _REPEATS[own],
        alternatives=[{'value': other, 'changes': _REPEATS_CHANGE[other]}],
    )
    return {
        **proposed,
        'drop': columns_left_out(plan, plan.names, target, proposed['drop']),
        'drop_duplicates': repeats == 'drop',
        'split': chosen_split(plan, proposed['split'], problem),
    }


def chosen_model(proposed: Mapping[str, Any], comparison: Mapping[str, Any]) -> dict[str, Any]:
    """The training's parameters, with the learner that a person has chosen in place of its own."""
    own = str(proposed['chosen'])
    compared = {str(one['name']): one for one in comparison['candidates']}
    chosen = decide(
        'model.choice',
        own,
        str(proposed['reason']),
        alternatives=[
            {
                'value': name,
                'changes': f'{one["title"]}: {proposed["metric"]} {one["mean"]:.4g} in cross-validation',
            }
            for name, one in compared.items()
            if name not in (own, 'dummy')
        ],
        evidence={'metric': proposed['metric']} | {name: one['mean'] for name, one in compared.items()},
    )
    return dict(proposed) if chosen == own else {**proposed, 'chosen': chosen, 'reason': 'it was asked for'}


def columns_left_out(
    plan: TablePlan, names: Sequence[str], target: str, proposed: Mapping[str, str]
) -> dict[str, str]:
    """Of the columns those that stay out, each with why. Only what is chosen is decided: the others are used."""
    left: dict[str, str] = {}
    for name in names:
        if name == target:
            continue
        key = f'column.{plan.column(name).key}.use'
        if name in proposed:
            alternatives = [{'value': 'in', 'changes': 'the model may learn from it'}]
            if decide(key, 'out', proposed[name], alternatives=alternatives) == 'out':
                left[name] = proposed[name]
        elif settled(key, 'in') == 'out':
            left[name] = 'it was left out on request'
    return left


def chosen_split(plan: TablePlan, proposed: Mapping[str, Any], problem: str) -> dict[str, Any]:
    """How rows are dealt, {strategy, by}. Who only names a column gets the strategy that it is good for."""
    because = str(proposed.get('because') or '')
    by = decide('split.by', proposed['by'], because)
    strategy = str(proposed['strategy'])
    if by != proposed['by']:
        strategy = _strategy_for(plan, by, problem)
    alone = {'value': _strategy_for(plan, None, problem), 'changes': 'rows are dealt one by one'}
    alternatives = [] if strategy == alone['value'] else [alone]
    strategy = decide('split.strategy', strategy, because, alternatives=alternatives)
    if strategy in _BY_NOTHING:
        return {**proposed, 'strategy': _strategy_for(plan, None, problem), 'by': None}
    return {**proposed, 'strategy': strategy, 'by': by}


def _strategy_for(plan: TablePlan, by: str | None, problem: str) -> str:
    if by is None:
        return 'random' if problem == 'regression' else 'stratified'
    return 'time' if by in plan.names and plan.column(by).kind in MOMENTS else 'group'
