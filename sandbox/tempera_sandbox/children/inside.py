"""What every kind of child has in common: how it settles in after its fork, and what it tells the host.

Descriptors, in order: request (anonymous file), control (pipe: JSON lines to the host), stdout, stderr, and for an
execution the SDK's channel.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import io
import json
import logging
import multiprocessing.util
import os
import random
import shutil
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from tempera._decisions import FILE

from ..isolation import Inside, apply_environment, clean_environment
from ..isolation.system_calls import PR_SET_DUMPABLE, prctl
from . import messages

_LARGEST_TRACEBACK = 16 * 1024
_LONGEST_ERROR_NAME = 200
HOST_FILES = {__file__}
"""Whose frames are left out of tracebacks."""
_CORES = len(os.sched_getaffinity(0))
_libc = ctypes.PyDLL(None)
_pools: list[Any] = []


def prepare() -> None:
    """In the zygote, once: what every child would otherwise do by itself."""
    _drop_needless_exit_functions()
    try:
        import threadpoolctl
    except ImportError:
        return
    _pools.append(threadpoolctl.ThreadpoolController())
    _limit_threads(_CORES)
    _end_started_threads()
    _libc.setvbuf(ctypes.c_void_p.in_dll(_libc, 'stdout'), None, 1, ctypes.c_size_t(8192))  # _IOLBF


def _drop_needless_exit_functions() -> None:
    """Leaves out those of the imported libraries that only free memory, which the end of the process does anyway
    (nanobind's alone touches 900 pages); what a script's own imports register later is run as ever."""
    atexit._clear()
    for function in (logging.shutdown, multiprocessing.util._exit_function):  # type: ignore[attr-defined]
        atexit.register(function)


def _end_started_threads() -> None:
    """OpenBLAS starts threads as soon as it is told how many, and they spin; a fork ends them by its own handler,
    and the first large product of a child starts them there. In a child itself they would cost 25 ms of a core."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _limit_threads(count: int) -> None:
    for pool in _pools:
        pool.limit(limits=count)


def warm_up() -> None:
    """In a spare child, before it waits: touches the pages that a script's start will touch, so that the kernel copies
    them now. Leaves nothing behind that a script could see."""
    clean_environment(json.loads(json.dumps({'environment': {'A': 'b'}}))['environment'])
    null = os.open('/dev/null', os.O_WRONLY)
    stream = _text_stream(null, 'strict')
    text = with_header('print(1, file=stream)', 'warm/up.py')
    exec(compile(text, 'warm/up.py', 'exec', dont_inherit=True), {'stream': stream})
    stream.flush()
    stream.detach()
    os.close(null)
    reseed()


def write_script(script: Path, text: str) -> None:
    """Writes the file anew: under its name a former script may have left a pipe, which would never be opened."""
    script.parent.mkdir(parents=True, exist_ok=True)
    script.unlink(missing_ok=True)
    with script.open('x', encoding='utf-8') as file:
        file.write(text)


def write_decisions(workspace: Path, text: str) -> None:
    """What is in force, read-only, whatever a former script has left under the name."""
    if not text:
        return
    path = workspace / FILE
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    write_script(path, text)
    path.chmod(0o444)


def settle(inside: Inside, descriptors: list[int]) -> tuple[dict[str, Any], int, int]:
    """Descriptors 0 to 2, environment, streams, threads."""
    body, control, output, errors, *rest = descriptors
    null = os.open('/dev/null', os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (errors, 2)):
        os.dup2(source, target)
        os.close(source)
    request = messages.read_memory_file(body)
    prctl(PR_SET_DUMPABLE, 1)  # Else processes started by the script cannot open its channel.
    apply_environment(clean_environment(request['environment']))
    os.environ['TEMPERA_WORKSPACE'] = inside.workspace
    if inside.datasets:
        os.environ['TEMPERA_DATASET'] = inside.datasets
    time.tzset()
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding='utf-8')
    sys.stdout = sys.__stdout__ = _text_stream(1, 'strict')  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text_stream(2, 'backslashreplace')  # type: ignore[misc]
    if request['threads'] != _CORES:
        _limit_threads(request['threads'])
    return request, control, rest[0] if rest else -1


def _text_stream(descriptor: int, errors: str) -> io.TextIOWrapper:
    raw = io.BufferedWriter(io.FileIO(descriptor, 'w', closefd=False), 64 * 1024)
    return io.TextIOWrapper(raw, encoding='utf-8', errors=errors, line_buffering=True)


def with_header(code: str, script_path: str) -> str:
    name = script_path.replace('\n', ' ')
    return (
        f'# Run by hand, in the folder that holds dataset/ and tempera/: PYTHONPATH=. python {name}\n{code}'
    )


def main_module(script: Path) -> ModuleType:
    main = ModuleType('__main__')
    main.__file__ = str(script)
    main.__builtins__ = __builtins__  # type: ignore[attr-defined]
    sys.modules['__main__'] = main
    return main


def reseed() -> None:
    """A fork inherits the generators' states: without this every execution would draw the same numbers."""
    random.seed()
    numpy = sys.modules.get('numpy')
    if numpy is not None:
        numpy.random.seed(int.from_bytes(os.urandom(4), 'little'))


def exit_code(error: SystemExit) -> int:
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF
    with contextlib.suppress(Exception):  # The script closed or replaced the stream.
        print(_text_of(error.code), file=sys.stderr)
    return 1


def report(error: BaseException) -> dict[str, Any]:
    """What its control line says of it: small enough for the line, even if each letter takes six bytes there."""
    own = _without_host_frames(error.__traceback__)
    text = ''.join(traceback.format_exception(type(error), error, own))
    with contextlib.suppress(
        Exception
    ):  # It closed or replaced its streams; the traceback travels in the exit too.
        sys.stdout.flush()
        sys.stderr.write(text)
    if len(text) > _LARGEST_TRACEBACK:
        text = text[: _LARGEST_TRACEBACK // 2] + '\n…\n' + text[-_LARGEST_TRACEBACK // 2 :]
    return {
        'error_name': type(error).__name__[:_LONGEST_ERROR_NAME],
        'error_value': _text_of(error)[:4000],
        'traceback': text,
        'errno': getattr(error, 'errno', None),
    }


def _text_of(thing: object) -> str:
    """What it says of itself; a script's own object may fail at that."""
    try:
        return str(thing)
    except BaseException:
        return f'<{type(thing).__name__} that says nothing of itself>'


def _without_host_frames(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and frames.tb_frame.f_code.co_filename in HOST_FILES:
        frames = frames.tb_next
    return frames


def flush() -> None:
    """What Python and C libraries still hold of the output goes out."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            continue  # Closed or replaced by the script, or nobody reads any more.
    _libc.fflush(None)


def write_control(control: int, message: dict[str, Any]) -> None:
    """One control line. Half of a letter is written as JSON's escape of it, all else in UTF-8, which is shorter."""
    body = json.dumps(message, ensure_ascii=False).encode('utf-8', 'backslashreplace') + b'\n'
    while body:
        body = body[os.write(control, body) :]
