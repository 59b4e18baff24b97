"""The table of executions: names, fences, the queue for slots, readers.

1. A known id attaches; nothing runs twice under one id.
2. A call with a lower epoch than its step has seen is refused.
3. One execution at a time over one session's workspace, sessions served in turn; as many at once as slots.
4. A reader that leaves only detaches. A queued execution that nobody reads is dropped: a caller that gave up never
   runs later. A running one that nobody reads is killed after the grace. An ended one stays until acknowledged.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import grpc

from .errors import HostError, not_found, quota, superseded
from .execution import Execution, Executor, Order
from .generated.sandbox_pb2 import ExecutionChunk
from .sessions import Sessions
from .settings import RunLimits, Settings
from .spool import Spool

_log = logging.getLogger('tempera_sandbox.executions')


class Executions:
    def __init__(self, settings: Settings, sessions: Sessions, executor: Executor) -> None:
        self._settings = settings
        self._sessions = sessions
        self._executor = executor
        self._known: dict[str, Execution] = {}
        self._epochs: dict[str, int] = {}
        self._queue: list[Execution] = []
        self._running: dict[str, Execution] = {}
        self._last_served: dict[str, int] = {}
        self._served = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._grace: dict[str, asyncio.TimerHandle] = {}

    def load(self) -> None:
        """Ended executions that a former host spooled and nobody acknowledged; the cut-off ones are forgotten."""
        for file in sorted(self._settings.spools.glob('*.json')):
            try:
                kept = json.loads(file.read_text(encoding='utf-8'))
                spool = Spool.recover(file.with_suffix('.spool'))
            except (OSError, ValueError):
                spool = None
            if spool is None:
                file.unlink(missing_ok=True)
                continue
            order = Order(kept['id'], kept['session_id'], '', '', '', 0, RunLimits(), {})
            execution = Execution(order, spool, 'ended')
            execution.settled.set()
            self._known[order.id] = execution
            self._epochs[_step(order.id)] = kept['epoch']
        for file in self._settings.spools.glob('*.spool'):
            if not file.with_suffix('.json').exists():
                file.unlink()

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def queued(self) -> int:
        return len(self._queue)

    def running_of(self, session_id: str) -> list[str]:
        return [execution.id for execution in self._running.values() if execution.order.session_id == session_id]

    def start(self, order: Order, epoch: int) -> Execution:
        """The execution of that id, new or known."""
        self._fence(order.id, epoch)
        known = self._known.get(order.id)
        if known:
            return known
        session = self._sessions.get(order.session_id)
        if len(self._queue) >= self._settings.most_queued:
            most = self._settings.most_queued
            raise quota('queue', most, f'{most} executions wait already; try later or on another host.')
        if session.id not in self._running and not self._waits(session.id):
            self._check_base(order)
        spool = Spool(self._file(order.id, '.spool'))
        self._file(order.id, '.json').write_text(
            json.dumps({'id': order.id, 'session_id': order.session_id, 'epoch': epoch}), encoding='utf-8')
        execution = Execution(order, spool)
        self._known[order.id] = execution
        self._queue.append(execution)
        self._pump()
        return execution

    def find(self, execution_id: str, epoch: int) -> Execution:
        self._fence(execution_id, epoch)
        execution = self._known.get(execution_id)
        if execution is None:
            raise not_found('execution', execution_id, 'the host was restarted, or it was acknowledged.')
        return execution

    async def read(self, execution: Execution, offset: int) -> AsyncIterator[ExecutionChunk]:
        """Its records from `offset`. HostError when it never started."""
        execution.readers += 1
        self._attended(execution)
        try:
            await execution.settled.wait()
            if execution.refusal:
                raise execution.refusal
            async for chunk in execution.spool.follow(offset):
                yield chunk
        finally:
            execution.readers -= 1
            if execution.readers == 0:
                self._unattended(execution)

    def interrupt(self, execution: Execution, kill_after_s: float) -> None:
        if execution.state == 'queued':
            self._drop(execution, _cancelled(execution.id))
        else:
            self._executor.interrupt(execution, kill_after_s)

    def kill(self, execution: Execution, reason: str = '') -> None:
        if execution.state == 'queued':
            self._drop(execution, _cancelled(execution.id))
        elif execution.state == 'running':
            self._executor.kill(execution, reason)

    def acknowledge(self, execution: Execution, checkpoint: str) -> None:
        """The spool goes; the workspace stands at `checkpoint` if nothing else has changed it since."""
        if execution.state != 'ended':
            raise HostError(grpc.StatusCode.FAILED_PRECONDITION, 'STILL_RUNNING',
                            f'Execution [{execution.id}] has not ended; interrupt or kill it first.')
        try:
            session = self._sessions.get(execution.order.session_id)
        except HostError:
            session = None  # Cleaned up meanwhile: only the spool is left.
        if session and checkpoint and session.changed_by == execution.id:
            self._sessions.mark(session, checkpoint)
        self._forget(execution)

    async def end_all_of(self, session_id: str, reason: str) -> None:
        """Kills what runs for a session and drops what waits; returns when nothing of it runs."""
        for execution in [one for one in self._queue if one.order.session_id == session_id]:
            self._drop(execution, _cancelled(execution.id))
        execution = self._running.get(session_id)
        if execution:
            self._executor.kill(execution, reason)
            async for _ in execution.spool.follow(execution.spool.length):
                continue
            while self._running.get(session_id) is execution:
                await asyncio.sleep(0.005)

    def forget_all_of(self, session_id: str) -> None:
        for execution in [one for one in self._known.values() if one.order.session_id == session_id]:
            self._forget(execution)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._executor.close()

    def _fence(self, execution_id: str, epoch: int) -> None:
        step = _step(execution_id)
        seen = self._epochs.get(step, 0)
        if epoch < seen:
            raise superseded(f'step [{step}]', epoch, seen)
        self._epochs[step] = epoch

    def _check_base(self, order: Order) -> None:
        session = self._sessions.get(order.session_id)
        if session.at != order.base:
            raise HostError(
                grpc.StatusCode.FAILED_PRECONDITION, 'WRONG_BASE',
                f'The workspace of session [{session.id}] stands at [{session.at or "empty"}], not at '
                f'[{order.base or "empty"}]; restore that checkpoint first.', {'workspace_at': session.at},
            )

    def _waits(self, session_id: str) -> bool:
        return any(one.order.session_id == session_id for one in self._queue)

    def _pump(self) -> None:
        """Fills free slots: of the sessions that run nothing, the one served longest ago comes first."""
        while len(self._running) < self._settings.run_slots:
            ready = [one for one in self._queue if one.order.session_id not in self._running]
            if not ready:
                return
            execution = min(ready, key=lambda one: self._last_served.get(one.order.session_id, -1))
            self._queue.remove(execution)
            session_id = execution.order.session_id
            try:
                self._check_base(execution.order)
            except HostError as error:
                self._refuse(execution, error)
                continue
            self._served += 1
            self._last_served[session_id] = self._served
            self._running[session_id] = execution
            execution.state = 'running'
            task = asyncio.create_task(self._carry_out(execution))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry_out(self, execution: Execution) -> None:
        order = execution.order
        session = self._sessions.get(order.session_id)
        try:
            async with session.lock:
                execution.settled.set()
                result = await self._executor.carry_out(execution, session)
            self._running.pop(order.session_id, None)
            execution.state = 'ended'
            self._attended(execution)  # The grace is for running ones.
            self._executor.append(execution, ExecutionChunk(exit=result))
        except HostError as error:
            self._refuse(execution, error)
        except OSError as error:
            _log.exception('execution %s', order.id)
            if execution.run:
                execution.run.kill()
            self._refuse(execution, HostError(
                grpc.StatusCode.RESOURCE_EXHAUSTED if error.errno == 28 else grpc.StatusCode.INTERNAL,
                'HOST_STORAGE', f'The host could not keep the output of [{order.id}]: {error.strerror}.'))
        finally:
            if self._running.get(order.session_id) is execution:
                del self._running[order.session_id]
            execution.settled.set()
            self._pump()

    def _refuse(self, execution: Execution, error: HostError) -> None:
        execution.refusal = error
        execution.state = 'refused'
        execution.settled.set()
        self._forget(execution)

    def _drop(self, execution: Execution, error: HostError) -> None:
        if execution in self._queue:
            self._queue.remove(execution)
        self._refuse(execution, error)

    def _forget(self, execution: Execution) -> None:
        if self._known.get(execution.id) is execution:
            del self._known[execution.id]
            self._file(execution.id, '.json').unlink(missing_ok=True)
        self._attended(execution)
        execution.spool.remove()

    def _attended(self, execution: Execution) -> None:
        timer = self._grace.pop(execution.id, None)
        if timer:
            timer.cancel()

    def _unattended(self, execution: Execution) -> None:
        if execution.state == 'queued':
            self._drop(execution, _cancelled(execution.id))
        elif execution.state == 'running':
            reason = f'Killed: nobody has read it for {self._settings.detached_grace_s:g} s.'
            self._grace[execution.id] = asyncio.get_running_loop().call_later(
                self._settings.detached_grace_s, lambda: self.kill(execution, reason))

    def _file(self, execution_id: str, suffix: str) -> Path:
        name = hashlib.sha256(execution_id.encode()).hexdigest()[:32]
        return self._settings.spools / (name + suffix)


def _step(execution_id: str) -> str:
    return execution_id.rpartition('/')[0] or execution_id


def _cancelled(execution_id: str) -> HostError:
    return HostError(grpc.StatusCode.CANCELLED, 'NEVER_STARTED', f'Execution [{execution_id}] was ended while it waited.')
