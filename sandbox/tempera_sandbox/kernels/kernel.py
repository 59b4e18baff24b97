"""One living kernel and one cell of it, seen from the host (its process: children/kernel_child.py).

Between cells all its processes are stopped (a moment after the last one, so that cells in a row need not wait): an
idle kernel computes nothing, fills no disk, and its workspace can be checkpointed.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..background import BackgroundTasks
from ..children.pipes import Feed
from ..children.process import ChildProcess, ChildSpec, Ending
from ..children.zygote_client import ZygoteClient
from ..isolation.stillness import Stillness
from ..settings import ExecutionLimits

_STOP_AFTER_S = 0.2

OnControl = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class CellRequest:
    """A cell, as its caller asks for it."""

    kernel: str
    """The kernel's name."""
    generation: str
    """The only one that will do; '': any."""
    code: str
    script_path: str
    """Where it is kept in the workspace; '': nowhere."""
    environment: dict[str, str]
    limits: ExecutionLimits
    """Of the kernel, should it begin with this cell."""
    decisions: str = ''
    """What is in force, as JSON; '': nothing is written."""


@dataclass
class Cell:
    """One cell, to its execution the same as a process of its own."""

    kernel: Kernel
    number: int
    feeds: tuple[Feed, Feed, Feed]
    on_control: OnControl
    started: dict[str, Any] = field(default_factory=dict)
    """What its Started says of the kernel."""
    ending: asyncio.Future[Ending] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    cpu_us_before: int = 0
    is_ending: bool = False
    """Its end was told; what it had written before is still being read."""

    def interrupt(self) -> None:
        if not self.ending.done():
            self.kernel.process.interrupt()

    def kill(self) -> None:
        """Ends the kernel: a cell cannot be taken out of it."""
        if not self.ending.done():
            self.kernel.process.kill()

    async def ended(self) -> Ending:
        try:
            return await asyncio.shield(self.ending)
        except asyncio.CancelledError:
            self.kill()
            raise

    async def dispose(self) -> None:
        """The kernel lives on."""


class Kernel:
    """One generation, from its start to its loss."""

    def __init__(
        self, zygote: ZygoteClient, spec: Callable[[int], ChildSpec], on_lost: Callable[[Kernel], None]
    ) -> None:
        self.generation = secrets.token_hex(6)
        self.lost = ''
        self.cell: Cell | None = None
        self.cells = 0
        self._born = time.monotonic()
        self._why = ''
        self._on_lost = on_lost
        self._ours, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._ours.setblocking(False)
        feeds = tuple(lambda data, index=index: self._feed(index, data) for index in range(3))
        self.process = ChildProcess(zygote, spec(self._theirs.fileno()), feeds, self._control)
        self._still: Stillness | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._background = BackgroundTasks()
        self._over: asyncio.Task[None] | None = None

    async def start(self) -> None:
        try:
            await self.process.start()
        except BaseException:
            self._ours.close()
            raise
        finally:
            self._theirs.close()
        self._still = Stillness(self.process.pid)
        self._over = asyncio.create_task(self._until_lost())

    async def begin(self, cell: Cell, request: CellRequest) -> None:
        """Sends the cell's code; the rest is the child's to tell."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self.cells += 1
        cell.number = self.cells
        cell.cpu_us_before = self.process.use()[0] or 0
        self.cell = cell
        if self._still:
            await self._still.go_on()
        line = {
            'cell': cell.number,
            'code': request.code,
            'script_path': request.script_path,
            'decisions': request.decisions,
            'environment': request.environment,
        }
        try:
            await asyncio.get_running_loop().sock_sendall(self._ours, json.dumps(line).encode() + b'\n')
        except OSError:
            return  # It is dying: its end becomes the cell's.

    def wait_for_next(self, idle_s: float) -> None:
        """After a cell: it is stopped soon, and ended when none comes."""
        loop = asyncio.get_running_loop()
        self._timers = [
            loop.call_later(_STOP_AFTER_S, self._stop_soon),
            loop.call_later(idle_s, lambda: self.end('idle')),
        ]

    async def stop(self) -> bool:
        """Whether nothing of it moves."""
        return self._still is None or await self._still.stop()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._born

    @property
    def is_ending(self) -> bool:
        return bool(self._why)

    def end(self, why: str) -> None:
        self._why = self._why or why
        self.process.kill()

    async def gone(self) -> None:
        """Returns when nothing of it is left."""
        if self._over:
            await self._over

    def _stop_soon(self) -> None:
        self._background.start(self.stop())

    def _feed(self, index: int, data: bytes) -> int:
        # What background threads print between two cells belongs to nobody.
        return 0 if self.cell is None else self.cell.feeds[index](data)

    def _control(self, message: dict[str, Any]) -> None:
        cell, event = self.cell, message.get('event')
        if cell is None or cell.is_ending or message.get('cell') != cell.number:
            return
        if event not in ('cell_ended', 'cell_unwritten'):
            cell.on_control(message)
            return
        cell.is_ending = True
        self._background.start(self._end_cell(cell, message))

    async def _end_cell(self, cell: Cell, message: dict[str, Any]) -> None:
        await self.process.catch_up()
        cpu_us, peak = self.process.use()
        own_us = message.get('cpu_us')
        spent = own_us if cpu_us is None and isinstance(own_us, int) else (cpu_us or 0) - cell.cpu_us_before
        control = {**message, 'event': 'ended' if message['event'] == 'cell_ended' else 'unwritten'}
        ending = Ending(control, {'event': 'exited'}, False, peak, max(0, spent), time.monotonic_ns())
        self._settle(cell, ending)

    def _settle(self, cell: Cell, ending: Ending) -> None:
        if self.cell is cell:
            self.cell = None
        if not cell.ending.done():
            cell.ending.set_result(ending)

    async def _until_lost(self) -> None:
        ending = await self.process.ended()
        for timer in self._timers:
            timer.cancel()
        self._ours.close()
        signalled = not ending.report or ending.report.get('signal')
        self.lost = self._why or ('oom' if ending.out_of_memory else 'crashed' if signalled else 'exited')
        ending.cpu_us = max(0, ending.cpu_us - (self.cell.cpu_us_before if self.cell else 0))
        self._on_lost(self)
        if self.cell:
            self._settle(self.cell, ending)
        await self.process.dispose()
