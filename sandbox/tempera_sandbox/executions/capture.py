"""From what a child's pipes bring to its spool: batches, the cap with the middle cut, the SDK's frames.

Each kind (output, metrics) is flushed at once and then at most every INTERVAL_S, in records of at most 256 KiB: often
enough that the one wait on the way to readers is the recorder's. Output beyond half of the cap is still read, so that
the child never waits for it; of it the last half of the cap is kept.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from tempera._channel import CHARTS, DECISION, FRAME, LARGEST_BODY, LARGEST_MESSAGE, METRICS, RICH

from ..generated.sandbox_pb2 import ExecutionChunk, Metric, MetricBatch, Output
from .logged import SHAPE, TOO_LONG, UNREADABLE, Dropped, DroppedError, charts, decision, points, rich

STDOUT, STDERR = Output.STREAM_STDOUT, Output.STREAM_STDERR
INTERVAL_S = 0.01
LARGEST_RECORD = 256 * 1024
_METRICS_A_RECORD = 1000
MOST_DECISIONS = 2000
"""Decisions of one execution that are taken."""
_LARGEST_FRAME = FRAME.size + LARGEST_BODY
_MOST_PENDING = 64

Append = Callable[[ExecutionChunk], None]


class Cadence:
    """Runs `flush` at once when the last run is long enough ago, else as soon as it is."""

    def __init__(self, flush: Callable[[], None], interval_s: float = INTERVAL_S) -> None:
        self._flush = flush
        self._interval = interval_s
        self._last = float('-inf')
        self._timer: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._last + self._interval - loop.time()
        if wait <= 0:
            self._run()
        else:
            self._timer = loop.call_later(wait, self._run)

    def now(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._run()

    def _run(self) -> None:
        self._timer = None
        self._last = asyncio.get_running_loop().time()
        self._flush()


class OutputCapture:
    """stdout and stderr of one execution."""

    def __init__(self, append: Append, cap_bytes: int) -> None:
        self._append = append
        self._head_left = cap_bytes - cap_bytes // 2
        self._tail_cap = cap_bytes // 2
        self._tail: deque[tuple[int, int, bytes]] = deque()
        self._tail_size = 0
        self._cut: dict[int, int] = {}
        self._pending: list[tuple[int, bytes]] = []
        self._pending_size = 0
        self._offsets: dict[int, int] = {STDOUT: 0, STDERR: 0}
        self._ends: dict[int, int] = {STDOUT: 0, STDERR: 0}
        self._cadence = Cadence(self._flush)

    def feed(self, stream: int, data: bytes) -> int:
        """Returns the lines that it had to parse, which are none."""
        if self._head_left > 0:
            head, data = data[: self._head_left], data[self._head_left :]
            self._head_left -= len(head)
            self._pending.append((stream, head))
            self._pending_size += len(head)
            self._ends[stream] += len(head)
            if self._pending_size >= LARGEST_RECORD:
                self._cadence.now()
            else:
                self._cadence.touch()
        if data:
            self._keep_tail(stream, data)
        return 0

    def finish(self) -> None:
        """The rest of the head, a mark where the middle is missing, and the tail."""
        self._cadence.now()
        marked = set()
        for stream, position, data in self._tail:
            cut = self._cut.get(stream, 0)
            if cut and stream not in marked:
                marked.add(stream)
                mark = f'\n… {cut:,} bytes of output cut here …\n'.encode()
                self._append(_output(stream, mark, position - cut))
            for start in range(0, len(data), LARGEST_RECORD):
                self._append(_output(stream, data[start : start + LARGEST_RECORD], position + start))

    def _keep_tail(self, stream: int, data: bytes) -> None:
        self._tail.append((stream, self._ends[stream], data))
        self._ends[stream] += len(data)
        self._tail_size += len(data)
        while self._tail_size > self._tail_cap:
            first_stream, position, first = self._tail.popleft()
            excess = min(len(first), self._tail_size - self._tail_cap)
            self._tail_size -= excess
            self._cut[first_stream] = self._cut.get(first_stream, 0) + excess
            if excess < len(first):
                self._tail.appendleft((first_stream, position + excess, first[excess:]))

    def _flush(self) -> None:
        pending, self._pending, self._pending_size = self._pending, [], 0
        for stream, data in _joined(pending):
            for start in range(0, len(data), LARGEST_RECORD):
                piece = data[start : start + LARGEST_RECORD]
                self._append(_output(stream, piece, self._offsets[stream]))
                self._offsets[stream] += len(piece)


class ChannelCapture:
    """The SDK's frames: metrics in batches, charts and rich logs as they come. What cannot be taken is counted."""

    def __init__(self, append: Append) -> None:
        self._append = append
        self._rest = b''
        self._parts: dict[int, bytearray | None] = {}
        """Messages of which frames are still to come; None: too long, its other frames are skipped."""
        self._metrics: list[Metric] = []
        self._decisions = 0
        self.dropped = Dropped()
        self._cadence = Cadence(self._flush)

    def feed(self, data: bytes) -> int:
        """Returns how many frames it held."""
        data = self._rest + data
        position = frames = 0
        bodies: list[bytes] = []
        while len(data) - position >= FRAME.size:
            length, kind, more, number = FRAME.unpack_from(data, position)
            end = position + 2 + length
            if length < FRAME.size - 2 or end - position > _LARGEST_FRAME:
                self.dropped.messages[UNREADABLE] += 1
                position = len(data)  # Nothing after it can be told apart.
                break
            if end > len(data):
                break
            frames += 1
            body = data[position + FRAME.size : end]
            position = end
            if kind == METRICS and not more and number not in self._parts:
                bodies.append(body)
                continue
            self._take_metrics(bodies)
            bodies = []
            self._frame(kind, more, number, body)
        self._take_metrics(bodies)
        self._rest = data[position:]
        if self._metrics:
            self._cadence.touch()
        return frames

    def finish(self) -> None:
        self._cadence.now()

    def _frame(self, kind: int, more: int, number: int, body: bytes) -> None:
        parts = self._parts.setdefault(number, bytearray()) if more or number in self._parts else None
        if parts is None and number not in self._parts:
            self._take(kind, body)
            return
        if parts is not None:
            parts += body
            if len(parts) > LARGEST_MESSAGE:
                self.dropped.messages[TOO_LONG] += 1
                self._parts[number] = parts = None
        if not more:
            del self._parts[number]
            if parts is not None:
                self._take(kind, bytes(parts))
        elif len(self._parts) > _MOST_PENDING:  # Their writers were killed in the middle: the oldest goes.
            if self._parts.pop(next(iter(self._parts))) is not None:
                self.dropped.messages[UNREADABLE] += 1

    def _take(self, kind: int, body: bytes) -> None:
        if kind == METRICS:
            self._take_metrics([body])
            return
        try:
            if kind == CHARTS:
                self._pass_on(ExecutionChunk(chart_config_json=charts(json.loads(body))))
            elif kind == RICH:
                self._pass_on(ExecutionChunk(rich_log_json=rich(json.loads(body))))
            elif kind == DECISION:
                self._take_decision(body)
            else:
                raise DroppedError(UNREADABLE)
        except DroppedError as error:
            self.dropped.messages[str(error)] += 1
        except (ValueError, TypeError, RecursionError):
            self.dropped.messages[SHAPE] += 1

    def _take_metrics(self, bodies: list[bytes]) -> None:
        """All at once, which costs a third of one at a time; one at a time where one of them is broken."""
        if not bodies:
            return
        try:
            values = json.loads(b'[%b]' % b','.join(bodies))
        except (ValueError, RecursionError):
            values = ()
        if len(values) != len(bodies):
            values = map(_value_of, bodies)
        for value in values:
            try:
                self._metrics += points(value, self.dropped)
            except DroppedError as error:
                self.dropped.messages[str(error)] += 1

    def _take_decision(self, body: bytes) -> None:
        if self._decisions >= MOST_DECISIONS:
            raise DroppedError(f'more than {MOST_DECISIONS:,} decisions')
        text = decision(json.loads(body))
        self._decisions += 1
        self._pass_on(ExecutionChunk(decision_json=text))

    def _pass_on(self, chunk: ExecutionChunk) -> None:
        self._flush()
        self._append(chunk)

    def _flush(self) -> None:
        metrics, self._metrics = self._metrics, []
        for start in range(0, len(metrics), _METRICS_A_RECORD):
            batch = MetricBatch(items=metrics[start : start + _METRICS_A_RECORD])
            self._append(ExecutionChunk(metrics=batch))


def _value_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _joined(pieces: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Neighbours of the same stream as one."""
    groups: list[tuple[int, list[bytes]]] = []
    for stream, data in pieces:
        if groups and groups[-1][0] == stream:
            groups[-1][1].append(data)
        else:
            groups.append((stream, [data]))
    return [(stream, b''.join(parts)) for stream, parts in groups]


def _output(stream: int, data: bytes, position: int) -> ExecutionChunk:
    output = Output(stream=stream, data=data, byte_offset=position)  # type: ignore[arg-type]  # by its number
    return ExecutionChunk(output=output)
