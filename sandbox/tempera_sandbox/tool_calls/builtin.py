"""Built-in tools and the scanner: short confined children whose answer is a control line.

An answer counts only with init's word that the child ended well: what was cut off, or killed by what it had loaded, has
said nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import grpc

from ..children.confining import confinement_of, environment_of, owner_of
from ..children.process import ChildProcess, ChildSpec, Ending
from ..children.zygote_client import ZygoteClient
from ..errors import HostError, from_tool
from ..isolation import Confinement, Limits
from ..sessions import Session, Sessions
from ..settings import ExecutionLimits, Settings
from .turns import Turns

_log = logging.getLogger('tempera_sandbox.tools')
_LARGEST_RESULT = 64 * 1024 * 1024
_LARGEST_DESCRIPTION = 1024 * 1024
"""Of what a session's own tools say of themselves."""
_SCAN_TIMEOUT_S = 600.0
# Before the end of the id of a workspace in which a session is read.
_READER = '-reader'


@dataclass(frozen=True)
class _Call:
    """One short child: what it is asked, whose turn it takes, what it may see and how long it may take."""

    kind: str
    caller: str
    request: dict[str, Any]
    confinement: Confinement
    timeout_s: float


class BuiltinTools:
    """At most twice as many at once as there are cores; the others wait their turn, session by session."""

    def __init__(self, settings: Settings, sessions: Sessions, zygote: ZygoteClient) -> None:
        self._settings = settings
        self._sessions = sessions
        self._zygote = zygote
        self._turns = Turns(settings.cores * 2)
        self._numbers = itertools.count(1)
        rates = (
            settings.rates
        )  # No foreign code holds the pipes of tools and scans: their lines may come faster.
        self._rates = replace(rates, lines=4 * rates.lines, line_bytes=rates.output_bytes)

    async def call(
        self,
        name: str,
        params: dict[str, Any],
        session: Session | None,
        experiment_id: str,
        timeout_s: float,
    ) -> str:
        """The tool's result as JSON. HostError with the tool's own code when it refuses."""
        request = {
            'tool': name,
            'params': params,
            'threads': self._settings.cores,
            'environment': environment_of(self._settings, session, {}),
        }
        confinement = self._confinement(session, experiment_id)
        async with session.readers.reading() if session else contextlib.nullcontext():
            caller = _caller_of(session.id) if session else experiment_id
            ending = await self._run(_Call('tool', caller, request, confinement, timeout_s))
        if name in _READERS_OF_FOREIGN_BYTES and _crashed(ending):
            raise _refusal_of_a_crash(name, ending)
        return _result_of(name, ending)

    async def describe(self, session: Session, module: str, source: str) -> list[dict[str, Any]]:
        """The tools that a source holds, as it says itself: to be checked."""
        request = {
            'module': module,
            'source': source,
            'threads': 1,
            'environment': environment_of(self._settings, session, {}),
        }
        confinement = confinement_of(self._settings, self._sessions, session, session.limits, read_only=True)
        caller, timeout_s = _caller_of(session.id), self._settings.tool_timeout_s
        ending = await self._run(_Call('describe', caller, request, confinement, timeout_s))
        return list(json.loads(_result_of(f'reading [{module}]', ending)))

    async def scan(self, session: Session, known: dict[str, list[Any]]) -> list[dict[str, Any]]:
        """The lines of the scanner (see files/scanner.py), run by the session's own identity."""
        lines: list[dict[str, Any]] = []
        request = {'known': known, 'threads': 1, 'environment': {}}
        confinement = confinement_of(self._settings, self._sessions, session, session.limits, read_only=True)
        caller, confinement = _caller_of(session.id), self._with_host_code(confinement)
        ending = await self._run(_Call('scan', caller, request, confinement, _SCAN_TIMEOUT_S), lines.append)
        if ending.control.get('event') != 'done' or not ending.is_good:
            raise _killed_or_cut_off('the scan', ending)
        return [line for line in lines if 'event' not in line]

    async def _run(
        self, call: _Call, on_control: Callable[[dict[str, Any]], None] = lambda message: None
    ) -> Ending:
        errors = _Counted()
        spec = self._spec(call)
        async with self._turns.turn(call.caller):
            process = ChildProcess(self._zygote, spec, (errors.feed, errors.feed), on_control)
            await process.start()
            try:
                ending = await asyncio.wait_for(process.ended(), call.timeout_s)
            except TimeoutError:
                process.kill()
                raise HostError(
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    'TOOL_TIMEOUT',
                    f'{call.request.get("tool", call.kind)} took longer than {call.timeout_s:g} s and was ended.',
                ) from None
            finally:
                await asyncio.shield(process.dispose())
        if ending.control.get('event') not in ('result', 'done') and errors.size:
            _log.warning('%s wrote %d bytes to stderr', spec.name, errors.size)
        return ending

    def _spec(self, call: _Call) -> ChildSpec:
        limits = self._settings.limits
        return ChildSpec(
            call.kind,
            f'{call.kind}-{os.getpid()}-{next(self._numbers)}',
            owner_of(self._settings),
            call.request,
            call.confinement,
            limits.memory_bytes,
            limits.processes,
            self._settings.memory_interval_s,
            _LARGEST_DESCRIPTION if call.kind == 'describe' else _LARGEST_RESULT,
            self._rates,
        )

    def _confinement(self, session: Session | None, experiment_id: str) -> Confinement:
        if session:
            confinement = confinement_of(
                self._settings, self._sessions, session, self._settings.limits, read_only=True
            )
            return self._with_host_code(confinement)
        limits: ExecutionLimits = self._settings.limits
        return self._with_host_code(
            Confinement(
                workspace=self._settings.nothing,
                workspace_target='/data/nothing',
                read_only_workspace=True,
                datasets=self._sessions.dataset_folder(experiment_id),
                datasets_target=f'/data/datasets/{experiment_id}',
                read_only_paths=self._settings.python_paths(),
                uid=self._sessions.tools_uid if os.geteuid() == 0 else None,
                tmp_bytes=limits.tmp_bytes,
                limits=Limits(processes=limits.processes, file_bytes=limits.tmp_bytes),
                policy=self._settings.policy,
            )
        )

    def _with_host_code(self, confinement: Confinement) -> Confinement:
        code = self._settings.package_root / 'tempera_sandbox'
        return replace(confinement, read_only_paths=(*confinement.read_only_paths, code))


def _caller_of(session_id: str) -> str:
    """Whom a call works for: those who read a session have workspaces of their own, and its turns."""
    return session_id.partition(_READER)[0]


class _Counted:
    """Counts what comes; its content is not kept: it may hold values of the data."""

    def __init__(self) -> None:
        self.size = 0

    def feed(self, data: bytes) -> int:
        self.size += len(data)
        return 0


#: Tools that hand foreign text or bytes to native parsers, and what is wrong with that which ends them.
_READERS_OF_FOREIGN_BYTES = {
    'query_sql': ('INVALID_SQL', 'The query ended the process that it ran in'),
    'profile_upload': ('INVALID_DATASET', 'The file ended the process that read it'),
    'sample_columns': ('INVALID_DATASET', 'The file ended the process that read it'),
}


def _crashed(ending: Ending) -> bool:
    """Whether a signal ended it, though nobody here sent one."""
    return bool(ending.report.get('signal')) and not ending.out_of_memory


def _refusal_of_a_crash(name: str, ending: Ending) -> HostError:
    code, what = _READERS_OF_FOREIGN_BYTES[name]
    _log.warning('%s was ended by signal %s', name, ending.report.get('signal'))
    remedy = 'Narrow it.' if code == 'INVALID_SQL' else 'Save it again in another format and try once more.'
    return from_tool(code, f'{what} (signal {ending.report.get("signal")}). {remedy}', {})


def _result_of(what: str, ending: Ending) -> str:
    """Its result as JSON. HostError when it refused, or ended without init's good word."""
    control = ending.control
    if ending.is_good and control.get('event') == 'result':
        return str(control['json'])
    if ending.is_good and control.get('event') == 'refused':
        raise from_tool(control['code'], control['message'], control['details'])
    raise _killed_or_cut_off(what, ending)


def _killed_or_cut_off(what: str, ending: Ending) -> HostError:
    """The host kills no such child but for its time: one whose init is gone went with its zygote, so asking again may
    help."""
    if ending.report or ending.out_of_memory:
        return cut_off(what, ending)
    return HostError(
        grpc.StatusCode.UNAVAILABLE, 'ZYGOTE_UNAVAILABLE', f'{what} was cut off from outside; try again.'
    )


def cut_off(what: str, ending: Ending) -> HostError:
    """Why a child ended without its answer."""
    report = ending.report
    if ending.out_of_memory:
        return from_tool('OUT_OF_MEMORY', f'{what} ran out of memory at {ending.peak_bytes:,} bytes.', {})
    if report.get('event') == 'failed':
        return HostError(
            grpc.StatusCode.FAILED_PRECONDITION,
            'SANDBOX_ISOLATION',
            f'The sandbox could not be set up: {report.get("layer")}: {report.get("message")}',
        )
    return from_tool(
        'TOOL_FAILED',
        f'{what} ended without a result (code {report.get("code")}, signal {report.get("signal")}).',
        {},
    )
