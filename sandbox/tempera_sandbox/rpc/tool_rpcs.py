"""The rpcs about the tools that sessions register."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from ..generated import sandbox_pb2 as pb
from ..generated import sandbox_pb2_grpc
from .answering import errors_as_status, json_object
from .parts import Parts


class ToolRpcs(sandbox_pb2_grpc.SandboxServicer):
    _parts: Parts

    async def RegisterTools(self, request: pb.RegisterToolsRequest, context: Any) -> Any:
        async with errors_as_status(context):
            await self._parts.isolation.known()
            self._parts.isolation.check_runs_agent_code()
            session = self._parts.sessions.fenced(request.session_id, request.epoch)
            tools = await self._parts.session_tools.register(session, request.module, request.source)
            return pb.RegisterToolsResponse(tools=[tool.to_proto() for tool in tools])

    async def ListTools(self, request: pb.ListToolsRequest, context: Any) -> Any:
        async with errors_as_status(context):
            if request.session_id:
                self._parts.sessions.get(request.session_id)
            return pb.ListToolsResponse(tools=self._parts.session_tools.list(request.session_id))

    async def StreamTool(self, request: pb.StreamToolRequest, context: Any) -> AsyncIterator[Any]:
        async with errors_as_status(context):
            parameters = json_object('params_json', request.params_json)
            session = self._parts.sessions.get(request.session_id)
            timeout_s = request.timeout_ms / 1000 or self._parts.settings.stream_timeout_s
            left_s = context.time_remaining()
            if left_s is not None:
                timeout_s = min(timeout_s, left_s)
            chunks = self._parts.session_tools.stream(
                session, request.tool, parameters, timeout_s, request.trace_context
            )
            async with contextlib.aclosing(chunks):
                async for chunk in chunks:
                    yield chunk
