"""From a child's pipes to its spool: batches, the cap with the middle cut, the SDK's frames.

Each kind (output, metrics) is flushed at once and then at most every 40 ms, in records of at most 64 KiB. Output
beyond half of the cap is still read, so that the child never waits; of it the last half of the cap is kept.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import struct
import termios
from collections import deque
from collections.abc import Callable
from typing import Any

from tempera import _channel

from .generated.sandbox_pb2 import ExecutionChunk, Metric, MetricBatch, Output

STDOUT, STDERR = Output.STREAM_STDOUT, Output.STREAM_STDERR
INTERVAL_S = 0.04
LARGEST_RECORD = 256 * 1024
_READ_SIZE = 256 * 1024
_METRICS_A_RECORD = 1000
_LARGEST_MESSAGE = 1024 * 1024
_MOST_PENDING = 64
_LONGEST_LINE = 64 * 1024 * 1024

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
        self._offsets = {STDOUT: 0, STDERR: 0}
        self._ends = {STDOUT: 0, STDERR: 0}
        self._cadence = Cadence(self._flush)

    def feed(self, stream: int, data: bytes) -> None:
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

    @property
    def bytes_cut(self) -> int:
        return sum(self._cut.values())

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
    """The SDK's frames: metrics in batches, charts and rich logs as they come. Garbage is counted, not fatal."""

    def __init__(self, append: Append) -> None:
        self._append = append
        self._rest = b''
        self._parts: dict[int, bytearray] = {}
        self._metrics: list[Metric] = []
        self.broken = 0
        self._cadence = Cadence(self._flush)

    def feed(self, data: bytes) -> None:
        data = self._rest + data
        position = 0
        while len(data) - position >= _channel.FRAME.size:
            length, kind, more, number = _channel.FRAME.unpack_from(data, position)
            end = position + 2 + length
            if length < _channel.FRAME.size - 2 or end - position > 4096:
                self.broken += 1
                position = len(data)  # Not written by the SDK: nothing after it can be told apart.
                break
            if end > len(data):
                break
            self._frame(kind, more, number, data[position + _channel.FRAME.size : end])
            position = end
        self._rest = data[position:]
        if self._metrics:
            self._cadence.touch()

    def finish(self) -> None:
        self._cadence.now()

    def _frame(self, kind: int, more: int, number: int, body: bytes) -> None:
        if more or number in self._parts:
            parts = self._parts.setdefault(number, bytearray())
            parts += body
            if len(parts) > _LARGEST_MESSAGE or len(self._parts) > _MOST_PENDING:
                self._parts.pop(number)
                self.broken += 1
                return
            if more:
                return
            body = bytes(self._parts.pop(number))
        try:
            self._message(kind, json.loads(body))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.broken += 1

    def _message(self, kind: int, value: Any) -> None:
        if kind == _channel.METRICS:
            step, run, values = value
            self._metrics.extend(
                Metric(step=step, name=name, value=number, run_tag=run) for name, number in values.items()
            )
        elif kind == _channel.CHARTS:
            self._flush()
            self._append(ExecutionChunk(chart_config_json=json.dumps({'charts': value['charts']})))
        elif kind == _channel.RICH:
            self._flush()
            self._append(ExecutionChunk(rich_log_json=json.dumps(value)))

    def _flush(self) -> None:
        metrics, self._metrics = self._metrics, []
        for start in range(0, len(metrics), _METRICS_A_RECORD):
            batch = MetricBatch(items=metrics[start : start + _METRICS_A_RECORD])
            self._append(ExecutionChunk(metrics=batch))


class Pipe:
    """Reads one end of a pipe as data comes; `ended` is set at its end of file."""

    def __init__(self, descriptor: int, feed: Callable[[bytes], None]) -> None:
        self._descriptor = descriptor
        self._feed = feed
        self.ended = asyncio.Event()
        os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    def close(self) -> None:
        if not self.ended.is_set():
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self.ended.set()

    def drain(self) -> None:
        """Reads what is there and closes: for a pipe whose writers are all gone."""
        while not self.ended.is_set() and self._read():
            continue
        self.close()

    def catch_up(self) -> None:
        """Reads what is there now and not what comes meanwhile, so that a busy writer cannot keep the reader."""
        if self.ended.is_set():
            return
        (left,) = struct.unpack('i', fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(4)))
        while left > 0 and not self.ended.is_set():
            data = os.read(self._descriptor, min(left, _READ_SIZE))
            left -= len(data)
            self._feed(data)

    def _read(self) -> bool:
        try:
            data = os.read(self._descriptor, _READ_SIZE)
        except BlockingIOError:
            return False
        if not data:
            self.close()
            return False
        self._feed(data)
        return True


class Lines:
    """Splits what a pipe brings into JSON lines."""

    def __init__(self, handle: Callable[[dict[str, Any]], None]) -> None:
        self._handle = handle
        self._rest: list[bytes] = []
        self._rest_size = 0

    def feed(self, data: bytes) -> None:
        whole, newline, rest = data.rpartition(b'\n')
        lines = b''.join((*self._rest, whole)).split(b'\n') if newline else []
        if newline:
            self._rest, self._rest_size = [], 0
        self._rest.append(rest)
        self._rest_size += len(rest)
        if self._rest_size > _LONGEST_LINE:  # None of ours is as long; it must not fill the host's memory.
            self._rest, self._rest_size = [], 0
        for line in lines:
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue  # Foreign code holds the descriptor too: what it writes there may be anything.
            if isinstance(value, dict):
                self._handle(value)


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
    return ExecutionChunk(output=Output(stream=stream, data=data, byte_offset=position))
