"""Predictions of a model that has a plan: read by the library that lies beside it, as on the day it was trained."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tempera.learning.reading import Reader
from tempera_sandbox.tools import Context, ToolError, limits, run_tool
from tempera_sandbox.tools.models.planned_rows import reads_by_itself

from .tool_process import run_in_fork
from .trained import Trained

CASES = Path(__file__).resolve().parents[2] / 'tests' / 'cases'


@pytest.fixture(scope='module')
def made(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(CASES / '08-german-cars.csv', 'Preis', tmp_path_factory.mktemp('trained') / 'session')


@pytest.fixture
def context(made: Trained, tmp_path: Path) -> Context:
    datasets = tmp_path / 'datasets'
    datasets.mkdir()
    shutil.copy(made.file, datasets)
    return Context(made.folder, datasets)


def predict(context: Context, **params: object) -> dict[str, Any]:
    return run_in_fork('predict', params, context)


def table_of(found: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found['csv'])))


def with_wheel(context: Context, folder: Path, change: Callable[[str], str], module: str) -> Context:
    """The same session with a module of the model's library written otherwise."""
    shutil.copytree(context.workspace, folder)
    (wheel,) = (folder / 'train/models').glob('*.whl')
    with zipfile.ZipFile(wheel) as package:
        held = {name: package.read(name) for name in package.namelist()}
    text = held[module].decode()
    assert change(text) != text
    held[module] = change(text).encode()
    with zipfile.ZipFile(wheel, 'w') as package:
        for name, content in held.items():
            package.writestr(name, content)
    return Context(folder, context.datasets)


def test_rows_and_the_uploaded_file_are_what_the_model_says_of_its_splits(
    made: Trained, context: Context
) -> None:
    assert reads_by_itself(context)
    found = predict(context, mode='file', file=made.file.name)
    expected = made.of_splits()
    predicted = pd.Series([float(row[made.column]) for row in table_of(found)])
    assert (found['total'], found['missing'], found['remarks'], found['drift']) == (
        len(predicted),
        [],
        ['Not used: Preis.'] if 'Preis' not in made.plan.names else [],
        [],
    )
    assert np.allclose(predicted.loc[expected.index], expected, rtol=1e-12)
    rows = [{name: row[name] for name in made.inputs} for row in table_of(found)[:5]]
    answers = predict(context, mode='rows', rows=rows)['predictions']
    assert [one['prediction'] for one in answers] == pytest.approx(predicted.head(5).tolist(), rel=1e-12)


def test_a_library_that_changed_does_not_change_an_old_model_s_answers(
    made: Trained, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {'Kilometer': '187.335', 'Alter': 13, 'Verbrauch': '6,2'}
    before = predict(context, mode='rows', rows=[row])['predictions']

    def changed(*_: Any) -> Any:
        raise AssertionError('the platform reads the rows itself')

    monkeypatch.setattr(Reader, 'rows', changed)
    monkeypatch.setattr(Reader, 'file', changed)
    assert run_tool('predict', {'mode': 'rows', 'rows': [row]}, context)['predictions'] == before
    whole = run_tool('predict', {'mode': 'file', 'file': made.file.name}, context)
    assert whole['rows'] == made.plan.file.rows_used


def test_an_old_library_reads_as_it_always_did(context: Context, tmp_path: Path) -> None:
    row = {'Kilometer': '187.335', 'Alter': 13}
    old = with_wheel(
        context,
        tmp_path / 'old',
        lambda text: text.replace("f'{name} is missing.'", "f'{name} lacked a value, as was said then.'"),
        'tempera/learning/reading.py',
    )
    assert (
        'Verbrauch lacked a value, as was said then.'
        in predict(old, mode='rows', rows=[row])['predictions'][0]['warnings']
    )
    assert 'Verbrauch is missing.' in predict(context, mode='rows', rows=[row])['predictions'][0]['warnings']


@pytest.mark.parametrize('answer', [
    "Rows(typed, [['x']] * 3)", "Rows(typed, 'x')", "__import__('os')._exit(0)", "Rows(typed, [[object()]])",
])  # fmt: skip
def test_what_a_model_s_library_says_is_checked(answer: str, context: Context, tmp_path: Path) -> None:
    forged = with_wheel(
        context,
        tmp_path / 'forged',
        lambda text: text.replace(
            'return Rows(pd.DataFrame(made, columns=list(self.inputs)), notes)',
            f'typed = pd.DataFrame(made, columns=list(self.inputs)); return {answer}',
        ),
        'tempera/learning/reading.py',
    )
    with pytest.raises(ToolError) as caught:
        predict(forged, mode='rows', rows=[{'Alter': 3}])
    assert caught.value.code == 'INVALID_DATASET'


def test_what_differs_from_training_is_told_by_column_with_numbers(made: Trained, context: Context) -> None:
    frame = pd.read_csv(made.file, sep=';', encoding='cp1252', dtype=str)
    other = frame.assign(Alter=[str(20 + at % 9) for at in range(len(frame))], Händler='Mars')
    other.to_csv(context.datasets / 'other.csv', sep=';', index=False)
    found = predict(context, mode='file', file='other.csv')
    drift = {one['column']: one for one in found['drift']}
    assert set(drift) == {'Alter', 'Händler'}
    assert drift['Alter']['distance'] > 0.5 and 'in training about' in drift['Alter']['remark']
    assert drift['Händler']['what'] == 'unseen' and '100%' in drift['Händler']['remark']
    assert all(any(one['remark'] in sentence for sentence in found['remarks']) for one in drift.values())


def test_a_sample_of_the_table_is_told_no_difference(made: Trained, context: Context) -> None:
    frame = pd.read_csv(made.file, sep=';', encoding='cp1252', dtype=str)
    for seed in range(8):
        frame.sample(60, random_state=seed).to_csv(context.datasets / 'some.csv', sep=';', index=False)
        assert predict(context, mode='file', file='some.csv')['drift'] == []


def test_what_cannot_be_read_is_refused_by_the_model_s_library_too(context: Context) -> None:
    with pytest.raises(ToolError, match=r'^Row 2: Alter must be a finite number') as caught:
        predict(context, mode='rows', rows=[{'Alter': 3}, {'Alter': 'old'}])
    assert caught.value.code == 'INVALID_ARGUMENT'
    (context.datasets / 'none.csv').write_text('a,b\n1,2\n3,4\n')
    with pytest.raises(ToolError, match="none of the model's columns"):
        predict(context, mode='file', file='none.csv')
    rows = 'Alter;Kilometer\n' + '3;4\n' * (limits.MAX_PREDICT_FILE_ROWS + 1)
    (context.datasets / 'long.csv').write_text(rows)
    with pytest.raises(ToolError, match='MAX_PREDICT_FILE_ROWS'):
        predict(context, mode='file', file='long.csv')


def test_the_fresh_process_finds_its_code_wherever_the_host_is_installed(tmp_path: Path) -> None:
    """Below /home, /root or /tmp, too, of which a model may see nothing else."""
    source = Path(__file__).resolve().parent.parent
    place = tmp_path / 'installed'
    shutil.copytree(source / 'tempera_sandbox', place / 'tempera_sandbox')
    shutil.copytree(source / 'tempera', place / 'tempera')
    asks = (
        'from tempera_sandbox.tools.fresh_process import FreshProcess\n'
        'with FreshProcess() as fresh:\n'
        "    print(fresh.run('predict', {'model': '/nowhere/model.pkl'}, {}).error)\n"
    )
    done = subprocess.run(
        [sys.executable, '-c', asks],
        cwd=place,
        env={**os.environ, 'PYTHONPATH': str(place)},
        capture_output=True,
    )
    assert b'No module named' not in done.stdout and b'/nowhere/model.pkl' in done.stdout, done
