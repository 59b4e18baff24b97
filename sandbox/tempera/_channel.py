"""The channel: a pipe to the host, shared by every thread and process of an execution.

1. One frame = one write of at most PIPE_BUF bytes, which the kernel keeps in one piece, so writers need no lock.
2. Frame: length (2 bytes, of all that follows), kind (1), more (1), message number (4), body. A message longer than
   a frame is cut into frames that carry its number; `more` is 1 in all but the last.
3. A forked process uses the inherited descriptor; one that was started anew opens the pipe by the path in
   TEMPERA_CHANNEL. Without either, nothing is sent.
4. A full pipe makes the caller wait: back-pressure, no loss.
"""

from __future__ import annotations

import itertools
import json
import operator
import os
import struct
from collections.abc import Iterable, Mapping
from typing import Any, SupportsFloat

METRICS, CHARTS, RICH = 1, 2, 3
FRAME = struct.Struct('<HBBI')
LARGEST_BODY = 4096 - FRAME.size
_VARIABLE = 'TEMPERA_CHANNEL'

_descriptor: int | None = None
_opened_by: int | None = None
_numbers = itertools.count()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(',', ':')).encode


def log(step: int, metrics: Mapping[str, SupportsFloat], run: str | None = None) -> None:
    """Records numbers of one step of training, e.g. `log(3, {'loss': 0.21, 'auc': 0.88})`.

    `run` tells several series of the same names apart (folds, candidates). NaN, infinities, numpy and torch scalars
    are fine. Raises TypeError for something that is no number.
    """
    values = {str(name): _number(name, value) for name, value in metrics.items()}
    _send(METRICS, _encode([_step(step), '' if run is None else str(run), values]))


def configure_dashboard(charts: Iterable[Mapping[str, Any]]) -> None:
    """Says which charts to show: `[{'title': 'Loss', 'metrics': ['train_loss', 'val_loss'], 'type': 'line'}]`."""
    cleaned = []
    for chart in charts:
        metrics = chart.get('metrics') or []
        names = [metrics] if isinstance(metrics, str) else [str(name) for name in metrics]
        title = str(chart.get('title') or ', '.join(names))
        cleaned.append({'title': title, 'metrics': names, 'type': str(chart.get('type') or 'line')})
    _send(CHARTS, _encode({'charts': cleaned}))


def send_rich(kind: str, name: str, path: str, data: Any = None) -> None:
    """Tells of a file that was written to be shown; `data` is a small form of it to show at once."""
    _send(
        RICH, _encode({'kind': kind, 'name': name, 'path': path, **({} if data is None else {'data': data})})
    )


def use_descriptor(descriptor: int) -> None:
    """For the host's child: the pipe, and its path for the processes that the script starts."""
    global _descriptor, _opened_by
    _descriptor, _opened_by = descriptor, os.getpid()
    os.environ[_VARIABLE] = f'/proc/{os.getpid()}/fd/{descriptor}'


def _number(name: str, value: SupportsFloat) -> float:
    if type(value) is float:
        return value
    if value is None:
        return float('nan')
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(
            f'log: the metric [{name}] is no number but {type(value).__name__}; use float(...) or leave it out.'
        ) from None


def _step(step: Any) -> int:
    try:
        return operator.index(step)
    except TypeError:
        return int(float(step))


def _send(kind: int, text: str) -> None:
    descriptor = _open()
    if descriptor is None:
        return
    body = text.encode('utf-8', 'replace')
    number = ((os.getpid() & 0xFFFF) << 16) | (next(_numbers) & 0xFFFF)
    if len(body) <= LARGEST_BODY:
        _write(descriptor, FRAME.pack(len(body) + FRAME.size - 2, kind, 0, number) + body)
        return
    for start in range(0, len(body), LARGEST_BODY):
        piece = body[start : start + LARGEST_BODY]
        more = 1 if start + LARGEST_BODY < len(body) else 0
        _write(descriptor, FRAME.pack(len(piece) + FRAME.size - 2, kind, more, number) + piece)


def _open() -> int | None:
    """The descriptor; opened once where this process was started anew instead of forked."""
    global _descriptor, _opened_by
    if _opened_by is None:
        _opened_by = os.getpid()
        path = os.environ.get(_VARIABLE)
        if path:
            try:
                _descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            except OSError:
                _descriptor = None  # Run by hand with a stale variable: there is nobody to tell.
    return _descriptor


def _write(descriptor: int, frame: bytes) -> None:
    global _descriptor
    try:
        os.write(descriptor, frame)
    except (BrokenPipeError, OSError):
        _descriptor = None  # The host is gone or the descriptor was closed: metrics must not end a script.
