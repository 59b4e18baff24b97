"""How a table is read, where that could be otherwise: lines that may be rows, texts that stand for no value, marks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from .._decisions import MOST_ALTERNATIVES, Basis, decide_by, settled
from ..tables import ColumnPlan, TablePlan
from ..tables.decided_plan import ReadingDecisions, tokens_of
from ..tables.findings import Question, Reason, Token
from ..tables.missing import AMONG_OTHERS
from ..tables.restored_lines import keepable
from ..tables.retyped import KINDS
from .asking import TO_CONFIRM, ask

#: columns of which something is decided here: what is found of more stands in the plan
MOST_COLUMNS = 500
_LINES: dict[Reason, str] = {
    'footnote': 'read like notes below the table',
    'total': 'hold the sums of other rows',
    'unaligned': 'have cells that fit the columns in no way',
}
_AS_ROWS: dict[Reason, str] = {
    'footnote': 'notes count as rows',
    'total': 'totals count as rows beside those that they add up',
    'unaligned': 'their cells are taken as far as there are columns',
}


def decided_reading(plan: TablePlan) -> ReadingDecisions:
    """What is to be read otherwise than the plan says, because a person or an earlier stage has decided so."""
    for question in plan.file.questions:
        ask(question)
    marks, orders = _answered(plan, '.decimal', 'decimal'), _answered(plan, '.date_order', 'kind')
    _answered(plan, '.currencies', 'currencies')
    return ReadingDecisions(decided_kinds(plan), _missing(plan), marks, orders, _lines(plan))


def decided_kinds(plan: TablePlan) -> dict[str, str]:
    """Columns that a person has decided to be of another kind than their cells tell, by name."""
    wished = {one.name: settled(f'column.{one.key}.kind', str(one.kind)) for one in plan.columns}
    return {name: kind for name, kind in wished.items() if kind != plan.column(name).kind and kind in KINDS}


def _lines(plan: TablePlan) -> tuple[Reason, ...]:
    """Reasons whose lines are rows."""
    found = keepable(plan.file)
    if not found:
        return ()
    own = list(found)
    sentence = '; '.join(f'{_count(found[reason], "line")} {_LINES[reason]}' for reason in own)
    alternatives: list[dict[str, Any]] = [
        {
            'value': [other for other in own if other != reason],
            'changes': f'{_count(found[reason], "more row")}: {_AS_ROWS[reason]}',
        }
        for reason in own
    ]
    if len(own) > 1:
        alternatives.append(
            {'value': [], 'changes': f'{_count(sum(found.values()), "more row")}: all of them'}
        )
    held = decide_by(
        'rule',
        'rows.left_out',
        own,
        sentence,
        alternatives=alternatives,
        evidence={'rows used': plan.file.rows_used, **{str(reason): found[reason] for reason in own}},
    )
    return tuple(reason for reason in own if reason not in _texts(held))


def _missing(plan: TablePlan) -> dict[str, tuple[str, ...]]:
    """Of each column in which it could be otherwise the texts that stand for no value."""
    decisions: dict[str, tuple[str, ...]] = {}
    disputed = list(islice((one for one in plan.columns if _in_doubt(one) or _asked(one)), MOST_COLUMNS))
    for column in disputed:
        decisions[column.name] = _decided_missing(column)
    names = {column.name for column in disputed}
    for column in plan.columns:
        held = settled(f'column.{column.key}.missing', None)
        if column.name not in names and held is not None:
            decisions[column.name] = _texts(held)
    return {
        name: texts for name, texts in decisions.items() if set(texts) != set(tokens_of(plan.column(name)))
    }


def _decided_missing(column: ColumnPlan) -> tuple[str, ...]:
    own, doubtful, questions = sorted(tokens_of(column)), _in_doubt(column), _asked(column)
    alternatives = [
        {
            'value': [text for text in own if text != token.text],
            'changes': f'`{token.text}` is a value of {_count(token.count, "row")}',
        }
        for token in doubtful
    ]
    alternatives += [
        {
            'value': sorted([*own, one.cell]),
            'changes': f'{_count(one.rows, "row")} with `{one.cell}` have no value',
        }
        for one in questions
    ]
    reasons = [one.text for one in questions] + [f'`{one.text}`: {one.because}' for one in doubtful]
    held = decide_by(
        _basis(column),
        f'column.{column.key}.missing',
        own,
        '; '.join(reasons)[:900],
        alternatives=alternatives[:MOST_ALTERNATIVES],
        evidence={token.text: token.count for token in doubtful}
        | {one.cell: one.rows for one in questions}
        | {'rows': column.rows},
        confidence=TO_CONFIRM if questions else None,
    )
    return _texts(held)


def _basis(column: ColumnPlan) -> Basis:
    """What nobody has answered is a default; that numbers stand apart was weighed; words are known by a list."""
    if _asked(column):
        return 'default'
    return 'agent' if column.sentinels else 'rule'


def _in_doubt(column: ColumnPlan) -> list[Token]:
    """Texts that are read as no value and may be one: numbers far from the others, words among labels."""
    words = column.missing if column.form.type == 'text' else ()
    return [token for token in (*column.sentinels, *words) if token.text and token.because != AMONG_OTHERS]


def _asked(column: ColumnPlan) -> list[Question]:
    return [one for one in column.questions if one.key.endswith('.missing') and one.cell]


def _answered(plan: TablePlan, about: str, finding: str) -> dict[str, str]:
    """Of each column with such a question the answer that holds, by name."""
    questions = ((column, one) for column in plan.columns for one in column.questions)
    some = ((column, one) for column, one in questions if one.key.endswith(about))
    found = islice(some, MOST_COLUMNS)
    answers = {column.name: ask(one, dict(_numbers(column, finding))) for column, one in found}
    return {name: answer for name, answer in answers.items() if isinstance(answer, str)}


def _numbers(column: ColumnPlan, finding: str) -> Iterator[tuple[str, Any]]:
    yield 'rows', column.rows
    for one in column.evidence:
        if one.finding == finding:
            yield from one.numbers.items()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _count(number: int, what: str) -> str:
    return f'{number:,} {what}{"" if number == 1 else "s"}'
