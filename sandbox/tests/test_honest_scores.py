"""How sure a score is: intervals hold the truth as often as they say, by rows, by groups and along time; and which
candidate is chosen."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tempera.learning.belonging import Belonging
from tempera.learning.candidates import SIMPLEST_FIRST, Task, estimator
from tempera.learning.choosing import Examples, FoldScores, compare, cross_validate
from tempera.learning.folds import Cutting, ForwardFolds, GroupedFolds, folds_of
from tempera.learning.intervals import (
    Interval,
    Units,
    _without_each,
    error_of_mean,
    expected_interval,
    score_interval,
    stretches_of,
)
from tempera.learning.learner_titles import TITLES
from tempera.learning.scoring import Answers, metrics_of, quick_score

RUNS = 60
Rng = np.random.Generator
#: a test's answers, its truth, what errs together, and the score that endless rows would have
Test = tuple[Answers, pd.Series, Units | None, float]


def hits(right: np.ndarray) -> tuple[Answers, pd.Series]:
    """Answers of which these are right, to labels that alternate."""
    truth = np.where(np.arange(len(right)) % 2, 'yes', 'no')
    found = np.where(right, truth, np.where(truth == 'yes', 'no', 'yes'))
    chances = np.column_stack([found == 'no', found == 'yes']).astype('float64')
    return Answers(found, np.array(['no', 'yes']), chances), pd.Series(truth)


def shares(rows: int, share: float) -> Callable[[Rng], Test]:
    return lambda rng: (*hits(rng.random(rows) < share), None, share)


def shares_of_groups(rng: Rng) -> Test:
    """Sixteen things of eight rows: each thing has a share of its own."""
    chance = rng.beta(2.4, 0.8, 16)
    return (*hits(rng.random(128) < np.repeat(chance, 8)), Units(np.repeat(np.arange(16), 8)), 0.75)


def rankings(rows: int, rare: float) -> Callable[[Rng], Test]:
    """Two bell curves a standard deviation and a half apart: the area is 0.856."""

    def drawn(rng: Rng) -> Test:
        truth = rng.random(rows) < rare
        truth[:3], truth[3:6] = True, False
        place = rng.normal(1.5 * truth, 1)
        answers = Answers(
            np.where(place > 1, 'yes', 'no'), np.array(['no', 'yes']), np.column_stack([-place, place])
        )
        return answers, pd.Series(np.where(truth, 'yes', 'no')), None, 0.8556

    return drawn


def errors(rows: int) -> Callable[[Rng], Test]:
    def drawn(rng: Rng) -> Test:
        found = rng.normal(0, 1, rows)
        return Answers(found), pd.Series(found + rng.normal(0, 0.75, rows)), None, 1 - 0.5625 / 1.5625

    return drawn


def errors_in_time(rng: Rng) -> Test:
    """Errors of days that are like those of the day before."""
    day = np.zeros(90)
    for at in range(1, 90):
        day[at] = 0.7 * day[at - 1] + rng.normal(0, 1)
    missed = np.repeat(day, 3) + rng.normal(0, 0.5, 270)
    units = Units(stretches_of(np.repeat(np.arange(90), 3)), in_time=True)
    return Answers(np.zeros(270)), pd.Series(missed), units, float(np.sqrt(1 / (1 - 0.49) + 0.25))


KINDS: dict[str, tuple[Callable[[Rng], Test], Task, float]] = {
    'a share of 15 rows': (shares(15, 0.85), Task('binary', 'accuracy', 85, 1), 1.4),
    'a share of 60 rows': (shares(60, 0.7), Task('binary', 'accuracy', 340, 1), 1.15),
    'a share of 600 rows': (shares(600, 0.95), Task('binary', 'accuracy', 3400, 1), 1.15),
    'a share of groups': (shares_of_groups, Task('binary', 'accuracy', 700, 1), 1.3),
    'a ranking of a rare class': (rankings(100, 0.08), Task('binary', 'roc_auc', 560, 1), 1.4),
    'r2 of 20 rows': (errors(20), Task('regression', 'r2', 110, 1), 1.3),
    'r2 of 200 rows': (errors(200), Task('regression', 'r2', 1100, 1), 1.15),
    'mae of 40 rows': (
        lambda rng: (*errors(40)(rng)[:3], 0.75 * float(np.sqrt(2 / np.pi))),
        Task('regression', 'mae', 230, 1),
        1.2,
    ),
    'rmse along time': (errors_in_time, Task('regression', 'rmse', 1500, 1), 1.5),
}


@pytest.mark.parametrize('name', KINDS)
def test_the_truth_lies_in_the_interval_as_often_as_it_says(name: str) -> None:
    drawn, task, _ = KINDS[name]
    held = 0
    for seed in range(RUNS):
        answers, truth, units, score = drawn(np.random.default_rng(seed))
        held += score_interval(answers, truth, task, units).holds(score)
    # 0.95 less two standard errors of so few runs; what errs along time is known from too little to be exact
    assert held / RUNS >= (0.8 if 'time' in name else 0.89)


@pytest.mark.parametrize('name', KINDS)
def test_an_interval_is_hardly_wider_than_a_bootstrap_of_the_same_rows(name: str) -> None:
    drawn, task, most = KINDS[name]
    ours, theirs = [], []
    for seed in range(8):
        rng = np.random.default_rng(1000 + seed)
        answers, truth, units, _ = drawn(rng)
        interval = score_interval(answers, truth, task, units)
        ours.append(interval.high - interval.low)
        theirs.append(bootstrap_width(rng, answers, truth, task, units))
    assert np.mean(ours) <= most * np.mean(theirs)


def bootstrap_width(rng: Rng, answers: Answers, truth: pd.Series, task: Task, units: Units | None) -> float:
    of_rows = np.arange(len(truth)) if units is None else units.of_rows
    members = [np.flatnonzero(of_rows == unit) for unit in np.unique(of_rows)]
    scores = []
    for _ in range(100):
        rows = np.concatenate([members[at] for at in rng.integers(0, len(members), len(members))])
        scores.append(quick_score(answers.take(rows), truth.to_numpy()[rows], task.problem, task.metric))
    low, high = np.nanquantile(scores, (0.025, 0.975))
    return float(high - low)


def test_rows_of_one_group_are_not_counted_as_so_many_rows() -> None:
    right = np.repeat(np.arange(12) % 3 > 0, 20)
    answers, truth = hits(right)
    task = Task('binary', 'accuracy', 1000, 1)
    by_rows = score_interval(answers, truth, task)
    by_groups = score_interval(answers, truth, task, Units(np.repeat(np.arange(12), 20)))
    assert by_groups.high - by_groups.low > 3 * (by_rows.high - by_rows.low)


def test_a_test_that_is_all_right_is_not_taken_for_certain() -> None:
    answers, truth = hits(np.ones(12, dtype=bool))
    interval = score_interval(answers, truth, Task('binary', 'accuracy', 70, 1))
    assert interval.high == 1.0 and 0.6 < interval.low < 0.8


def test_where_nothing_can_be_judged_the_interval_has_no_end() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        one = score_interval(Answers(np.array([1.0])), pd.Series([2.0]), Task('regression', 'r2', 5, 1))
    assert one == Interval(-np.inf, 1.0)


def test_what_is_expected_of_a_test_is_surer_of_more_rows() -> None:
    scores, sizes = np.array([0.8, 0.84, 0.79, 0.86, 0.81] * 2), [(80, 20)] * 10
    task = Task('multiclass', 'accuracy', 100, 1)
    few, many = (expected_interval(scores, sizes, task, rows, 0.3) for rows in (10, 1000))
    assert few.low < many.low < 0.82 < many.high < few.high <= 1.0


def folds(**scores: list[float]) -> FoldScores:
    values = {name: np.array(found) for name, found in scores.items()}
    return FoldScores(values, dict.fromkeys(scores, 0.1), [(80, 20)] * 5, {})


def test_the_simplest_that_the_best_does_not_clearly_beat_comes_first() -> None:
    task = Task('binary', 'roc_auc', 100, 1)
    found = compare(
        folds(
            dummy=[0.5] * 5,
            linear=[0.80, 0.84, 0.78, 0.86, 0.81],
            boosting=[0.81, 0.85, 0.79, 0.86, 0.82],
            kernel=[0.60, 0.61, 0.59, 0.60, 0.62],
        ),
        task,
    )
    assert found.best == 'boosting' and found.within_one_se == ('linear', 'boosting')
    assert found.beats_dummy and found.candidates[0].title == TITLES['boosting']


def test_a_candidate_that_is_no_better_than_the_dummy_is_not_preferred_and_that_is_said() -> None:
    task = Task('regression', 'rmse', 100, 1)
    found = compare(folds(dummy=[1.0] * 5, linear=[1.2] * 5, forest=[1.1, 1.0, 1.2, 1.1, 1.0]), task)
    assert found.within_one_se == ('forest',) and not found.beats_dummy


@pytest.mark.parametrize('metric', ['mae', 'rmse', 'r2'])
def test_no_single_answer_is_better_than_the_dummy(metric: str) -> None:
    counts = pd.Series(np.random.default_rng(4).poisson(0.35, 400).astype('float64'))
    task = Task('regression', metric, 400, 1)
    features = pd.DataFrame({'a': np.zeros(400)})

    def loss(answer: float) -> float:
        errors = counts - answer
        return float(errors.abs().mean() if metric == 'mae' else (errors**2).mean())

    (answer,) = set(estimator('dummy', task).fit(features, counts).predict(features))
    assert loss(answer) <= min(map(loss, np.linspace(0, 3, 301))) + 1e-4


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(RuntimeError, match='no candidate could be fitted'):
        compare(folds(dummy=[0.5] * 5), Task('binary', 'roc_auc', 100, 1))


def test_a_candidate_that_fails_is_told_and_the_others_go_on() -> None:
    rng = np.random.default_rng(1)
    features = pd.DataFrame({'a': rng.normal(size=60), 'b': rng.normal(size=60)})
    answer = pd.Series(np.where(features['a'] > 0, 'yes', 'no'))
    seen: list[tuple[str, int]] = []
    found = cross_validate(
        ['dummy', 'linear', 'log_linear'],
        Examples(features, answer, Pipeline([('scale', StandardScaler())])),
        folds_of(answer, True, Cutting(3, 1, 1), Belonging()),
        Task('binary', 'accuracy', 60, 1),
        lambda name, place, *_: seen.append((name, place)),
    )
    assert set(found.failed) == {'log_linear'} and len(found.scores['linear']) == 3
    assert ('linear', 2) in seen and not any(name == 'log_linear' for name, _ in seen)


@pytest.mark.parametrize('problem', ['binary', 'regression'])
def test_every_candidate_is_seeded_and_can_be_made(problem: str) -> None:
    task = Task(problem, 'accuracy' if problem == 'binary' else 'r2', 100, 7)  # type: ignore[arg-type]
    names = [name for name in ('dummy', *SIMPLEST_FIRST) if problem == 'regression' or name != 'log_linear']
    assert all(hasattr(estimator(name, task), 'fit') for name in names)
    with pytest.raises(ValueError, match='no candidate'):
        estimator('oracle', task)


def test_folds_hold_groups_and_moments_apart() -> None:
    groups = np.repeat(np.arange(20), 5)
    answer = pd.Series(np.where(np.arange(100) % 2, 'a', 'b'))
    grouped = folds_of(answer, True, Cutting(5, 2, 1), Belonging(groups))
    assert isinstance(grouped, GroupedFolds) and grouped.get_n_splits() == 10
    assert all(not set(groups[learn]) & set(groups[judge]) for learn, judge in grouped.split(answer, answer))
    moments = np.repeat(np.arange(50), 2)
    forward = folds_of(answer, True, Cutting(5, 1, 1), Belonging(np.arange(100) % 30, moments))
    assert isinstance(forward, ForwardFolds)
    for learn, judge in forward.split(answer, answer):
        assert moments[learn].max() < moments[judge].min()


def test_groups_seen_along_the_whole_time_still_leave_rows_to_learn_from() -> None:
    moments, shops = np.repeat(np.arange(40), 4), np.tile(np.arange(4), 40)
    cut = ForwardFolds(moments, 5, shops)
    assert cut.get_n_splits() >= 3 and all(len(learn) >= 20 for learn, _ in cut.split(None, None))


@pytest.mark.parametrize('metric', ['r2', 'rmse', 'mae'])
def test_scores_without_a_unit_are_those_of_the_library(metric: str) -> None:
    rng = np.random.default_rng(5)
    found, truth = rng.normal(0, 1, 40), pd.Series(rng.normal(0, 1, 40))
    each, task = rng.permutation(np.arange(40) % 8), Task('regression', metric, 100, 1)
    quick = _without_each(each, Answers(found), truth, task)
    for unit in range(8):
        rest = np.flatnonzero(each != unit)
        slow = metrics_of(Answers(found[rest]), truth.iloc[rest], 'regression')[metric]
        assert quick[unit] == pytest.approx(slow)


@pytest.mark.parametrize('metric', ['roc_auc', 'accuracy', 'log_loss', 'f1_macro', 'balanced_accuracy'])
def test_a_quick_score_is_that_of_the_library_also_where_chances_are_equal(metric: str) -> None:
    rng = np.random.default_rng(6)
    truth = pd.Series(rng.choice(['no', 'yes'], 50))
    chance = rng.integers(1, 6, 50) / 6
    answers = Answers(
        np.where(chance > 0.5, 'yes', 'no'), np.array(['no', 'yes']), np.column_stack([1 - chance, chance])
    )
    whole = metrics_of(answers, truth, 'binary')[metric]
    assert quick_score(answers, truth.to_numpy(), 'binary', metric) == pytest.approx(whole)
    one = np.flatnonzero(truth == 'yes')
    if metric == 'roc_auc':
        assert np.isnan(quick_score(answers.take(one), truth.to_numpy()[one], 'binary', metric))


def test_the_error_of_a_mean_is_over_what_errs_together() -> None:
    source = np.random.default_rng(8)
    days = np.repeat(np.arange(200), 24)
    apart = source.normal(size=4_800)
    together = source.normal(size=200)[days] + 0.1 * apart
    in_time = Units(stretches_of(days.astype('float64')), in_time=True)
    assert error_of_mean(apart) == pytest.approx(apart.std(ddof=1) / 4_800**0.5)
    # 200 days say as much as 200 numbers, not as 4,800
    for units in (Units(days), in_time):
        assert error_of_mean(apart, units) == pytest.approx(error_of_mean(apart), rel=0.4)
        assert error_of_mean(together, units) == pytest.approx(200**-0.5, rel=0.4)
    assert error_of_mean(together) < 200**-0.5 / 4
