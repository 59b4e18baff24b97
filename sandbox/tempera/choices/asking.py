"""What the data cannot settle, as decisions: the safe choice holds, and is marked as to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._decisions import LONGEST_REASON, decide_by, is_answered
from ..tables.findings import Question

#: the confidence of a choice that a person is to confirm; the platform goes by the same number
TO_CONFIRM = 0.5


def unanswered(questions: Iterable[Question]) -> list[Question]:
    """Those that no person has answered by a decision."""
    return [one for one in questions if not is_answered(one.key)]


def others(question: Question) -> list[dict[str, Any]]:
    """The other choices that a decision can make, as alternatives."""
    own = question.taken
    return [
        {'value': one.value, 'changes': one.consequence}
        for one in question.choices
        if one != own and not one.outside
    ]


def asked(question: Question) -> str:
    """The question as the reason of what is taken meanwhile, with what a person would have to do to the table."""
    outside = [f'Otherwise: {one.consequence}' for one in question.choices if one.outside]
    return ' '.join([question.text, *outside])[:LONGEST_REASON]


def ask(question: Question, evidence: Mapping[str, Any] | None = None) -> Any:
    """Decides the safe choice of the question, and gives the one that holds."""
    return decide_by(
        'default',
        question.key,
        question.taken.value,
        asked(question),
        alternatives=others(question),
        evidence=evidence,
        confidence=TO_CONFIRM,
    )
