"""The living kernels of a host, and what is told when one is gone.

1. A kernel belongs to a session and has a name; each process of it is a generation. The session's file on disk knows
   the last generation and why it was lost, so a restarted host can still tell.
2. Cells of a session run one at a time, like all its executions (the caller holds the session's lock).
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc

from ..children.confining import confinement_of, environment_of, owner_of
from ..children.pipes import Feed
from ..children.process import ChildSpec
from ..children.zygote_client import ZygoteClient
from ..errors import HostError, quota
from ..isolation import memory_of
from ..sessions import Session, Sessions
from ..settings import Settings
from .kernel import Cell, CellRequest, Kernel, OnControl

_LOST_BY_STATUS = ('killed', 'timeout', 'quota', 'oom', 'crashed', 'lost')


class Kernels:
    """All living kernels of the host."""

    def __init__(self, settings: Settings, sessions: Sessions, zygote: ZygoteClient) -> None:
        self._settings = settings
        self._sessions = sessions
        self._zygote = zygote
        self._living: dict[tuple[str, str], Kernel] = {}

    async def begin(
        self, request: CellRequest, session: Session, feeds: tuple[Feed, Feed, Feed], on_control: OnControl
    ) -> Cell:
        """Starts the cell in its kernel. HostError: KERNEL_LOST, or there is no room for a new one."""
        key = (session.id, request.kernel)
        kernel = self._living.get(key)
        if kernel and kernel.is_ending:
            await kernel.gone()
            kernel = None
        known = session.kernels.get(request.kernel, ['', ''])
        generation = request.generation
        if generation and (kernel is None or kernel.generation != generation):
            raise _lost(request.kernel, generation, known[1] if known[0] == generation else 'unknown')
        started: dict[str, Any] = {'kernel_new': kernel is None}
        if kernel is None:
            started['kernel_lost'] = known[1]
            kernel = await self._start(key, session, request)
        started['kernel_generation'] = kernel.generation
        cell = Cell(kernel, 0, feeds, on_control, started)
        await kernel.begin(cell, request)
        return cell

    def ended(self, session: Session, name: str, cell: Cell, status: str) -> str:
        """After a cell's end: why the kernel is lost, '' when it waits for the next one."""
        kernel = cell.kernel
        if not kernel.lost:
            kernel.wait_for_next(self._settings.kernel_idle_s)
            self._recycle_if_used_up(kernel)
            return ''
        if status in _LOST_BY_STATUS:
            kernel.lost = status
            self._remember(session, name, kernel)
        return kernel.lost

    async def end_all_of(self, session_id: str, why: str) -> None:
        """Returns when nothing of them is left."""
        kernels = [kernel for (of, _), kernel in self._living.items() if of == session_id]
        for kernel in kernels:
            kernel.end(why)
        for kernel in kernels:
            await kernel.gone()

    @asynccontextmanager
    async def still(self, session_id: str) -> AsyncIterator[bool]:
        """While inside, no kernel of the session moves; gives whether there is one."""
        kernels = [kernel for (of, _), kernel in self._living.items() if of == session_id]
        for kernel in kernels:
            if not await kernel.stop():
                raise HostError(
                    grpc.StatusCode.UNAVAILABLE,
                    'KERNEL_BUSY',
                    "The session's living kernel did not stand still in time; try again.",
                )
        yield bool(kernels)

    async def of(self, session: Session) -> list[tuple[str, str, str, int]]:
        """(name, generation, why lost, bytes) of the session's kernels."""
        found = []
        for name, (generation, lost) in sorted(session.kernels.items()):
            kernel = self._living.get((session.id, name))
            use = (
                await asyncio.to_thread(memory_of, kernel.process.pid)
                if kernel and kernel.process.pid
                else None
            )
            found.append((name, generation, lost, use.bytes if use else 0))
        return found

    def inits_of(self, session_id: str) -> list[int]:
        """Of the session's living kernels; from any thread."""
        return [
            pid
            for (of, _), kernel in list(self._living.items())
            if of == session_id
            for pid in kernel.process.inits()
        ]

    async def close(self) -> None:
        await asyncio.gather(
            *(kernel.gone() for kernel in list(self._living.values())), return_exceptions=True
        )

    async def _start(self, key: tuple[str, str], session: Session, request: CellRequest) -> Kernel:
        self._check_room(session.id)
        settings, name = self._settings, request.kernel
        spec_name = re.sub(r'[^A-Za-z0-9_-]', '_', f'kernel-{session.id}-{name}-{secrets.token_hex(4)}')

        def spec(commands: int) -> ChildSpec:
            environment = environment_of(
                settings, session, {**request.environment, 'CUDA_VISIBLE_DEVICES': ''}
            )
            body = {'threads': settings.cores, 'environment': environment}
            return ChildSpec(
                'kernel',
                spec_name,
                owner_of(settings),
                body,
                confinement_of(settings, self._sessions, session, request.limits, read_only=False),
                request.limits.memory_bytes,
                request.limits.processes,
                settings.memory_interval_s,
                settings.script_line_bytes,
                settings.rates,
                (commands,),
            )

        kernel = Kernel(self._zygote, spec, lambda lost: self._forget(key, session, lost))
        await kernel.start()
        self._living[key] = kernel
        session.kernels[name] = [kernel.generation, '']
        self._sessions.save(session)
        return kernel

    def _recycle_if_used_up(self, kernel: Kernel) -> None:
        """By age, count of cells, or the memory that its processes keep between cells."""
        settings, pid = self._settings, kernel.process.pid
        used_up = (
            0 < settings.kernel_most_cells <= kernel.cells
            or 0 < settings.kernel_most_age_s <= kernel.age_s
            or bool(
                settings.kernel_most_idle_bytes
                and pid
                and memory_of(pid).bytes > settings.kernel_most_idle_bytes
            )
        )
        if used_up:
            kernel.end('recycled')

    def _check_room(self, session_id: str) -> None:
        settings = self._settings
        if sum(of == session_id for of, _ in self._living) >= settings.kernels_per_session:
            raise quota(
                'kernels_per_session',
                settings.kernels_per_session,
                'The session has as many living kernels as it may; use one of them, or kill one.',
            )
        if len(self._living) >= settings.most_kernels:
            raise quota(
                'kernels',
                settings.most_kernels,
                'The host holds as many living kernels as it may; run the code in a process of its own, '
                'or try later or on another host.',
            )

    def _forget(self, key: tuple[str, str], session: Session, kernel: Kernel) -> None:
        if self._living.get(key) is kernel:
            del self._living[key]
        self._remember(session, key[1], kernel)

    def _remember(self, session: Session, name: str, kernel: Kernel) -> None:
        known = session.kernels.get(name)
        if known and known[0] == kernel.generation and self._sessions.has(session):
            session.kernels[name] = [kernel.generation, kernel.lost]
            self._sessions.save(session)


def _lost(name: str, generation: str, why: str) -> HostError:
    return HostError(
        grpc.StatusCode.FAILED_PRECONDITION,
        'KERNEL_LOST',
        f'The kernel [{name}] of generation [{generation}] is lost ({why}): the variables of its cells are gone and '
        'nothing was run. Run the cells that are needed in a new kernel.',
        {'kernel': name, 'generation': generation, 'reason': why},
    )
