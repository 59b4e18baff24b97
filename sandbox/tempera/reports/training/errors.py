"""Where the model errs, and what a good score may hide, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ...learning.belonging import belonging_of
from ...learning.final import Judged
from ...learning.intervals import LEVEL, error_of_mean
from ..facts import Count, Fact, Name, Number, Percent, Score
from ..sentences import Sentence, say

#: below this many test rows a score says little
FEW_TEST_ROWS = 30
#: below this many test rows of a class they say little of it
FEW_OF_CLASS = 5
_MOST_MISSED, _MOST_PAIRS, _MOST_CLASSES = 3, 3, 20
#: standard errors from which on a mean error is a bias
_BEYOND_CHANCE = 2
#: R² this little below nothing is told as below 0, not as a number
_NEARLY = -0.005

CLASS_HEADER = ('class', 'test rows', 'precision', 'recall')
THRESHOLD_HEADER = ('threshold', 'recall', 'precision', 'rows named')


def beware(judged: Judged) -> list[Sentence]:
    """What is to be known beside the score."""
    sentences = list(_of_classes(judged) if judged.training.is_classes else _of_numbers(judged))
    if len(judged.truth) < FEW_TEST_ROWS:
        sentences.append(
            say(
                'beware.few',
                'The test has only {rows}: its score says little. Rather rely on the cross-validation, and on that '
                'with care.',
                rows=Count(len(judged.truth), 'row'),
            )
        )
    return sentences


def _of_classes(judged: Judged) -> Iterator[Sentence]:
    for one in [one for one in judged.classes if one.is_missed][:_MOST_MISSED]:
        more = (
            ' The ranking by `predict_proba` is what the score judges; to name this class, choose a lower threshold '
            'from the table in the report.'
        )
        yield say(
            'beware.missed',
            '**`predict()` hardly ever finds {label}**: {right} of its {rows} test rows.'
            + (more if judged.thresholds else ''),
            label=Name(one.label, 40),
            right=one.right,
            rows=one.rows,
        )
    for one in [one for one in judged.classes if 0 < one.rows < FEW_OF_CLASS][:_MOST_MISSED]:
        yield say(
            'beware.scarce',
            'The test has only {rows} of {label}: what the score says of that class hangs on them.',
            rows=Count(one.rows, 'row'),
            label=Name(one.label, 40),
        )
    ours, theirs = judged.test.get('accuracy', 1.0), judged.baseline.get('accuracy', 0.0)
    if judged.metric != 'accuracy' and ours <= theirs:
        yield say(
            'beware.accuracy',
            'By accuracy ({ours}) it is no better than always naming the commonest class ({theirs}).',
            ours=Score(ours),
            theirs=Score(theirs),
        )


def _of_numbers(judged: Judged) -> Iterator[Sentence]:
    r2 = judged.test['r2']
    if r2 > 0:
        return
    ours, theirs = judged.test['rmse'], judged.baseline['rmse']
    along_time = judged.training.by_time and ours < theirs
    yield say(
        'beware.r2',
        'R² on the test is {r2}: the mean of the test rows themselves, which nobody knows beforehand, would be nearer '
        'than the predictions.'
        + (
            ' Along time this can go with a model that is better than the past mean, as here: RMSE {ours} against '
            '{theirs}.'
            if along_time
            else ''
        ),
        r2='below 0' if r2 > _NEARLY else Score(r2, 2),
        ours=Number(ours),
        theirs=Number(theirs),
    )


def errors(judged: Judged) -> Iterator[Sentence]:
    """How many are right and what is confused; or how far off the numbers are."""
    if judged.training.is_classes:
        yield from _confused(judged)
        return
    truth, found = judged.truth, judged.answers.found
    gap, mean = (truth - found).abs(), float((truth - found).mean())
    yield say(
        'errors.sizes',
        'Half of the test rows are within {half} of the truth, nine in ten within {most}; the largest miss is {worst}.',
        half=Number(float(gap.median())),
        most=Number(float(gap.quantile(0.9))),
        worst=Number(float(gap.max())),
    )
    units = belonging_of(judged.training.test, judged.training.metadata).units
    error = error_of_mean((truth - found).to_numpy(dtype='float64'), units)
    facts = {'mean': Number(mean), 'error': Number(error)}
    if abs(mean) <= _BEYOND_CHANCE * error:
        yield say(
            'errors.unbiased',
            'The errors’ mean is {mean}, with a standard error of {error}: no bias is seen beyond chance.',
            **facts,
        )
        return
    yield say(
        'errors.biased',
        'The errors’ mean is {mean}, with a standard error of {error}: the model is biased here, its predictions are '
        'too {side} on the whole.',
        side='low' if mean > 0 else 'high',
        **facts,
    )


def _confused(judged: Judged) -> Iterator[Sentence]:
    right = int((judged.truth.to_numpy() == judged.answers.found).sum())
    yield say(
        'errors.right',
        '{right} of {rows} test rows are right.',
        right=right,
        rows=len(judged.truth),
    )
    pairs = judged.confusions
    if not pairs:
        yield say(
            'errors.none',
            'None is wrong; of new rows like them up to {share} may be, with {level} %.',
            wrong=0,
            share=Percent(1 - (1 - LEVEL) ** (1 / len(judged.truth))),
            level=round(100 * LEVEL),
        )
        return
    facts: dict[str, Fact] = {}
    phrases = []
    for place, (count, true, named) in enumerate(pairs[:_MOST_PAIRS]):
        facts |= {
            f'count{place}': Number(count),
            f'true{place}': Name(true, 40),
            f'named{place}': Name(named, 40),
        }
        phrases.append(f'{{count{place}}} × {{true{place}}} taken for {{named{place}}}')
    yield say('errors.confused', f'Most often confused: {"; ".join(phrases)}.', **facts)


def class_rows(judged: Judged) -> list[list[Fact | str | int | float]]:
    """Precision and recall of each class."""
    return [
        [
            Name(one.label, 60),
            one.rows,
            'never predicted' if one.precision is None else Score(one.precision),
            '–' if one.recall is None else Score(one.recall),
        ]
        for one in judged.classes[:_MOST_CLASSES]
    ]


def about_thresholds(judged: Judged) -> Sentence | None:
    """What the table of thresholds is for."""
    if not judged.thresholds:
        return None
    return say(
        'thresholds',
        '{rare} is the rarer class, so the threshold that `predict()` uses may not be the one that is wanted. By '
        'cross-validation, rows whose probability reaches the threshold hold:',
        rare=Name(judged.rare, 40),
    )


def about_threshold(judged: Judged) -> Sentence | None:
    """From which probability on a class is named, where that is not as soon as it is the likelier one."""
    named_from = judged.training.named_from
    if named_from is None:
        return None
    return say(
        'threshold',
        '`predict()` names {label} from a probability of {probability} on, as was decided; everything here is so.',
        label=Name(named_from.label, 40),
        probability=named_from.threshold,
    )


def threshold_rows(judged: Judged) -> list[list[Fact | str | int | float]]:
    """Recall and precision by threshold."""
    return [
        [Score(one.threshold), Score(one.recall, 2), Score(one.precision, 2), Percent(one.named)]
        for one in judged.thresholds
    ]
