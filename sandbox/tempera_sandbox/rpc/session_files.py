"""Single files of a workspace on the wire: listed, and put there. Nothing here follows a link of the tree."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import grpc

from ..errors import HostError, invalid, not_found, quota
from ..files.disk_floor import check_floor
from ..files.disk_use import held_without_name, use_of
from ..files.path_text import path_text
from ..files.scanner import DEEPEST, open_beneath
from ..generated import sandbox_pb2 as pb
from ..sessions import DIRTY, Session, relative_path
from .answering import data_of, first_with_header
from .parts import Parts

ENTRIES_A_MESSAGE = 500
_KINDS = (
    (stat.S_ISREG, pb.TreeEntry.KIND_FILE),
    (stat.S_ISDIR, pb.TreeEntry.KIND_DIRECTORY),
    (stat.S_ISLNK, pb.TreeEntry.KIND_LINK),
)


def listed(root: Path, folder: str) -> list[pb.TreeEntry]:
    """Files, folders and links below a folder of the workspace, by path. HostError NOT_FOUND."""
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        start = open_beneath(top, folder, os.O_RDONLY | os.O_DIRECTORY) if folder else os.dup(top)
    except OSError as error:
        raise not_found('folder', folder, f'{error.strerror}.') from error
    finally:
        os.close(top)
    found: list[pb.TreeEntry] = []
    try:
        for place, folders, names, descriptor in os.fwalk('.', dir_fd=start):
            prefix = '/'.join(part for part in (folder, os.path.normpath(place)) if part not in ('', '.'))
            for name in (*folders, *names):
                entry = _entry(descriptor, name, prefix)
                if entry:
                    found.append(entry)
    finally:
        os.close(start)
    return sorted(found, key=lambda entry: entry.path)


def _entry(descriptor: int, name: str, prefix: str) -> pb.TreeEntry | None:
    try:
        state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        target = os.readlink(name, dir_fd=descriptor) if stat.S_ISLNK(state.st_mode) else ''
    except OSError:
        return None  # Gone between the listing and the look.
    kind = next((kind for fits, kind in _KINDS if fits(state.st_mode)), None)
    if kind is None:
        return None  # A device or socket is no file of the session.
    path = path_text(f'{prefix}/{name}' if prefix else name)
    size = state.st_size if kind == pb.TreeEntry.KIND_FILE else 0
    return pb.TreeEntry(
        path=path, kind=kind, size=size, mode=state.st_mode & 0o7777, target=path_text(target)
    )


async def write(parts: Parts, requests: AsyncIterator[pb.WriteFileChunk]) -> tuple[int, str]:
    """Size and hash of the file, which readers see only when it is whole."""
    first = await first_with_header(requests)
    header = first.header
    path = relative_path('path', header.path)
    if path.count('/') >= DEEPEST:
        raise invalid('path', f'lies deeper than the {DEEPEST} folders that a workspace may have')
    session = parts.sessions.fenced(header.session_id, header.epoch)
    check_floor(parts.settings, f'File [{path[:200]}]')
    if parts.executions.running_of(session.id):
        raise HostError(
            grpc.StatusCode.FAILED_PRECONDITION,
            'WORKSPACE_BUSY',
            f'An execution runs in the workspace of session [{session.id}]; wait for its end.',
        )
    async with session.lock, parts.kernels.still(session.id):
        parts.sessions.check_has(session)
        root = parts.sessions.workspace(session.id)
        use = await asyncio.to_thread(use_of, root)
        held = await asyncio.to_thread(held_without_name, parts.kernels.inits_of(session.id), root)
        if use.files >= session.limits.workspace_files:
            raise quota(
                'workspace_files',
                session.limits.workspace_files,
                'The workspace holds no more files; delete what is not needed.',
            )
        parts.sessions.mark(session, DIRTY)
        session.stock = None
        left = session.limits.workspace_bytes - use.bytes - held.use.bytes
        try:
            place = await asyncio.to_thread(_Place, root, path, session)
        except OSError as error:
            raise invalid(
                'path', f'[{path}] cannot be written: {error.strerror}; no part of it may be a link'
            ) from error
        try:
            return await _fill(place, first, requests, header, left)
        finally:
            place.close()


async def _fill(
    place: _Place,
    first: pb.WriteFileChunk,
    requests: AsyncIterator[pb.WriteFileChunk],
    header: pb.WriteFileHeader,
    left: int,
) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    async for data in data_of(first, requests):
        size += len(data)
        if size > left:
            raise quota(
                'workspace_bytes', left, 'The workspace holds no more bytes; delete what is not needed.'
            )
        digest.update(data)
        await asyncio.to_thread(place.write, data)
    if header.sha256 and digest.hexdigest() != header.sha256:
        raise HostError(
            grpc.StatusCode.ABORTED,
            'CONTENT_MISMATCH',
            f'The bytes of [{header.path}] are not the announced ones; send them again.',
        )
    try:
        await asyncio.to_thread(place.finish, header.mode)
    except OSError as error:
        raise invalid('path', f'[{header.path}] cannot be written: {error.strerror}') from error
    return size, digest.hexdigest()


class _Place:
    """A file under a name of its own beside its target, given to the lease's uid; renamed when it is whole."""

    def __init__(self, root: Path, path: str, session: Session) -> None:
        self._owner = session.uid if os.geteuid() == 0 else None
        folder, _, self._name = path.rpartition('/')
        self._part = f'.{secrets.token_hex(8)}.part'
        self._folder = self._open_folder(root, folder)
        self._file = os.open(
            self._part,
            os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC,
            0o600,
            dir_fd=self._folder,
        )
        self._whole = False

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]

    def finish(self, mode: int) -> None:
        if self._owner is not None:
            os.fchown(self._file, self._owner, self._owner)
        os.fchmod(self._file, (mode or 0o644) & 0o777)
        os.rename(self._part, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._whole = True

    def close(self) -> None:
        os.close(self._file)
        if not self._whole:
            os.unlink(self._part, dir_fd=self._folder)
        os.close(self._folder)

    def _open_folder(self, root: Path, folder: str) -> int:
        """Opened step by step, each step made where it is missing."""
        current = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for name in folder.split('/') if folder else ():
            try:
                os.mkdir(name, 0o755, dir_fd=current)
                if self._owner is not None:
                    os.chown(name, self._owner, self._owner, dir_fd=current, follow_symlinks=False)
            except FileExistsError:
                pass  # What it is shows when it is opened.
            try:
                child = open_beneath(current, name, os.O_RDONLY | os.O_DIRECTORY)
            finally:
                os.close(current)
            current = child
        return current
