"""The words of this package: what is asked for (`Confinement`), what came of it (`Spawned`, `Inside`, `Layer`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .cgroups import Group

Policy = Literal['required', 'best', 'off']
Level = Literal['held', 'watched', 'missing']

MEBIBYTE = 1024 * 1024


class ConfinementError(Exception):
    """A layer that the policy requires could not be put in place; `layer` names it, `errno` is the kernel's."""

    def __init__(self, layer: str, message: str, errno: int = 0):
        super().__init__(f'cannot confine [{layer}]: {message}')
        self.layer = layer
        self.errno = errno


@dataclass(frozen=True)
class Limits:
    """Limits on each process of an execution, except `processes`, which counts all of its outer uid."""

    processes: int = 512
    """Processes and threads together (RLIMIT_NPROC). It does not bind for outer uid 0."""
    open_files: int = 4096
    file_bytes: int = 16 * 1024 * MEBIBYTE
    """Largest single file (RLIMIT_FSIZE)."""
    stack_bytes: int = 8 * MEBIBYTE
    cpu_seconds: int | None = None
    """CPU seconds of one process (RLIMIT_CPU: SIGXCPU, five seconds later SIGKILL); None: no limit."""
    nice: int = 10


@dataclass(frozen=True)
class Confinement:
    """All that an execution may see and use. Paths are the host's; `*_target` are where it sees them."""

    workspace: Path
    """Session folder. Must be writable by `uid`: see `hand_over`."""
    workspace_target: str
    """`/data/sessions/{session_id}`; the user process starts here."""
    datasets: Path | None = None
    datasets_target: str | None = None
    """`/data/datasets/{experiment_id}`, always read-only."""
    read_only_workspace: bool = False
    read_only_paths: tuple[Path, ...] = ()
    """Further trees seen read-only at their own absolute path (Python prefix, its base, the SDK). May lie below
    a folder the lease cannot traverse, such as /root. Paths below /usr are there already."""
    uid: int | None = None
    """Outer uid of the lease when the host is root (`lease_uid(index)`; one per session keeps its files its own);
    ignored otherwise."""
    gid: int | None = None
    """Outer gid; default: the same number as `uid`."""
    tmp_bytes: int = 1024 * MEBIBYTE
    tmp_inodes: int = 65_536
    shm_bytes: int = 1024 * MEBIBYTE
    """/dev/shm (multiprocessing, loky)."""
    limits: Limits = field(default_factory=Limits)
    policy: Policy = 'required'
    devices: tuple[Path, ...] = ()
    """Device nodes to show beside the minimal /dev, for example /dev/nvidia0."""
    loopback: bool = False
    """True brings the sandbox's own `lo` up and allows TCP on it; it is never the host's."""
    group: Group | None = None
    """Control group that init joins before anything else."""
    hostname: str = 'sandbox'


@dataclass(frozen=True)
class Spawned:
    """In the caller. `pid` is init's pid as the caller sees it."""

    pid: int
    pidfd: int
    report_fd: int


@dataclass(frozen=True)
class Inside:
    """In the user process (pid 2 of its namespace), fully confined, cwd = workspace_target."""

    layers: tuple[str, ...]
    workspace: str
    """Where the session's folder is seen: `workspace_target`, or the host's path where there is no mount namespace."""
    datasets: str | None


@dataclass(frozen=True)
class Layer:
    """One row of `doctor`. held: the kernel enforces it; watched: the host looks and kills; missing: nobody does."""

    name: str
    level: Level
    detail: str
    ms: float = 0.0
