"""The report of training: how good the model is, how that was found, what is uncertain, and a card of the model."""

from __future__ import annotations

from collections.abc import Iterator

from ...learning.final import Judged
from ..facts import Because, Count, Fact, Name, Score
from ..figures import Gallery
from ..report import Report
from ..sentences import Sentence, say
from ..who_decided import say_who_decided
from ..words import cut
from .card import card
from .errors import (
    CLASS_HEADER,
    THRESHOLD_HEADER,
    about_threshold,
    about_thresholds,
    beware,
    class_rows,
    errors,
    threshold_rows,
)
from .in_short import against_dummy, expected, origin, score, uses
from .metric_words import METRIC_WORDS


def training_report(judged: Judged, gallery: Gallery) -> Report:
    """All of it; the figures are drawn before."""
    report = Report(f'A model for `{cut(judged.training.target, 60)}`', gallery)
    _in_short(report, judged)
    _comparison(report, judged)
    _test(report, judged)
    report.say(gallery.explained())
    report.section('What it uses')
    report.say(uses(judged))
    report.show('importance')
    say_who_decided(report)
    report.section('What is uncertain')
    report.points(_uncertain(judged))
    report.section('Model card')
    report.table('card', ('', ''), card(judged))
    report.section('Next steps')
    report.steps(_next_steps(judged))
    return report


def _in_short(report: Report, judged: Judged) -> None:
    report.section('In short')
    report.steps([score(judged), against_dummy(judged), expected(judged), uses(judged), origin(judged)])
    report.points(beware(judged))


def _comparison(report: Report, judged: Judged) -> None:
    report.section('Comparison')
    report.say(*_how_compared(judged))
    header = ('candidate', judged.metric, 'sd of folds', 'standard error', 'seconds')
    report.table(
        'candidates',
        header,
        [
            [
                one['title'],
                *(Score(one[name], 4) for name in ('mean', 'sd', 'se')),
                f'{one["seconds"]:.1f}',
            ]
            for one in judged.comparison['candidates']
        ],
    )
    report.show('comparison')
    report.say(
        say(
            'chosen',
            '**Chosen: {title}**, because {why}.',
            title=judged.title,
            why=Because(judged.choices['reason']),
        ),
        _cross_validated(judged),
    )


def _how_compared(judged: Judged) -> Iterator[Sentence]:
    training, task = judged.training, judged.training.task(0)
    yield say(
        'compared.rows',
        'Candidates were judged on the same {rows} rows of train and val, with the preprocessing fitted inside every '
        'fold.',
        rows=len(training.sample),
    )
    if len(training.sample) < len(training.known):
        yield say(
            'compared.sample',
            'They are {which} of {known}.',
            which='the latest' if training.by_time else 'drawn at random out',
            known=len(training.known),
        )
    why = judged.choices['metric_reason'] or training.metadata.get('metric_reason')
    yield say(
        'compared.metric',
        'Metric: **{metric}** ({words}), because {why}.',
        metric=judged.metric,
        words=METRIC_WORDS[judged.metric],
        why=Because(why or 'it fits the kind of target'),
    )
    if training.is_classes and task.class_weight:
        yield say(
            'compared.weights',
            'In the fit all classes weigh alike where a candidate can do that, because the metric counts them alike.',
        )


def _cross_validated(judged: Judged) -> Sentence:
    expectation = judged.expectation
    facts = {'mean': Score(expectation.mean), 'sd': Score(expectation.sd)}
    folds = len(expectation.scores)
    if judged.training.by_time:
        return say(
            'chosen.forward',
            'Its {folds} folds, cut forwards in time, also say what to expect of the test: {mean} (sd {sd}).',
            folds=folds,
            **facts,
        )
    return say(
        'chosen.again',
        'It was then cross-validated once more, on {folds} other folds, to know better what to expect of the test: '
        '{mean} (sd {sd}). Its figure may differ a little from the table’s, which serves to compare.',
        folds=folds,
        **facts,
    )


def _test(report: Report, judged: Judged) -> None:
    report.section('The test')
    columns = (judged.test, judged.baseline, judged.validation)
    rows: list[list[Fact | str | int | float]] = [
        [name, *(Score(scores[name], 4) if name in scores else '–' for scores in columns)]
        for name in judged.test
    ]
    report.table('metrics', ('metric', 'test', 'dummy', 'validation (trained on train alone)'), rows)
    report.show('interval')
    report.say(*errors(judged))
    report.table('classes', CLASS_HEADER, class_rows(judged))
    report.say(about_threshold(judged))
    report.say(about_thresholds(judged))
    report.table('thresholds', THRESHOLD_HEADER, threshold_rows(judged))
    report.show('confusion', 'certainty', 'residuals')


def _uncertain(judged: Judged) -> Iterator[Sentence]:
    metadata = judged.training.metadata
    yield say(
        'uncertain.rows',
        'The intervals assume that new rows are like these. They reflect {rows}; more would narrow them.',
        rows=Count(len(judged.truth), 'test row'),
    )
    if not judged.is_inside:
        yield say(
            'uncertain.outside',
            'The test score fell outside the interval. One run in twenty does; if it repeats with another seed, the '
            'splits differ in kind.',
        )
    yield say(
        'uncertain.correlated',
        'Correlated columns share importance, so a low bar does not mean that a column is useless.',
    )
    useful = [one.feature for one in judged.importance if one.is_clear]
    for name in metadata.get('target_encoded', []):
        if name in useful:
            yield say(
                'uncertain.encoded',
                'Much hangs on {name}, of which it knows the values of the training rows only: expect less for rows '
                'with a new one.',
                name=Name(name),
            )
    if metadata['split'].get('equal_rows') == 'mixed':
        yield say(
            'uncertain.mixed',
            'Rows with equal features stand on both sides of the split, because too few combinations differ to hold '
            'them apart. The score speaks for combinations like these, not for new ones.',
        )
    for text in judged.training.warnings:
        yield say('uncertain.measured', '{said}', said=text)
    for text in judged.choices['uncertain']:
        yield say('uncertain.said', '{said}', said=text)


def _next_steps(judged: Judged) -> list[Sentence | None]:
    if not judged.is_promising:
        return [
            say(
                'next.columns',
                'Ask someone who knows the rows what {target} hangs on, and add columns that hold it.',
                target=Name(judged.training.target),
            ),
            say('next.rows', 'Collect more rows: a weak relation needs many to be seen.'),
        ]
    return [
        say('next.later', 'Try the model on rows collected later than these.'),
        say('next.errors', 'Look at the largest errors with someone who knows the rows.'),
        say('next.more', 'Collect more rows of the kind that is confused most.')
        if judged.confusions
        else None,
    ]
