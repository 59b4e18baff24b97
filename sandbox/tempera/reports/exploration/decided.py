"""What the exploration decided and why, and what it is not sure of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ...tables.measured.findings import Meaning, Problem
from ...tables.measured.splits import SHARES
from ..facts import Because, Count, Fact, Name, Names, Percent, Words
from ..sentences import Sentence, say
from .explored import Explored

MEANING_WORDS: Mapping[Meaning, str] = {
    'binary': 'one of two classes',
    'classes': 'one of several classes',
    'ordinal': 'one of several classes that have an order',
    'count': 'a count',
    'number': 'a number',
    'heavy_tailed': 'a number with a few very large values',
    'zero_inflated': 'a number that is often zero',
    'several_labels': 'several labels at once',
    'censored': 'a time that may not have ended',
}
PROBLEM_WORDS: Mapping[Problem, str] = {
    'binary': MEANING_WORDS['binary'],
    'multiclass': MEANING_WORDS['classes'],
    'regression': MEANING_WORDS['number'],
}
_MOST_UNTRIED = 5
#: fewer rows than these tell of chance
_FEW_ROWS = 500
#: columns that are named one by one before the rest is counted
_MOST_NAMED = 40


def meaning_words(explored: Explored) -> str:
    """What predicting the target means, finer than its problem where a person did not name another problem."""
    found, problem = explored.measured.target, explored.choices['problem_type']
    return MEANING_WORDS[found.meaning] if found.problem == problem else PROBLEM_WORDS[problem]


def decisions(explored: Explored) -> Iterator[Sentence]:
    """Target, metric, columns, rows, split, and what the person said."""
    choices = explored.choices
    yield say(
        'decided.target',
        '**Target: {target}** ({problem}), because {why}.',
        target=Name(explored.target),
        problem=choices['problem_type'],
        why=Because(choices['target_reason']),
    )
    yield say(
        'decided.metric',
        '**Metric: {metric}**, because {why}.',
        metric=choices['metric'],
        why=Because(choices['metric_reason']),
    )
    for name, how in explored.leaks.items():
        yield say(
            'decided.leak',
            '**Drop {name}: it gives the target away** ({how}). A model that sees it would look far better than it is.',
            name=Name(name),
            how=how,
        )
    yield from _left_out(explored)
    yield from _repeats(explored)
    yield split(explored)
    for wish in choices['wishes']:
        yield say('decided.wish', 'You asked for it: {wish}.', wish=wish)


def _left_out(explored: Explored) -> Iterator[Sentence]:
    named = list(explored.left_out.items())
    for name, why in named[:_MOST_NAMED]:
        yield say('decided.left_out', 'Drop {name}: {why}.', name=Name(name), why=Because(why))
    rest = len(named) - _MOST_NAMED
    if rest > 0:
        yield say(
            'decided.left_out.more',
            'Drop {columns} more; `eda/data/decisions.json` names each with its reason.',
            columns=Count(rest, 'column'),
        )


def _repeats(explored: Explored) -> Iterator[Sentence]:
    if not explored.profile['duplicates']:
        return
    if explored.choices['drop_duplicates']:
        yield say(
            'decided.repeats.drop',
            'Drop repeated rows: so many values are possible that equal rows are taken for one that was entered twice.',
        )
        return
    yield say(
        'decided.repeats.keep',
        'Keep repeated rows: with few possible values repeats are to be expected. Rows with equal features stay on '
        'one side of the split where that leaves sensible splits.',
    )


def split(explored: Explored) -> Sentence:
    """How rows are dealt, with the reason where it was measured."""
    chosen, measured = explored.choices['split'], explored.measured.split
    strategy = chosen['strategy']
    facts: dict[str, Fact | str | int | float] = {
        'by': Name(chosen['by'] or ''),
        'group': Name(measured.group),
    }
    why = ''
    if strategy in ('time', 'group', 'time_and_group') and measured.because:
        facts['why'], why = Because(measured.because), ' Why: {why}.'
    template = {
        'time': '**Split by time along {by}**: the latest rows are the test, rows of one moment stay together.',
        'group': '**Split by {by}**: all rows of one value stay on one side.',
        'time_and_group': '**Split by time along {by}, with all rows of a {group} on one side.**',
        'column': 'Split by the column {by}, as asked.',
        'file': 'Test on {by}, which was given for testing.',
    }.get(strategy)
    if template is not None:
        return say(f'decided.split.{strategy}', template + why, **facts)
    shares = 'the classes’ shares' if explored.is_classes else 'the target’s quintiles'
    return say(
        'decided.split.random',
        'Split {shares} at random by content, keeping {kept}.',
        shares=shares_text(),
        kept=shares,
    )


def shares_text() -> str:
    """Per cent of the rows that train, val and test have of a random split."""
    held = SHARES['val'], SHARES['test']
    return '/'.join(f'{100 * share:.0f}' for share in (1 - sum(held), *held))


def doubts(explored: Explored) -> Iterator[Sentence]:
    """What is uncertain; at least one, for something always is."""
    sentences = [say('uncertain.said', '{said}', said=text) for text in explored.choices['uncertain']]
    measured = explored.measured
    sentences += [
        say('uncertain.measured', '{said}', said=text)
        for text in (*measured.target.warnings, *measured.warnings)
    ]
    if measured.untried:
        sentences.append(
            say(
                'uncertain.untried',
                'For want of work ({limit}) these were not tried: {untried}.',
                limit=Count(measured.work_limit, 'cell'),
                untried=Words('; '.join(measured.untried[:_MOST_UNTRIED])),
            )
        )
    sentences += _of_numbers(explored)
    yield from sentences
    if not sentences:
        yield say(
            'uncertain.sampling',
            'The table does not tell how its rows were sampled; if they are not like the ones to be predicted, no '
            'split can show it.',
        )


def _of_numbers(explored: Explored) -> Iterator[Sentence]:
    target = next(column for column in explored.columns if column['name'] == explored.target)
    if not explored.is_classes and 'heavy_tail' in target['flags']:
        answer = explored.answer
        top = answer.nlargest(max(1, len(answer) // 100))
        squares = ((answer - answer.mean()) ** 2).sum()
        yield say(
            'uncertain.heavy',
            'The largest {few} of the values of {target} hold {part} of its variance. The R² of single columns '
            'hangs on those few rows: a column that tells much of the usual rows may look useless above.',
            few=Percent(len(top) / len(answer), 0),
            target=Name(explored.target),
            part=Percent(float(((top - answer.mean()) ** 2).sum() / squares), 0),
        )
    if explored.rows < _FEW_ROWS:
        yield say(
            'uncertain.few',
            'With {rows} a share near one half may be off by about {points} either way.',
            rows=Count(explored.rows, 'row'),
            points=Count(round(100 / np.sqrt(explored.rows)), 'point'),
        )


def given_away(explored: Explored) -> Sentence:
    """Whether a column gives the target away, and what else is not used."""
    leaks, out = list(explored.leaks), list(explored.left_out)
    if leaks:
        return say(
            'leaks',
            '**{names} {give} the target away and {are} dropped**; {used} used.',
            names=Names(leaks),
            give='give' if len(leaks) > 1 else 'gives',
            are='are' if len(leaks) > 1 else 'is',
            used=_used(explored),
        )
    rest = ' Left out for other reasons: {out}.' if out else ''
    return say(
        'leaks.none',
        'No column was found that gives the target away; {used} used.' + rest,
        used=_used(explored),
        out=Names(out, 4),
    )


def _used(explored: Explored) -> Words:
    count = len(explored.used)
    return Words(f'{count:,} {"column is" if count == 1 else "columns are"}')
