"""The rpcs: each checks its request, calls one thing, and turns a HostError into a status."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc

from .. import VERSION
from ..children.confining import template_of
from ..errors import HostError, invalid
from ..executions.execution import ExecutionRequest
from ..executions.fences import check_id
from ..files import workspace
from ..generated import sandbox_pb2 as pb
from ..sessions import name, relative_path
from ..settings import ExecutionLimits, or_default
from . import checkpoints
from .answering import check_environment, errors_as_status, json_object, paced
from .host_rpcs import HostRpcs
from .parts import Parts
from .session_rpcs import SessionRpcs
from .tool_rpcs import ToolRpcs

_LARGEST_CODE = 4 * 1024 * 1024


class SandboxService(HostRpcs, SessionRpcs, ToolRpcs):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def Ping(self, request: pb.PingRequest, context: Any) -> pb.PingResponse:
        return pb.PingResponse(host_id=self._parts.host_id, version=VERSION)

    async def InitializeSession(self, request: pb.InitializeSessionRequest, context: Any) -> Any:
        async with errors_as_status(context):
            self._parts.draining.check(self._parts.executions.has_any_of(request.session_id))
            limits = self._limits(request.limits, self._parts.settings.limits)
            session = self._parts.sessions.initialize(
                request.session_id, request.epoch, request.experiment_id, limits
            )
            self._parts.zygote.children.prepare(
                template_of(self._parts.settings, self._parts.sessions, session)
            )
            held = await asyncio.to_thread(checkpoints.held_datasets, self._parts, request.experiment_id)
            return pb.InitializeSessionResponse(workspace_at=session.at, uid=session.uid, datasets=held)

    async def CleanupSession(self, request: pb.CleanupSessionRequest, context: Any) -> Any:
        async with errors_as_status(context):
            if request.session_id:
                await self._cleanup(self._parts.sessions.fenced(request.session_id, request.epoch))
            if request.experiment_id:
                await asyncio.to_thread(checkpoints.drop_unused_dataset, self._parts, request.experiment_id)
            return pb.CleanupSessionResponse()

    async def _cleanup(self, session: Any) -> None:
        await self._parts.executions.end_all_of(session.id, 'Killed: its session was cleaned up.')
        async with session.lock:
            if not self._parts.sessions.has(session):
                return  # Another call was quicker, and what has its name by now is somebody else's.
            await self._parts.kernels.end_all_of(session.id, 'cleaned_up')
            await self._parts.session_tools.end_all_of(session.id)
            self._parts.heartbeats.forget(session.id)
            self._parts.executions.forget_all_of(session.id)
            await self._parts.zygote.children.end(self._parts.sessions.workspace(session.id))
            gone = self._parts.sessions.forget(session)
        await asyncio.to_thread(workspace.remove, gone)

    async def Execute(self, request: pb.ExecuteRequest, context: Any) -> Any:
        async with errors_as_status(context):
            params = json_object('params_json', request.params_json)
            name('tool', request.tool)
            session = self._parts.sessions.get(request.session_id) if request.session_id else None
            experiment_id = session.experiment_id if session else name('experiment_id', request.experiment_id)
            self._parts.sessions.dataset_folder(experiment_id).mkdir(exist_ok=True)
            timeout_s = request.timeout_ms / 1000 or self._parts.settings.tool_timeout_s
            left_s = context.time_remaining()
            timeout_s = timeout_s if left_s is None else min(timeout_s, left_s)
            try:
                result = await self._parts.builtin_tools.call(
                    request.tool, params, session, experiment_id, timeout_s
                )
            except HostError:
                if session is None:  # What was sent to be looked at was refused: it does not stay here.
                    await asyncio.to_thread(checkpoints.drop_unused_dataset, self._parts, experiment_id)
                raise
            return pb.ExecuteResponse(result_json=result)

    async def ExecuteStream(self, request: pb.ExecuteStreamRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            await self._parts.isolation.known()
            self._parts.draining.check(self._parts.executions.knows(request.execution_id))
            execution = self._parts.executions.start(self._execution_request(request), request.epoch)
            async with contextlib.aclosing(self._parts.executions.read(execution, 0)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def Attach(self, request: pb.AttachRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            async with contextlib.aclosing(
                self._parts.executions.read(execution, request.from_offset)
            ) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def Interrupt(self, request: pb.InterruptRequest, context: Any) -> Any:
        async with errors_as_status(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            grace_s = request.kill_after_ms / 1000 or self._parts.settings.interrupt_grace_s
            self._parts.executions.interrupt(execution, grace_s)
            return pb.InterruptResponse()

    async def Kill(self, request: pb.KillRequest, context: Any) -> Any:
        async with errors_as_status(context):
            self._parts.executions.kill(self._parts.executions.find(request.execution_id, request.epoch))
            return pb.KillResponse()

    async def Acknowledge(self, request: pb.AcknowledgeRequest, context: Any) -> Any:
        async with errors_as_status(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            self._parts.executions.acknowledge(execution, request.checkpoint)
            return pb.AcknowledgeResponse()

    async def Checkpoint(self, request: pb.CheckpointRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            session = self._parts.sessions.fenced(request.session_id, request.epoch)
            for chunk in await checkpoints.take(self._parts, session):
                yield chunk

    async def Restore(self, requests: AsyncIterator[pb.RestoreChunk], context: Any) -> Any:
        async with errors_as_status(context):
            return pb.RestoreResponse(bytes=await checkpoints.restore(self._parts, self._paced(requests)))

    async def ReadFile(self, request: pb.ReadFileRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            relative_path('path', request.path)
            async for chunk in checkpoints.read_file(self._parts, request):
                yield chunk

    async def WriteDataset(self, requests: AsyncIterator[pb.WriteDatasetChunk], context: Any) -> Any:
        async with errors_as_status(context):
            await checkpoints.write_dataset(self._parts, self._paced(requests))
            return pb.WriteDatasetResponse()

    def _paced(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        return paced(requests, self._parts.settings.caller_idle_s)

    def _execution_request(self, request: pb.ExecuteStreamRequest) -> ExecutionRequest:
        check_id(request.execution_id)
        check_environment(request.environment)
        if len(request.code) > _LARGEST_CODE:
            raise invalid('code', f'must be at most {_LARGEST_CODE:,} letters')
        self._parts.isolation.check_runs_agent_code()
        session = self._parts.sessions.get(request.session_id)
        return ExecutionRequest(
            request.execution_id,
            session.id,
            request.base,
            request.code,
            _script_path(request),
            request.timeout_ms / 1000 or self._parts.settings.stream_timeout_s,
            self._limits(request.limits, session.limits),
            dict(request.environment),
            name('kernel', request.kernel) if request.kernel else '',
            gpus=self._gpus_of(request),
            kernel_generation=request.kernel_generation,
            affinity=_affinity(request.affinity),
            cpu_s=self._cpu_seconds(request.cpu_seconds),
            trace_context=request.trace_context,
            decisions=request.decisions_json,
        )

    def _cpu_seconds(self, requested: int) -> float:
        most = self._parts.settings.most_cpu_s
        return min(requested, most) if requested and most else requested or most

    def _gpus_of(self, request: pb.ExecuteStreamRequest) -> int:
        if request.gpus > 1:
            raise invalid('gpus', 'must be 0 or 1: an execution runs on one GPU at most')
        if request.gpus and request.kernel:
            raise invalid(
                'gpus', 'must be 0 for a cell of a living kernel: only a process of its own runs on a GPU'
            )
        if request.gpus and not self._parts.gpus.usable:
            raise HostError(
                grpc.StatusCode.FAILED_PRECONDITION,
                'NO_GPU',
                'This host has no GPU that can be used; `tempera gpu status` tells which hosts have one.',
            )
        return request.gpus

    def _limits(self, requested: pb.Limits, most: ExecutionLimits) -> ExecutionLimits:
        names = ExecutionLimits.__dataclass_fields__
        return replace(
            most, **{key: or_default(getattr(requested, key), getattr(most, key)) for key in names}
        )


def _affinity(value: str) -> str:
    if value not in ('', 'hint', 'strict_queue', 'strict_fail_fast'):
        raise invalid('affinity', 'must be hint, strict_queue or strict_fail_fast')
    return value


def _script_path(request: pb.ExecuteStreamRequest) -> str:
    """A cell may be kept nowhere."""
    if request.kernel and not request.script_path:
        return ''
    return relative_path('script_path', request.script_path)
