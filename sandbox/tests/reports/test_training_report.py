"""What the training report says beside a good score: classes that are never found, tests that are too small."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from tempera.learning.intervals import Interval
from tempera.reports.training import beware
from tempera.reports.training.errors import errors
from tempera.reports.training.figures import fill_interval
from tempera.reports.training.in_short import against_dummy

from .judged import judged


def test_a_class_that_is_never_named_is_told_however_good_the_ranking() -> None:
    truth = ['no'] * 90 + ['yes'] * 10
    one = judged(
        truth,
        ['no'] * 100,
        known=['no'] * 100 + ['yes'] * 9,
        test={'accuracy': 0.9, 'roc_auc': 0.98},
        baseline={'accuracy': 0.9, 'roc_auc': 0.5},
    )
    sentences = beware(one)
    assert [sentence.key for sentence in sentences] == ['beware.missed', 'beware.accuracy']
    assert sentences[0].markdown == '**`predict()` hardly ever finds `yes`**: 0 of its 10 test rows.'
    assert sentences[0].plain == '`predict()` hardly ever finds `yes`: 0 of its 10 test rows.'
    assert sentences[1].plain == (
        'By accuracy (0.900) it is no better than always naming the commonest class (0.900).'
    )


def test_a_good_model_on_many_rows_is_left_alone() -> None:
    truth = ['no'] * 50 + ['yes'] * 50
    test = {'accuracy': 1.0, 'roc_auc': 1.0}
    one = judged(truth, truth, test=test, baseline={'accuracy': 0.5, 'roc_auc': 0.5})
    assert beware(one) == []


def test_few_test_rows_and_a_negative_r2_are_told() -> None:
    test, baseline = {'r2': -3.0, 'rmse': 1.0}, {'r2': 0.0, 'rmse': 2.0}
    sentences = beware(judged([1.0, 2.0], [2.0, 1.0], metric='rmse', test=test, baseline=baseline))
    assert sentences[0].plain.startswith('R² on the test is -3.00') and 'RMSE' not in sentences[0].plain
    assert sentences[1].plain.startswith('The test has only 2 rows')


def test_along_time_a_comparison_with_the_past_mean_says_its_two_numbers() -> None:
    test, baseline = {'r2': -3.0, 'rmse': 1.0}, {'r2': -9.0, 'rmse': 2.0}
    sentences = beware(
        judged([1.0, 2.0], [2.0, 1.0], metric='rmse', test=test, baseline=baseline, strategy='time')
    )
    assert 'RMSE 1 against 2' in sentences[0].plain and 'far better' not in sentences[0].plain


@pytest.mark.parametrize(
    ('dummy', 'key'), [(0.5, 'dummy.beaten'), (0.95, 'dummy.close'), (0.99, 'dummy.beaten_not')]
)
def test_a_dummy_is_compared_by_the_uncertainty_that_is_shown(dummy: float, key: str) -> None:
    one = judged(
        ['a', 'b'],
        ['a', 'b'],
        metric='accuracy',
        test={'accuracy': 0.98},
        baseline={'accuracy': dummy},
        interval=Interval(0.94, 1.0),
    )
    assert against_dummy(one).key == key


def test_what_is_wrong_is_counted_and_none_is_said_only_where_none_is() -> None:
    test = {'accuracy': 0.5, 'roc_auc': 0.5}
    sentences = list(errors(judged(['a', 'b', 'b'], ['a', 'a', 'b'], test=test, baseline=test)))
    assert [one.plain for one in sentences] == [
        '2 of 3 test rows are right.',
        'Most often confused: 1 × `b` taken for `a`.',
    ]
    sentences = list(errors(judged(['a', 'b'], ['a', 'b'], test=test, baseline=test)))
    assert [one.key for one in sentences] == ['errors.right', 'errors.none']


def test_an_interval_figure_is_not_squeezed_by_a_dummy_far_off() -> None:
    for dummy, is_shown in ((0.44, False), (0.93, True)):
        one = judged(
            ['a', 'b'],
            ['a', 'b'],
            metric='accuracy',
            test={'accuracy': 0.98},
            baseline={'accuracy': dummy},
        )
        axis = Figure().subplots()
        fill_interval(axis, one)
        legend = axis.get_legend()
        assert bool(axis.get_xlim()[0] <= dummy) is is_shown
        assert any('dummy' in text.get_text() for text in legend.get_texts())
        assert legend.get_window_extent().x0 >= axis.get_window_extent().x1
