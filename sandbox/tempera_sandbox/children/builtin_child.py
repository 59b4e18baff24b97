"""What a child does that runs the host's own code over foreign files: a built-in tool, or the checkpoint's scanner.

A tool's only control line is its answer, `result` or `refused`; the scanner's are its entries, and `done` at the end.
"""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path
from typing import Any, NoReturn

from ..files import scanner
from ..isolation import Inside
from ..tools import Context, ToolError
from ..tools import run_tool as run
from ..tools.cell_values import finite
from .inside import settle, write_control


def run_tool(inside: Inside, descriptors: list[int]) -> NoReturn:
    """A built-in tool; its result is the last control line."""
    request, control, _ = settle(inside, descriptors)
    datasets = Path(inside.datasets) if inside.datasets else Path('/nonexistent')
    try:
        result = run(request['tool'], request['params'], Context(Path(inside.workspace), datasets))
        answer: dict[str, Any] = {'event': 'result', 'json': _as_json(result)}
    except ToolError as error:
        answer = {'event': 'refused', 'code': error.code, 'message': error.message, 'details': error.details}
    except MemoryError:
        answer = {
            'event': 'refused',
            'code': 'OUT_OF_MEMORY',
            'message': 'The tool ran out of memory.',
            'details': {},
        }
    except Exception as error:
        # Hostile input may raise anything in a parser: the caller gets a sentence, we a trace.
        traceback.print_exc()
        message = f'{request["tool"]} failed: {type(error).__name__}: {error}'[:2000]
        answer = {'event': 'refused', 'code': 'TOOL_FAILED', 'message': message, 'details': {}}
    write_control(control, answer)
    os._exit(0)


def _as_json(result: dict[str, Any]) -> str:
    """An answer that every reader of JSON takes: no NaN, no half of a surrogate pair."""
    text = json.dumps(finite(result), ensure_ascii=False, allow_nan=False, default=str)
    return text.encode('utf-8', 'replace').decode()


def run_scan(inside: Inside, descriptors: list[int]) -> NoReturn:
    """The checkpoint's scanner; entries are control lines."""
    request, control, _ = settle(inside, descriptors)
    with os.fdopen(control, 'w', encoding='utf-8') as lines:
        for line in scanner.scan(Path(inside.workspace), request['known']):
            lines.write(json.dumps(line) + '\n')
        lines.write('{"event": "done"}\n')
    os._exit(0)
