"""The rpcs about a session: who works with it, and the files of its workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from ..errors import invalid
from ..generated import sandbox_pb2 as pb
from ..generated import sandbox_pb2_grpc
from ..sessions import relative_path
from . import session_files
from .answering import errors_as_status, paced
from .parts import Parts

_LONGEST_INTERVAL_MS = 3_600_000


class SessionRpcs(sandbox_pb2_grpc.SandboxServicer):
    _parts: Parts

    async def GetSession(self, request: pb.GetSessionRequest, context: Any) -> Any:
        async with errors_as_status(context):
            session = self._parts.sessions.get(request.session_id)
            kernels = [
                pb.Kernel(name=name, generation=generation, lost=lost, memory_bytes=memory)
                for name, generation, lost, memory in await self._parts.kernels.of(session)
            ]
            return pb.GetSessionResponse(
                session_id=session.id,
                epoch=session.epoch,
                workspace_at=session.at,
                running=self._parts.executions.running_of(session.id),
                kernels=kernels,
                heartbeats_missed=self._parts.heartbeats.has_missed(session.id),
            )

    async def Heartbeat(self, request: pb.HeartbeatRequest, context: Any) -> Any:
        async with errors_as_status(context):
            session = self._parts.sessions.fenced(request.session_id, request.epoch)
            if request.interval_ms > _LONGEST_INTERVAL_MS:
                raise invalid('interval_ms', f'must be at most {_LONGEST_INTERVAL_MS:,}')
            parts = self._parts

            async def end() -> None:
                await parts.executions.end_all_of(
                    session.id, 'Killed: three heartbeats of its caller were missed.'
                )
                await parts.kernels.end_all_of(session.id, 'heartbeat')
                await parts.session_tools.end_children_of(session.id)

            left_s = parts.heartbeats.beat(
                session.id, request.interval_ms / 1000, None if request.only_report else end
            )
            return pb.HeartbeatResponse(
                running=parts.executions.running_of(session.id), ends_after_ms=round(left_s * 1000)
            )

    async def ListFiles(self, request: pb.ListFilesRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            session = self._parts.sessions.get(request.session_id)
            folder = relative_path('folder', request.folder) if request.folder else ''
            entries = await asyncio.to_thread(
                session_files.listed, self._parts.sessions.workspace(session.id), folder
            )
            for start in range(0, len(entries), session_files.ENTRIES_A_MESSAGE):
                yield pb.ListFilesResponse(entries=entries[start : start + session_files.ENTRIES_A_MESSAGE])

    async def WriteFile(self, requests: AsyncIterator[pb.WriteFileChunk], context: Any) -> Any:
        async with errors_as_status(context):
            size, sha256 = await session_files.write(
                self._parts, paced(requests, self._parts.settings.caller_idle_s)
            )
            return pb.WriteFileResponse(size=size, sha256=sha256)
