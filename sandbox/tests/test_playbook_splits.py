"""How rows are put into splits: equal features on one side where that leaves sensible splits, row by row where not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .test_playbooks import PLAYBOOKS

SHARES = {'test': 0.15, 'val': 0.15}


def splitting(classes: bool = True) -> dict:
    """The functions of the part, for classes or for numbers."""
    space = {'np': np, 'pd': pd, 'CLASSES': classes, 'PARAMETERS': {'seed': 42}}
    exec(compile((PLAYBOOKS / 'parts' / 'row_splits.py').read_text(), 'row_splits', 'exec'), space)
    return space


def shares_of(place: pd.Series) -> dict:
    return place.value_counts(normalize=True).round(3).to_dict()


def test_different_rows_are_split_by_class_and_nothing_is_said_of_equal_ones() -> None:
    answer = pd.Series(['a'] * 120 + ['b'] * 80)
    place, apart = splitting()['split_apart'](pd.Series(range(200)), answer, SHARES)
    assert apart is None
    assert shares_of(place) == {'train': 0.7, 'test': 0.15, 'val': 0.15}
    assert {name: set(answer[place == name]) for name in ('train', 'val', 'test')} == {
        name: {'a', 'b'} for name in ('train', 'val', 'test')
    }


def test_rows_with_equal_features_stay_on_one_side_whatever_their_target() -> None:
    units = pd.Series(np.repeat(np.arange(200), 3))
    answer = pd.Series(np.where(np.arange(600) % 3 == 0, 'yes', 'no'))
    place, apart = splitting()['split_apart'](units, answer, SHARES)
    assert apart is True
    assert place.groupby(units).nunique().max() == 1
    assert all(abs(shares_of(place)[name] - share) <= 0.05 for name, share in SHARES.items())


def test_few_combinations_are_split_row_by_row() -> None:
    generator = np.random.default_rng(1)
    units = pd.Series(generator.integers(0, 24, 800))
    answer = pd.Series(np.where(generator.random(800) < 0.2 + 0.5 * (units % 2), 'yes', 'no'))
    place, apart = splitting()['split_apart'](units, answer, SHARES)
    assert apart is False
    assert {name: round(share, 2) for name, share in shares_of(place).items()} == {
        'train': 0.7,
        'test': 0.15,
        'val': 0.15,
    }
    assert all(set(answer[place == name]) == {'yes', 'no'} for name in ('train', 'val', 'test'))


def test_a_combination_larger_than_a_split_is_not_forced_into_it() -> None:
    units = pd.Series([0] * 300 + list(range(1, 101)))
    place, apart = splitting(classes=False)['split_apart'](units, pd.Series(np.arange(400.0)), SHARES)
    assert apart is False
    assert shares_of(place)['test'] == 0.15
