"""What the child of an execution does: it runs the user's script as `__main__`, and ends as the interpreter would.

Its control lines: {"event": "started", "at_ns"} at the script's first instruction, then {"event": "ended", ...} when
its Python ended by itself; {"event": "unwritten", ...} when the script could not be kept in the workspace.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import linecache
import os
import sys
import threading
import time
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

import tempera._channel

from ..isolation import Inside
from .inside import (
    HOST_FILES,
    exit_code,
    flush,
    main_module,
    report,
    reseed,
    settle,
    with_header,
    write_control,
    write_decisions,
    write_script,
)

HOST_FILES.add(__file__)


def run_script(inside: Inside, descriptors: list[int]) -> NoReturn:
    """The user's script as `__main__`."""
    request, control, channel = settle(inside, descriptors)
    tempera._channel.use_descriptor(channel)
    text = with_header(request['code'], request['script_path'])
    script = Path(inside.workspace) / request['script_path']
    try:
        write_decisions(Path(inside.workspace), request['decisions'])
        write_script(script, text)
    except OSError as error:
        write_control(
            control,
            {
                'event': 'unwritten',
                'message': f'{error.strerror} [{request["script_path"]}]',
                'errno': error.errno,
            },
        )
        os._exit(73)
    main = main_module(script)
    sys.argv = [str(script)]
    sys.path[:0] = [str(script.parent), inside.workspace]
    reseed()
    write_control(control, {'event': 'started', 'at_ns': time.monotonic_ns()})
    code, ended = _execute(text, request['script_path'], main)
    _finish(control, code, ended)


def _execute(text: str, name: str, main: ModuleType) -> tuple[int, dict[str, Any]]:
    """Exit code and what became of it; prints a traceback as the interpreter would."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    try:
        compiled: CodeType = compile(text, name, 'exec', dont_inherit=True)
        exec(compiled, main.__dict__)
    except SystemExit as error:
        return exit_code(error), {}
    except BaseException as error:  # Anything the script raises is its result, KeyboardInterrupt too.
        return (130 if isinstance(error, KeyboardInterrupt) else 1), report(error)
    return 0, {}


def _finish(control: int, code: int, ended: dict[str, Any]) -> NoReturn:
    """What the interpreter does at its end: threads joined, atexit run, streams flushed."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        _let_go()
    except BaseException as error:  # As in the interpreter: said on stderr, the exit code stays.
        ended = ended or report(error)
        code = code or (130 if isinstance(error, KeyboardInterrupt) else 1)
    flush()
    write_control(control, {'event': 'ended', 'code': code, **ended})
    os._exit(code)


def _let_go() -> None:
    """What files that the script left open still hold is written; then its names go, and what only they held."""
    _write_buffers()
    names = sys.modules['__main__'].__dict__
    for name in [name for name in names if name != '__builtins__']:
        names[name] = None
    gc.collect()


def _write_buffers() -> None:
    """Text first, then buffers: in a circle that is collected as one, a buffer may be closed before its writer."""
    things = gc.get_objects()
    for kind in (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom):
        for thing in things:
            if issubclass(type(thing), kind):
                with contextlib.suppress(Exception):  # Closed, for reading only, or the disk is full.
                    thing.flush()
