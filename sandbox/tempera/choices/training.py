"""Which learner becomes the model, and from which probability on the rarer of two classes is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._decisions import Basis, decide_by, settled
from ..learning.judging import Threshold
from ..learning.named_from import NamedFrom
from ..learning.thresholds import USUAL, Tried, needs_threshold, rarer_class, tried
from ..learning.training import Training, quietly


def decided_training(
    training: Training, proposed: Mapping[str, Any], comparison: Mapping[str, Any]
) -> tuple[Training, dict[str, Any]]:
    """The training with its threshold, and its parameters, as they were decided."""
    choices = chosen_model(proposed, comparison)
    with quietly():
        return replace(training, named_from=_named_from(training, choices)), choices


def chosen_model(proposed: Mapping[str, Any], comparison: Mapping[str, Any]) -> dict[str, Any]:
    """The training's parameters, with the learner that a person has chosen in place of its own."""
    own = str(proposed['chosen'])
    compared = {str(one['name']): one for one in comparison['candidates']}
    chosen = decide_by(
        'agent',
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


def _named_from(training: Training, choices: Mapping[str, Any]) -> NamedFrom | None:
    """From which probability on the rarer of two classes is named; None: as soon as it is the likelier one."""
    rarer = rarer_class(training)
    if rarer is None:
        return None
    if needs_threshold(training):
        held = _decided_threshold(training, tried(training, str(choices['chosen']), int(choices['folds'])))
    else:
        held = settled('threshold', USUAL)
    is_possible = isinstance(held, int | float) and 0 < held < 1 and held != USUAL
    return NamedFrom(rarer, float(held)) if is_possible else None


def _decided_threshold(training: Training, found: Tried) -> float:
    basis: Basis = 'agent' if found.best != USUAL else 'default'
    why = (
        f'{training.metric} is then higher by {found.gain:.3f} in cross-validation, twice its standard error or more'
        if found.best != USUAL
        else f'it is then the likelier class, and no other probability is clearly better by {training.metric}'
    )
    return decide_by(
        basis,
        'threshold',
        found.best,
        f'`{found.label}`, the rarer class, is named from a probability of {found.best:g} on: {why}',
        alternatives=[
            {'value': one.threshold, 'changes': _changes(one, str(found.label))} for one in found.others
        ],
        evidence={
            'class': str(found.label),
            'rows': found.rows,
            f'{training.metric} at {USUAL:g}': found.usual_score,
            f'{training.metric} at {found.best:g}': found.usual_score + found.gain,
            'standard error of the difference': found.error,
        },
    )


def _changes(one: Threshold, label: str) -> str:
    return (
        f'{one.recall:.0%} of the rows of `{label}` are found, and {one.precision:.0%} of the rows named so are right; '
        f'{one.named:.0%} of all rows are named'
    )
