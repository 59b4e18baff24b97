"""What a living kernel's process does: cell after cell in one namespace, as a notebook would.

It reads cells from a socket as JSON lines {"cell", "code", "script_path", "environment"} and says for each, on its
control pipe: {"event": "started", "cell", "at_ns"} at its first instruction and {"event": "cell_ended", "cell", "code",
"cpu_us", ...} when its output has been flushed. Everything that it prints between the two belongs to the cell.
"""

from __future__ import annotations

import ast
import json
import linecache
import os
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType, ModuleType
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


def run_kernel(inside: Inside, descriptors: list[int]) -> NoReturn:
    """Until the host's end of the socket closes or the process is killed."""
    *usual, commands = descriptors
    _, control, channel = settle(inside, usual)
    tempera._channel.use_descriptor(channel)
    reseed()
    kernel = _Kernel(inside, control)
    with open(commands, encoding='utf-8') as lines:
        for line in lines:
            kernel.run(json.loads(line))
    os._exit(0)


class _Kernel:
    def __init__(self, inside: Inside, control: int) -> None:
        self._workspace = Path(inside.workspace)
        self._control = control
        self._main: ModuleType = main_module(self._workspace / 'cell.py')
        self._running = False
        sys.argv = ['']
        sys.path[:0] = ['', inside.workspace]

    def run(self, cell: dict[str, Any]) -> None:
        number, path = cell['cell'], cell['script_path']
        os.environ.update(cell['environment'])
        name = path or f'<cell {number}>'
        text = with_header(cell['code'], path) if path else cell['code']
        before = _cpu_us()
        if not self._written(cell, text):
            return
        signal.signal(signal.SIGINT, self._interrupted)
        write_control(self._control, {'event': 'started', 'cell': number, 'at_ns': time.monotonic_ns()})
        code, ended = self._execute(text, name)
        flush()
        write_control(
            self._control,
            {'event': 'cell_ended', 'cell': number, 'code': code, 'cpu_us': _cpu_us() - before, **ended},
        )

    def _written(self, cell: dict[str, Any], text: str) -> bool:
        """Whether the cell and what is in force stand in the workspace; where they cannot the host is told why."""
        path = cell['script_path']
        script = self._workspace / path
        try:
            write_decisions(self._workspace, cell['decisions'])
            if path:
                write_script(script, text)
        except OSError as error:
            message = f'{error.strerror} [{path}]'
            fields = {'event': 'cell_unwritten', 'message': message, 'errno': error.errno}
            write_control(self._control, {**fields, 'cell': cell['cell'], 'code': 73})
            return False
        if path:
            self._main.__file__ = str(script)
            sys.path[0] = str(script.parent)
        return True

    def _execute(self, text: str, name: str) -> tuple[int, dict[str, Any]]:
        try:
            try:
                self._running = True
                self._evaluate(text, name)
            finally:
                self._running = False
        except SystemExit as error:  # Ends the cell, not the kernel.
            return exit_code(error), {}
        except BaseException as error:  # Anything the cell raises is its result, KeyboardInterrupt too.
            self._running = False
            return (130 if isinstance(error, KeyboardInterrupt) else 1), report(error)
        return 0, {}

    def _evaluate(self, text: str, name: str) -> None:
        """Runs the statements; the value of a last expression goes to the display hook unless `;` ends it."""
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        tree = ast.parse(text, name)
        last = tree.body[-1] if tree.body else None
        shown = isinstance(last, ast.Expr) and not text.rstrip().endswith(';')
        if shown:
            tree.body.pop()
        namespace = self._main.__dict__
        exec(compile(tree, name, 'exec', dont_inherit=True), namespace)
        if shown and isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, 'eval', dont_inherit=True), namespace)
            sys.displayhook(value)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._running:  # One that comes after its cell has ended is nobody's.
            raise KeyboardInterrupt


def _cpu_us() -> int:
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        use = resource.getrusage(who)
        total += use.ru_utime + use.ru_stime
    return round(total * 1e6)
