"""The table of executions: names, fences, the queue for slots, readers.

1. A known id attaches; nothing runs twice under one id.
2. A call with a lower epoch than its step has seen is refused.
3. One execution at a time over one session's workspace, sessions served in turn; as many at once as slots.
4. A reader that leaves only detaches. A queued execution that nobody reads is dropped: a caller that gave up never
   runs later. A running one that nobody reads is killed after the grace. An ended one stays until acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

import grpc

from ..background import BackgroundTasks
from ..children.process import ChildProcess
from ..errors import HostError, invalid, not_found
from ..generated.sandbox_pb2 import ExecutionChunk
from ..logs import summary, trace_id
from ..sessions import Sessions
from ..settings import Settings
from .admission import cancelled, check_base, check_room, check_turn, failure, too_late
from .execution import Execution, ExecutionRequest
from .executor import Executor
from .fences import Fences, check_id, step_of
from .gpus import Gpus
from .queue import ExecutionQueue
from .spools import forget_spool, new_spool, recovered_executions

_log = logging.getLogger('tempera_sandbox.executions')


class Executions:
    def __init__(self, settings: Settings, sessions: Sessions, executor: Executor, gpus: Gpus) -> None:
        self._gpus = gpus
        self._settings = settings
        self._sessions = sessions
        self._executor = executor
        self._known: dict[str, Execution] = {}
        self._fences = Fences()
        self._queue = ExecutionQueue()
        self._running: dict[str, Execution] = {}
        self._background = BackgroundTasks()
        self._grace: dict[str, asyncio.TimerHandle] = {}

    def load(self) -> None:
        """Ended executions that a former host spooled and nobody acknowledged; the cut-off ones are forgotten."""
        for execution, epoch in recovered_executions(self._settings):
            self._known[execution.id] = execution
            # a step may have left several, in any order: one that others have overtaken is no fault of this host
            self._fences.remember(step_of(execution.id), epoch)

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def queued(self) -> int:
        return len(self._queue)

    def running_of(self, session_id: str) -> list[str]:
        return [
            execution.id for execution in self._running.values() if execution.request.session_id == session_id
        ]

    def held(self, on_gpu: bool) -> list[tuple[str, str]]:
        """(execution id, session id) of what runs on a GPU, or of the others."""
        return [
            (one.id, one.request.session_id)
            for one in self._running.values()
            if bool(one.request.gpus) is on_gpu
        ]

    @property
    def on_gpu(self) -> int:
        """Executions that run on a GPU or wait for one."""
        return sum(bool(one.request.gpus) for one in (*self._running.values(), *self._queue))

    def knows(self, execution_id: str) -> bool:
        return execution_id in self._known

    def has_any_of(self, session_id: str) -> bool:
        """Whether an execution of the session waits, runs, or has an outcome that nobody has acknowledged."""
        return any(one.request.session_id == session_id for one in self._known.values())

    def start(self, request: ExecutionRequest, epoch: int) -> Execution:
        """The execution of that id, new or known."""
        self._fence(request.id, epoch)
        known = self._known.get(request.id)
        if known:
            if known.request.session_id != request.session_id:
                raise invalid(
                    'execution_id', 'names an execution of another session; ids are unique on a host'
                )
            return known
        session = self._sessions.get(request.session_id)
        check_room(self._settings, request, len(self._queue), self._known.values())
        free = session.id not in self._running and not self._queue.of(session.id)
        check_turn(request, free and self._has_room(bool(request.gpus)), self._settings.execution_slots)
        if free:
            check_base(request, session)
        execution = Execution(request, new_spool(self._settings, request, epoch))
        self._known[request.id] = execution
        self._queue.add(execution)
        _log.info(
            'execution %s of session %s, trace %s, code %s',
            request.id,
            session.id,
            trace_id(request.trace_context),
            summary(request.code),
        )
        wait_s = self._settings.queue_timeout_s
        execution.timers.append(
            asyncio.get_running_loop().call_later(wait_s, self._give_up, execution, wait_s)
        )
        self._pump()
        return execution

    def find(self, execution_id: str, epoch: int) -> Execution:
        check_id(execution_id)
        self._fence(execution_id, epoch)
        execution = self._known.get(execution_id)
        if execution is None:
            raise not_found('execution', execution_id, 'the host was restarted, or it was acknowledged.')
        return execution

    async def read(self, execution: Execution, offset: int) -> AsyncGenerator[ExecutionChunk, None]:
        """Its records from `offset`. HostError when it never started."""
        execution.readers += 1
        self._attended(execution)
        try:
            await execution.settled.wait()
            if execution.refusal:
                raise execution.refusal
            async for chunk in execution.spool.follow(offset):
                yield chunk
            if execution.refusal:
                raise execution.refusal
        finally:
            execution.readers -= 1
            if execution.readers == 0:
                self._unattended(execution)

    def interrupt(self, execution: Execution, kill_after_s: float) -> None:
        if execution.state == 'queued':
            self._drop(execution, cancelled(execution.id))
        else:
            self._executor.interrupt(execution, kill_after_s)

    def kill(self, execution: Execution, reason: str = '') -> None:
        if execution.state == 'queued':
            self._drop(execution, cancelled(execution.id))
        elif execution.state == 'running':
            self._executor.kill(execution, reason)

    def acknowledge(self, execution: Execution, checkpoint: str) -> None:
        """The spool goes; the workspace stands at `checkpoint` if nothing else has changed it since."""
        if execution.state != 'ended':
            raise HostError(
                grpc.StatusCode.FAILED_PRECONDITION,
                'STILL_RUNNING',
                f'Execution [{execution.id}] has not ended; interrupt or kill it first.',
            )
        try:
            session = self._sessions.get(execution.request.session_id)
        except HostError:
            session = None  # Cleaned up meanwhile: only the spool is left.
        if session and checkpoint and session.changed_by == execution.id:
            self._sessions.mark(session, checkpoint)
        self._forget(execution)

    async def end_all_of(self, session_id: str, reason: str) -> None:
        """Kills what runs for a session and drops what waits; returns when nothing of it runs."""
        for execution in self._queue.of(session_id):
            self._drop(execution, cancelled(execution.id))
        running = self._running.get(session_id)
        if running:
            self._executor.kill(running, reason)
            async for _ in running.spool.follow(running.spool.length):
                continue
            while self._running.get(session_id) is running:
                await asyncio.sleep(0.005)

    def forget_all_of(self, session_id: str) -> None:
        for execution in [one for one in self._known.values() if one.request.session_id == session_id]:
            self._forget(execution)

    async def close(self) -> None:
        await self._background.cancel()
        await self._executor.close()

    def _fence(self, execution_id: str, epoch: int) -> None:
        self._fences.check(step_of(execution_id), epoch)

    def _pump(self) -> None:
        """Fills free slots by what waits."""
        for on_gpu in (False, True):
            self._pump_lane(on_gpu)

    def _pump_lane(self, on_gpu: bool) -> None:
        """Executions on a GPU and the others wait each for their own kind of slot, in a queue of their own."""
        while self._has_room(on_gpu):
            execution = self._queue.take_next(on_gpu, self._running)
            if execution is None:
                return
            session_id = execution.request.session_id
            try:
                check_base(execution.request, self._sessions.get(session_id))
            except HostError as error:
                self._refuse(execution, error)
                continue
            self._queue.mark_served(session_id)
            self._running[session_id] = execution
            execution.state = 'running'
            if on_gpu:
                execution.gpu = self._gpus.take(execution.id, session_id)
            self._background.start(self._carry_out(execution))

    async def _carry_out(self, execution: Execution) -> None:
        request = execution.request
        session = self._sessions.get(request.session_id)
        try:
            async with session.lock:
                execution.settled.set()
                result = await self._executor.carry_out(execution, session)
            self._running.pop(request.session_id, None)
            execution.state = 'ended'
            self._attended(execution)  # The grace is for running ones.
            self._executor.append(execution, ExecutionChunk(exit=result))
            _log.info(
                'execution %s ended: %s, trace %s', request.id, result.status, trace_id(request.trace_context)
            )
        except HostError as error:
            self._refuse(execution, error)
        except (
            Exception
        ) as error:  # A full disk or a bug: readers must not wait for an exit that nobody will write.
            _log.exception('execution %s', request.id)
            if execution.process:
                execution.process.kill()
            self._refuse(execution, failure(request.id, error))
        finally:
            await self._leave_gpu(execution)
            if self._running.get(request.session_id) is execution:
                del self._running[request.session_id]
            execution.settled.set()
            self._pump()

    async def _leave_gpu(self, execution: Execution) -> None:
        """The lease ends with the last of its processes: until then the device's memory is theirs."""
        if execution.gpu is None:
            return
        if isinstance(execution.process, ChildProcess) and execution.process.pid:
            await execution.process.ended()
        self._gpus.release(execution.gpu)
        execution.gpu = None

    def _has_room(self, on_gpu: bool) -> bool:
        if on_gpu:
            return self._gpus.has_free
        return sum(not one.request.gpus for one in self._running.values()) < self._settings.execution_slots

    def _give_up(self, execution: Execution, waited_s: float) -> None:
        if execution.state == 'queued':
            self._drop(execution, too_late(execution.id, waited_s))

    def _refuse(self, execution: Execution, error: HostError) -> None:
        execution.refusal = error
        execution.state = 'refused'
        execution.settled.set()
        self._forget(execution)

    def _drop(self, execution: Execution, error: HostError) -> None:
        self._queue.discard(execution)
        self._refuse(execution, error)

    def _forget(self, execution: Execution) -> None:
        if self._known.get(execution.id) is execution:
            del self._known[execution.id]
            forget_spool(self._settings, execution.id)
        self._attended(execution)
        execution.spool.remove()

    def _attended(self, execution: Execution) -> None:
        timer = self._grace.pop(execution.id, None)
        if timer:
            timer.cancel()

    def _unattended(self, execution: Execution) -> None:
        if execution.state == 'queued':
            self._drop(execution, cancelled(execution.id))
        elif execution.state == 'running':
            reason = f'Killed: nobody has read it for {self._settings.detached_grace_s:g} s.'
            self._grace[execution.id] = asyncio.get_running_loop().call_later(
                self._settings.detached_grace_s, lambda: self.kill(execution, reason)
            )
