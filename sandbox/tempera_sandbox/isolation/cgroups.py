"""Control groups of executions, version 1 or 2, below the host's own group, so that a limit on the host binds too.

Names carry `tempera-{owner}-{execution}`: `remove_leftover_groups` finds those of hosts that died.
Where neither version is writable there is no group, and the host watches memory itself (`memory_of`).
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_ROOT = Path('/sys/fs/cgroup')
_PREFIX = 'tempera-'


@dataclass(frozen=True)
class GroupLimits:
    """Limits on the whole execution together; None: none."""

    memory_bytes: int | None = None
    processes: int | None = None


class Group:
    """One execution's group. Folders are opened before the clone, so joining needs no path inside."""

    def __init__(self, folders: dict[str, Path], version: Literal[1, 2]):
        self._folders = folders
        self._version = version
        self._joins = (
            tuple(
                os.open(folder / 'cgroup.procs', os.O_WRONLY | os.O_CLOEXEC) for folder in _distinct(folders)
            )
            if version == 1
            else ()
        )
        self._clone = (
            os.open(next(iter(folders.values())), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            if version == 2
            else None
        )

    def clone_fd(self) -> int | None:
        """For CLONE_INTO_CGROUP (version 2), which costs nothing; None for version 1."""
        return self._clone

    def descriptors(self) -> tuple[int, ...]:
        return self._joins

    def join(self) -> None:
        """This process enters (version 1); version 2 entered at its birth."""
        for descriptor in self._joins:
            os.write(descriptor, b'0')
            os.close(descriptor)

    def close(self) -> None:
        """Closes the descriptors once the process is born."""
        for descriptor in (*self._joins, *(() if self._clone is None else (self._clone,))):
            os.close(descriptor)
        self._joins, self._clone = (), None

    def peak_bytes(self) -> int | None:
        """Most memory the execution ever held."""
        return self._number('memory', 'memory.max_usage_in_bytes', 'memory.peak')

    def memory_bytes(self) -> int | None:
        return self._number('memory', 'memory.usage_in_bytes', 'memory.current')

    def out_of_memory(self) -> bool:
        """Whether the kernel killed one of its processes for memory."""
        folder = self._folders.get('memory')
        if folder is None:
            return False
        text = _read(folder / ('memory.oom_control' if self._version == 1 else 'memory.events'))
        found = re.search(r'^oom_kill (\d+)', text, re.MULTILINE)
        return bool(found and int(found.group(1)))

    def cpu_seconds(self) -> float | None:
        """CPU time of the whole execution."""
        if self._version == 1:
            used = self._number('cpuacct', 'cpuacct.usage', '')
            return None if used is None else used / 1e9
        found = re.search(
            r'^usage_usec (\d+)', _read(next(iter(self._folders.values())) / 'cpu.stat'), re.MULTILINE
        )
        return int(found.group(1)) / 1e6 if found else None

    def processes(self) -> list[int]:
        return sorted(
            {
                int(word)
                for folder in _distinct(self._folders)
                for word in _read(folder / 'cgroup.procs').split()
            }
        )

    def kill(self) -> None:
        """Kills every process in it."""
        for folder in _distinct(self._folders):
            _kill_all(folder)

    def remove(self, deadline_s: float = 2.0) -> bool:
        """Removes it once its processes are gone (they are killed); False if some would not go in time."""
        self.close()
        gone = [_remove(folder, deadline_s) for folder in _distinct(self._folders)]
        return all(gone)

    def _number(self, controller: str, first: str, second: str) -> int | None:
        folder = self._folders.get(controller)
        text = _read(folder / (first if self._version == 1 else second)) if folder else ''
        return int(text) if text.strip().isdigit() else None


def create_group(execution: str, limits: GroupLimits, owner: str = 'host') -> Group | None:
    """A group for an execution, or None where this machine has none to give."""
    level = cgroup_level()
    if level is None:
        return None
    version, parents = level
    name = _PREFIX + re.sub(r'[^A-Za-z0-9_.-]', '_', f'{owner}-{execution}')
    folders = {controller: parent / name for controller, parent in parents.items()}
    for folder in _distinct(folders):
        folder.mkdir(exist_ok=True)
    for controller, file, value in _settings(version, limits):
        if controller in folders and value is not None:
            _write(folders[controller] / file, str(value))
    return Group(folders, version)


def cgroup_level() -> tuple[Literal[1, 2], dict[str, Path]] | None:
    """The version whose memory controller this process may use, and the parent folder of each controller."""
    own = _own_paths()
    parents: dict[str, Path] = {
        controller: _ROOT / controller / own[controller].lstrip('/')
        for controller in ('memory', 'pids', 'cpuacct')
        if controller in own and os.access(_ROOT / controller / own[controller].lstrip('/'), os.W_OK)
    }
    if 'memory' in parents:
        return 1, parents
    if '' not in own:
        return None
    for parent in _unified_parents(_ROOT / own[''].lstrip('/')):
        usable = _read(parent / 'cgroup.subtree_control').split()
        if 'memory' in usable and os.access(parent, os.W_OK):
            return 2, {
                controller: parent
                for controller in ('memory', 'pids', 'cpuacct')
                if controller in (*usable, 'cpuacct')
            }
    return None


def hasten_joins() -> None:
    """Makes this process join the group that it is in, so that a child soon joins its own at once (version 1).

    The first join after a pause waits a grace period of the kernel (about 10 ms); those that follow do not. Done
    beside a fork, the wait is over when the child joins.
    """
    level = cgroup_level()
    if level is None or level[0] != 1:
        return
    try:
        _write(level[1]['memory'] / 'cgroup.procs', '0')
    except OSError:
        return  # Only speed is lost.


def remove_leftover_groups(owner: str) -> list[str]:
    """Kills and removes the groups of a host that died. Names of those removed."""
    level = cgroup_level()
    removed = []
    for parent in set(level[1].values()) if level else ():
        for folder in parent.glob(f'{_PREFIX}{owner}*'):
            if _remove(folder, 2.0):
                removed.append(folder.name)
    return sorted(set(removed))


def _settings(version: int, limits: GroupLimits) -> list[tuple[str, str, int | None]]:
    if version == 1:
        return [
            ('memory', 'memory.limit_in_bytes', limits.memory_bytes),
            ('pids', 'pids.max', limits.processes),
        ]
    return [
        ('memory', 'memory.max', limits.memory_bytes),
        ('memory', 'memory.swap.max', 0),
        ('pids', 'pids.max', limits.processes),
    ]


def _own_paths() -> dict[str, str]:
    paths: dict[str, str] = {}
    for line in _read(Path('/proc/self/cgroup')).splitlines():
        _, controllers, path = line.split(':', 2)
        paths |= dict.fromkeys(controllers.split(','), path)
    return paths


def _unified_parents(own: Path) -> list[Path]:
    """Version 2 lets no group with processes have limited children: the own one may serve only where it is the
    root, else the one above it where the system delegated that (systemd: Delegate= with DelegateSubgroup=)."""
    try:
        delegated = os.getxattr(own.parent, 'user.delegate') == b'1'
    except OSError:
        delegated = False
    return [own, own.parent] if delegated else [own]


def _distinct(folders: dict[str, Path]) -> list[Path]:
    return list(dict.fromkeys(folders.values()))


def _kill_all(folder: Path) -> None:
    if (folder / 'cgroup.kill').exists():
        _write(folder / 'cgroup.kill', '1')
        return
    for word in _read(folder / 'cgroup.procs').split():
        try:
            os.kill(int(word), 9)
        except ProcessLookupError:
            continue  # It went by itself.


def _remove(folder: Path, deadline_s: float) -> bool:
    end = time.monotonic() + deadline_s
    while folder.exists():
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > end:
                return False
            _kill_all(folder)
            time.sleep(0.005)
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding='ascii')
    except OSError:
        return ''


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding='ascii')
