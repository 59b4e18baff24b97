"""The rpcs: each checks its request, calls one thing, and turns a HostError into a status."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import grpc

from . import VERSION, checkpoints
from .errors import HostError, abort, invalid
from .execution import Order
from .executions import Executions
from .generated import sandbox_pb2 as pb
from .generated import sandbox_pb2_grpc
from .isolation_state import IsolationState
from .sessions import Sessions, name, relative_path
from .settings import RunLimits, Settings, or_default
from .tool_runs import ToolRuns
from .zygote_client import ZygoteClient

_log = logging.getLogger('tempera_sandbox.service')
_LARGEST_CODE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Parts:
    """What the service is made of."""

    settings: Settings
    host_id: str
    sessions: Sessions
    executions: Executions
    tools: ToolRuns
    zygote: ZygoteClient
    isolation: IsolationState


class SandboxService(sandbox_pb2_grpc.SandboxServicer):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def Ping(self, request: pb.PingRequest, context: Any) -> pb.PingResponse:
        return pb.PingResponse(host_id=self._parts.host_id, version=VERSION)

    async def InitializeSession(self, request: pb.InitializeSessionRequest, context: Any) -> Any:
        async with told(context):
            limits = self._limits(request.limits, self._parts.settings.limits)
            session = self._parts.sessions.initialize(
                request.session_id, request.epoch, request.experiment_id, limits)
            held = await asyncio.to_thread(checkpoints.held_datasets, self._parts, request.experiment_id)
            return pb.InitializeSessionResponse(workspace_at=session.at, uid=session.uid, datasets=held)

    async def GetSession(self, request: pb.GetSessionRequest, context: Any) -> Any:
        async with told(context):
            session = self._parts.sessions.get(request.session_id)
            running = self._parts.executions.running_of(session.id)
            return pb.GetSessionResponse(
                session_id=session.id, epoch=session.epoch, workspace_at=session.at, running=running)

    async def CleanupSession(self, request: pb.CleanupSessionRequest, context: Any) -> Any:
        async with told(context):
            if request.session_id:
                await self._cleanup(self._parts.sessions.fenced(request.session_id, request.epoch))
            if request.experiment_id:
                await asyncio.to_thread(checkpoints.drop_unused_dataset, self._parts, request.experiment_id)
            return pb.CleanupSessionResponse()

    async def _cleanup(self, session: Any) -> None:
        await self._parts.executions.end_all_of(session.id, 'Killed: its session was cleaned up.')
        async with session.lock:
            self._parts.executions.forget_all_of(session.id)
            await asyncio.to_thread(self._parts.sessions.forget, session)

    async def Execute(self, request: pb.ExecuteRequest, context: Any) -> Any:
        async with told(context):
            params = _json_object('params_json', request.params_json)
            name('tool', request.tool)
            session = self._parts.sessions.get(request.session_id) if request.session_id else None
            experiment_id = session.experiment_id if session else name('experiment_id', request.experiment_id)
            self._parts.sessions.dataset_folder(experiment_id).mkdir(exist_ok=True)
            timeout_s = request.timeout_ms / 1000 or self._parts.settings.tool_timeout_s
            try:
                result = await self._parts.tools.tool(request.tool, params, session, experiment_id, timeout_s)
            except HostError:
                if session is None:  # What was sent to be looked at was refused: it does not stay here.
                    await asyncio.to_thread(checkpoints.drop_unused_dataset, self._parts, experiment_id)
                raise
            return pb.ExecuteResponse(result_json=result)

    async def ExecuteStream(self, request: pb.ExecuteStreamRequest, context: Any) -> AsyncIterator[Any]:
        async with told(context):
            await self._parts.isolation.known()
            execution = self._parts.executions.start(self._order(request), request.epoch)
            async with contextlib.aclosing(self._parts.executions.read(execution, 0)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def Attach(self, request: pb.AttachRequest, context: Any) -> AsyncIterator[Any]:
        async with told(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            async with contextlib.aclosing(self._parts.executions.read(execution, request.from_offset)) as chunks:
                async for chunk in chunks:
                    yield chunk

    async def Interrupt(self, request: pb.InterruptRequest, context: Any) -> Any:
        async with told(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            grace_s = request.kill_after_ms / 1000 or self._parts.settings.interrupt_grace_s
            self._parts.executions.interrupt(execution, grace_s)
            return pb.InterruptResponse()

    async def Kill(self, request: pb.KillRequest, context: Any) -> Any:
        async with told(context):
            self._parts.executions.kill(self._parts.executions.find(request.execution_id, request.epoch))
            return pb.KillResponse()

    async def Acknowledge(self, request: pb.AcknowledgeRequest, context: Any) -> Any:
        async with told(context):
            execution = self._parts.executions.find(request.execution_id, request.epoch)
            self._parts.executions.acknowledge(execution, request.checkpoint)
            return pb.AcknowledgeResponse()

    async def Checkpoint(self, request: pb.CheckpointRequest, context: Any) -> AsyncIterator[Any]:
        async with told(context):
            session = self._parts.sessions.fenced(request.session_id, request.epoch)
            for chunk in await checkpoints.take(self._parts, session):
                yield chunk

    async def Restore(self, requests: AsyncIterator[pb.RestoreChunk], context: Any) -> Any:
        async with told(context):
            return pb.RestoreResponse(bytes=await checkpoints.restore(self._parts, requests))

    async def ReadFile(self, request: pb.ReadFileRequest, context: Any) -> AsyncIterator[Any]:
        async with told(context):
            relative_path('path', request.path)
            async for chunk in checkpoints.read_file(self._parts, request):
                yield chunk

    async def WriteDataset(self, requests: AsyncIterator[pb.WriteDatasetChunk], context: Any) -> Any:
        async with told(context):
            await checkpoints.write_dataset(self._parts, requests)
            return pb.WriteDatasetResponse()

    async def Status(self, request: pb.StatusRequest, context: Any) -> Any:
        parts = self._parts
        await parts.isolation.known()
        layers = [pb.IsolationLayer(name=layer.name, level=layer.level, detail=layer.detail)
                  for layer in parts.isolation.layers]
        return pb.StatusResponse(
            host_id=parts.host_id, version=VERSION, sessions=len(parts.sessions), running=parts.executions.running,
            queued=parts.executions.queued, slots=parts.settings.run_slots, zygote_ready=parts.zygote.is_ready,
            isolation=layers, isolation_policy=parts.settings.policy, runs_agent_code=parts.isolation.runs_agent_code,
        )

    def _order(self, request: pb.ExecuteStreamRequest) -> Order:
        if not request.execution_id or len(request.execution_id) > 300 or not request.execution_id.isprintable():
            raise invalid('execution_id', 'must be the caller\'s name {step}/{execution}, 1 to 300 printable letters')
        if len(request.code) > _LARGEST_CODE:
            raise invalid('code', f'must be at most {_LARGEST_CODE:,} letters')
        if not self._parts.isolation.runs_agent_code:
            raise HostError(grpc.StatusCode.FAILED_PRECONDITION, 'SANDBOX_ISOLATION',
                            'This machine lacks the isolation that the policy `required` asks for; see the doctor.')
        session = self._parts.sessions.get(request.session_id)
        return Order(
            request.execution_id, session.id, request.base, request.code,
            relative_path('script_path', request.script_path),
            request.timeout_ms / 1000 or self._parts.settings.stream_timeout_s,
            self._limits(request.limits, session.limits), dict(request.environment),
        )

    def _limits(self, wanted: pb.Limits, most: RunLimits) -> RunLimits:
        names = RunLimits.__dataclass_fields__
        return replace(most, **{key: or_default(getattr(wanted, key), getattr(most, key)) for key in names})


@contextlib.asynccontextmanager
async def told(context: Any) -> AsyncIterator[None]:
    """Turns what a call raised into its status; a bug becomes INTERNAL without its text."""
    try:
        yield
    except HostError as error:
        await abort(context, error)
    except (asyncio.CancelledError, GeneratorExit, grpc.aio.AbortError):
        raise
    except Exception:  # A bug: logged here in full, told in short, the host goes on.
        _log.exception('a call failed')
        await abort(context, HostError(grpc.StatusCode.INTERNAL, 'INTERNAL', 'The sandbox host failed; see its log.'))


def _json_object(key: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or '{}')
    except ValueError as error:
        raise invalid(key, f'is no JSON: {error}') from error
    if not isinstance(value, dict):
        raise invalid(key, 'must be a JSON object')
    return value
