"""What a workspace takes of the disk: by the names in its tree, and by what processes hold without a name.

A file costs its blocks, so a hole costs nothing; each name of a file with several counts, as a checkpoint keeps each.
A file whose last name is gone lives on while anybody holds it: by a descriptor, a mapping, or in a message that waits
in a socket. The kernel lets nobody measure the last, and only root a mapping alone or a folder that its owner has shut:
those are `unseen`.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..isolation.processes import processes_of
from .scanner import BLOCK, DEEPEST, stamp_of

_ENTRIES_A_HEED = 256
_DELETED = ' (deleted)'
_WAITING = re.compile(rb'^scm_fds:\s*[1-9]', re.MULTILINE)


@dataclass(frozen=True)
class Use:
    """What a tree holds."""

    bytes: int
    files: int
    too_deep: bool = False
    """Folders go on below DEEPEST."""
    unseen: bool = False
    """It holds more than can be measured from here."""


@dataclass(frozen=True)
class Stock:
    """One look at a whole tree."""

    use: Use
    stamps: dict[str, str]
    """Path -> stamp of every file and link."""


@dataclass
class Held:
    """Files of one file system that processes hold and no folder names."""

    blocks: dict[int, int] = field(default_factory=dict)
    """Inode -> blocks."""
    unseen: bool = False
    """Somebody holds a file that cannot be measured from here."""

    @property
    def use(self) -> Use:
        return Use(sum(self.blocks.values()) * BLOCK, len(self.blocks), unseen=self.unseen)


def take_stock(root: Path, heed: Callable[[], None] = lambda: None) -> Stock:
    """What the tree holds, and the stamps by which a later look tells what changed. `heed` is called every few hundred
    entries; what it raises ends the look."""
    found: dict[str, str] = {}
    shut: list[OSError] = []
    blocks, count, too_deep = 0, 0, False
    for depth, folder, folders, files, descriptor in _walk(root, shut):
        prefix = os.path.relpath(folder, root) + '/' if depth else ''
        count += len(folders) + len(files)
        blocks += os.fstat(descriptor).st_blocks
        if depth >= DEEPEST and folders:
            too_deep = True
            folders.clear()
        for index, name in enumerate(files):
            if index % _ENTRIES_A_HEED == 0:
                heed()
            try:
                state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            except OSError as error:
                shut.append(error)
                continue
            found[prefix + name] = stamp_of(state)
            blocks += state.st_blocks
    # What is gone between the listing and the look is no more there.
    unseen = any(error.errno in (errno.EACCES, errno.EPERM) for error in shut)
    return Stock(Use(blocks * BLOCK, count, too_deep, unseen), found)


def use_of(root: Path, heed: Callable[[], None] = lambda: None) -> Use:
    """What the tree's names hold."""
    return take_stock(root, heed).use


def held_without_name(inits: Iterable[int], root: Path) -> Held:
    """What the processes below these inits hold of the file system on which `root` lies, each file once."""
    held = Held()
    device = os.stat(root).st_dev
    for init in inits:
        for pid in processes_of(init):
            tasks = [f'/proc/{pid}/task/{task}' for task in _names(f'/proc/{pid}/task')]
            for task in tasks:
                _descriptors(task, device, held)
            _mappings(f'/proc/{pid}', tasks, device, held)
    return held


def _walk(root: Path, shut: list[OSError]) -> Iterator[tuple[int, str, list[str], list[str], int]]:
    """os.fwalk with the depth first; whoever clears the folders goes no deeper. `shut` gets what cannot be entered."""
    levels = len(root.parts)
    for folder, folders, files, descriptor in os.fwalk(root, onerror=shut.append):
        yield len(Path(folder).parts) - levels, folder, folders, files, descriptor


def _descriptors(task: str, device: int, held: Held) -> None:
    """Of each thread, because one may have a table of its own."""
    for name in _names(f'{task}/fd'):
        try:
            target = os.readlink(f'{task}/fd/{name}')
            if target.startswith('socket:'):
                held.unseen = held.unseen or _holds_messages(f'{task}/fdinfo/{name}')
            elif target.endswith(_DELETED):
                _count(os.stat(f'{task}/fd/{name}'), device, held)
        except OSError:
            continue  # Closed meanwhile.


def _holds_messages(info: str) -> bool:
    """Whether descriptors wait in the socket for somebody to take them."""
    with open(info, 'rb') as file:
        return _WAITING.search(file.read()) is not None


def _mappings(process: str, tasks: list[str], device: int, held: Held) -> None:
    for line in _deleted_mappings(tasks):
        span, _, _, place, inode = line.split(maxsplit=5)[:5]
        if int(inode) in held.blocks or inode == '0':
            continue
        first, last = (int(word, 16) for word in span.split('-'))
        try:
            _count(os.stat(f'{process}/map_files/{first:x}-{last:x}'), device, held)
        except OSError:  # Not ours to see, its first thread has ended, or unmapped meanwhile.
            held.unseen = held.unseen or place == f'{os.major(device):02x}:{os.minor(device):02x}'


def _deleted_mappings(tasks: list[str]) -> list[str]:
    """Lines of what a process maps of files without a name, by its first thread that lives."""
    for task in tasks:
        try:
            with open(f'{task}/maps', encoding='utf-8', errors='surrogateescape') as listing:
                lines = listing.readlines()
        except OSError:
            continue  # It has ended.
        if lines:
            return [line for line in lines if line.rstrip('\n').endswith(_DELETED)]
    return []


def _count(state: os.stat_result, device: int, held: Held) -> None:
    if state.st_dev == device and state.st_nlink == 0 and stat.S_ISREG(state.st_mode):
        held.blocks[state.st_ino] = state.st_blocks


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # It has ended.
