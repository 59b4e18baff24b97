"""Children of the zygote: forked for a run when it is asked for, or taken from the spare ones.

A spare child is forked and confined ahead for a session that ran something last, by the same `spawn` with the same
layers in the same order, and waits for one datagram: its kind and descriptors. It has run no foreign code before
that, serves one run and is never used again; so nothing passes from one execution to the next.

1. A spare child fits only an equal ChildTemplate over the same folders (device and inode: a folder that was
   removed and made again is another one). One that does not fit is ended, and the run gets a child forked for it.
2. At most `most` sessions have one. A full house gives up its oldest only when that has waited a while, so that more
   sessions than spare children do not make each other fork twice.
3. It ends with its session, with its host (end of its socket), and with the zygote, like every child.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import select
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..background import BackgroundTasks
from ..errors import HostError
from ..isolation import Confinement, Group, GroupLimits, create_group, hasten_joins, kill
from . import messages

_LEAST_WAIT_S = 60.0


@dataclass(frozen=True)
class Child:
    """A process tree that the zygote started; the caller closes both descriptors."""

    pid: int
    pidfd: int
    report: int


@dataclass(frozen=True)
class ChildTemplate:
    """All that is fixed of a child before it knows what it will run."""

    confinement: Confinement
    memory_bytes: int
    """Limit of its control group; 0: no group."""
    processes: int
    owner: str


class Requests(Protocol):
    """The zygote's `request`."""

    async def __call__(
        self,
        kind: str,
        confinement: Confinement,
        descriptors: tuple[int, ...],
        group: dict[str, Any] | None = None,
    ) -> Child: ...


@dataclass(frozen=True)
class _Spare:
    child: Child
    group: Group | None
    endpoint: socket.socket
    """The host's end of the socket on which it waits."""


@dataclass(frozen=True)
class _Waiting:
    template: ChildTemplate
    folders: tuple[tuple[int, int], ...]
    begun: float
    spare: asyncio.Task[_Spare | None]


class Children:
    """Starts children for runs; at most `most` spare ones, 0: none."""

    def __init__(self, request: Requests, most: int) -> None:
        self._request = request
        self._most = most
        self._waiting: dict[Path, _Waiting] = {}
        self._numbers = itertools.count(1)
        self._background = BackgroundTasks()

    async def start(
        self,
        kind: str,
        name: str,
        template: ChildTemplate,
        descriptors: tuple[int, ...],
    ) -> tuple[Child, Group | None]:
        """A child that does `kind`, and its group, which is the caller's to remove. The descriptors stay the caller's.

        `name` names the group and is unique on this host. Raises HostError when there can be none.
        """
        spare = await self._take(template)
        if spare is not None:
            with spare.endpoint as endpoint:
                try:
                    messages.send(endpoint, {'kind': kind}, descriptors)
                    return spare.child, spare.group
                except OSError:  # It was killed meanwhile.
                    self._background.start(_end(spare))
        return await self._fork(kind, name, template, _make_group(name, template), descriptors)

    def prepare(self, template: ChildTemplate) -> None:
        """Makes a spare child for the next run on this ground, in the background, if there is room."""
        place = template.confinement.workspace
        known = self._waiting.get(place)
        if template.confinement.devices or (known is not None and known.template == template):
            return  # A spare child holds no GPU.
        if known is not None:
            self._discard(place)
        elif not self._make_room():
            return
        self._waiting[place] = _Waiting(
            template, _folders(template), time.monotonic(), asyncio.create_task(self._fork_spare(template))
        )

    async def end(self, workspace: Path) -> None:
        """Ends the spare child of a session; returns when nothing of it is left."""
        waiting = self._waiting.pop(workspace, None)
        if waiting is not None:
            await _end_waiting(waiting)

    def end_all(self) -> None:
        for workspace in list(self._waiting):
            self._discard(workspace)

    def close(self) -> None:
        """Removes what is left of the spare children of a zygote that has been killed."""
        self._most = 0
        for waiting in self._waiting.values():
            task = waiting.spare
            spare = task.result() if task.done() and not task.cancelled() else None
            if spare is not None:
                _close(spare)
            task.cancel()
        self._waiting.clear()

    def _make_room(self) -> bool:
        if len(self._waiting) < self._most:
            return True
        oldest = min(self._waiting, key=lambda place: self._waiting[place].begun, default=None)
        if oldest is None or time.monotonic() - self._waiting[oldest].begun < _LEAST_WAIT_S:
            return False
        self._discard(oldest)
        return True

    def _discard(self, workspace: Path) -> None:
        self._background.start(_end_waiting(self._waiting.pop(workspace)))

    async def _take(self, template: ChildTemplate) -> _Spare | None:
        waiting = self._waiting.pop(template.confinement.workspace, None)
        if waiting is None:
            return None
        if waiting.template != template or waiting.folders != _folders(template):
            self._background.start(_end_waiting(waiting))
            return None
        try:
            spare = await asyncio.shield(waiting.spare)
        except asyncio.CancelledError:
            self._background.start(_end_waiting(waiting))
            raise
        if spare is not None and _has_ended(spare.child):
            self._background.start(_end(spare))
            return None
        return spare

    async def _fork(
        self,
        kind: str,
        name: str,
        template: ChildTemplate,
        group: Group | None,
        descriptors: tuple[int, ...],
    ) -> tuple[Child, Group | None]:
        group_request = (
            {
                'name': name,
                'owner': template.owner,
                'memory_bytes': template.memory_bytes,
                'processes': template.processes,
            }
            if group
            else None
        )
        hastened = asyncio.get_running_loop().run_in_executor(None, hasten_joins)
        try:
            return await self._request(kind, template.confinement, descriptors, group_request), group
        except BaseException:
            if group is not None:
                group.remove()
            raise
        finally:
            await hastened

    async def _fork_spare(self, template: ChildTemplate) -> _Spare | None:
        """None when there can be none: the run that would take it asks by itself and tells its caller why."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                name = f'spare-{os.getpid()}-{next(self._numbers)}'
                # In a thread: the kernel may let it wait for another child's join, and a first byte is due just now.
                made = await asyncio.to_thread(_make_group, name, template)
                child, group = await self._fork(messages.SPARE, name, template, made, (theirs.fileno(),))
        except (HostError, OSError):
            ours.close()
            return None
        except BaseException:
            ours.close()
            raise
        return _Spare(child, group, ours)


def _make_group(name: str, template: ChildTemplate) -> Group | None:
    if not template.memory_bytes:
        return None
    return create_group(name, GroupLimits(template.memory_bytes, template.processes), template.owner)


def _folders(template: ChildTemplate) -> tuple[tuple[int, int], ...]:
    """Which folders the confinement's paths lead to at this moment."""
    found = []
    for path in (template.confinement.workspace, template.confinement.datasets):
        try:
            state = os.stat(path) if path else None
        except OSError:
            state = None
        found.append((state.st_dev, state.st_ino) if state else (0, 0))
    return tuple(found)


def _has_ended(child: Child) -> bool:
    poller = select.poll()
    poller.register(child.pidfd, select.POLLIN)
    return bool(poller.poll(0))


async def _end_waiting(waiting: _Waiting) -> None:
    spare = await asyncio.shield(waiting.spare)
    if spare is not None:
        await _end(spare)


async def _end(spare: _Spare) -> None:
    kill(spare.child.pidfd)
    await asyncio.to_thread(_close, spare)


def _close(spare: _Spare) -> None:
    spare.endpoint.close()
    os.close(spare.child.pidfd)
    os.close(spare.child.report)
    if spare.group is not None:
        spare.group.remove()
