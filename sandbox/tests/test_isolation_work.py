"""What data science does every day works inside: models, plots, files, processes, threads."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import types
from collections.abc import Callable
from typing import Any

import pytest

from tempera_sandbox import isolation
from tempera_sandbox.isolation import Limits

from .escape.confined import MEBIBYTE, Ground, Outcome
from .escape.conftest import _machine_isolates as _machine_isolates
from .escape.conftest import ground as ground


def needs(name: str) -> None:
    """Looks for a library without importing it: this process must stay without threads to be forked."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f'{name} is not installed')


def work(ground: Ground, task: Callable[[], Any]) -> Outcome:
    """Runs a task as the host would: with a clean environment and a `__main__` that has no file."""

    def attempt() -> object:
        isolation.apply_environment(isolation.clean_environment({'OMP_NUM_THREADS': '2'}))
        sys.modules['__main__'] = types.ModuleType('__main__')
        tempfile.tempdir = None  # The tests' own, found before the fork.
        return task()

    return ground.run(
        attempt, limits=Limits(), tmp_bytes=256 * MEBIBYTE, tmp_inodes=10_000, shm_bytes=256 * MEBIBYTE
    )


def test_models_of_scikit_learn_and_of_lightgbm_fit_with_threads(ground: Ground) -> None:
    needs('sklearn')
    needs('lightgbm')

    def task() -> list[bool]:
        import lightgbm
        from sklearn.datasets import make_classification
        from sklearn.ensemble import RandomForestClassifier

        features, target = make_classification(300, random_state=1)
        models = (
            RandomForestClassifier(20, random_state=1),
            lightgbm.LGBMClassifier(n_estimators=10, num_threads=2, verbose=-1),
        )
        return [bool(model.fit(features, target).score(features, target) > 0.9) for model in models]

    assert work(ground, task).value == [True, True]


def test_a_figure_is_drawn_and_saved(ground: Ground) -> None:
    needs('matplotlib')

    def task() -> None:
        import matplotlib.pyplot

        matplotlib.pyplot.plot([1, 2, 3])
        matplotlib.pyplot.title('straße')
        matplotlib.pyplot.savefig('figure.png')

    assert work(ground, task).refused is None
    assert (ground.workspace / 'figure.png').read_bytes().startswith(b'\x89PNG')


def test_a_dataset_is_read_and_parquet_written(ground: Ground) -> None:
    needs('pyarrow')

    def task() -> list[int]:
        import pandas

        pandas.read_csv('/data/datasets/one/data.csv').to_parquet('data.parquet')
        return [int(value) for value in pandas.read_parquet('data.parquet').iloc[0]]

    assert work(ground, task).value == [1, 2]


@pytest.mark.parametrize('method', ['fork', 'spawn', 'forkserver'])
def test_multiprocessing_works(ground: Ground, method: str) -> None:
    def task() -> list[int]:
        import multiprocessing

        with multiprocessing.get_context(method).Pool(2) as pool:
            return pool.map(abs, [-1, -2, -3])

    assert work(ground, task).value == [1, 2, 3]


def test_joblib_workers_work(ground: Ground) -> None:
    needs('joblib')

    def task() -> list[int]:
        import joblib

        return joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(-number) for number in range(4))

    assert work(ground, task).value == [0, 1, 2, 3]


def test_a_subprocess_of_the_same_python_sees_its_libraries(ground: Ground) -> None:
    needs('numpy')

    def task() -> str:
        import subprocess

        command = [sys.executable, '-c', 'import numpy, os; print(int(numpy.ones(2).sum()), os.getuid())']
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert work(ground, task).value == '2 1000\n'


def test_shell_threads_scratch_and_user_name_work(ground: Ground) -> None:
    def task() -> list[object]:
        import getpass
        import subprocess
        import threading

        seen: list[int] = []
        threads = [threading.Thread(target=seen.append, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with tempfile.NamedTemporaryFile() as file:
            folder = os.path.dirname(file.name)
        return [
            sorted(seen),
            folder,
            getpass.getuser(),
            subprocess.check_output('echo said', shell=True, text=True),
        ]

    assert work(ground, task).value == [[0, 1, 2, 3], '/tmp', 'sandbox', 'said\n']
