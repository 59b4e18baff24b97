"""Columns that look as if they named things that rows are taken from, and name none; and things too few to hold out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.tables import read, understand
from tempera.tables.measured.findings import GroupFinding, Measured
from tempera.tables.measured.measure import measure

SUBJECTS, TRIALS = 12, 80


def measured_of(folder: Path, frame: pd.DataFrame, target: str) -> Measured:
    file = folder / 'table.csv'
    frame.to_csv(file, index=False)
    plan = understand(file)
    return measure(plan, read(file, plan), target)


def trials(subjects: int = SUBJECTS) -> pd.DataFrame:
    """Subjects one after the other, each with trials that are counted from one."""
    source = np.random.default_rng(subjects)
    rows = subjects * TRIALS
    gain = source.integers(40, 300, rows)
    return pd.DataFrame(
        {
            'subjID': np.repeat(np.arange(1, subjects + 1), TRIALS),
            'trial_number': np.tile(np.arange(1, TRIALS + 1), subjects),
            'gain': gain,
            'picked': np.where(gain + source.normal(0, 60, rows) > 170, 'risk', 'safe'),
        }
    )


def finding(measured: Measured, name: str) -> GroupFinding | None:
    return next((one for one in measured.groups if one.column == name), None)


def test_what_is_counted_within_each_thing_holds_no_rows_together(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, trials(), 'picked')
    assert finding(measured, 'trial_number') is None
    assert measured.split.group == 'subjID'


def test_of_few_things_it_is_told_that_none_can_be_held_out(tmp_path: Path) -> None:
    measured = measured_of(tmp_path, trials(5), 'picked')
    found = finding(measured, 'subjID')
    assert measured.split.strategy == 'stratified' and not measured.split.group
    assert found is not None and not found.keeps_together
    assert (found.groups, found.rows_each) == (5, TRIALS) and 'these alone' in found.because


@pytest.mark.parametrize('common', [0.0, 0.8])
def test_a_code_that_is_not_learned_by_heart_holds_no_rows_together(common: float, tmp_path: Path) -> None:
    source = np.random.default_rng(3)
    codes = np.where(source.random(2_000) < common, 0, source.integers(10, 60, 2_000))
    heat = source.normal(size=2_000).round(2)
    frame = pd.DataFrame(
        {'weather code': codes, 'heat': heat, 'flow': (heat + source.normal(size=2_000)).round(2)}
    )
    assert measured_of(tmp_path, frame, 'flow').split.strategy == 'random'


def test_what_most_rows_share_is_dealt_all_the_same(tmp_path: Path) -> None:
    source = np.random.default_rng(4)
    owners = np.where(source.random(2_000) < 0.8, 1, source.integers(2, 60, 2_000))
    heat = source.normal(size=2_000).round(2)
    frame = pd.DataFrame(
        {'owner_id': owners, 'heat': heat, 'flow': (heat + source.normal(size=2_000)).round(2)}
    )
    measured = measured_of(tmp_path, frame, 'flow')
    found = finding(measured, 'owner_id')
    assert found is not None and '80%' in found.because.replace('79%', '80%').replace('81%', '80%')
    assert measured.split.strategy == 'random'


def test_being_there_at_all_is_no_name_of_a_thing(tmp_path: Path) -> None:
    """Amounts that only those who took the risk have: each value goes with one answer, which is always the same."""
    frame = trials()
    source = np.random.default_rng(5)
    paid = (frame['picked'] == 'risk') & (source.random(len(frame)) < 0.7)
    levels = source.choice(source.permutation(np.arange(40, 400))[:60], len(frame))
    frame = frame.drop(columns=['subjID', 'trial_number']).assign(
        ref_no=pd.Series(levels).where(paid).astype('Int64')
    )
    found = finding(measured_of(tmp_path, frame, 'picked'), 'ref_no')
    assert found is None or not found.keeps_together


def test_rows_without_a_name_are_no_things(tmp_path: Path) -> None:
    source = np.random.default_rng(6)
    level = source.normal(0, 3, 30)
    things = source.integers(0, 30, 1_500)
    frame = pd.DataFrame(
        {
            'device': pd.Series([f'D{thing:02}' for thing in things]).where(source.random(1_500) < 0.8),
            'load': source.normal(size=1_500).round(2),
            'heat': (level[things] + source.normal(size=1_500)).round(2),
        }
    )
    found = finding(measured_of(tmp_path, frame, 'heat'), 'device')
    assert found is not None and found.groups == 30
    assert found.rows_each == round(int(frame['device'].notna().sum()) / 30, 2)


@pytest.mark.parametrize(('name', 'is_value'), [('gain', True), ('payment', True), ('blood pressure', False)])
def test_an_amount_of_nothing_is_an_amount(name: str, is_value: bool, tmp_path: Path) -> None:
    source = np.random.default_rng(7)
    figures = np.where(source.random(900) < 0.3, 0, source.integers(56, 140, 900))
    file = tmp_path / 'table.csv'
    pd.DataFrame({name: figures, 'left': source.integers(0, 2, 900)}).to_csv(file, index=False)
    plan = understand(file)
    assert (plan.column(name).sentinels == ()) is is_value
    assert read(file, plan)[name].notna().all() is np.bool_(is_value)
