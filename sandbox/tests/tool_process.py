"""Tools as the host runs them: each call in a fork of a process that has the packages loaded and a single thread."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import IO, Any

from tempera_sandbox.tools import Context, ToolError, run_tool

_FOLDER = Path(__file__).resolve().parent
_LOADED = (
    *('pandas', 'pyarrow', 'sklearn.ensemble', 'sklearn.linear_model', 'sklearn.pipeline'),
    *('tempera.learning.prepare', 'tempera_sandbox.tools.predict'),
)
_SERVE = 'import tool_process; tool_process.serve()'


def run_in_fork(name: str, params: dict[str, Any], context: Context) -> dict[str, Any]:
    """What `run_tool` answers. Here a tool's own process is a fork too; beside gRPC's threads it is a new Python."""
    requests, answers = _server()
    pickle.dump((name, params, context), requests)
    requests.flush()
    code, answer = pickle.load(answers)
    if code:
        raise ToolError(code, *answer)
    return dict(answer)


def serve() -> None:
    """Answers on what was its output; what tools print goes to its errors. Ends with its input."""
    answers = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)
    for module in _LOADED:
        importlib.import_module(module)
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            pickle.dump(_answer(*request), answers)
            answers.flush()
            os._exit(0)
        os.waitpid(child, 0)


def _answer(name: str, params: dict[str, Any], context: Context) -> tuple[str, Any]:
    try:
        return '', run_tool(name, params, context)
    except ToolError as error:
        return error.code, (error.message, error.details)
    except Exception:
        return 'CRASHED', (traceback.format_exc(),)


@cache
def _server() -> tuple[IO[bytes], IO[bytes]]:
    """Its input and output. It ends with this process, which holds the other ends."""
    search = os.pathsep.join([str(_FOLDER.parent), str(_FOLDER)])
    # Arrow's thread would forbid forking.
    environment = {**os.environ, 'PYTHONPATH': search, 'JE_ARROW_MALLOC_CONF': 'background_thread:false'}
    server = subprocess.Popen(
        [sys.executable, '-c', _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert server.stdin is not None and server.stdout is not None
    return server.stdin, server.stdout
