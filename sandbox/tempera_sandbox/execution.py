"""One execution: queued, running, ended. Its spool is all that readers see of it."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from .capture import STDERR, STDOUT, ChannelCapture, OutputCapture
from .errors import HostError
from .generated.sandbox_pb2 import ExecutionChunk, Exit, Started
from .isolation import Confinement, Limits
from .outcome import Wishes, make_exit
from .run import Ending, Run, RunSpec
from .sessions import Session, Sessions
from .settings import RunLimits, Settings
from .spool import Spool
from .workspace import stamps, use_of
from .zygote_client import ZygoteClient

_MOST_FILES_NAMED = 1000
_SLOWEST_WATCH = 20


@dataclass(frozen=True)
class Order:
    """What a caller asked for."""

    id: str
    session_id: str
    base: str
    code: str
    script_path: str
    timeout_s: float
    limits: RunLimits
    environment: dict[str, str]


@dataclass
class Execution:
    order: Order
    spool: Spool
    state: str = 'queued'
    refusal: HostError | None = None
    """Why it never started; its readers get this instead of chunks."""
    readers: int = 0
    run: Run | None = None
    wishes: Wishes = field(default_factory=Wishes)
    started_ns: int = 0
    code_runs: bool = False
    """The child has said so; its output may have come before that."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it runs, has ended or is refused: a reader's first chunk or error is due."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    interrupt_due: bool = False

    @property
    def id(self) -> str:
        return self.order.id


class Executor:
    """Runs one execution after another as it is told; knows nothing of queues and readers."""

    def __init__(self, settings: Settings, sessions: Sessions, zygote: ZygoteClient) -> None:
        self._settings = settings
        self._sessions = sessions
        self._zygote = zygote
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry_out(self, execution: Execution, session: Session) -> Exit:
        """From the fork to its Exit, which is the caller's to append. HostError: it never started."""
        order = execution.order
        workspace = self._sessions.workspace(session.id)
        if session.tree is None:
            session.tree = await asyncio.to_thread(stamps, workspace)
        output = OutputCapture(lambda chunk: self._append(execution, chunk), order.limits.output_bytes)
        channel = ChannelCapture(lambda chunk: self._append(execution, chunk))
        feeds = (lambda data: output.feed(STDOUT, data), lambda data: output.feed(STDERR, data), channel.feed)
        execution.run = Run(self._zygote, self._spec(execution, session), feeds,
                            lambda message: self._control(execution, message))
        before = session.at
        self._sessions.mark(session, 'dirty', order.id)
        try:
            await execution.run.start()
        except HostError:
            self._sessions.mark(session, before)
            raise
        watch = asyncio.create_task(self._watch_quota(execution, workspace))
        try:
            ending = await execution.run.ended()
        finally:
            watch.cancel()
            for timer in execution.timers:
                timer.cancel()
        if not execution.started_ns:
            self._begin(execution, ending.ended_ns)
        output.finish()
        channel.finish()
        result = await self._exit(execution, session, ending, workspace)
        self._in_background(execution.run.dispose())
        return result

    def append(self, execution: Execution, chunk: ExecutionChunk) -> None:
        """Into the spool, with its time."""
        self._append(execution, chunk)

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def interrupt(self, execution: Execution, kill_after_s: float) -> None:
        """SIGINT now (or at the first instruction), the kill later."""
        if execution.wishes.interrupted or execution.state == 'ended':
            return
        execution.wishes.interrupted = True
        if execution.code_runs:
            self._send_interrupt(execution)
        else:
            execution.interrupt_due = True
        self._later(execution, kill_after_s, lambda: self._escalate(execution))

    def kill(self, execution: Execution, reason: str = '') -> None:
        execution.wishes.killed = True
        execution.wishes.kill_reason = reason
        if execution.run:
            execution.run.kill()

    def _spec(self, execution: Execution, session: Session) -> RunSpec:
        order, settings = execution.order, self._settings
        request = {
            'code': order.code, 'script_path': order.script_path, 'threads': settings.cores,
            'environment': environment_of(settings, session, order.environment),
        }
        name = re.sub(r'[^A-Za-z0-9_-]', '_', order.id)
        return RunSpec(
            'script', name, owner_of(settings), request,
            confinement_of(settings, self._sessions, session, order.limits, read_only=False),
            order.limits.memory_bytes, order.limits.processes, settings.memory_interval_s,
        )

    def _control(self, execution: Execution, message: dict[str, object]) -> None:
        if message.get('event') != 'started' or execution.code_runs:
            return
        execution.code_runs = True
        at = message.get('at_ns')
        if not execution.started_ns:
            self._begin(execution, at if isinstance(at, int) else time.monotonic_ns())
        self._later(execution, execution.order.timeout_s, lambda: self._time_out(execution))
        if execution.interrupt_due:
            self._send_interrupt(execution)

    def _begin(self, execution: Execution, at_ns: int) -> None:
        execution.started_ns = at_ns
        number = execution.id.rpartition('/')[2]
        started = Started(execution=int(number) if number.isdigit() else 0)
        self._append(execution, ExecutionChunk(started=started))

    def _append(self, execution: Execution, chunk: ExecutionChunk) -> None:
        if not execution.started_ns:
            self._begin(execution, time.monotonic_ns())  # Output may overtake the control line.
        chunk.time_us = max(0, (time.monotonic_ns() - execution.started_ns) // 1000)
        execution.spool.append(chunk)

    def _time_out(self, execution: Execution) -> None:
        execution.wishes.timed_out = True
        self._send_interrupt(execution)
        self._later(execution, self._settings.timeout_grace_s, lambda: self._escalate(execution))

    def _send_interrupt(self, execution: Execution) -> None:
        if execution.run:
            execution.run.interrupt()

    def _escalate(self, execution: Execution) -> None:
        execution.wishes.escalated = True
        if execution.run:
            execution.run.kill()

    def _later(self, execution: Execution, seconds: float, action: object) -> None:
        assert callable(action)
        execution.timers.append(asyncio.get_running_loop().call_later(seconds, action))

    async def _exit(self, execution: Execution, session: Session, ending: Ending, workspace: Path) -> Exit:
        order = execution.order
        result = make_exit(ending, execution.wishes, order.limits, order.timeout_s)
        result.duration_us = max(0, (ending.ended_ns - execution.started_ns) // 1000)
        after = await asyncio.to_thread(stamps, workspace)
        before = session.tree or {}
        changed = sorted(path for path, stamp in after.items() if before.get(path) != stamp)
        session.tree = after
        result.files_changed.extend(changed[:_MOST_FILES_NAMED])
        return result

    async def _watch_quota(self, execution: Execution, workspace: Path) -> None:
        limits = execution.order.limits
        pause = self._settings.quota_interval_s
        while True:
            await asyncio.sleep(pause)
            begun = time.monotonic()
            use = await asyncio.to_thread(use_of, workspace)
            pause = max(self._settings.quota_interval_s, _SLOWEST_WATCH * (time.monotonic() - begun))
            if use.bytes > limits.workspace_bytes:
                text = f'{use.bytes:,} bytes, more than the {limits.workspace_bytes:,} bytes'
            elif use.files > limits.workspace_files:
                text = f'{use.files:,} files, more than the {limits.workspace_files:,} files'
            else:
                continue
            execution.wishes.quota = (
                f'Stopped: the workspace holds {text} it may hold. Delete what is not needed or write less.')
            if execution.run:
                execution.run.kill()
            return


def owner_of(settings: Settings) -> str:
    """Whose groups these are: a host's home, so that its successor finds them."""
    return f'{os.path.basename(settings.home)[:20]}{abs(hash_of(str(settings.home.resolve()))):08x}'


def hash_of(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode())


def environment_of(settings: Settings, session: Session | None, extra: dict[str, str]) -> dict[str, str]:
    """What an execution's environment has beside the sandbox's own."""
    import sys

    threads = str(settings.cores)
    names = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS', 'LOKY_MAX_CPU_COUNT')
    return {
        **dict.fromkeys(names, threads),
        'PATH': f'{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin',
        'PYTHONPATH': str(settings.package_root),
        'TEMPERA_DATA': '/data',
        'TEMPERA_SESSION': session.id if session else '',
        'TEMPERA_EXPERIMENT': session.experiment_id if session else '',
        **extra,
    }


def confinement_of(
    settings: Settings, sessions: Sessions, session: Session, limits: RunLimits, read_only: bool,
) -> Confinement:
    """How an execution, tool or scan over a session's workspace is confined."""
    return Confinement(
        workspace=sessions.workspace(session.id),
        workspace_target=f'/data/sessions/{session.id}',
        datasets=sessions.dataset_folder(session.experiment_id),
        datasets_target=f'/data/datasets/{session.experiment_id}',
        read_only_workspace=read_only,
        read_only_paths=settings.python_paths(),
        uid=session.uid if os.geteuid() == 0 else None,
        tmp_bytes=limits.tmp_bytes,
        limits=Limits(processes=limits.processes, file_bytes=limits.workspace_bytes),
        policy=settings.policy,
    )
