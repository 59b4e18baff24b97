"""Sessions of this host: where each one's workspace stands, who may change it, under which outer uid it runs.

1. `at` is the checkpoint at which the workspace stands; '' empty, DIRTY unknown. It is on disk as DIRTY before
   anything runs in the workspace, so a host that dies never takes a changed tree for a checkpoint's.
2. The fence: a call with a lower epoch than the session has seen is refused.
3. One change of a workspace at a time: `lock`.
4. A tree is not replaced under a tool that reads it: `Readers`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from .errors import HostError, invalid, not_found, quota, superseded
from .files.disk_use import Stock
from .files.path_text import path_of
from .files.workspace import remove
from .isolation import hand_over, lease_uid
from .settings import ExecutionLimits, Settings

DIRTY = 'dirty'
_NAME = re.compile(r'[A-Za-z0-9][A-Za-z0-9._-]{0,127}')
_GONE = '.gone-'
_LONGEST_PATH = 4000
_UIDS_A_HOST = 20_000
_HOSTS = 499
_SAVED = ('id', 'experiment_id', 'epoch', 'uid', 'at', 'changed_by', 'kernels')


class Readers:
    """Those who read a workspace together, and the one who replaces it alone; who came first goes first."""

    def __init__(self) -> None:
        self._count = 0
        self._gate = asyncio.Lock()
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        async with self._gate:
            self._count += 1
            self._nobody.clear()
        try:
            yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._nobody.set()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        async with self._gate:
            await self._nobody.wait()
            yield


@dataclass
class Session:
    id: str
    experiment_id: str
    epoch: int
    uid: int
    at: str = ''
    changed_by: str = ''
    """The execution that made the workspace dirty; only its acknowledgement may call it a checkpoint again."""
    limits: ExecutionLimits = field(default_factory=ExecutionLimits)
    stock: Stock | None = None
    """Of the last look, to tell what an execution changes and how much it adds; None: not looked at yet."""
    hashes: dict[str, list[Any]] = field(default_factory=dict)
    kernels: dict[str, list[str]] = field(default_factory=dict)
    """Name of a living kernel -> its last generation and why it was lost; '' while it lives."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    readers: Readers = field(default_factory=Readers)


class Sessions:
    """All sessions; state that must survive the host is one JSON file each."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: dict[str, Session] = {}
        self._root = os.geteuid() == 0
        self._first_uid = zlib.crc32(str(settings.home.resolve()).encode()) % _HOSTS * _UIDS_A_HOST

    def load(self) -> None:
        """What a former host of this home left."""
        for folder in self._settings.workspaces.glob(f'{_GONE}*'):
            remove(folder)
        for file in sorted(self._settings.sessions.glob('*.json')):
            try:
                saved = json.loads(file.read_text(encoding='utf-8'))
                session = Session(**saved)
            except (ValueError, TypeError):
                file.unlink()  # Cut short by a crash before its first sync: the session will be initialised anew.
                continue
            for known in session.kernels.values():
                known[1] = known[1] or 'host_restarted'
            if self.workspace(session.id).is_dir():
                self._sessions[session.id] = session

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._sessions.values())

    def workspace(self, session_id: str) -> Path:
        return self._settings.workspaces / session_id

    def dataset_folder(self, experiment_id: str) -> Path:
        return self._settings.datasets / name('experiment_id', experiment_id)

    def get(self, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None:
            raise not_found('session', session_id, 'initialize it first.')
        return session

    def has(self, session: Session) -> bool:
        """Whether it has not been cleaned up."""
        return self._sessions.get(session.id) is session

    def check_has(self, session: Session) -> None:
        """HostError NOT_FOUND for one that was cleaned up while its caller waited for it."""
        if not self.has(session):
            raise not_found('session', session.id, 'it was cleaned up; initialize it again.')

    def fenced(self, session_id: str, epoch: int) -> Session:
        """The session, if `epoch` is none that has been superseded."""
        session = self.get(session_id)
        if epoch < session.epoch:
            raise superseded(f'session [{session_id}]', epoch, session.epoch)
        if epoch > session.epoch:
            session.epoch = epoch
            self.save(session)
        return session

    def initialize(self, session_id: str, epoch: int, experiment_id: str, limits: ExecutionLimits) -> Session:
        name('session_id', session_id)
        name('experiment_id', experiment_id)
        if session_id in self._sessions:
            session = self.fenced(session_id, epoch)
            session.experiment_id = experiment_id
        else:
            session = self._create(session_id, epoch, experiment_id)
        session.limits = limits
        self.dataset_folder(experiment_id).mkdir(exist_ok=True)
        self.save(session)
        return session

    def mark(self, session: Session, at: str, changed_by: str = '') -> None:
        """Where the workspace stands from now on; on disk before this returns."""
        session.at = at
        session.changed_by = changed_by
        self.save(session)

    def save(self, session: Session) -> None:
        file = self._settings.sessions / f'{session.id}.json'
        text = json.dumps({key: getattr(session, key) for key in _SAVED}).encode()
        # In place and in one call, padded: a rename over a file makes the file system write it out at once, which
        # costs an execution's first byte milliseconds.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.pwrite(descriptor, text.ljust(os.fstat(descriptor).st_size), 0)
        finally:
            os.close(descriptor)

    def forget(self, session: Session) -> Path:
        """Its name, workspace and uid are free again. What lay in the workspace is the caller's to remove, there where
        it now lies: a session of the same name may begin meanwhile."""
        gone = self._settings.workspaces / f'{_GONE}{secrets.token_hex(8)}'
        with contextlib.suppress(FileNotFoundError):
            self.workspace(session.id).rename(gone)
        (self._settings.sessions / f'{session.id}.json').unlink(missing_ok=True)
        self._sessions.pop(session.id, None)
        return gone

    def _create(self, session_id: str, epoch: int, experiment_id: str) -> Session:
        most = self._settings.most_sessions
        if len(self._sessions) >= most:
            raise quota(
                'sessions', most, f'The host holds {most} sessions already; clean one up or use another host.'
            )
        folder = self.workspace(session_id)
        remove(folder)
        folder.mkdir(mode=0o700)
        session = Session(session_id, experiment_id, epoch, self._free_uid())
        if self._root:
            hand_over(folder, session.uid)
        self._sessions[session_id] = session
        return session

    def _free_uid(self) -> int:
        if not self._root:
            return os.getuid()
        used = {session.uid for session in self._sessions.values()}
        for index in range(1, _UIDS_A_HOST):
            uid = lease_uid(self._first_uid + index)
            if uid not in used:
                return uid
        raise HostError(
            grpc.StatusCode.RESOURCE_EXHAUSTED, 'NO_UID', 'No outer uid is free for another session.'
        )

    @property
    def tools_uid(self) -> int:
        """Outer uid of tools that run without a session."""
        return lease_uid(self._first_uid) if self._root else os.getuid()


def name(key: str, value: str) -> str:
    """An id that may become part of a path."""
    if not _NAME.fullmatch(value):
        raise invalid(key, 'must be 1 to 128 letters, digits, dots, dashes or underscores')
    return value


def relative_path(key: str, value: str) -> str:
    """The path that a text stands for (path_text.py), which stays inside its folder by its parts alone."""
    path = path_of(value)
    parts = path.split('/')
    unfit = not path or '\0' in path or any(part in ('', '.', '..') for part in parts)
    if unfit or len(os.fsencode(path)) > _LONGEST_PATH:
        raise invalid(key, f'must be a relative path without "." or ".." parts, not [{value[:200]}]')
    return path
