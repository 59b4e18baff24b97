"""Runs alone in a fresh process (fresh_process.py) and answers one request.

The request is request.json in the folder given, beside the frames that it names; the answer goes to the descriptor
given.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from .answers import packed
from .check import predict, transform
from .reading import read_and_predict
from .requirements import RequirementsOnly

_LONGEST_ERROR = 2000
_TASKS = {'transform': transform, 'predict': predict, 'read_and_predict': read_and_predict}


def main(folder: Path, answer: int) -> None:
    """Answers one request."""
    warnings.simplefilter('ignore')
    request = json.loads((folder / 'request.json').read_text('utf-8'))
    request['folder'] = str(folder)
    sys.path[:0] = _libraries(request)
    if request.get('requirements'):
        hiding = RequirementsOnly(Path(request['requirements']))
        sys.meta_path.insert(0, hiding)
        for name in list(sys.modules):  # imported before this process knew what it may see
            if name.partition('.')[0] in hiding.hidden:
                del sys.modules[name]
    try:
        fields, parts = _TASKS[request['task']](request)
    except RuntimeError as error:
        about = {name: getattr(error, name, None) for name in ('row', 'code', 'cells')}
        fields, parts = {'error': str(error)[:_LONGEST_ERROR], **about}, []
    body = packed(fields, parts)
    while body:
        body = body[os.write(answer, body) :]


def _libraries(request: dict[str, Any]) -> list[str]:
    """The wheels that travel with the model, and those that the request names: what it brings beside packages."""
    beside = Path(request['model']).parent.glob('*-py3-none-any.whl') if request.get('model') else ()
    return [*request.get('libraries', []), *sorted(str(path) for path in beside)]
