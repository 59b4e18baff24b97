"""How rows are put into splits: what belongs together on one side where that leaves sensible splits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tempera.learning.prepare import Learning, split_rows
from tempera.learning.source import in_content_order
from tempera.tables.measured.findings import SplitFinding, Strategy, TargetFinding
from tempera.tables.plan import ColumnPlan, FilePlan, PartPlan, TablePlan

NAMES = ('train', 'val', 'test')


def dealt(
    columns: dict[str, object], classes: bool = True, strategy: Strategy = 'stratified', **more: object
) -> tuple[pd.Series, str | None, pd.DataFrame]:
    """Splits of a table whose target is `y`, whether equal rows were held apart, and the table."""
    frame = in_content_order(pd.DataFrame(columns))
    kinds = {'y': 'category' if classes else 'number', 'day': 'date', 'who': 'identifier'}
    plans = [
        ColumnPlan(name, name, at, kinds.get(name, 'number'))  # type: ignore[arg-type]
        for at, name in enumerate(frame.columns)
    ]
    plan = TablePlan(FilePlan('t.csv', 'delimited', (PartPlan(),)), tuple(plans))
    target = TargetFinding(
        'y', 'y', 'binary' if classes else 'regression', 'binary' if classes else 'number', ''
    )
    features = [name for name in frame.columns if name not in ('y', 'who')]
    split = SplitFinding(strategy, **more)  # type: ignore[arg-type]
    place, apart = split_rows(plan, frame, split, Learning(target, features, 42))
    return place, apart, frame


def shares_of(place: pd.Series) -> dict[str, float]:
    return {str(name): float(share) for name, share in place.value_counts(normalize=True).round(2).items()}


def test_different_rows_are_split_by_class_and_nothing_is_said_of_equal_ones() -> None:
    place, apart, frame = dealt({'x': np.arange(1000, 1200), 'y': ['a'] * 120 + ['b'] * 80})
    assert apart is None
    assert shares_of(place) == {'train': 0.7, 'test': 0.15, 'val': 0.15}
    assert all(set(frame['y'][place == name]) == {'a', 'b'} for name in NAMES)


def test_rows_with_equal_features_stay_on_one_side_whatever_their_target() -> None:
    units = np.repeat(np.arange(200, 400), 3)
    place, apart, _ = dealt({'x': units, 'y': np.where(np.arange(600) % 3 == 0, 'yes', 'no')})
    assert apart == 'apart'
    assert place.sort_index().groupby(units).nunique().max() == 1
    assert all(abs(shares_of(place)[name] - 0.15) <= 0.05 for name in ('val', 'test'))


def test_few_combinations_are_split_row_by_row() -> None:
    generator = np.random.default_rng(1)
    units = generator.integers(0, 24, 800)
    answer = np.where(generator.random(800) < 0.2 + 0.5 * (units % 2), 'yes', 'no')
    place, apart, frame = dealt({'x': units, 'y': answer})
    assert apart == 'mixed'
    assert shares_of(place) == {'train': 0.7, 'test': 0.15, 'val': 0.15}
    assert all(set(frame['y'][place == name]) == {'yes', 'no'} for name in NAMES)


def test_a_combination_larger_than_a_split_is_not_forced_into_it() -> None:
    place, apart, _ = dealt({'x': [0] * 300 + list(range(101, 201)), 'y': np.arange(400.0)}, classes=False)
    assert apart == 'mixed'
    assert shares_of(place)['test'] == 0.15


def test_what_is_later_is_judged_by_what_was_before_and_a_moment_is_on_one_side() -> None:
    days = pd.to_datetime('2024-01-01') + pd.to_timedelta(np.repeat(np.arange(100), 4), unit='D')
    place, _, frame = dealt(
        {'day': days, 'x': np.arange(400), 'y': np.arange(400.0)}, False, 'forward', by=('day',)
    )
    ends = frame['day'].groupby(place).agg(['min', 'max'])
    assert (
        ends.loc['train', 'max'] < ends.loc['val', 'min'] and ends.loc['val', 'max'] < ends.loc['test', 'min']
    )
    assert place.groupby(frame['day']).nunique().max() == 1
    assert all(abs(shares_of(place)[name] - 0.15) <= 0.05 for name in ('val', 'test'))


def test_all_rows_of_a_group_stand_on_one_side() -> None:
    who = np.repeat([f'P{at:03d}' for at in range(80)], 6)
    place, _, frame = dealt(
        {'who': who, 'x': np.arange(480), 'y': np.where(np.arange(480) % 2, 'a', 'b')},
        True,
        'grouped',
        group='who',
    )
    assert place.groupby(frame['who']).nunique().max() == 1
    assert all(abs(shares_of(place)[name] - 0.15) <= 0.05 for name in ('val', 'test'))


def test_the_order_of_the_file_decides_nothing() -> None:
    generator = np.random.default_rng(3)
    columns = {'x': generator.normal(size=300).round(4), 'y': generator.choice(['a', 'b'], 300)}
    order = generator.permutation(300)
    place, _, frame = dealt(columns)
    other, _, shuffled = dealt({name: np.asarray(values)[order] for name, values in columns.items()})
    by_row = {float(x): name for x, name in zip(frame['x'], place, strict=True)}
    assert by_row == {float(x): name for x, name in zip(shuffled['x'], other, strict=True)}
