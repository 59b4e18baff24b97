"""What is counted is counted in all rows, and a number that the target never passes is doubted or asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.learning.relations import Relations, relations_of
from tempera.learning.source import Source, in_content_order
from tempera.tables import read, understand
from tempera.tables.measured.findings import Measured
from tempera.tables.measured.measure import happened, measure

ROWS = 600


def worked_through(folder: Path, frame: pd.DataFrame, target: str) -> tuple[Measured, Relations]:
    file = folder / 'table.csv'
    frame.to_csv(file, index=False)
    plan = understand(file)
    table = read(file, plan)
    measured = measure(plan, table, target)
    return measured, relations_of(Source(plan, in_content_order(table)), measured, 5_000)


def test_values_and_their_rows_are_counted_beyond_the_sample(tmp_path: Path) -> None:
    source = np.random.default_rng(1)
    level = source.normal(0, 3, 40)
    things = np.repeat(np.arange(40), 300)
    frame = pd.DataFrame(
        {
            'machine': [f'M{thing:02}' for thing in things],
            'speed': source.normal(size=12_000).round(3),
            'output': (level[things] + source.normal(size=12_000)).round(3),
        }
    )
    measured, _ = worked_through(tmp_path, frame, 'output')
    (found,) = measured.groups
    assert (found.column, found.groups, found.rows_each) == ('machine', 40, 300)


def lifetimes(entry: bool, seed: int = 2) -> pd.DataFrame:
    """Things that fail by their load, some still running; with `entry` only those watched for a while are seen."""
    source = np.random.default_rng(seed)
    load = source.normal(size=ROWS).round(2)
    began = source.uniform(5, 90, ROWS).round(1)
    lasted = source.uniform(0.5, 12, ROWS).round(1) - load
    time = (began + lasted.clip(0.1) if entry else 20 + 5 * lasted).round(1)
    extra = {'entry': began} if entry else {}
    return pd.DataFrame(
        {'time': time, 'event': (source.random(ROWS) < 0.5).astype(int), **extra, 'load': load}
    )


def test_when_a_time_began_to_be_watched_is_asked_about(tmp_path: Path) -> None:
    measured, relations = worked_through(tmp_path, lifetimes(entry=True), 'time')
    assert measured.target.meaning == 'censored'
    (leak,) = [leak for leak in measured.leaks if leak.kind == 'bound']
    assert leak.columns == ('entry',) and set(relations.leaks) == {'entry'}
    (question,) = [one for one in measured.doubts if one.key.endswith('.use')]
    assert question.taken.value == 'left_out' and 'left truncation' in question.text
    assert measured.inputs == ('load',)


def test_a_time_without_a_beginning_is_asked_nothing_of_it(tmp_path: Path) -> None:
    measured, _ = worked_through(tmp_path, lifetimes(entry=False), 'time')
    assert measured.target.meaning == 'censored' and not measured.doubts
    assert [leak.kind for leak in measured.leaks] == ['afterwards']


@pytest.mark.parametrize(('above', 'words'), [(True, 'at most'), (False, 'at least')])
def test_a_close_limit_of_a_number_is_kept_and_doubted(above: bool, words: str, tmp_path: Path) -> None:
    source = np.random.default_rng(3)
    other, apart = source.uniform(10, 90, ROWS), source.exponential(6, ROWS)
    frame = pd.DataFrame(
        {
            'other': other.round(2),
            'size': source.normal(size=ROWS).round(2),
            'yield': (other + (apart if above else -apart)).round(2),
        }
    )
    measured, _ = worked_through(tmp_path, frame, 'yield')
    (leak,) = measured.doubted
    assert (leak.columns, leak.kind) == (('other',), 'bound') and words in leak.because
    assert 'other' in measured.inputs and measured.doubts[0].taken.value == 'input'


def test_what_columns_tell_of_a_time_is_judged_on_those_that_ended(tmp_path: Path) -> None:
    """The times that had not ended are told by a column that says nothing of those that had."""
    source = np.random.default_rng(4)
    ended, shift = source.random(2_000) < 0.5, source.integers(0, 40, 2_000)
    time = np.where(ended, source.uniform(1, 60, 2_000), 10 + 2 * shift).round(1)
    frame = pd.DataFrame({'months': time, 'died': ended.astype(int), 'plan': shift})
    _, relations = worked_through(tmp_path, frame, 'months')
    assert relations.scores['plan'] < 0.05


def test_a_moment_is_judged_by_what_came_before(tmp_path: Path) -> None:
    """At random any moment is told by its neighbours: a walk's days would seem to tell all of it."""
    source = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            'day': pd.date_range('2020-01-01', periods=900).strftime('%Y-%m-%d'),
            'noise': source.normal(size=900).round(3),
            'level': np.cumsum(source.normal(size=900)).round(3),
        }
    )
    measured, relations = worked_through(tmp_path, frame, 'level')
    assert measured.split.strategy == 'forward'
    assert relations.scores['day'] < 0.3


@pytest.mark.parametrize(
    ('name', 'values', 'ended'),
    [
        ('event', [1, 0, 1], [True, False, True]),
        ('cens', [1, 0, 1], [True, False, True]),
        ('censored', [1, 0, 1], [False, True, False]),
        ('is_censored', ['no', 'yes', 'yes'], [True, False, False]),
        ('Censored', ['TRUE', 'FALSE', None], [False, True, False]),
        ('status', ['censored', 'observed', 'dead'], [False, True, True]),
    ],
)
def test_whether_a_time_had_ended_is_read_by_name_and_cell(
    name: str, values: list[object], ended: list[bool]
) -> None:
    assert list(happened(pd.Series(values, name=name))) == ended


def measurements(repeated: int) -> pd.DataFrame:
    source = np.random.default_rng(6)
    frame = pd.DataFrame(source.normal(size=(ROWS, 3)).round(3), columns=['width', 'depth', 'weight'])
    return pd.concat([frame, frame.head(repeated)], ignore_index=True)


@pytest.mark.parametrize(('repeated', 'asks'), [(6, 0), (150, 1)])
def test_many_equal_rows_are_asked_about_and_few_are_not(repeated: int, asks: int, tmp_path: Path) -> None:
    measured, _ = worked_through(tmp_path, measurements(repeated), 'weight')
    assert measured.repeats.used == repeated and not measured.repeats.by_chance
    found = [one for one in measured.questions if one.key == 'rows.repeats']
    assert len(found) == asks
    assert all(
        f'{repeated} of {ROWS + repeated} rows' in one.text and one.taken.value == 'drop' for one in found
    )


def test_equal_rows_of_few_values_are_by_chance(tmp_path: Path) -> None:
    source = np.random.default_rng(7)
    frame = pd.DataFrame({name: source.integers(0, 4, ROWS) for name in ('berth', 'deck', 'saved')})
    measured, relations = worked_through(tmp_path, frame, 'saved')
    assert measured.repeats.used > 0 and measured.repeats.by_chance and relations.repeats_by_chance
    assert 'rows.repeats' not in {one.key for one in measured.questions}


@pytest.mark.parametrize(('grows', 'asks'), [(True, 1), (False, 0)])
def test_years_that_may_be_time_are_asked_about_where_it_matters(
    grows: bool, asks: int, tmp_path: Path
) -> None:
    source = np.random.default_rng(9)
    year = source.integers(2012, 2022, 2_000)
    level = np.where(year % 3 == 0, 4, -2) * (year - 2011) if grows else np.zeros(2_000)
    frame = pd.DataFrame(
        {
            'year_acc': year,
            'length': source.normal(size=2_000).round(2),
            'delay': (20 + level + source.normal(size=2_000)).round(2),
        }
    )
    measured, _ = worked_through(tmp_path, frame, 'delay')
    assert measured.split.strategy == 'random'
    found = [one for one in measured.questions if one.key == 'split.by']
    assert [one.taken.value for one in found] == [None] * asks
    assert all('`year_acc`' in one.text and 'forward' in one.text for one in found)
