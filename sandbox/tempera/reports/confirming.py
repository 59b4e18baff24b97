"""What a person is to confirm: every question of the table's plan and of what was measured, alike in each report."""

from __future__ import annotations

from ..choices.asking import unanswered
from ..tables import TablePlan
from ..tables.findings import Question
from ..tables.measured.findings import Measured
from .facts import Because, Count
from .report import Report
from .sentences import Sentence, say

_MOST = 12


def say_what_to_confirm(report: Report, measured: Measured, plan: TablePlan) -> None:
    """What the table cannot settle and no person has answered, with what is taken meanwhile."""
    questions = unanswered((*measured.questions, *plan.questions))
    if not questions:
        report.say(say('confirm.none', '**To confirm:** nothing; the table settles what was asked of it.'))
        return
    report.say(
        say('confirm.count', '**To confirm**, because the table cannot settle it:', count=len(questions))
    )
    report.points(map(question_sentence, questions[:_MOST]))
    if len(questions) > _MOST:
        report.say(
            say(
                'confirm.more',
                '{more} more are in `eda/data/plan.json`, each beside its column.',
                more=Count(len(questions) - _MOST, 'question'),
            )
        )


def question_sentence(question: Question) -> Sentence:
    """With the choice that holds until it is answered."""
    if not question.choices:
        return say('confirm', '{question}', question=question.text, about=question.key)
    return say(
        'confirm',
        '{question} Taken for now: {taken}.',
        question=question.text,
        taken=Because(question.taken.consequence),
        about=question.key,
    )
