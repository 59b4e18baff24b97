"""Predictions read as training did: the uploaded file, rows alone, rows in any order, and the folder taken away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tempera.learning.replanning import as_texts
from tempera.tables import read, understand
from tempera.tables.measured.targets import rank_targets

from ..trained import Trained

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / 'tests' / 'cases'
#: targets of the tables whose first suggestion is another column than people want
TARGETS = {
    '16-censored-times.csv': 'months_in_service',
    '19-money-as-text.csv': 'Limit',
    '24-several-labels.csv': 'tags',
    '29-spreadsheet-booleans.csv': 'premium',
}
#: beside the repository, where its licences keep it; empty in a clone
SHARED = ROOT.parent / 'shared' / 'data'
TABLES = sorted(
    file
    for folder in (CASES, ROOT / 'examples', SHARED)
    for file in (folder.iterdir() if folder.is_dir() else ())
    if file.suffix in ('.csv', '.xlsx', '.json', '.parquet') and file.name != 'cases.json'
)


@pytest.fixture(scope='module', params=TABLES, ids=[file.name for file in TABLES])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    file = request.param
    target = TARGETS.get(file.name)
    if target is None:
        plan = understand(file)
        target = rank_targets(plan, read(file, plan), 1)[0].name
    return Trained(file, target, tmp_path_factory.mktemp('model') / 'session')


def same(left: Any, right: Any) -> bool:
    left, right = np.asarray(left), np.asarray(right)
    if left.dtype.kind == 'f':
        return bool(np.allclose(left, right.astype(float), rtol=1e-9, atol=1e-9))
    return bool((left.astype(str) == right.astype(str)).all())


def test_the_uploaded_file_predicts_as_the_splits_rows(trained: Trained) -> None:
    expected = trained.of_splits()
    answer, positions = trained.answer, trained.frame.index
    by_row = pd.Series(answer.table[trained.column].to_numpy(), index=positions)
    assert same(expected, by_row.loc[expected.index])
    assert not answer.missing


def test_a_row_alone_is_what_it_is_among_others_in_any_order(trained: Trained) -> None:
    frame = trained.frame[trained.inputs].head(40)
    whole = trained.predictor.answers(frame)[trained.column]
    alone = [trained.predictor.answers(frame.iloc[[at]])[trained.column].iloc[0] for at in range(12)]
    assert same(whole.head(12), alone)
    assert same(whole.iloc[::-1], trained.predictor.answers(frame.iloc[::-1])[trained.column])


def test_cells_as_they_are_written_predict_as_the_file_does(trained: Trained) -> None:
    if trained.plan.file.kind != 'delimited':
        pytest.skip('its cells are no texts')
    shown = read(trained.file, as_texts(trained.plan)).head(30).astype(object)
    rows = shown.where(shown.notna(), None).to_dict('records')
    answer = trained.answer.table[trained.column].head(30)
    assert same(answer, trained.predictor.predict_rows(rows)[trained.column])


def test_the_folder_predicts_by_itself(tmp_path: Path) -> None:
    made = Trained(CASES / '55-german-decimals.csv', 'Preis', tmp_path)
    (wheel,) = made.models.glob('*.whl')
    environment = {'PATH': os.environ['PATH'], 'PYTHONPATH': str(wheel), 'HOME': str(tmp_path)}
    command = [sys.executable, str(made.models / 'predict.py'), str(made.file), str(tmp_path / 'out.csv')]
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    written = pd.read_csv(tmp_path / 'out.csv')[made.column]
    assert same(made.answer.table[made.column].astype(float), written)
    requirements = (made.models / 'requirements.txt').read_text()
    assert f'{wheel.name.split("-")[0]}=={wheel.name.split("-")[1]}' in requirements


def test_what_a_file_lacks_and_adds_is_told(tmp_path: Path) -> None:
    made = Trained(CASES / '08-german-cars.csv', 'Preis', tmp_path)
    other = tmp_path / 'other.csv'
    other.write_text('KILOMETER;Alter;Farbe\n12.000;3;rot\n40.500;7;blau\n', 'utf-8')
    answer = made.of_file(other)
    assert set(answer.missing) == {name for name in made.inputs if name not in ('Kilometer', 'Alter')}
    assert answer.extra == ('Farbe',) and len(answer.table) == 2
    assert answer.remarks[-2:] == ('KILOMETER was taken for Kilometer.', 'Not used: Farbe.')
    assert len(answer.remarks) == len(answer.missing) + 2
