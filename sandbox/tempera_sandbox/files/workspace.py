"""The host's own hands in workspaces and datasets: every name is opened beneath its folder, through no link.

The host may be root, the tree is hostile: nothing here follows a path that the tree could have bent.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import grpc

from ..errors import HostError, invalid, not_found
from .scanner import DEEPEST, open_beneath

PIECE = 256 * 1024
_ENDLESS = 1 << 62
_PAGE = bytes(4096)


def open_file(root: Path, path: str) -> tuple[int, os.stat_result]:
    """A regular file of the tree for reading; NOT_FOUND or INVALID_ARGUMENT otherwise."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        descriptor = open_beneath(folder, path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise not_found('file', path, 'the session has no such file.') from error
        raise invalid(
            'path', f'[{path}] cannot be read: {error.strerror}; it must be a file of the session'
        ) from error
    finally:
        os.close(folder)
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        raise invalid('path', f'[{path}] is no regular file')
    return descriptor, state


def digest_of(descriptor: int) -> str:
    digest, position = hashlib.sha256(), 0
    while piece := os.pread(descriptor, 1024 * 1024, position):
        digest.update(piece)
        position += len(piece)
    return digest.hexdigest()


def whole_span(_: int, offset: int, length: int) -> Iterator[tuple[int, int]]:
    """(from, to) of what was asked for; `length` 0 = to the end."""
    yield offset, offset + length if length else _ENDLESS


def data_spans(descriptor: int, offset: int, length: int) -> Iterator[tuple[int, int]]:
    """(from, to) of each part that is no hole; what a file system does not tell of counts as data."""
    position, (_, end) = offset, next(whole_span(descriptor, offset, length))
    while position < end:
        try:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # Nothing but a hole from here on.
                return
            raise
        stop = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, min(stop, end)
        position = stop


def pieces(descriptor: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """(position, bytes) of the spans, as far as the file goes."""
    for start, end in spans:
        position = start
        while position < end and (piece := os.pread(descriptor, min(PIECE, end - position), position)):
            yield position, piece
            position += len(piece)


def empty(root: Path) -> None:
    """Removes all that a tree holds; the folder itself stays."""
    _shorten(root)
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)


def remove(root: Path) -> None:
    """The folder with all that it holds; quietly when there is none."""
    if root.is_dir():
        empty(root)
        root.rmdir()


def _shorten(root: Path) -> None:
    """Brings folders at DEEPEST up to the top, where no path and no recursion is too long for them.

    Scripts may have taken their own right to write from a folder, which only root does not need: it is given back.
    """
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    todo = ['.']
    try:
        while todo:
            for folder, folders, _, descriptor in os.fwalk(todo.pop(), dir_fd=top):
                if os.geteuid() != 0:
                    _open_up(descriptor, folders)
                if folder.count('/') >= DEEPEST:
                    for name in folders:
                        todo.append(f'.removed-{uuid.uuid4()}')
                        os.rename(name, todo[-1], src_dir_fd=descriptor, dst_dir_fd=top)
                    folders.clear()
    finally:
        os.close(top)


def open_up(root: Path) -> None:
    """Gives their owner back the right to enter each folder of a tree, and leaves their other rights as they are."""
    for _, folders, _, descriptor in os.fwalk(root):
        for name in folders:
            folder = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=descriptor)
            try:
                mode = os.fstat(folder).st_mode
                if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
                    os.chmod(f'/proc/self/fd/{folder}', stat.S_IMODE(mode) | 0o700)
            finally:
                os.close(folder)


def _open_up(parent: int, folders: list[str]) -> None:
    os.fchmod(parent, 0o700)
    for name in folders:
        folder = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
        try:
            if stat.S_ISDIR(os.fstat(folder).st_mode):  # A link to a folder is listed as one.
                os.chmod(f'/proc/self/fd/{folder}', 0o700)
        finally:
            os.close(folder)


class TreeWriter:
    """Fills an emptied workspace. Files are made with O_EXCL beneath its descriptor and given to its uid."""

    def __init__(self, root: Path, uid: int) -> None:
        self._uid = uid
        self._chown = os.geteuid() == 0
        self._folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self.bytes = 0

    def folder(self, path: str, mode: int) -> None:
        parent, name = self._parent(path)
        try:
            os.mkdir(name, 0o700, dir_fd=parent)
            self._give(name, parent)
            os.chmod(name, (mode or 0o755) & 0o777 | 0o700, dir_fd=parent)
        finally:
            os.close(parent)

    def link(self, path: str, target: str) -> None:
        parent, name = self._parent(path)
        try:
            os.symlink(target, name, dir_fd=parent)
            self._give(name, parent)
        finally:
            os.close(parent)

    def file(self, path: str) -> None:
        """An empty file; `write` fills it, `finish` checks it and sets its mode."""
        descriptor = open_beneath(self._folder, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if self._chown:
                os.fchown(descriptor, self._uid, self._uid)
        finally:
            os.close(descriptor)

    def write(self, path: str, offset: int, data: bytes, has_holes: bool = False) -> None:
        """With holes, pages of zeros are left out: `finish` gives the file its size."""
        descriptor = open_beneath(self._folder, path, os.O_WRONLY | os.O_NONBLOCK)
        try:
            for start, end in _filled(data) if has_holes else ((0, len(data)),):
                written = start
                while written < end:
                    written += os.pwrite(descriptor, data[written:end], offset + written)
                self.bytes += end - start
        finally:
            os.close(descriptor)

    def finish(self, path: str, mode: int, size: int, sha256: str) -> None:
        """ABORTED (DATA_LOSS has no retry) when the bytes that came are not the manifest's."""
        descriptor = open_beneath(self._folder, path, os.O_RDWR | os.O_NONBLOCK)
        try:
            os.fchmod(descriptor, (mode or 0o644) & 0o777)
            os.ftruncate(descriptor, size)
            whole = digest_of(descriptor) == sha256
        finally:
            os.close(descriptor)
        if not whole:
            raise HostError(
                grpc.StatusCode.ABORTED,
                'CONTENT_MISMATCH',
                f'The bytes of [{path}] are not those of the checkpoint; send them again.',
                {'path': path},
            )

    def close(self) -> None:
        os.close(self._folder)

    def _parent(self, path: str) -> tuple[int, str]:
        parent, _, name = path.rpartition('/')
        flags = os.O_RDONLY | os.O_DIRECTORY
        return (open_beneath(self._folder, parent, flags) if parent else os.dup(self._folder)), name

    def _give(self, name: str, parent: int) -> None:
        if self._chown:
            os.chown(name, self._uid, self._uid, dir_fd=parent, follow_symlinks=False)


def _filled(data: bytes) -> Iterator[tuple[int, int]]:
    """(from, to) of the runs of pages that are not all zeros."""
    start = None
    for position in range(0, len(data), len(_PAGE)):
        page = data[position : position + len(_PAGE)]
        if page == _PAGE[: len(page)]:
            if start is not None:
                yield start, position
            start = None
        elif start is None:
            start = position
    if start is not None:
        yield start, len(data)
