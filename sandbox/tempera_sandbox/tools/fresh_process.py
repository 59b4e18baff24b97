"""A process in which nothing of the session's code was ever run: there `fresh_check.py` loads what that code left.

In the host's tool child it is a fork, made before the tool computes anything: a fork of a process without threads is
safe, and has the packages imported already, which takes seconds. Where there are threads, and outside a host, it is a
new Python. Both see the installed packages and none of Tempera's or the session's modules.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from . import fresh_check, limits

DEFAULT_FRESH_S = 120.0
_SHOWN_CHARS = 400
_OWN_MODULES = ('tempera', 'trainable', 'tempera_sandbox')
_PR_SET_DUMPABLE = 4
_LARGEST_DESCRIPTOR = 1 << 20


class FreshProcess:
    """Made before the tool computes; `run` serves one task; it ends with the block."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._order = -1
        if len(os.listdir('/proc/self/task')) == 1 and 'sklearn' in sys.modules:
            self._fork()

    def __enter__(self) -> FreshProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pid is not None:
            _end(self._pid)
            os.close(self._order)
            self._pid = None

    def run(self, task: str, request: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        """The answer of a task; {error: sentence} when the process ended without one."""
        seconds = limits.number(params, 'fresh_timeout_s', DEFAULT_FRESH_S, 1, 3_600)
        with tempfile.TemporaryDirectory(prefix='fresh-') as name:
            folder = Path(name)
            (folder / 'request.json').write_text(json.dumps({'task': task, **request}), 'utf-8')
            code = (
                self._order_fork(folder, seconds) if self._pid is not None else _start_python(folder, seconds)
            )
            if code is None:
                return {
                    'error': f'did not answer within {seconds:g} s (fresh_timeout_s): make loading and predicting '
                    'faster.'
                }
            answer = folder / 'answer.json'
            if answer.is_file():
                found: dict[str, Any] = json.loads(answer.read_text('utf-8'))
                return found
            said = (folder / 'errors').read_text('utf-8', 'replace').strip().splitlines()[-1:] or [
                'no message'
            ]
            return {
                'error': f'ended its process with exit {code} while it was loaded or used ({said[0][:_SHOWN_CHARS]}).'
            }

    def _fork(self) -> None:
        taken, self._order = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._order)
            _serve(taken)
        os.close(taken)
        os.setpgid(self._pid, self._pid)
        # What is loaded there has this process's uid: it must not reach the tool's descriptors by way of /proc.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)

    def _order_fork(self, folder: Path, seconds: float) -> int | None:
        assert self._pid is not None
        os.write(self._order, str(folder).encode())
        watched = os.pidfd_open(self._pid)
        try:
            ended, _, _ = select.select([watched], [], [], seconds)
        finally:
            os.close(watched)
        status = _end(self._pid)
        self._pid = None
        os.close(self._order)
        return status if ended else None


def _serve(orders: int) -> NoReturn:
    """In the fork: waits for a folder, answers there, and ends."""
    code = 1
    try:
        folder = os.read(orders, 4096).decode()
        os.closerange(3, _LARGEST_DESCRIPTOR)  # the tool answers its caller on one of them
        if folder:
            _forget_tempera(Path(folder))
            fresh_check.main(Path(folder))
        code = 0
    except BaseException:  # whatever escapes must not go on as the tool
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _forget_tempera(folder: Path) -> None:
    """As a new Python in isolated mode would begin."""
    for name in list(sys.modules):
        if name.partition('.')[0] in _OWN_MODULES:
            del sys.modules[name]
    sys.modules['__main__'] = ModuleType('__main__')
    installed = tuple({os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)})
    sys.path[:] = [place for place in sys.path if place and os.path.realpath(place).startswith(installed)]
    os.environ.clear()
    os.environ.update(_environment(folder))
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    errors = os.open(folder / 'errors', os.O_WRONLY | os.O_CREAT, 0o600)
    for source, target in ((null, 0), (null, 1), (errors, 2)):
        os.dup2(source, target)


def _environment(folder: Path) -> dict[str, str]:
    path = os.environ.get('PATH', '/usr/bin:/bin')
    return {
        'PATH': path,
        'HOME': str(folder),
        'TMPDIR': str(folder),
        'OMP_WAIT_POLICY': 'passive',
        'MPLBACKEND': 'Agg',
        'LANG': 'C.UTF-8',
    }


def _start_python(folder: Path, seconds: float) -> int | None:
    # Isolated mode: neither the session's folder nor PYTHONPATH is searched for modules.
    command = [sys.executable, '-I', '-B', str(Path(fresh_check.__file__)), str(folder)]
    with (folder / 'errors').open('wb') as errors:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end_group(process.pid)
        process.wait()


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it has ended with all its children


def _end(pid: int) -> int:
    """Ends the process and whatever it started; its exit code, or minus its signal."""
    _end_group(pid)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
