"""Which columns of numbers keep rows together or put them in order, and which only look so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.tables import read, understand
from tempera.tables.measured.findings import SplitFinding
from tempera.tables.measured.measure import measure
from tempera.tables.measured.trials import sample_rows


def split_of(folder: Path, frame: pd.DataFrame, target: str) -> SplitFinding:
    file = folder / 'table.csv'
    frame.to_csv(file, index=False)
    plan = understand(file)
    return measure(plan, read(file, plan), target).split


@pytest.mark.parametrize('name', ['patient_id', 'case', 'customer'])
def test_few_rows_of_many_things_belong_together_however_many_there_are(name: str, tmp_path: Path) -> None:
    """Four rows each of 5,000: drawn one by one, hardly two of one thing would meet in a sample."""
    source = np.random.default_rng(3)
    things, each = 5_000, 4
    frame = pd.DataFrame(
        {
            name: np.repeat(np.arange(1, things + 1), each),
            'dose': source.normal(size=things * each).round(3),
            'age': np.repeat(source.integers(20, 80, things), each),
            'healed': np.repeat(source.choice(['yes', 'no'], things), each),
        }
    ).sample(frac=1, random_state=1)
    split = split_of(tmp_path, frame, 'healed')
    assert (split.strategy, split.group) == ('grouped', name)


def test_a_sample_of_whole_things_holds_each_thing_wholly_or_not_at_all() -> None:
    units = np.random.default_rng(5).integers(0, 900, 6_000)
    frame = pd.DataFrame({'reading': np.arange(6_000) * 7 % 6_007})
    drawn = sample_rows(frame, 1_000, units)
    held = pd.Series(units).loc[drawn].value_counts()
    assert 900 < len(drawn) <= 1_000
    assert (held == pd.Series(units).value_counts().loc[held.index]).all()
    shuffled = frame.sample(frac=1, random_state=2)
    assert set(sample_rows(shuffled, 1_000, units[shuffled.index])) == set(drawn)


@pytest.mark.parametrize('name', ['education-num', 'room number', 'level_no'])
def test_steps_under_a_number_are_no_names_of_things(name: str, tmp_path: Path) -> None:
    source = np.random.default_rng(7)
    steps = source.integers(1, 15, 1_500)
    frame = pd.DataFrame(
        {
            'size': source.normal(size=1_500).round(3),
            name: steps,
            'earns': np.where(steps + source.normal(0, 3, 1_500) > 8, 'much', 'little'),
        }
    )
    assert split_of(tmp_path, frame, 'earns').strategy == 'stratified'


def test_a_span_that_ends_with_the_outcome_names_no_things(tmp_path: Path) -> None:
    """All that ended early have one answer: neighbours that are alike, as measured numbers' are."""
    source = np.random.default_rng(9)
    ended = source.random(1_200) < 0.3
    frame = pd.DataFrame(
        {
            'age': source.integers(18, 60, 1_200),
            'week': np.where(ended, source.integers(1, 52, 1_200), 52),
            'prior': source.poisson(2, 1_200),
            'arrested': np.where(ended, 'yes', 'no'),
        }
    )
    assert split_of(tmp_path, frame, 'arrested').strategy != 'grouped'


@pytest.mark.parametrize('first', [1650, 1821, 2004])
def test_few_years_that_the_file_follows_are_time(first: int, tmp_path: Path) -> None:
    source = np.random.default_rng(first)
    years = np.repeat(np.arange(first, first + 5), 80)
    frame = pd.DataFrame(
        {'Year': years, 'lag': source.normal(size=400).round(3), 'flow': source.normal(size=400).round(3)}
    )
    assert split_of(tmp_path, frame, 'flow').by == ('Year',)
    mixed = frame.sample(frac=1, random_state=4)
    assert split_of(tmp_path, mixed, 'flow').strategy == 'random'


@pytest.mark.parametrize('name', ['V_mp_ref', 'reference', 'plant'])
def test_decimals_under_a_word_of_things_are_measured(name: str, tmp_path: Path) -> None:
    source = np.random.default_rng(11)
    volts = np.repeat(source.uniform(20, 60, 150).round(2), 10)
    frame = pd.DataFrame(
        {
            name: volts,
            'cells': source.integers(30, 90, 1_500),
            'made': np.where(volts + source.normal(0, 8, 1_500) > 40, 'thin', 'thick'),
        }
    )
    assert split_of(tmp_path, frame, 'made').strategy == 'stratified'
