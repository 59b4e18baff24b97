"""The tools that sessions register: what they are, their children, and how many calls there may be.

A tool of mode `process` gets a child for each call; the `threaded` tools of one module share a child, which lives
until nobody has called it for a while. All are confined like an execution, with the workspace read-only.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import grpc

from ..background import BackgroundTasks
from ..children.confining import confinement_of, environment_of, owner_of
from ..children.process import ChildSpec
from ..children.zygote_client import ZygoteClient
from ..errors import HostError, invalid, not_found, quota
from ..generated import sandbox_pb2 as pb
from ..logs import summary, trace_id
from ..sessions import Session, Sessions
from ..settings import Settings
from ..tools import TOOL_NAMES
from . import schemas
from .builtin import BuiltinTools
from .calls import ToolChild

_log = logging.getLogger('tempera_sandbox.tools')
_LARGEST_SOURCE = 1024 * 1024
_LARGEST_SCHEMA = 64 * 1024
_LARGEST_DESCRIPTION = 4000
_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_.-]{0,127}')


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    mode: str
    module: str
    schema: dict[str, Any]

    def to_proto(self) -> pb.ToolDescription:
        return pb.ToolDescription(
            name=self.name,
            description=self.description,
            mode=self.mode,
            module=self.module,
            parameters_schema_json=json.dumps(self.schema),
        )


class SessionTools:
    def __init__(
        self, settings: Settings, sessions: Sessions, zygote: ZygoteClient, builtin: BuiltinTools
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._zygote = zygote
        self._builtin = builtin
        self._tools: dict[str, dict[str, Tool]] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._shared: dict[tuple[str, str], ToolChild] = {}
        self._starting: dict[tuple[str, str], asyncio.Lock] = {}
        self._idle: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._calls: dict[str, int] = {}
        self._background = BackgroundTasks()
        self._numbers = itertools.count(1)

    async def register(self, session: Session, module: str, source: str) -> list[Tool]:
        """HostError INVALID_ARGUMENT for a source that cannot be read or holds no tool."""
        if not re.fullmatch(r'[A-Za-z_][A-Za-z0-9_]{0,63}', module):
            raise invalid('module', 'must be a Python name of at most 64 letters')
        if len(source) > _LARGEST_SOURCE:
            raise invalid('source', f'must be at most {_LARGEST_SOURCE:,} letters')
        described = await self._builtin.describe(session, module, source)
        tools = {tool.name: tool for tool in (_checked(item, module) for item in described)}
        if not tools:
            raise invalid('source', 'holds no tool: mark a function with @tempera.tool')
        others = {
            name: tool for name, tool in self._tools.get(session.id, {}).items() if tool.module != module
        }
        for name in tools:
            if name in others or name in TOOL_NAMES:
                raise invalid(
                    'source', f'names its tool [{name}], which another module or the host has already'
                )
        most = self._settings.most_tools
        if len(others) + len(tools) > most:
            raise quota('tools', most, f'A session may have {most} tools of its own; register fewer.')
        await self._end_shared((session.id, module))
        self._tools[session.id] = {**others, **tools}
        self._sources[session.id, module] = source
        return list(tools.values())

    def list(self, session_id: str) -> list[pb.ToolDescription]:
        built_in = [pb.ToolDescription(name=name, mode='built_in') for name in TOOL_NAMES]
        return [*built_in, *(tool.to_proto() for tool in self._tools.get(session_id, {}).values())]

    async def stream(
        self,
        session: Session,
        name: str,
        parameters: dict[str, Any],
        timeout_s: float,
        trace: str,
    ) -> AsyncGenerator[pb.ToolChunk, None]:
        """The chunks of one call, its final one last. HostError: refused, failed, too late."""
        tool = self._tools.get(session.id, {}).get(name)
        if tool is None:
            raise not_found(
                'tool', name, 'register it first; a host that was restarted knows only its own tools.'
            )
        schemas.check(tool.schema, parameters)
        _log.info(
            'tool %s of session %s, trace %s, %s', name, session.id, trace_id(trace), summary(parameters)
        )
        self._check_room(session.id)
        self._calls[session.id] = self._calls.get(session.id, 0) + 1
        child = None
        try:
            child = await self._child_of(session, tool, trace)
            call = child.call(name, parameters, timeout_s)
            try:
                async with aclosing(call.chunks(timeout_s)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            finally:
                call.leave()
        finally:
            self._calls[session.id] -= 1
            if child:
                self._leave(session, tool, child)

    async def end_children_of(self, session_id: str) -> None:
        """Ends the shared children; the next call starts them anew."""
        for key in [key for key in self._shared if key[0] == session_id]:
            await self._end_shared(key)

    async def end_all_of(self, session_id: str) -> None:
        """Forgets the session's tools and ends their children."""
        await self.end_children_of(session_id)
        self._tools.pop(session_id, None)
        self._sources = {key: source for key, source in self._sources.items() if key[0] != session_id}
        self._calls.pop(session_id, None) if not self._calls.get(session_id) else None

    def _check_room(self, session_id: str) -> None:
        settings = self._settings
        if self._calls.get(session_id, 0) >= settings.tool_calls_per_session:
            raise quota(
                'tool_calls_per_session',
                settings.tool_calls_per_session,
                'The session has as many tool calls under way as it may; wait for one of them.',
            )
        if sum(self._calls.values()) >= settings.most_tool_calls:
            raise quota(
                'tool_calls',
                settings.most_tool_calls,
                'The host has as many tool calls under way as it may; try later or on another host.',
            )

    async def _child_of(self, session: Session, tool: Tool, trace: str) -> ToolChild:
        if tool.mode == 'process':
            return await self._start(session, tool, trace)
        key = (session.id, tool.module)
        async with self._starting.setdefault(key, asyncio.Lock()):
            child = self._shared.get(key)
            used_up = child is not None and child.served >= self._settings.tool_child_most_calls
            if used_up and child and child.calls == 0:
                await self._end_shared(key)
                child = None
            if child is None or child.is_gone:
                child = self._shared[key] = await self._start(session, tool, '')
            timer = self._idle.pop(key, None)
            if timer:
                timer.cancel()
            return child

    async def _start(self, session: Session, tool: Tool, trace: str) -> ToolChild:
        settings = self._settings
        environment = environment_of(settings, session, {'TRACEPARENT': trace} if trace else {})
        request = {
            'module': tool.module,
            'source': self._sources[session.id, tool.module],
            'mode': tool.mode,
            'threads': settings.cores,
            'environment': environment,
        }
        confinement = confinement_of(settings, self._sessions, session, session.limits, read_only=True)

        def spec(endpoint: int) -> ChildSpec:
            return ChildSpec(
                'tools',
                f'tools-{os.getpid()}-{next(self._numbers)}',
                owner_of(settings),
                request,
                confinement,
                session.limits.memory_bytes,
                session.limits.processes,
                settings.memory_interval_s,
                settings.script_line_bytes,
                settings.rates,
                (endpoint,),
            )

        child = ToolChild(self._zygote, spec, f'[{tool.name}]', settings.rates)
        await child.start()
        return child

    def _leave(self, session: Session, tool: Tool, child: ToolChild) -> None:
        key = (session.id, tool.module)
        if tool.mode == 'process':
            self._background.start(child.end())
        elif self._shared.get(key) is child and child.calls == 0 and key not in self._idle:
            self._idle[key] = asyncio.get_running_loop().call_later(
                self._settings.tool_idle_s, lambda: self._background.start(self._end_shared(key))
            )

    async def _end_shared(self, key: tuple[str, str]) -> None:
        timer = self._idle.pop(key, None)
        if timer:
            timer.cancel()
        child = self._shared.pop(key, None)
        if child:
            await child.end()


def _checked(item: Any, module: str) -> Tool:
    """A description as the child gave it, which may be anything."""
    try:
        name, schema, mode = item['name'], item['schema'], item['mode']
        sound = (
            isinstance(name, str)
            and _NAME.fullmatch(name)
            and isinstance(schema, dict)
            and mode in ('process', 'threaded')
            and len(json.dumps(schema)) <= _LARGEST_SCHEMA
        )
    except (KeyError, TypeError, ValueError):
        sound = None
    if not sound:
        raise HostError(
            grpc.StatusCode.INVALID_ARGUMENT,
            'INVALID_ARGUMENT',
            f'[source] describes a tool of module [{module}] in a form that cannot be used; name it with '
            'letters, digits, dots, dashes and underscores, and let @tempera.tool describe it.',
            {'key': 'source'},
        )
    return Tool(name, str(item.get('description', ''))[:_LARGEST_DESCRIPTION], mode, module, schema)
