"""Carries one execution out after another, from the fork to the Exit."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import replace
from pathlib import Path

from tempera._decisions import FILE

from ..background import BackgroundTasks
from ..children.confining import confinement_of, environment_of, owner_of
from ..children.pipes import Feed
from ..children.process import ChildProcess, ChildSpec, Ending
from ..children.zygote_client import ZygoteClient
from ..errors import HostError
from ..files.disk_floor import check_floor
from ..files.disk_use import Use, take_stock
from ..files.disk_watch import DiskWatch
from ..files.path_text import path_text
from ..files.workspace import open_up
from ..generated.sandbox_pb2 import ExecutionChunk, Exit, Started
from ..kernels.kernel import Cell, CellRequest
from ..kernels.table import Kernels
from ..sessions import DIRTY, Session, Sessions
from ..settings import Settings
from .capture import STDERR, STDOUT, ChannelCapture, OutputCapture
from .cpu_watch import watch
from .execution import Execution, ExecutionRequest
from .gpus import Gpu
from .logged import UNREADABLE
from .outcome import make_exit

_MOST_FILES_NAMED = 1000
_LONGEST_NAME = 80
_KERNEL_IS_LOST = (
    'The kernel is lost: what earlier cells defined is gone; run again what is needed in a new one.'
)


class Executor:
    """Runs one execution after another as it is told; knows nothing of queues and readers."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        zygote: ZygoteClient,
        kernels: Kernels,
        gpu_zygote: ZygoteClient | None = None,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._zygote = zygote
        self._kernels = kernels
        self._gpu_zygote = gpu_zygote
        self._background = BackgroundTasks()

    async def carry_out(self, execution: Execution, session: Session) -> Exit:
        """From the fork to its Exit, which is the caller's to append. HostError: it never started."""
        request = execution.request
        workspace = self._sessions.workspace(session.id)
        check_floor(self._settings, f'Execution [{request.id}]')
        if session.stock is None:
            session.stock = await asyncio.to_thread(take_stock, workspace)
        disk = DiskWatch(
            workspace, request.limits, self._settings, session.stock.use, lambda why: _exceed(execution, why)
        )
        output = OutputCapture(lambda chunk: self._append(execution, chunk), request.limits.output_bytes)
        channel = ChannelCapture(lambda chunk: self._append(execution, chunk))
        feeds = (lambda data: output.feed(STDOUT, data), lambda data: output.feed(STDERR, data), channel.feed)
        before = session.at
        self._sessions.mark(session, DIRTY, request.id)
        try:
            process = execution.process = await self._begin_work(execution, session, feeds)
        except HostError:
            self._sessions.mark(session, before)
            raise
        ending = await self._watched(execution, process, disk)
        if not execution.started_ns:
            self._begin(execution, ending.ended_ns)
        channel.finish()
        _report_dropped(output, channel, ending)
        output.finish()
        changed, use = await self._changes(session, workspace)
        if execution.interventions.nothing and (ending.control or ending.report):
            _exceed(execution, disk.final(use))
        result = self._exit(execution, ending)
        result.files_changed.extend(path for path in changed if not (request.decisions and path == FILE))
        if isinstance(process, Cell):
            execution.process = None  # A kill that comes now must not end the kernel.
            self._report_kernel(result, session, request.kernel, process)
        self._background.start(process.dispose())
        return result

    async def _watched(self, execution: Execution, process: ChildProcess | Cell, disk: DiskWatch) -> Ending:
        """Its end, with its share of disk and CPU time kept until then."""
        child, session_id = (
            (process.kernel.process if isinstance(process, Cell) else process),
            execution.request.session_id,
        )
        disk.start(lambda: {*self._kernels.inits_of(session_id), *child.inits()}, child.pidfd_copy())
        watching = asyncio.create_task(watch(execution, self._settings))
        try:
            return await process.ended()
        finally:
            watching.cancel()
            await asyncio.shield(asyncio.to_thread(disk.end))
            for timer in execution.timers:
                timer.cancel()

    async def _begin_work(
        self, execution: Execution, session: Session, feeds: tuple[Feed, Feed, Feed]
    ) -> ChildProcess | Cell:
        def on_control(message: dict[str, object]) -> None:
            self._control(execution, message)

        if execution.request.kernel:
            cell = await self._kernels.begin(_cell_of(execution.request), session, feeds, on_control)
            execution.started_fields = cell.started
            return cell
        execution.process = process = ChildProcess(
            self._zygote_of(execution), self._spec(execution, session), feeds, on_control
        )
        await process.start()
        return process

    def _zygote_of(self, execution: Execution) -> ZygoteClient:
        return self._gpu_zygote if execution.gpu and self._gpu_zygote else self._zygote

    def _report_kernel(self, result: Exit, session: Session, name: str, cell: Cell) -> None:
        result.kernel_generation = cell.kernel.generation
        result.kernel_lost = self._kernels.ended(session, name, cell, result.status)
        if result.kernel_lost:
            result.message = f'{result.message} {_KERNEL_IS_LOST}'.strip()

    def append(self, execution: Execution, chunk: ExecutionChunk) -> None:
        """Into the spool, with its time."""
        self._append(execution, chunk)

    async def close(self) -> None:
        await self._background.ended()

    def interrupt(self, execution: Execution, kill_after_s: float) -> None:
        """SIGINT now (or at the first instruction), the kill later."""
        if execution.interventions.interrupted or execution.state == 'ended':
            return
        execution.interventions.interrupted = True
        if execution.code_runs:
            self._send_interrupt(execution)
        else:
            execution.interrupt_due = True
        self._later(execution, kill_after_s, lambda: self._escalate(execution))

    def kill(self, execution: Execution, reason: str = '') -> None:
        execution.interventions.killed = True
        execution.interventions.kill_reason = reason
        if execution.process:
            execution.process.kill()

    def _spec(self, execution: Execution, session: Session) -> ChildSpec:
        request, settings = execution.request, self._settings
        body = {
            'code': request.code,
            'script_path': request.script_path,
            'decisions': request.decisions,
            'threads': settings.cores,
            'environment': environment_of(
                settings, session, {**request.environment, **visible_gpu(execution.gpu)}
            ),
        }
        confinement = confinement_of(settings, self._sessions, session, request.limits, read_only=False)
        if execution.gpu:
            confinement = replace(confinement, devices=execution.gpu.nodes)
        name = _name_of(request.id)
        return ChildSpec(
            'script',
            name,
            owner_of(settings),
            body,
            confinement,
            request.limits.memory_bytes,
            request.limits.processes,
            settings.memory_interval_s,
            settings.script_line_bytes,
            settings.rates,
        )

    def _control(self, execution: Execution, message: dict[str, object]) -> None:
        if message.get('event') != 'started' or execution.code_runs:
            return
        execution.code_runs = True
        at = message.get('at_ns')
        if not execution.started_ns:
            now = time.monotonic_ns()
            self._begin(execution, at if type(at) is int and 0 < at <= now else now)
        self._later(execution, execution.request.timeout_s, lambda: self._time_out(execution))
        if execution.interrupt_due:
            self._send_interrupt(execution)

    def _begin(self, execution: Execution, at_ns: int) -> None:
        execution.started_ns = at_ns
        number = execution.id.rpartition('/')[2]
        started = Started(execution=int(number) if number.isdigit() else 0, **execution.started_fields)
        self._append(execution, ExecutionChunk(started=started))

    def _append(self, execution: Execution, chunk: ExecutionChunk) -> None:
        if not execution.started_ns:
            self._begin(execution, time.monotonic_ns())  # Output may overtake the control line.
        chunk.time_us = max(0, (time.monotonic_ns() - execution.started_ns) // 1000)
        if (
            execution.spool.size > self._settings.most_spooled + execution.request.limits.output_bytes
            and not chunk.HasField('exit')
        ):
            self._stop_flood(execution)
            return
        execution.spool.append(chunk)

    def _stop_flood(self, execution: Execution) -> None:
        """Metrics, charts and rich logs have no cap that cuts, as output has: who logs without an end is stopped."""
        if not execution.interventions.quota:
            execution.interventions.quota = (
                f'Stopped: the execution logged more than the {self._settings.most_spooled:,} bytes of metrics, charts '
                'and tables it may log. Log once an epoch or round, not every row.'
            )
            if execution.process:
                execution.process.kill()

    def _time_out(self, execution: Execution) -> None:
        execution.interventions.timed_out = True
        self._send_interrupt(execution)
        self._later(execution, self._settings.timeout_grace_s, lambda: self._escalate(execution))

    def _send_interrupt(self, execution: Execution) -> None:
        if execution.process:
            execution.process.interrupt()

    def _escalate(self, execution: Execution) -> None:
        execution.interventions.escalated = True
        if execution.process:
            execution.process.kill()

    def _later(self, execution: Execution, seconds: float, action: object) -> None:
        assert callable(action)
        execution.timers.append(asyncio.get_running_loop().call_later(seconds, action))

    def _exit(self, execution: Execution, ending: Ending) -> Exit:
        request = execution.request
        result = make_exit(ending, execution.interventions, request.limits, request.timeout_s)
        result.duration_us = max(0, (ending.ended_ns - execution.started_ns) // 1000)
        return result

    async def _changes(self, session: Session, workspace: Path) -> tuple[list[str], Use]:
        """Paths of files that were made or changed since the last look, and what the workspace holds now."""
        before = session.stock.stamps if session.stock else {}
        stock = await asyncio.to_thread(take_stock, workspace)
        if stock.use.unseen:  # Nothing runs that could shut it again.
            await asyncio.to_thread(open_up, workspace)
            stock = await asyncio.to_thread(take_stock, workspace)
        session.stock = stock
        changed = sorted(path for path, stamp in stock.stamps.items() if before.get(path) != stamp)
        return [path_text(path) for path in changed[:_MOST_FILES_NAMED]], stock.use


def _cell_of(request: ExecutionRequest) -> CellRequest:
    return CellRequest(
        request.kernel,
        request.kernel_generation,
        request.code,
        request.script_path,
        request.environment,
        request.limits,
        request.decisions,
    )


def _exceed(execution: Execution, why: str) -> None:
    """The first reason is the one that is told."""
    execution.interventions.quota = execution.interventions.quota or why


def _report_dropped(output: OutputCapture, channel: ChannelCapture, ending: Ending) -> None:
    """As the last line of its output, where agent and person see it."""
    if ending.dropped_lines:
        channel.dropped.messages[UNREADABLE] += ending.dropped_lines
    note = channel.dropped.note()
    if note:
        output.feed(STDERR, note)


def _name_of(execution_id: str) -> str:
    """Of its control group: readable, a file name, and another one for every id."""
    readable = re.sub(r'[^A-Za-z0-9_-]', '_', execution_id)[:_LONGEST_NAME]
    return f'{readable}-{hashlib.sha256(execution_id.encode()).hexdigest()[:16]}'


def visible_gpu(gpu: Gpu | None) -> dict[str, str]:
    """What CUDA may see: the granted device, or none at all."""
    return gpu.environment if gpu else {'CUDA_VISIBLE_DEVICES': ''}
