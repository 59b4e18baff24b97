"""A child of a session's own tools, seen from the host: calls go in, chunks come out, no faster than they are read.

Each call may have CREDIT chunks under way; the child waits for more credit, which the host gives as the reader takes
chunks. A child that sends more than it may is ended: the host's memory is not its queue. Its frames are taken no faster
than its allowance (pipes.py): the host's time is not its either.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator, Callable
from typing import Any

import grpc

from ..children.pipes import Allowance
from ..children.process import ChildProcess, ChildSpec
from ..children.tool_child import CREDIT, FRAME, LARGEST_CHUNK
from ..children.zygote_client import ZygoteClient
from ..errors import HostError
from ..generated import sandbox_pb2 as pb
from ..settings import Rates
from .builtin import cut_off

_LARGEST_HEAD = 64 * 1024
_CREDIT_AT_ONCE = 10
_log = logging.getLogger('tempera_sandbox.tools')


class ToolCall:
    """One call: `chunks` to its end, `leave` when nobody reads any more."""

    def __init__(self, child: ToolChild, number: int, tool: str) -> None:
        self._child = child
        self._number = number
        self._tool = tool
        self._waiting: asyncio.Queue[tuple[dict[str, Any], bytes] | HostError] = asyncio.Queue()
        self.is_over = False

    def take(self, message: dict[str, Any], body: bytes) -> bool:
        """Whether it may still send."""
        self._waiting.put_nowait((message, body))
        return self._waiting.qsize() <= CREDIT + 1

    def fail(self, error: HostError) -> None:
        self._waiting.put_nowait(error)

    async def chunks(self, timeout_s: float) -> AsyncGenerator[pb.ToolChunk, None]:
        """HostError when the tool fails, or at the timeout."""
        end = asyncio.get_running_loop().time() + timeout_s
        count = 0
        while True:
            try:
                async with asyncio.timeout_at(end):
                    item = await self._waiting.get()
            except TimeoutError:
                raise HostError(
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    'TOOL_TIMEOUT',
                    f'[{self._tool}] took longer than {timeout_s:g} s and was ended.',
                ) from None
            if isinstance(item, HostError):
                self.is_over = True
                raise item
            message, body = item
            if 'chunk' not in message:
                self.is_over = True
                self._raise_failure(message)
                return
            yield _chunk(count, message, body)
            count += 1
            if count % _CREDIT_AT_ONCE == 0:
                self._child.send({'credit': self._number, 'count': _CREDIT_AT_ONCE})

    def leave(self) -> None:
        self._child.forget(self._number)
        if not self.is_over:
            self._child.send({'cancel': self._number})

    def _raise_failure(self, message: dict[str, Any]) -> None:
        if message.get('failed'):
            name, text = str(message.get('name', ''))[:200], str(message.get('message', ''))[:2000]
            raise HostError(
                grpc.StatusCode.INTERNAL,
                'TOOL_FAILED',
                f'[{self._tool}] failed: {name}: {text}',
                {'tool': self._tool, 'error': name},
            )


class ToolChild:
    """Started by `start`; gone when `over` is done."""

    def __init__(
        self, zygote: ZygoteClient, spec: Callable[[int], ChildSpec], what: str, rates: Rates
    ) -> None:
        self._what = what
        self._allowance = Allowance(rates)
        self._calls: dict[int, ToolCall] = {}
        self._next = 0
        self._ours, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = ChildProcess(
            zygote, spec(self._theirs.fileno()), (self._ignore, self._ignore), lambda message: None
        )
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def calls(self) -> int:
        return len(self._calls)

    @property
    def served(self) -> int:
        """Calls since its start."""
        return self._next

    @property
    def is_gone(self) -> bool:
        return self._writer is None or self._writer.is_closing()

    async def start(self) -> None:
        try:
            await self._process.start()
        except BaseException:
            self._ours.close()
            raise
        finally:
            self._theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=self._ours)
        self._tasks = [asyncio.create_task(self._read(reader)), asyncio.create_task(self._until_over())]

    def call(self, tool: str, parameters: dict[str, Any], deadline_s: float) -> ToolCall:
        self._next += 1
        call = self._calls[self._next] = ToolCall(self, self._next, tool)
        self.send({'call': self._next, 'tool': tool, 'params': parameters, 'deadline_s': deadline_s})
        return call

    def send(self, message: dict[str, Any]) -> None:
        head = json.dumps(message).encode()
        if not self.is_gone and self._writer:
            self._writer.write(FRAME.pack(len(head), 0) + head)

    def forget(self, number: int) -> None:
        self._calls.pop(number, None)

    async def end(self) -> None:
        """Kills it; returns when nothing of it is left."""
        self._process.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                head_size, body_size = FRAME.unpack(await reader.readexactly(FRAME.size))
                if head_size > _LARGEST_HEAD or body_size > LARGEST_CHUNK:
                    raise ValueError('a frame is too large')
                message = json.loads(await reader.readexactly(head_size))
                body = await reader.readexactly(body_size)
                self._allowance.spend(body_size, 1, self._allowance.rates.output_bytes)
                await self._allowance.turn()
                call = self._calls.get(message['call'])
                if call and not call.take(message, body):
                    raise ValueError('it sent more chunks than it may')
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # Its end, of which `_until_over` tells.
        except (ValueError, TypeError, KeyError) as error:
            _log.warning('%s broke the protocol of tools and was ended: %s', self._what, type(error).__name__)
            self._process.kill()

    async def _until_over(self) -> None:
        ending = await self._process.ended()
        await asyncio.gather(self._tasks[0], return_exceptions=True)  # What it had sent comes first.
        if self._writer:
            self._writer.close()
        for call in list(self._calls.values()):
            call.fail(cut_off(self._what, ending))
        await self._process.dispose()

    def _ignore(self, data: bytes) -> int:
        return 0  # What a tool prints is nobody's: its chunks are its answer.


def _chunk(number: int, message: dict[str, Any], body: bytes) -> pb.ToolChunk:
    given = message.get('metadata')
    metadata = {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
    return pb.ToolChunk(chunk_id=number, data=body, is_final=message.get('final') is True, metadata=metadata)
