"""The checkpoint's scanner: a workspace's tree, read by the lease's own identity.

1. Every name is opened with openat2 relative to its folder's descriptor, RESOLVE_BENEATH and NO_SYMLINKS: a link put
   in the way between two looks leads nowhere.
2. Links are recorded, never followed. Devices, sockets, fifos and unreadable files are refused with their reason.
3. A file whose inode, size and ctime are as known is not read again; ctime cannot be set by its owner.

4. Names are any bytes (path_text.py); a file with holes says what it takes, and only that counts.

Lines: {"path", "kind", "size", "sha256", "mode", "target", "stamp", "allocated"} and {"refused": "path: reason"}.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import resource
import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .path_text import path_text

_OPENAT2 = 437
_RESOLVE_NO_XDEV, _RESOLVE_NO_MAGICLINKS, _RESOLVE_NO_SYMLINKS, _RESOLVE_BENEATH = 1, 2, 4, 8
_BENEATH = _RESOLVE_NO_MAGICLINKS | _RESOLVE_NO_SYMLINKS | _RESOLVE_BENEATH
_PIECE = 1024 * 1024
_MOST_ENTRIES = 500_000
DEEPEST = 64
"""Levels of folders that a workspace may have; what lies deeper is neither looked at nor kept."""
BLOCK = 512
"""Bytes of what st_blocks counts."""
_HOLE = 64 * 1024
"""Bytes that a file must lack to count as one with holes."""
MOST_APPARENT = 4
"""So many times what a workspace may hold is hashed at most, holes included."""
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def open_beneath(folder: int, path: str, flags: int, mode: int = 0) -> int:
    """openat2 that can neither leave the folder nor pass a link; OSError (ELOOP, EXDEV) when it would."""
    how = struct.pack('=QQQ', flags | os.O_CLOEXEC, mode, _BENEATH)
    result = _libc.syscall(ctypes.c_long(_OPENAT2), folder, os.fsencode(path), how, ctypes.c_size_t(len(how)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
    return int(result)


def scan(root: Path, known: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """The whole tree, parents before children, names in order. `known`: text of a path -> [stamp, sha256]."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield from _folder(
            descriptor, '', known, [_MOST_ENTRIES, _most_bytes(), MOST_APPARENT * _most_bytes()], 0
        )
    finally:
        os.close(descriptor)


def _most_bytes() -> int:
    """What a workspace may hold is the limit of one file too; half as much again is the most that it ever holds."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return 1 << 60 if limit == resource.RLIM_INFINITY else limit * 3 // 2


def _folder(
    folder: int,
    prefix: str,
    known: dict[str, list[Any]],
    left: list[int],
    depth: int,
) -> Iterator[dict[str, Any]]:
    for name in sorted(os.listdir(folder)):
        path = prefix + name
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST:
            yield {
                'refused': f'{path_text(path)}: the tree is larger than {_MOST_ENTRIES} entries or {DEEPEST} levels'
            }
            return
        try:
            state = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(state.st_mode):
                yield {'path': path_text(path), 'kind': 'directory', 'mode': stat.S_IMODE(state.st_mode)}
                inner = open_beneath(folder, name, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    yield from _folder(inner, path + '/', known, left, depth + 1)
                finally:
                    os.close(inner)
            else:
                if stat.S_ISREG(state.st_mode) and not _fits(state, left):
                    yield {
                        'refused': f'{path_text(path)}: with it the files would be larger than a workspace may be'
                    }
                    continue
                yield _entry(folder, name, path_text(path), state, known)
        except OSError as error:
            yield {'refused': f'{path_text(path)}: {error.strerror}'}


def _fits(state: os.stat_result, left: list[int]) -> bool:
    """Takes the file from what is left: of bytes, and of bytes and holes together, which have to be hashed."""
    taken = min(state.st_blocks * BLOCK, state.st_size)
    if taken > left[1] or state.st_size > left[2]:
        return False
    left[1] -= taken
    left[2] -= state.st_size
    return True


def _entry(
    folder: int, name: str, path: str, state: os.stat_result, known: dict[str, list[Any]]
) -> dict[str, Any]:
    if stat.S_ISLNK(state.st_mode):
        return {
            'path': path,
            'kind': 'link',
            'mode': 0o777,
            'target': path_text(os.readlink(name, dir_fd=folder)),
        }
    if not stat.S_ISREG(state.st_mode):
        return {'refused': f'{path}: a {_kind(state.st_mode)} cannot be kept'}
    descriptor = open_beneath(folder, name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            return {'refused': f'{path}: a {_kind(state.st_mode)} cannot be kept'}
        stamp = stamp_of(state)
        before = known.get(path)
        digest = before[1] if before and before[0] == stamp else _digest(descriptor)
        return _holes(state) | {
            'path': path,
            'kind': 'file',
            'size': state.st_size,
            'sha256': digest,
            'mode': stat.S_IMODE(state.st_mode),
            'stamp': stamp,
        }
    finally:
        os.close(descriptor)


def _holes(state: os.stat_result) -> dict[str, int]:
    taken = state.st_blocks * BLOCK
    return {'allocated': max(taken, BLOCK)} if state.st_size - taken >= _HOLE else {}


def stamp_of(state: os.stat_result) -> str:
    """What tells whether a file may have changed."""
    return f'{state.st_ino}:{state.st_size}:{state.st_ctime_ns}'


def _digest(descriptor: int) -> str:
    digest = hashlib.sha256()
    buffer = bytearray(_PIECE)
    while count := os.readv(descriptor, [buffer]):
        digest.update(memoryview(buffer)[:count])
    return digest.hexdigest()


def _kind(mode: int) -> str:
    for test, name in (
        (stat.S_ISSOCK, 'socket'),
        (stat.S_ISFIFO, 'fifo'),
        (stat.S_ISCHR, 'device'),
        (stat.S_ISBLK, 'device'),
    ):
        if test(mode):
            return name
    return 'special file'
