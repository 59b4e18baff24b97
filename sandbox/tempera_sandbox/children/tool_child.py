"""What a child of a session's own tools does: it describes them, serves one call, or serves calls in threads.

Frames on its socket, both ways: length of a JSON head and of a body (4 bytes each, little-endian), head, body.
From the host: {"call", "tool", "params", "deadline_s"} starts one, {"credit": call, "count"} lets it send more,
{"cancel": call} asks it to end. To the host: {"call", "chunk", "final", "metadata"} with the data as body,
{"call", "ended"} or {"call", "failed", "name", "message"}.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import socket
import struct
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any, NoReturn

import tempera._tools

from ..isolation import Inside
from .inside import HOST_FILES, flush, report, reseed, settle, write_control

FRAME = struct.Struct('<II')
CREDIT = 100
"""Chunks of a call that may be under way to its reader."""
LARGEST_CHUNK = 4 * 1024 * 1024
HOST_FILES.add(__file__)


class _CancelledError(BaseException):
    """The reader has left; not an Exception, so that a tool's own handlers let it pass."""


def run_describe(inside: Inside, descriptors: list[int]) -> NoReturn:
    """Says what tools a source holds, as the control line `result` or `refused`."""
    request, control, _ = settle(inside, descriptors)
    try:
        tools = _load(request['module'], request['source'])
        found = [vars(function)['tempera_tool'] for function in tools.values()]
        answer: dict[str, Any] = {'event': 'result', 'json': json.dumps(found)}
    except BaseException as error:  # Whatever the source raises is what is wrong with it.
        reported = report(error)
        answer = {
            'event': 'refused',
            'code': 'INVALID_ARGUMENT',
            'details': {'key': 'source'},
            'message': f'[source] cannot be used: {reported["error_name"]}: {reported["error_value"]}',
        }
    flush()
    write_control(control, answer)
    os._exit(0)


def run_tools(inside: Inside, descriptors: list[int]) -> NoReturn:
    """Serves calls until the host's end closes."""
    *usual, endpoint = descriptors
    request, _, _ = settle(inside, usual)
    reseed()
    server = _Server(socket.socket(fileno=endpoint), _load(request['module'], request['source']))
    if request['mode'] == 'threaded':
        server.read(lambda call: threading.Thread(target=call.run, daemon=True).start())
        os._exit(0)
    calls: list[_Call] = []
    begun = threading.Event()

    def take(call: _Call) -> None:
        calls.append(call)
        begun.set()

    def serve() -> NoReturn:
        server.read(take)
        os._exit(0)

    threading.Thread(target=serve, daemon=True).start()
    begun.wait()
    calls[0].run()
    flush()
    os._exit(0)


def _load(name: str, source: str) -> dict[str, Callable[..., Any]]:
    module = ModuleType(name)
    sys.modules.setdefault(name, module)
    exec(compile(source, f'{name}.py', 'exec', dont_inherit=True), module.__dict__)
    found = [value for value in vars(module).values() if hasattr(value, 'tempera_tool')]
    return {value.tempera_tool['name']: value for value in found}


class _Server:
    def __init__(self, endpoint: socket.socket, tools: dict[str, Callable[..., Any]]) -> None:
        self._endpoint = endpoint
        self._tools = tools
        self._calls: dict[int, _Call] = {}
        self._sending = threading.Lock()

    def read(self, start: Callable[[_Call], None]) -> None:
        with self._endpoint.makefile('rb') as frames:
            while head := frames.read(FRAME.size):
                size, _ = FRAME.unpack(head)
                message = json.loads(frames.read(size))
                if 'tool' in message:
                    number = message['call']
                    call = self._calls[number] = _Call(self, number, self._tools[message['tool']], message)
                    start(call)
                elif known := self._calls.get(message.get('credit', message.get('cancel'))):
                    known.let('cancel' in message, message.get('count', 0))

    def send(self, message: dict[str, Any], body: bytes = b'') -> None:
        head = json.dumps(message).encode()
        with self._sending:
            self._endpoint.sendall(FRAME.pack(len(head), len(body)) + head + body)

    def forget(self, number: int) -> None:
        self._calls.pop(number, None)


class _Call:
    def __init__(
        self, server: _Server, number: int, function: Callable[..., Any], message: dict[str, Any]
    ) -> None:
        self._server = server
        self._number = number
        self._function = function
        self._parameters = message['params']
        self._deadline_s = message['deadline_s']
        self._credit = threading.Semaphore(CREDIT)
        self._cancelled = False
        self._sent = 0
        self._final = False

    def let(self, cancelled: bool, count: int) -> None:
        self._cancelled = self._cancelled or cancelled
        self._credit.release(max(1, count))

    def run(self) -> None:
        """To its end, whatever that is; tells the host."""
        tempera._tools.use_deadline(self._deadline_s)
        try:
            self._answer()
            if not self._final:
                self._send(tempera._tools.Chunk({'chunks_sent': self._sent}, True))
            self._server.send({'call': self._number, 'ended': True})
        except _CancelledError:
            self._server.send({'call': self._number, 'ended': True})
        except BaseException as error:  # What the tool raises is its answer to its caller.
            reported = report(error)
            self._server.send(
                {
                    'call': self._number,
                    'failed': True,
                    'name': reported['error_name'],
                    'message': reported['error_value'],
                }
            )
        finally:
            self._server.forget(self._number)

    def _answer(self) -> None:
        value = self._function(**self._parameters)
        if inspect.iscoroutine(value):
            value = asyncio.run(value)
        if hasattr(value, '__aiter__'):
            asyncio.run(self._drain_async(value))
        elif isinstance(value, Iterator):
            self._drain(value)
        elif value is not None:
            chunk = value if isinstance(value, tempera._tools.Chunk) else tempera._tools.Chunk(value)
            self._send(replace(chunk, final=True))

    def _drain(self, values: Iterator[Any]) -> None:
        try:
            for value in values:
                self._send(value)
                if self._final:
                    return
        finally:
            if hasattr(values, 'close'):
                values.close()

    async def _drain_async(self, values: AsyncIterator[Any]) -> None:
        try:
            async for value in values:
                await asyncio.to_thread(self._send, value)
                if self._final:
                    return
        finally:
            if hasattr(values, 'aclose'):
                await values.aclose()

    def _send(self, value: Any) -> None:
        """Waits while too many chunks are under way."""
        chunk = value if isinstance(value, tempera._tools.Chunk) else tempera._tools.Chunk(value)
        body = _encoded(chunk.data)
        if len(body) > LARGEST_CHUNK:
            raise ValueError(
                f'a chunk of {len(body):,} bytes is larger than the {LARGEST_CHUNK:,} that one may have'
            )
        self._credit.acquire()
        if self._cancelled:
            raise _CancelledError
        metadata = {str(key): str(text) for key, text in chunk.metadata.items()}
        self._server.send(
            {'call': self._number, 'chunk': self._sent, 'final': chunk.final, 'metadata': metadata}, body
        )
        self._sent += 1
        self._final = chunk.final


def _encoded(data: Any) -> bytes:
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if isinstance(data, str):
        return data.encode('utf-8', 'replace')
    return json.dumps(data, ensure_ascii=False, default=str).encode('utf-8', 'replace')
