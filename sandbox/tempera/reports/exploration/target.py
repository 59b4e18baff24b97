"""What is predicted, and what tells of it, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Fact, Name, Names, Number, Score, Share
from ..sentences import Sentence, say
from .explored import Explored

#: times the rows of the rarest class from which on accuracy alone flatters
UNEVEN = 3
_BEST = 3
#: below this a score rounds to nothing
_NOTHING = 0.005


def about_target(explored: Explored) -> Iterator[Sentence]:
    """Its classes or its spread, and the rows without it."""
    answer = explored.answer
    if explored.is_classes:
        yield from _classes(explored)
    else:
        yield say(
            'target.spread',
            'Its mean is {mean}, its standard deviation {sd}, its range {low} to {high}, its skewness {skew}.',
            mean=Number(float(answer.mean())),
            sd=Number(float(answer.std())),
            low=Number(float(answer.min())),
            high=Number(float(answer.max())),
            skew=Number(float(answer.skew())),
        )
    missing = int(explored.relations['target']['missing'])
    if missing:
        yield say(
            'target.missing',
            '{rows} of the rows have no target and cannot be used.',
            rows=Share(missing, explored.rows),
        )


def _classes(explored: Explored) -> Iterator[Sentence]:
    counts = explored.answer.value_counts()
    most, least, rows = int(counts.iloc[0]), int(counts.iloc[-1]), int(counts.sum())
    yield say(
        'target.classes',
        'It has {classes} classes; the commonest, {first}, holds {most} of the rows that have one, the rarest, '
        '{last}, {least}.',
        classes=len(counts),
        first=Name(counts.index[0], 40),
        most=Share(most, rows),
        last=Name(counts.index[-1], 40),
        least=Share(least, rows),
    )
    if most >= UNEVEN * least:
        yield say(
            'target.uneven',
            'That is **imbalanced**: accuracy alone would flatter a model.',
            times=Number(most / least),
        )
    else:
        yield say(
            'target.even',
            'The classes are balanced well enough for plain metrics.',
            times=Number(most / least),
        )


def what_tells(explored: Explored) -> Sentence:
    """The strongest single columns that are used."""
    best = [item for item in explored.scores if item[0] in explored.used and item[1] >= _NOTHING][:_BEST]
    facts, apart = _how_judged(explored)
    judged = f'Judged one at a time by a quick cross-validated learner of trees{apart}'
    if not best:
        return say('signal.none', judged + ', no column that is used tells more than a guess.', **facts)
    measure = 'a skill of' if explored.is_classes else 'an R² of'
    parts = [f'{{name0}} reaches {measure} {{score0}}']
    parts += [f'{{name{place}}} {{score{place}}}' for place in range(1, len(best))]
    for place, (name, score) in enumerate(best):
        facts |= {f'name{place}': Name(name), f'score{place}': Score(score, 2)}
    return say('signal', f'{judged}, {", ".join(parts)}.', **facts)


def _how_judged(explored: Explored) -> tuple[dict[str, Fact], str]:
    """What rows are held apart by when columns are judged, as a template with its facts."""
    split = explored.measured.split
    if split.strategy.startswith('forward'):
        return {'by': Names(list(split.by))}, ', later rows along {by} by earlier ones'
    if split.group:
        return {'group': Name(split.group)}, ', with all rows of a value of {group} on one side'
    return {}, ''


def what_is_measured(explored: Explored) -> Sentence:
    """The scale of `what_tells`."""
    if explored.is_classes:
        return say('signal.scale', 'Skill is 2 · AUC − 1, over the classes: 0 is guessing and 1 is perfect.')
    return say(
        'signal.scale',
        'R² is the share of the target’s variance that is explained; 0 is no better than the mean, 1 is perfect.',
    )


def expected(explored: Explored) -> Sentence | None:
    """What a quick learner makes of all that is used."""
    skill = explored.measured.expected_skill
    if skill is None:
        return None
    scale = (
        '2 · AUC − 1: 0 is a guess, 1 is perfect'
        if explored.is_classes
        else 'R²: 0 is the mean, 1 is perfect'
    )
    if skill < _NOTHING:
        return say(
            'expected.none',
            'A quick learner of trees, cross-validated as the split is made, is no better than a guess on what is used '
            '({scale}); a weak relation may be there all the same.',
            scale=scale,
            skill=Score(skill, 2),
        )
    return say(
        'expected',
        'A quick learner of trees, cross-validated as the split is made, has a skill of {skill} on what is used '
        '({scale}).',
        skill=Score(skill),
        scale=scale,
    )
