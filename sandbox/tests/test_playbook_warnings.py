"""What the training report says beside a good score: classes that are never found, tests that are too small."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from .test_playbooks import PLAYBOOKS


def warnings(classes: bool = True, **more: object) -> list:
    space = {
        'np': np,
        'pd': pd,
        'CLASSES': classes,
        'PROBLEM': 'binary',
        'METRIC': 'roc_auc',
        'by_time': False,
        **more,
    }
    for part in ('words', 'train_warnings'):
        exec(compile((PLAYBOOKS / 'parts' / f'{part}.py').read_text(), part, 'exec'), space)
    return space['warnings_of'](more['truth'], np.array(more['found']), more.get('thresholds', 'a table'))


def test_a_class_that_is_never_named_is_told_however_good_the_ranking() -> None:
    truth = pd.Series([0] * 90 + [1] * 10)
    told = warnings(
        truth=truth,
        found=[0] * 100,
        model=SimpleNamespace(classes_=[0, 1]),
        test={'accuracy': 0.9},
        baseline={'accuracy': 0.9},
    )
    assert told[0].startswith('**`predict()` hardly ever finds `1`**: 0 of its 10 test rows.') and told[
        0
    ].endswith('(below).')
    assert told[1] == 'By accuracy (0.900) it is no better than always naming the commonest class (0.900).'


def test_a_good_model_on_many_rows_is_left_alone() -> None:
    truth = pd.Series([0] * 50 + [1] * 50)
    assert (
        warnings(
            truth=truth,
            found=truth.to_list(),
            model=SimpleNamespace(classes_=[0, 1]),
            test={'accuracy': 1.0},
            baseline={'accuracy': 0.5},
        )
        == []
    )


def test_few_test_rows_and_a_negative_r2_are_told() -> None:
    told = warnings(
        classes=False,
        truth=pd.Series([1.0, 2.0]),
        found=[2.0, 1.0],
        test={'r2': -3.0, 'rmse': 1.0},
        baseline={'rmse': 2.0},
    )
    assert told[0].startswith('R² on the test is -3.00') and told[1].startswith('The test has only 2 rows')
