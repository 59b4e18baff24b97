"""Which target is suggested: by wording, place, kind and how columns stand to each other, in tables made here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tempera.tables import TablePlan, read, understand
from tempera.tables.measured import words
from tempera.tables.measured.findings import TargetCandidate
from tempera.tables.measured.targets import rank_targets, understand_target

ROWS = 160
#: words of outcomes that are words of something else too, or of one letter
_AMBIGUOUS = {'y', 'case', 'points', 'rings', 'glass', 'fat', 'close', 'demand', 'left', 'quality'}


def ranked(tmp_path, columns: dict[str, object], most: int = 5) -> tuple[TargetCandidate, ...]:
    plan, frame = stored(tmp_path, columns)
    return rank_targets(plan, frame, most)


def stored(tmp_path, columns: dict[str, object]) -> tuple[TablePlan, pd.DataFrame]:
    file = tmp_path / 'table.csv'
    pd.DataFrame(columns).to_csv(file, index=False)
    plan = understand(file)
    return plan, read(file, plan)


def measure(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(50, 9, ROWS).round(3)


def labels(seed: int, *given: str) -> np.ndarray:
    return np.random.default_rng(seed).choice(given, ROWS)


@pytest.mark.parametrize('word', sorted((words.TARGET[0] | words.TARGET[1]) - _AMBIGUOUS))
def test_an_outcome_by_its_word_comes_before_measures_and_before_who_and_where(word: str, tmp_path) -> None:
    found = ranked(
        tmp_path,
        {
            'age': measure(1),
            'sex': labels(2, 'f', 'm'),
            'pressure': measure(3),
            word: measure(4),
            'length': measure(5),
            'region': labels(6, 'north', 'south', 'east'),
            'depth': measure(7),
        },
    )
    assert found[0].name == word
    assert len(found) >= 3 and all(one.because for one in found)


@pytest.mark.parametrize('word', sorted(words.BACKGROUND - {'year', 'jahr'}))
def test_who_and_where_is_no_target_though_it_stands_last(word: str, tmp_path) -> None:
    found = ranked(
        tmp_path, {'sold': labels(1, 'yes', 'no'), 'length': measure(2), word: labels(3, 'a', 'b')}
    )
    assert found[0].name == 'sold'


@pytest.mark.parametrize(
    ('name', 'made'),
    [
        ('lreach', np.log), ('log_reach', np.log), ('reachsq', np.square), ('reach2', np.square),
        ('reach_mm', lambda values: values * 1000), ('reach_squared', np.square),
    ],
)  # fmt: skip
def test_what_is_made_of_another_column_is_not_suggested_for_standing_last(name: str, made, tmp_path) -> None:
    reach = np.abs(measure(1)) + 1
    columns = {'depth': measure(3), 'reach': reach, 'length': measure(2), name: made(reach)}
    assert ranked(tmp_path, columns)[-1].name == name


def test_a_word_that_several_columns_share_says_less_than_one_of_a_column_alone(tmp_path) -> None:
    columns = {
        f'price of {fruit}': measure(at) for at, fruit in enumerate(('figs', 'plums', 'dates', 'nuts'))
    }
    assert ranked(tmp_path, {'purchase': labels(9, 'yes', 'no'), **columns})[0].name == 'purchase'


def test_one_of_a_series_is_no_target_but_for_the_last_column(tmp_path) -> None:
    series = {f'x{at}': measure(at) for at in range(1, 8)}
    assert not ranked(tmp_path, {**series, 'reading': measure(20)})[0].name.startswith('x')
    assert ranked(tmp_path, series)[0].name == 'x7'
    spoken = {f'power {word}': measure(at) for at, word in enumerate('abcdefg')}
    assert ranked(tmp_path, {'depth': measure(30), **spoken, 'length': measure(31)})[0].name == 'length'


@pytest.mark.parametrize('time', ['time', 'survtime', 'futime', 'days', 'lifetime'])
@pytest.mark.parametrize('event', ['status', 'cens', 'censrec', 'event', 'died'])
def test_a_time_with_whether_it_had_ended_is_what_the_table_is_about(time: str, event: str, tmp_path) -> None:
    columns = {
        'dose': measure(1),
        time: np.random.default_rng(2).integers(1, 900, ROWS),
        event: np.random.default_rng(3).integers(0, 2, ROWS),
        'size': measure(4),
        'grade': np.random.default_rng(5).integers(1, 4, ROWS),
        'reading': measure(6),
    }
    plan, frame = stored(tmp_path, columns)
    assert {time, event} <= {one.name for one in rank_targets(plan, frame, 3)}
    finding = understand_target(plan, frame, time)
    assert finding.meaning == 'censored' and finding.event == event


@pytest.mark.parametrize('highest', [8, 10, 12])
def test_steps_that_rise_and_fall_are_an_amount_and_even_ones_are_classes(highest: int, tmp_path) -> None:
    source = np.random.default_rng(highest)
    hill = np.clip(np.round(source.normal(highest / 2, highest / 6, 600)), 0, highest).astype(int)
    hill[: highest + 1] = np.arange(highest + 1)
    even = source.integers(0, min(highest, 9) + 1, 600)
    plan, frame = stored(tmp_path, {'mood': hill, 'digit': even, 'reading': source.normal(size=600)})
    assert understand_target(plan, frame, 'mood').problem == 'regression'
    assert understand_target(plan, frame, 'digit').problem == 'multiclass'


def test_a_word_of_classes_within_a_name_does_not_make_a_count_one_of_classes(tmp_path) -> None:
    flares = np.random.default_rng(1).poisson(0.4, 600)
    plan, frame = stored(tmp_path, {'m-class-flares': flares, 'reading': np.arange(600) % 71})
    assert understand_target(plan, frame, 'm-class-flares').meaning in ('count', 'zero_inflated')


@pytest.mark.parametrize('event', ['Order Status', 'died', 'exit'])
def test_the_age_of_somebody_is_no_time_that_had_ended(event: str, tmp_path) -> None:
    source = np.random.default_rng(8)
    columns = {
        'age': source.integers(18, 80, ROWS),
        event: source.integers(0, 2, ROWS),
        'reading': measure(6),
    }
    plan, frame = stored(tmp_path, columns)
    assert understand_target(plan, frame, 'age').meaning != 'censored'
    assert not any('had ended' in why for one in rank_targets(plan, frame, 3) for why in one.because)
