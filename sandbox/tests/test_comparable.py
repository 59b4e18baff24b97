"""By what scores of two sessions are set beside each other: the same test rows, whatever else was prepared or said, and
the same folds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tempera.learning.belonging import Belonging
from tempera.learning.fingerprints import folds_fingerprint, rows_fingerprint
from tempera.learning.folds import Cutting, folds_of
from tempera_sandbox.tools import Context, run_tool
from tempera_sandbox.tools.stages.comparable import cross_validation

from .tool_files import change_json, make_context, write_prep, write_train

ROWS, ANSWERS = [4, 9, 2], ['a', 'b', 'a']
SAME = rows_fingerprint(ROWS, ANSWERS)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def measured(context: Context, stage: str) -> str:
    facts = run_tool('validate_stage', {'stage': stage}, context)['facts']
    return str(facts['test_fingerprint'])


def test_rows_are_the_same_in_whatever_order_and_type() -> None:
    assert rows_fingerprint([2, 4, 9], ['a', 'a', 'b']) == SAME
    assert rows_fingerprint(pd.Series([4.0, 9.0, 2.0]), pd.Series(ANSWERS, dtype='category')) == SAME
    numbers = {rows_fingerprint(ROWS, answers) for answers in ([1, 0, 1], [1.0, 0.0, 1.0], ['1', '0', '1'])}
    assert numbers == {rows_fingerprint(ROWS, [True, False, True])}


@pytest.mark.parametrize(
    ('rows', 'answers'),
    [([4, 9, 3], ANSWERS), (ROWS, ['a', 'b', 'b']), (ROWS[:2], ANSWERS[:2]), (ROWS, ['a', 'a', 'b'])],
)
def test_another_row_or_answer_is_another_fingerprint(rows: list[int], answers: list[str]) -> None:
    assert rows_fingerprint(rows, answers) != SAME


def test_rows_and_answers_of_any_kind_have_one() -> None:
    answers = [None, float('nan'), '\ud800', 1e308, 'x\x1fy', pd.Timestamp('2020-01-01')]
    assert len({rows_fingerprint(range(6), answers[at:] + answers[:at]) for at in range(6)}) == 6


def folds(rows: pd.DataFrame, seed: int, classes: bool = True) -> str:
    cut = folds_of(rows['answer'], classes, Cutting(5, 2, seed), Belonging())
    return folds_fingerprint(cut.split(rows, rows['answer']), rows, 'row', 'answer')


def test_folds_are_the_same_by_seed_rows_and_answers_not_by_columns() -> None:
    rows = pd.DataFrame({'row': np.arange(60) * 3, 'answer': ['a', 'b', 'c'] * 20, 'age': range(60)})
    assert folds(rows, 1) == folds(rows.drop(columns='age'), 1)
    others = [folds(rows, 2), folds(rows[1:], 1), folds(rows.assign(answer=['b', 'a', 'c'] * 20), 1)]
    assert len({folds(rows, 1), *others}) == 4


def test_what_prep_and_train_leave_is_measured_not_believed(context: Context) -> None:
    splits = write_prep(context)
    write_train(context, splits)
    data = context.workspace / 'prep/data'
    (data / 'prep_pipeline.pkl').unlink()
    first = measured(context, 'prep')
    assert measured(context, 'train') == first
    change_json(context.workspace / 'train/data/metadata.json', test_fingerprint='mine')
    assert measured(context, 'train') == first
    for frame, name in zip(splits.values(), splits, strict=True):
        frame.drop(columns='weight').to_parquet(data / f'{name}.parquet', index=False)
    assert measured(context, 'prep') == first
    splits['test'][1:].to_parquet(data / 'test.parquet', index=False)
    assert measured(context, 'prep') != first


def test_splits_without_numbers_of_rows_have_no_fingerprint(context: Context) -> None:
    splits = write_prep(context)
    for name, frame in splits.items():
        path = context.workspace / f'prep/data/{name}.parquet'
        frame.assign(__source_row=frame['size'].map(str)).to_parquet(path, index=False)
    facts = run_tool('validate_stage', {'stage': 'prep'}, context)['facts']
    assert 'test_fingerprint' not in facts


GOOD = {'metric': 'r2', 'scores': [0.1, 0.2], 'fingerprint': 'f', 'learned_rows': 80, 'judged_rows': 20.0}


def test_the_scores_of_the_folds_are_kept_as_they_were_told() -> None:
    assert cross_validation({'cv': GOOD}) == {
        'cross_validation': {
            'metric': 'r2',
            'scores': [0.1, 0.2],
            'folds': 'f',
            'learned_rows': 80,
            'judged_rows': 20.0,
        }
    }


@pytest.mark.parametrize(
    'change', [{'fingerprint': None}, {'fingerprint': 7}, {'learned_rows': 'many'}, {'judged_rows': True}]
)
def test_folds_that_are_not_known_are_no_ones_folds(change: dict[str, Any]) -> None:
    found = cross_validation({'cv': GOOD | change})
    assert found == {'cross_validation': {'metric': 'r2', 'scores': [0.1, 0.2], 'folds': None}}


@pytest.mark.parametrize(
    'cv',
    [
        *(
            GOOD | {'scores': scores}
            for scores in (None, [0.1], [0.1, 'x'], [0.1, float('nan')], [0.5] * 500)
        ),
        *(GOOD | {'metric': metric} for metric in (None, 7, 'm' * 500)),
        *(None, [], 'cv'),
    ],
)
def test_what_are_no_scores_is_left_out(cv: Any) -> None:
    assert cross_validation({'cv': cv}) == {} == cross_validation(None)
    json.dumps(cross_validation({'cv': cv}))
