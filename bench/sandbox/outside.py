"""What is measured beside the sandbox: a cold interpreter, jupyter_client with ipykernel, the same script outside."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tempera_sandbox.children.zygote import PRELOADED

PRODUCT = Path(__file__).resolve().parents[2] / 'sandbox'
# What user code can import too: the host's own modules are not in its tree.
IMPORTS = f'import {", ".join(name for name in PRELOADED if name.partition(".")[0] != "tempera_sandbox")}'
FIT = """
import time
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
draw = np.random.default_rng(0)
table = draw.normal(size=(20_000, 20))
labels = (table[:, 0] + table[:, 1] * table[:, 2] > 0).astype(int)
HistGradientBoostingClassifier(max_iter=5).fit(table, labels)
begun = time.perf_counter()
HistGradientBoostingClassifier(max_iter=60, random_state=0).fit(table, labels)
print('fit', (time.perf_counter() - begun) * 1000)
"""


def cold_starts(count: int) -> list[float]:
    """An interpreter that imports what the zygote has, then prints; one run before, so that the page cache is warm."""
    code = f'{IMPORTS}\nprint(1, flush=True)'
    times = []
    for _ in range(count + 1):
        begun = time.perf_counter()
        with subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, env=outside()) as process:
            assert process.stdout
            process.stdout.read(1)
            times.append((time.perf_counter() - begun) * 1000)
        assert process.returncode == 0, 'the cold interpreter failed'
    return times[1:]


class Jupyter:
    """jupyter_client in a process of its own environment."""

    def __init__(self, python: str) -> None:
        program = Path(__file__).with_name('jupyter_peer.py')
        self._process = subprocess.Popen([python, str(program), sys.executable], stdin=subprocess.PIPE, text=True,
                                         stdout=subprocess.PIPE, env={**outside(), 'PRODUCT': str(PRODUCT)})

    def ask(self, **request: str) -> dict[str, float]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


class NoPeer(Jupyter):
    """In a smoke test: everything is asked, and nothing measured."""

    def __init__(self) -> None:
        pass

    def ask(self, **request: str) -> dict[str, float]:
        return {'ready': math.nan, 'imported': math.nan, 'ms': math.nan}

    def close(self) -> None:
        pass


def fit_outside() -> float:
    # The niceness of an execution, and a session of its own, by which the kernel shares out processors.
    command = ['nice', '-n', '10', sys.executable, '-c', FIT]
    done = subprocess.run(command, env=outside(), start_new_session=True, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def outside() -> dict[str, str]:
    """The settings of threads that an execution has."""
    cores = str(len(os.sched_getaffinity(0)))
    names = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS')
    return {'PATH': os.environ['PATH'], 'PYTHONPATH': str(PRODUCT), 'MPLBACKEND': 'Agg', 'OMP_WAIT_POLICY': 'passive',
            'HOME': tempfile.gettempdir(), **dict.fromkeys(names, cores)}
