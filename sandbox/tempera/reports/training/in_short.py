"""What is to be known of a model at once: its score, how sure that is, what a dummy has, what it uses."""

from __future__ import annotations

import numpy as np

from ...learning.final import Judged
from ...learning.intervals import LEVEL, Interval
from ...learning.judging import importance_metric
from ..facts import Count, Fact, Name, Names, Score
from ..sentences import Sentence, say

#: titles that stand without an article
_PLURAL = ('extra_trees', 'boosting')


def score(judged: Judged) -> Sentence:
    """Of the test, with what it leaves open."""
    open_to = judged.reached
    is_bounded = bool(np.isfinite(open_to.low) and np.isfinite(open_to.high))
    return say(
        'score',
        'The chosen model, {article}**{title}**, reaches **{metric} {score}** on {rows} that it never saw.'
        + (
            ' For new rows of the same kind that leaves {low} to {high} open, with {level} %.'
            if is_bounded
            else ''
        ),
        article='' if judged.name in _PLURAL else 'a ',
        title=judged.title,
        metric=judged.metric,
        score=Score(judged.test[judged.metric]),
        rows=Count(len(judged.truth), 'row'),
        level=round(100 * LEVEL),
        **_ends(open_to),
    )


def _ends(interval: Interval) -> dict[str, Fact]:
    return {'low': Score(interval.low), 'high': Score(interval.high)}


def against_dummy(judged: Judged) -> Sentence:
    """Whether it is better than knowing nothing, by the uncertainty that is shown."""
    facts: dict[str, Fact] = {
        'dummy': Score(judged.baseline[judged.metric]),
        'target': Name(judged.training.target),
    }
    if not judged.is_promising:
        return say(
            'dummy.nothing',
            'A dummy reaches {dummy}. **No candidate is shown to predict {target} better than that**: by '
            'cross-validation the best of those compared has {best} with a standard error of {error}, a dummy {least}. '
            'What follows describes the least bad one: do not use it.',
            **facts,
            **_compared(judged),
        )
    if not judged.beats_dummy:
        return say(
            'dummy.beaten_not',
            'A dummy reaches {dummy}: **the model does not beat it here, do not use it.**',
            **facts,
        )
    if judged.reached.holds(judged.baseline[judged.metric]):
        return say(
            'dummy.close',
            'A dummy reaches {dummy}, which that range holds: by this test alone the model is not clearly better; by '
            'cross-validation it is.',
            **facts,
        )
    return say('dummy.beaten', 'A dummy reaches {dummy}, outside that range.', **facts)


def _compared(judged: Judged) -> dict[str, Fact]:
    """The best candidate and the dummy, by cross-validation."""
    candidates = judged.comparison['candidates']
    best = next(one for one in candidates if one['name'] != 'dummy')
    dummy = next(one for one in candidates if one['name'] == 'dummy')
    return {'best': Score(best['mean']), 'error': Score(best['se']), 'least': Score(dummy['mean'])}


def expected(judged: Judged) -> Sentence:
    """What the folds let expect, and whether the test agrees."""
    expectation = judged.expectation
    return say(
        'expected',
        'Cross-validated on its own before the test was opened it had {mean} (sd {sd} over {folds} folds), from which '
        'a {level} % prediction interval of **{low} to {high}** follows for this test; the score lies '
        + ('inside it.' if judged.is_inside else '**outside it**.'),
        mean=Score(expectation.mean),
        sd=Score(expectation.sd),
        folds=len(expectation.scores),
        level=round(100 * LEVEL),
        **_ends(expectation.interval),
    )


def origin(judged: Judged) -> Sentence:
    """What it learned from."""
    training = judged.training
    return say(
        'origin',
        'It learned from {rows} and {columns}; it speaks for rows of the same origin as the upload.',
        rows=Count(len(training.known), 'row'),
        columns=Count(len(training.features), 'column'),
    )


def uses(judged: Judged) -> Sentence:
    """The columns whose loss stands out from chance."""
    useful = [one.feature for one in judged.importance if one.is_clear]
    tried = len(judged.importance)
    if not useful and tried == 1:
        return say('uses.none', 'Shuffling its one column makes no difference beyond chance on these rows.')
    if not useful:
        return say('uses.none', 'No single column’s loss stands out from chance on these rows.')
    rest = (
        'the loss by each other column that was tried is not beyond chance on these rows.'
        if len(useful) < tried
        else 'that is every column that was tried.'
    )
    return say(
        'uses',
        'Shuffling {names} hurts it clearly; ' + rest,
        names=Names(useful, 4),
        metric=importance_metric(judged.training),
    )
