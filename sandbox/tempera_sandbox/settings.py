"""What the host is set to: paths below its home, limits, intervals. Given to everything as one value."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .isolation import Policy

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


def _default_memory() -> int:
    total = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    return max(GIBIBYTE, total * 6 // 10)


@dataclass(frozen=True)
class RunLimits:
    """Limits of one execution; a request's 0 takes the host's."""

    memory_bytes: int = field(default_factory=_default_memory)
    workspace_bytes: int = 10 * GIBIBYTE
    workspace_files: int = 100_000
    processes: int = 512
    output_bytes: int = MEBIBYTE
    tmp_bytes: int = GIBIBYTE


@dataclass(frozen=True)
class Settings:
    """`home` holds everything that the host keeps."""

    home: Path
    policy: Policy = 'required'
    cores: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    slots: int = 0
    """Executions at a time; 0: as many as there are cores."""
    limits: RunLimits = field(default_factory=RunLimits)
    most_sessions: int = 10_000
    most_queued: int = 1000
    detached_grace_s: float = 600.0
    """How long a running execution that nobody reads lives on."""
    interrupt_grace_s: float = 10.0
    timeout_grace_s: float = 2.0
    """Between the interrupt at the timeout and the kill: time for a traceback."""
    stream_timeout_s: float = 300.0
    tool_timeout_s: float = 30.0
    quota_interval_s: float = 1.0
    memory_interval_s: float = 0.1

    @property
    def run_slots(self) -> int:
        """How many executions may run at a time."""
        return self.slots or self.cores

    @property
    def package_root(self) -> Path:
        """The folder that holds the packages `tempera`, `trainable` and `tempera_sandbox`."""
        return Path(__file__).resolve().parent.parent

    @property
    def workspaces(self) -> Path:
        return self.home / 'workspaces'

    @property
    def datasets(self) -> Path:
        return self.home / 'datasets'

    @property
    def spools(self) -> Path:
        return self.home / 'spools'

    @property
    def sessions(self) -> Path:
        return self.home / 'sessions'

    @property
    def processes(self) -> Path:
        """Pid files."""
        return self.home / 'processes'

    @property
    def nothing(self) -> Path:
        """An empty folder, the workspace of tools that need none."""
        return self.home / 'nothing'

    def make_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.workspaces, self.datasets, self.spools, self.sessions, self.processes, self.nothing):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)

    def python_paths(self) -> tuple[Path, ...]:
        """What Python in a sandbox must be able to read besides the system's folders."""
        prefixes = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), Path(sys.prefix)}
        return (*sorted(prefixes), self.package_root / 'tempera', self.package_root / 'trainable')


def or_default(wanted: int, default: int) -> int:
    """A request's limit: 0 means the host's, and nobody gets more than the host's."""
    return min(wanted, default) if wanted else default
