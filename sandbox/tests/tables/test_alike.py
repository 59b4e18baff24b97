"""Rows that are one thing seen several times are found by how near they lie, and stand on one side; rows that merely go
together are not taken for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.learning.belonging import rows_belonging
from tempera.learning.prepare import Learning, split_rows
from tempera.tables import TablePlan, read, understand
from tempera.tables.measured.alike import things_of
from tempera.tables.measured.measure import measure

THINGS, EACH = 80, 4


def read_back(frame: pd.DataFrame, folder: Path) -> tuple[TablePlan, pd.DataFrame, list[str]]:
    file = folder / 'table.csv'
    frame.to_csv(file, index=False)
    plan = understand(file)
    return plan, read(file, plan), [name for name in plan.names if name != 'outcome']


def measured_again(rng: np.random.Generator, off: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Things measured several times, each time a little off, in no order; a coin for each thing."""
    who = rng.permutation(np.repeat(np.arange(THINGS), EACH))
    frame = pd.DataFrame(
        {
            'weight': rng.normal(70, 12, THINGS)[who] * (1 + rng.normal(0, off, len(who))),
            'length': rng.gamma(4, 30, THINGS)[who] * (1 + rng.normal(0, off, len(who))),
            'pulse': rng.normal(80, 15, THINGS)[who] * (1 + rng.normal(0, off, len(who))),
            'colour': rng.choice(['red', 'green'], THINGS)[who],
            'outcome': np.where(rng.random(THINGS) > 0.5, 'yes', 'no')[who],
        }
    )
    return frame.round(3), who


@pytest.mark.parametrize('off', [0.0, 0.0005, 0.002])
def test_things_seen_again_are_found_and_stand_on_one_side(off: float, tmp_path: Path) -> None:
    frame, who = measured_again(np.random.default_rng(3), off)
    plan, rows, features = read_back(frame, tmp_path)
    things = things_of(plan, rows, features)
    assert things is not None
    # nearly all rows of a thing are found, and hardly any of another one is taken for it
    assert pd.Series(things).groupby(who).nunique().mean() < 1.3
    assert pd.Series(who).groupby(things).nunique().mean() < 1.1
    measured = measure(plan, rows, 'outcome')
    place, apart = split_rows(plan, rows, measured.split, Learning(measured.target, features, 42))
    assert apart == 'apart' and measured.repeats.near > THINGS
    assert place.groupby(things).nunique().max() == 1
    metadata = {'split': {'strategy': 'stratified', 'equal_rows': apart}, 'target_column': 'outcome'}
    test = place.index[place == 'test']
    units = rows_belonging(plan, rows, test, metadata | {'feature_columns': features}).units
    assert units is not None and len(np.unique(units.of_rows)) < len(test) / 2


def test_a_coin_for_each_thing_is_not_learned(tmp_path: Path) -> None:
    frame, _ = measured_again(np.random.default_rng(4), 0.001)
    plan, rows, features = read_back(frame, tmp_path)
    measured = measure(plan, rows, 'outcome')
    place, _ = split_rows(plan, rows, measured.split, Learning(measured.target, features, 42))
    known, test = rows[place != 'test'], rows[place == 'test']
    # the nearest known row would be the same thing if its rows stood on both sides
    nearest = [
        int(((known[['weight', 'length']] - row).abs() / row).max(axis=1).idxmin())
        for _, row in test[['weight', 'length']].iterrows()
    ]
    right = (known.loc[nearest, 'outcome'].to_numpy() == test['outcome'].to_numpy()).mean()
    assert right < 0.8


CONTROLS = {
    'independent numbers': lambda rng: rng.normal(size=(300, 3)),
    'numbers that go together': lambda rng: (
        rng.normal(size=(300, 1)) @ np.array([[1.0, 2.0, -1.0]]) + rng.normal(0, 0.05, (300, 3))
    ),
    'a curve': lambda rng: np.column_stack([np.sin(np.linspace(0, 6, 300)), np.cos(np.linspace(0, 6, 300))]),
    'clusters': lambda rng: rng.normal(size=(6, 3))[rng.integers(0, 6, 300)] * 5 + rng.normal(size=(300, 3)),
    'whole numbers of few values': lambda rng: rng.integers(0, 40, (300, 2)).astype(float),
}


@pytest.mark.parametrize('name', CONTROLS)
def test_rows_that_merely_go_together_are_no_repeats(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    values = pd.DataFrame(CONTROLS[name](rng).round(4)).add_prefix('m')
    frame = values.assign(outcome=rng.choice(['yes', 'no'], 300))
    plan, rows, features = read_back(frame, tmp_path)
    assert things_of(plan, rows, features) is None
