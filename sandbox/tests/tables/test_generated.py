"""Decisions about tables that were made from a seed and whose truth is known, read from the findings and never from
their sentences: a new seed is a new table."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.tables import TablePlan, read, understand
from tempera.tables.measured.findings import Measured
from tempera.tables.measured.measure import Wishes, measure
from tempera.tables.measured.targets import rank_targets

from .generated import SPOILT, Maker, Truth
from .generated_kinds import ASKED as ASKED_KINDS
from .generated_kinds import KINDS
from .generated_leaks import ASKED, HONEST

SEED = 0


def decided(maker: Maker, name: str, folder: Path) -> tuple[Truth, TablePlan, pd.DataFrame, Measured]:
    truth = maker(np.random.default_rng([SEED, zlib.crc32(name.encode())]))
    file = folder / 'table.csv'
    file.write_text(truth.text, encoding='utf-8')
    plan = understand(file)
    frame = read(file, plan)
    return truth, plan, frame, measure(plan, frame, truth.target)


ALL = {**SPOILT, **KINDS}


@pytest.mark.parametrize('name', ALL)
def test_what_spoils_a_table_is_found_and_nothing_else_is_lost(name: str, tmp_path: Path) -> None:
    truth, _, frame, measured = decided(ALL[name], name, tmp_path)
    assert len(frame) == truth.rows
    assert not set(truth.dropped) & set(measured.inputs)
    assert set(truth.used) <= set(measured.inputs), measured.left_out
    assert measured.split.group == truth.group
    assert measured.split.by == truth.by
    if truth.meaning:
        assert measured.target.meaning == truth.meaning


@pytest.mark.parametrize('name', HONEST)
def test_of_an_honest_table_nothing_is_dropped_grouped_ordered_or_asked(name: str, tmp_path: Path) -> None:
    truth, plan, frame, measured = decided(HONEST[name], name, tmp_path)
    assert rank_targets(plan, frame)[0].name == truth.target
    assert set(measured.inputs) == set(truth.used), measured.left_out
    assert measured.split.strategy in ('random', 'stratified')
    assert not measured.leaks and not measured.doubted
    assert not measured.questions and not plan.questions


MAYBE = {**ASKED, **ASKED_KINDS}


@pytest.mark.parametrize('name', MAYBE)
def test_what_may_be_all_there_is_to_know_is_kept_and_asked_about(name: str, tmp_path: Path) -> None:
    truth, _, _, measured = decided(MAYBE[name], name, tmp_path)
    assert set(truth.used) <= set(measured.inputs), measured.left_out
    (question,) = measured.questions
    assert [choice.value for choice in question.choices] == ['input', 'left_out']
    assert question.choices[0].recommended and question.key.startswith('column.')
    assert any(doubt.because in warning for doubt in measured.doubted for warning in measured.warnings)


def test_what_is_dropped_for_being_too_good_is_asked_about_and_kept_where_a_person_knows_it(
    tmp_path: Path,
) -> None:
    name = 'score_of_an_older_model'
    truth, plan, frame, measured = decided(SPOILT[name], name, tmp_path)
    (question,) = measured.questions
    assert [choice.value for choice in question.choices] == ['left_out', 'input']
    assert question.choices[0].recommended and question.key == 'column.prediction.use'
    known = measure(plan, frame, truth.target, Wishes(included=truth.dropped))
    assert set(truth.dropped) <= set(known.inputs) and not known.questions
