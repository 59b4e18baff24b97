"""What is predicted, what kind of problem that is, and by what it is judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._decisions import BASES, Basis, decide_by
from .._paths import paths
from ..tables.measured.findings import Measured
from .asking import TO_CONFIRM, ask

PROFILE = 'eda/data/profile.json'
_MOST_TARGETS = 5
#: characters of what another target would change
_LONGEST = 300


def decided_problem(measured: Measured, reason: str) -> Measured:
    """What was measured, with target and problem decided, and its meaning as it was decided."""
    target = measured.target
    doubtful = any(one.key == 'target' for one in target.questions)
    decide_by(
        'agent',
        'target',
        target.name,
        reason,
        alternatives=_other_targets(target.name),
        confidence=TO_CONFIRM if doubtful else None,
    )
    evidence = {'rows without': target.rows_without} | (
        {'labels': len(target.labels), 'rarest': min(target.labels.values())} if target.labels else {}
    )
    decide_by('agent', 'problem', target.problem, target.because, evidence=evidence)
    question = next((one for one in target.questions if one.key == 'target.meaning'), None)
    if question is None or ask(question) != 'as_number':
        return measured
    # every time counts as if it had ended: no row is left out for being open
    plain = replace(target, meaning='number', event='', questions=())
    return replace(measured, target=plain)


def _other_targets(name: str) -> list[dict[str, str]]:
    """The next likeliest columns, as the table's profile ranks them."""
    path = paths.session / PROFILE
    ranked = json.loads(path.read_text(encoding='utf-8'))['candidates'] if path.is_file() else []
    return [
        {'value': one['name'], 'changes': f'`{one["name"]}` would be predicted: {one["because"]}'[:_LONGEST]}
        for one in ranked
        if one['name'] != name
    ][:_MOST_TARGETS]


def decided_metric(parameters: Mapping[str, Any]) -> None:
    """By what the model is judged; `metric_basis` says whether the exploration weighed it, by a rule or by default."""
    named = parameters['metric_basis']
    basis: Basis = next((one for one in BASES if one == named), 'agent')
    decide_by(basis, 'metric', parameters['metric'], parameters['metric_reason'])
