"""What is to be known before training, in sentences, and a table that is too small to be measured."""

from __future__ import annotations

import pandas as pd

from ..plan import Choice, Question, TablePlan
from . import words
from .findings import ColumnUse, Leak, Measured, RepeatFinding, SplitFinding, TargetFinding
from .quick import NUMERIC, numbers
from .uses import Wishes

#: a learner's skill on what is left that is doubted aloud
TOO_GOOD = 0.985
#: share of the rows from which on repeats are asked about: so many are seldom slips of entry
MANY_REPEATS = 0.05


def weights_of(plan: TablePlan, frame: pd.DataFrame) -> tuple[str, ...]:
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


def doubts_of(doubted: tuple[Leak, ...]) -> tuple[str, ...]:
    """Columns that are kept and doubted, a sentence each."""
    return tuple(f'{leak.because[:1]}{leak.because[1:]}.' for leak in doubted)


def questions_about(
    plan: TablePlan, target: str, leaks: tuple[Leak, ...], doubted: tuple[Leak, ...]
) -> tuple[Question, ...]:
    """Whether what is too good to be true is known before the target is: the safe choice first, as it was taken."""
    likely = [leak for leak in leaks if leak.confirm]
    return tuple(_question(plan, target, leak, leak in likely) for leak in (*likely, *doubted))


def question_of_repeats(repeats: RepeatFinding, rows: int) -> tuple[Question, ...]:
    """Whether many equal rows were entered twice or are things that are alike: no table can tell."""
    if repeats.by_chance or repeats.used < MANY_REPEATS * rows:
        return ()
    choices = (
        Choice('drop', 'of rows that are exactly equal the first alone is learned from and judged on', True),
        Choice('keep', 'equal rows are learned from and judged on as often as they stand there'),
    )
    text = (
        f'{repeats.used:,} of {rows:,} rows repeat an earlier one in all that is used, more than chance makes. Were '
        'they entered twice, or are they other things that are alike?'
    )
    return (Question('rows.repeats', text, choices),)


def _question(plan: TablePlan, target: str, leak: Leak, is_dropped: bool) -> Question:
    if leak.kind == 'bound' and is_dropped:
        return _of_entry(plan, target, leak)
    names = ', '.join(f'`{name}`' for name in leak.columns)
    one = len(leak.columns) == 1
    out = Choice(
        'left_out',
        f'{names} {"stays" if one else "stay"} out: the score speaks for rows whose `{target}` nobody knows yet',
        is_dropped,
    )
    used = Choice(
        'input',
        f'{names} {"is" if one else "are"} learned from: right only if known before `{target}` is',
        not is_dropped,
    )
    choices = (out, used) if is_dropped else (used, out)
    key = f'column.{plan.column(leak.columns[0]).key}.use'
    known = f'{"Is" if one else "Are"} {names} known before `{target}` is?'
    how = f'If so, say: keep {names}.' if is_dropped else f'If not, say: leave out {names}.'
    return Question(key, f'{leak.because}. {known} {how}', choices)


def _of_entry(plan: TablePlan, target: str, leak: Leak) -> Question:
    """When a time began to be watched is known before it ends; whether predictions should lean on it is another
    question."""
    name = leak.columns[0]
    out = f'`{name}` stays out: the score says what the other columns tell of `{target}`'
    used = f'`{name}` is learned from: most of the score is then when a row began to be watched'
    return Question(
        f'column.{plan.column(name).key}.use',
        f'{leak.because}. Should predictions lean on it? If so, say: keep `{name}`.',
        (Choice('left_out', out, True), Choice('input', used)),
    )


def warnings_of(finding: TargetFinding, skill: float | None, left: list[str], rows: int) -> tuple[str, ...]:
    """What is to be known before training, a sentence each."""
    warnings: list[str] = []
    if skill is not None and skill >= TOO_GOOD:
        warnings.append(
            f'A quick learner has a skill of {skill:.3f} on what is left. Either the problem is easy, '
            'or a column still '
            f'gives `{finding.name}` away: look at what it uses.'
        )
    if not left:
        warnings.append('No column is left to predict from.')
    elif len(left) == 1:
        warnings.append(f'Only `{left[0]}` is left to predict from.')
    if rows < 200:
        warnings.append(f'{rows} rows are few: whatever score is found is uncertain.')
    return tuple(warnings)


def too_few(plan: TablePlan, finding: TargetFinding, wishes: Wishes, rows: int) -> Measured:
    """What can be said of a table whose rows are too few to measure anything."""
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
    return Measured(target=finding, split=strategy, columns=uses, warnings=(warning,))
