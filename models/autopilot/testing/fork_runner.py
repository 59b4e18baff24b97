"""Runs scripts for the tests: one JSON line in (code, cwd, env, draw), one out (exit, stdout, stderr, seconds).

The modules named on the command line are imported once, by default those that the sandbox's zygote imports, and each
script runs in a fork, as it does there.
"""

import gc
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tempera_sandbox.children.zygote import PRELOADED

os.environ.setdefault('OMP_WAIT_POLICY', 'passive')
# One thread: a second one costs more than it saves on tables of this size.
os.environ.setdefault('OMP_NUM_THREADS', '1')
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')


def draw_nothing() -> None:
    """Figures become empty files of their names: to draw them takes three quarters of an exploration's time."""
    import matplotlib.figure

    matplotlib.figure.Figure.savefig = lambda figure, path, **_: Path(path).touch()


def run_child(job: dict, out: int, err: int) -> None:
    """In the fork: redirect, change folder, run the script as __main__; never returns."""
    os.dup2(out, 1), os.dup2(err, 2)
    os.chdir(job['cwd'])
    os.environ.update(job['env'])
    status = 0
    try:
        if not job['draw']:
            draw_nothing()
        exec(compile(job['code'], 'script.py', 'exec'), {'__name__': '__main__'})
    except BaseException:  # Whatever a script raises is its result.
        traceback.print_exc()
        status = 1
    sys.stdout.flush(), sys.stderr.flush()
    os._exit(status)


def main() -> None:
    for name in sys.argv[1:] or PRELOADED:
        importlib.import_module(name)
    # else each fork's collector writes to, and so copies, all that was imported
    gc.collect()
    gc.freeze()
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        job, began = json.loads(line), time.perf_counter()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                run_child(job, out.fileno(), err.fileno())
            _, status = os.waitpid(child, 0)
            out.seek(0), err.seek(0)
            result = {'exit': 'ok' if status == 0 else 'error', 'stdout': out.read().decode(errors='replace'),
                      'stderr': err.read().decode(errors='replace'), 'seconds': time.perf_counter() - began}
        print(json.dumps(result), flush=True)


main()
