"""The channel: a pipe to the host, shared by every thread and process of an execution.

1. One frame = one write of at most PIPE_BUF bytes, which the kernel keeps in one piece, so writers need no lock.
2. Frame: length (2 bytes, of all that follows), kind (1), more (1), message number (4), body. A message longer than
   a frame is cut into frames that carry its number; `more` is 1 in all but the last.
3. A forked process uses the inherited descriptor; one that was started anew opens the pipe by the path in
   TEMPERA_CHANNEL. Without either, nothing is sent.
4. A full pipe makes the caller wait: back-pressure, no loss.
5. What the host would drop is refused here already, with a sentence: names and steps out of bounds. Numbers of one
   call that are too many for a message go out in several.
"""

from __future__ import annotations

import itertools
import json
import operator
import os
import struct
from collections.abc import Iterable, Mapping
from typing import Any, SupportsFloat, SupportsIndex

METRICS, CHARTS, RICH, DECISION = 1, 2, 3, 4
FRAME = struct.Struct('<HBBI')
LARGEST_BODY = 4096 - FRAME.size
LARGEST_MESSAGE = 128 * 1024
"""Bytes of one message, all its frames together."""
LONGEST_NAME = 200
"""Characters of a metric's, run's, chart's or table's name."""
LARGEST_STEP = 2**53 - 1
"""A step lies between this and its negative: the whole numbers that every reader, JSON's too, keeps exactly."""
MOST_CHARTS = 100
"""Charts of a dashboard, and metrics of one chart."""
_VARIABLE = 'TEMPERA_CHANNEL'

_descriptor: int | None = None
_opened_by: int | None = None
_numbers = itertools.count()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(',', ':')).encode


def log(
    step: SupportsIndex | SupportsFloat, metrics: Mapping[str, SupportsFloat], run: str | None = None
) -> None:
    """Records numbers of one step of training, e.g. `log(3, {'loss': 0.21, 'auc': 0.88})`.

    `run` tells several series of the same names apart (folds, candidates). NaN, infinities, numpy and torch scalars
    are fine. Raises TypeError for something that is no number, ValueError for a step that is no whole number or too
    large, and for a name that is too long.
    """
    name = '' if run is None else checked_name('log', 'run', run)
    values = {checked_name('log', 'metric', key): _number(key, value) for key, value in metrics.items()}
    _send_metrics(_step(step), name, values)


def configure_dashboard(charts: Iterable[Mapping[str, Any]]) -> None:
    """Says which charts to show: `[{'title': 'Loss', 'metrics': ['train_loss', 'val_loss'], 'type': 'line'}]`."""
    cleaned = [_chart(chart) for chart in charts]
    if len(cleaned) > MOST_CHARTS:
        raise ValueError(
            f'configure_dashboard: {len(cleaned):,} charts are too many; show at most {MOST_CHARTS}.'
        )
    text = _encode({'charts': cleaned})
    if len(text.encode('utf-8', 'replace')) > LARGEST_MESSAGE:
        raise ValueError(
            f'configure_dashboard: the charts are larger than the {LARGEST_MESSAGE:,} bytes that a dashboard may have; '
            'show fewer, or use shorter names.'
        )
    _send(CHARTS, text)


def send_rich(kind: str, name: str, path: str, data: Any = None) -> None:
    """Tells of a file that was written to be shown; `data` is a small form of it to show at once, left out if large."""
    message = {'kind': kind, 'name': name, 'path': path}
    text = _encode(message if data is None else {**message, 'data': data})
    _send(RICH, text if len(text.encode('utf-8', 'replace')) <= LARGEST_MESSAGE else _encode(message))


def send_message(kind: int, text: str) -> None:
    """A message of one kind, whose size and form the caller has checked."""
    _send(kind, text)


def checked_name(function: str, what: str, name: object) -> str:
    """The name as text. ValueError when it is longer than LONGEST_NAME."""
    text = str(name)
    if len(text) > LONGEST_NAME:
        raise ValueError(
            f'{function}: the name of the {what} [{text[:40]}…] is {len(text):,} characters long; '
            f'use at most {LONGEST_NAME}.'
        )
    return text


def use_descriptor(descriptor: int) -> None:
    """For the host's child: the pipe, and its path for the processes that the script starts."""
    global _descriptor, _opened_by
    _descriptor, _opened_by = descriptor, os.getpid()
    os.environ[_VARIABLE] = f'/proc/{os.getpid()}/fd/{descriptor}'


def _chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    metrics = chart.get('metrics') or []
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    if len(names) > MOST_CHARTS:
        raise ValueError(
            f'configure_dashboard: a chart of {len(names):,} metrics; show at most {MOST_CHARTS}.'
        )
    names = [checked_name('configure_dashboard', 'metric', name) for name in names]
    title = str(chart.get('title') or ', '.join(names)[:LONGEST_NAME])
    return {
        'title': checked_name('configure_dashboard', 'chart', title),
        'metrics': names,
        'type': checked_name('configure_dashboard', 'type', chart.get('type') or 'line'),
    }


def _number(name: object, value: SupportsFloat) -> float:
    if type(value) is float:
        return value
    if value is None:
        return float('nan')
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f'log: the metric [{name}] is no number but {type(value).__name__}; use float(...) or leave it out.'
        ) from None


def _step(step: Any) -> int:
    try:
        whole = operator.index(step)
    except TypeError:
        whole = _whole(step)
    if -LARGEST_STEP <= whole <= LARGEST_STEP:
        return whole
    raise ValueError(
        f'log: the step {_shown(whole)} lies beyond ±{LARGEST_STEP:,}; count epochs or rounds (0, 1, 2 …) '
        'and log a time as a metric.'
    )


def _whole(step: Any) -> int:
    """Of a number that Python does not take for an index: 3.0 is the step 3."""
    try:
        number = float(step)
    except (TypeError, ValueError):
        raise TypeError(f'log: the step is no number but {type(step).__name__}; count 0, 1, 2 …') from None
    if not number.is_integer():
        raise ValueError(
            f'log: the step must be a whole number, not {number!r}; count 0, 1, 2 … and log a fraction as a metric.'
        )
    return int(number)


def _shown(whole: int) -> str:
    """Python itself refuses to write out a number of very many digits."""
    return f'{whole:,}' if whole.bit_length() < 200 else f'of {whole.bit_length():,} bits'


def _send_metrics(step: int, run: str, values: dict[str, float]) -> None:
    text = _encode([step, run, values])
    if len(values) < 2 or len(text.encode('utf-8', 'replace')) <= LARGEST_MESSAGE:
        _send(METRICS, text)
        return
    pairs = list(values.items())
    for half in (pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]):
        _send_metrics(step, run, dict(half))


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
