"""A process in which nothing of the session's code was ever run: there `fresh/` loads what that code left.

1. It has no descriptor but its own two pipes (answer, messages) and /dev/null: above all none of the tool's, on which
   the tool answers its caller; and it cannot reach the tool by way of /proc.
2. It reads the packages, the pickle that it is to load and what the tool hands it, and nothing else of the session:
   what its predictions are held against is not there.
3. Its answer counts when it ended well and received one thing, and is data to be checked: numbers and labels, never a
   verdict.

In the host's tool child it is a fork, made before the tool computes anything: a fork of a process without threads is
safe, and has the packages imported already, which takes seconds. Where there are threads, and outside a host, it is a
new Python. Both see the installed packages and none of Tempera's or the session's modules.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from ..isolation import landlock, system_calls
from . import limits
from .fresh import main as fresh_main
from .fresh.answers import unpacked
from .fresh.main import main
from .fresh_pipes import Received, read_until_end

DEFAULT_FRESH_S = 120.0
_SHOWN_CHARS = 400
_LAST_MESSAGES = 8 * 1024
_OWN_MODULES = ('tempera', 'trainable', 'tempera_sandbox')
_LARGEST_DESCRIPTOR = 1 << 20
_GENERATIONS = 100
_FRESH = Path(fresh_main.__file__).parent
_START = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

folder, work, answer = sys.argv[1:]
# by its own path: the folder around it may lie where nothing may be listed
spec = spec_from_file_location('fresh', f'{folder}/__init__.py', submodule_search_locations=[folder])
sys.modules['fresh'] = module_from_spec(spec)
spec.loader.exec_module(sys.modules['fresh'])
from fresh.main import main

main(Path(work), int(answer))
"""
"""What a new Python runs: of our own it finds this folder alone."""
_ANSWER = 3
"""Number of the answer's pipe in the fresh process."""
_HIDDEN = ('data', 'tmp', 'root', 'home', 'var', 'srv', 'mnt', 'media')
"""Where sessions, or other people's files, may lie; what is needed of them is named."""
_DEVICES = ('null', 'zero', 'full', 'random', 'urandom')


@dataclass(frozen=True)
class Answer:
    """What a fresh process received: to be checked. `fields` is {error: sentence} when there is no answer."""

    fields: dict[str, Any]
    numbers: bytes = b''
    """float64 behind it, as many as the task says."""

    @property
    def error(self) -> str:
        return str(self.fields.get('error', ''))


class FreshProcess:
    """Made before the tool computes; `run` serves one task; it ends with the block, with all that it started."""

    def __init__(self) -> None:
        # What a pickle starts and lets go of stays within reach.
        system_calls.prctl(system_calls.PR_SET_CHILD_SUBREAPER, 1)
        self._before = _children()
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
            os.close(self._order)
            os.close(self._answer)
            os.close(self._messages)
            _end_group(self._pid)
            os.waitpid(self._pid, 0)
            self._pid = None
        _end_left(self._before)

    def run(
        self,
        task: str,
        request: dict[str, Any],
        params: dict[str, Any],
        frames: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The answer of a task; with an error when the process ended without a good one.

        `request['readable']` names the paths that it may read besides the packages; `frames` are data frames that it is
        handed, by name.
        """
        seconds = limits.number(params, 'fresh_timeout_s', DEFAULT_FRESH_S, 1, 3_600)
        with tempfile.TemporaryDirectory(prefix='fresh-') as name:
            folder = Path(name)
            for frame_name, frame in (frames or {}).items():
                frame.to_pickle(folder / f'{frame_name}.pkl')
            (folder / 'request.json').write_text(json.dumps({'task': task, **request}), 'utf-8')
            if self._pid is None:
                self._start_python(folder, request.get('readable', []))
            else:
                os.write(self._order, f'{folder}\n'.encode())
            return self._wait(seconds)

    def _fork(self) -> None:
        taken, self._order = os.pipe()
        self._answer, answer = os.pipe()
        self._messages, messages = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _serve(taken, answer, messages)
        for descriptor in (taken, answer, messages):
            os.close(descriptor)
        os.setpgid(self._pid, self._pid)
        _become_unreachable()

    def _start_python(self, folder: Path, readable: list[str]) -> None:
        self._answer, answer = os.pipe()
        self._messages, messages = os.pipe()
        _become_unreachable()
        # Isolated mode: neither the session's folder nor PYTHONPATH is searched for modules.
        command = [sys.executable, '-I', '-B', '-c', _START, str(_FRESH), str(folder), str(answer)]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            start_new_session=True,
            pass_fds=(answer,),
            preexec_fn=lambda: _confine(folder, readable),
        )
        os.close(answer)
        os.close(messages)
        self._pid, self._order = process.pid, os.open(os.devnull, os.O_RDONLY)
        process.returncode = 0  # It is waited for below, by its number.

    def _wait(self, seconds: float) -> Answer:
        """Reads both pipes to the process's end, and takes the answer only if that was a good one."""
        assert self._pid is not None
        pid, self._pid = self._pid, None
        received, messages = Received(self._answer), Received(self._messages, _LAST_MESSAGES)
        watched = os.pidfd_open(pid)
        try:
            in_time = read_until_end(watched, (received, messages), seconds)
            _end_group(pid)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            _end_left(self._before)
            for pipe in (received, messages):
                pipe.take_what_is_there()
        finally:
            for descriptor in (watched, self._order, self._answer, self._messages):
                os.close(descriptor)
        if not in_time:
            return _no_answer(
                f'did not answer within {seconds:g} s (fresh_timeout_s): make it load and predict faster.'
            )
        if received.is_full:
            most = limits.size_text(limits.MAX_FRESH_ANSWER_BYTES)
            return _no_answer(f'answers with more than {most} (MAX_FRESH_ANSWER_BYTES): predict fewer rows.')
        found = unpacked(bytes(received.data)) if code == 0 else None
        if found is None:
            lines = messages.data.decode('utf-8', 'replace').strip().splitlines()[-1:] or ['no message']
            last = lines[0][:_SHOWN_CHARS]
            return _no_answer(f'ended its process with exit {code} while it was loaded or used ({last}).')
        return Answer(*found)


def _no_answer(sentence: str) -> Answer:
    return Answer({'error': sentence})


def _serve(orders: int, answer: int, messages: int) -> NoReturn:
    """In the fork: waits for a folder, answers there, and ends."""
    code = 1
    try:
        order = os.read(orders, 4096).decode().strip()
        null = os.open(os.devnull, os.O_RDWR)
        spare = os.dup(messages)  # None of the targets may still be a source.
        for source, target in ((null, 0), (null, 1), (spare, 2)):
            os.dup2(source, target)
        if answer != _ANSWER:
            os.dup2(answer, _ANSWER)
        os.closerange(_ANSWER + 1, _LARGEST_DESCRIPTOR)  # The tool answers its caller on one of them.
        if order:
            folder = Path(order)
            readable = json.loads((folder / 'request.json').read_text('utf-8')).get('readable', [])
            _confine(folder, readable)
            _forget_tempera(folder)
            main(folder, _ANSWER)
        code = 0
    except BaseException:  # whatever escapes must not go on as the tool
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _confine(folder: Path, readable: list[str]) -> None:
    """Leaves it the packages, its own folder and what it is to load. Where Landlock is missing, as on weaker levels of
    isolation, only the descriptors keep it apart."""
    hidden = {*_HIDDEN, *(Path(path).parts[1] for path in readable)}
    rules = dict.fromkeys((f'/{name}' for name in os.listdir('/') if name not in hidden), landlock.READ)
    rules |= dict.fromkeys((os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)), landlock.READ)
    rules |= {f'/dev/{name}': landlock.DEVICE for name in _DEVICES}
    rules |= dict.fromkeys([*readable, str(_FRESH)], landlock.READ)
    rules |= {'/dev/shm': landlock.WRITE, str(folder): landlock.WRITE}
    with contextlib.suppress(OSError):
        landlock.restrict(rules, deny_tcp=True)


def _become_unreachable() -> None:
    """What is loaded has this process's uid: it must not reach the tool's descriptors or memory by way of /proc."""
    system_calls.prctl(system_calls.PR_SET_DUMPABLE, 0)


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


def _children() -> set[int]:
    """Processes whose parent this one is."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for task in os.listdir('/proc/self/task'):
            with open(f'/proc/self/task/{task}/children', encoding='ascii') as listing:
                found |= {int(word) for word in listing.read().split()}
    return found


def _end_left(before: set[int]) -> None:
    """Ends what a pickle started and let go of: it became a child of this process."""
    for _ in range(_GENERATIONS):
        left = _children() - before
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _end_group(pid: int) -> None:
    """Ends the process and those it started that stayed in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
