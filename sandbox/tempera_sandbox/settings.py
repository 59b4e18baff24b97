"""What the host is set to: paths below its home, limits, intervals. Given to everything as one value."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .isolation import Policy

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


def _default_memory() -> int:
    total = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    return max(GIBIBYTE, total * 6 // 10)


@dataclass(frozen=True)
class ExecutionLimits:
    """Limits of one execution; a request's 0 takes the host's."""

    memory_bytes: int = field(default_factory=_default_memory)
    workspace_bytes: int = 10 * GIBIBYTE
    workspace_files: int = 100_000
    processes: int = 512
    output_bytes: int = MEBIBYTE
    tmp_bytes: int = GIBIBYTE


@dataclass(frozen=True)
class Rates:
    """What one child may bring in a tick."""

    tick_s: float = 0.01
    lines: int = 800
    line_bytes: int = 256 * 1024
    """Of its control lines and the SDK's messages, which are parsed here."""
    output_bytes: int = 4 * 1024 * 1024
    """Of its output, which is passed on as it is."""


@dataclass(frozen=True)
class Settings:
    """`home` holds everything that the host keeps."""

    home: Path
    policy: Policy = 'required'
    cores: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    nvml: str = 'libnvidia-ml.so.1'
    """The library by which GPUs are found."""
    gpu_nodes: Path = Path('/dev')
    """Where the GPUs' device nodes are."""
    modules: str | None = None
    """What the zygote imports ahead, comma-separated; None: all that agents' code uses (zygote.py)."""
    slots: int = 0
    """Executions at a time; 0: as many as there are cores."""
    limits: ExecutionLimits = field(default_factory=ExecutionLimits)
    most_sessions: int = 10_000
    most_queued: int = 1000
    queue_timeout_s: float = 3600.0
    """How long an execution waits for its turn; one that gave up never runs."""
    executions_per_session: int = 100
    """That wait, run, or have an outcome that nobody has acknowledged."""
    most_cpu_s: float = 0.0
    """CPU seconds of one execution; 0: no limit but its time."""
    spare_children: int = 4
    """How many sessions have a child forked and confined ahead. Each holds about 10 MiB and gives its session's next
    execution its first byte 10 to 20 ms earlier; more of them than sessions that work at a time is waste."""
    most_spooled: int = 256 * MEBIBYTE
    """Metrics, charts and rich logs of one execution, which lie on the host's disk until they are acknowledged."""
    script_line_bytes: int = 128 * 1024
    """Longest line that foreign code may write to the host's own pipe; a longer one is dropped."""
    tick_s: float = 0.01
    """What the pipes of one child bring in a tick is bounded by the next three; beyond them the child waits."""
    tick_lines: int = 800
    tick_line_bytes: int = 256 * 1024
    tick_output_bytes: int = 4 * MEBIBYTE
    detached_grace_s: float = 600.0
    """How long a running execution that nobody reads lives on."""
    interrupt_grace_s: float = 10.0
    timeout_grace_s: float = 2.0
    """Between the interrupt at the timeout and the kill: time for a traceback."""
    stream_timeout_s: float = 300.0
    tool_timeout_s: float = 30.0
    kernel_idle_s: float = 900.0
    """How long a living kernel waits for its next cell."""
    kernel_most_cells: int = 0
    """After so many a kernel is recycled; 0: never. So with its age, and its memory between cells."""
    kernel_most_age_s: float = 0.0
    kernel_most_idle_bytes: int = 0
    most_kernels: int = 32
    kernels_per_session: int = 2
    most_tools: int = 100
    """That one session may register."""
    tool_calls_per_session: int = 16
    most_tool_calls: int = 128
    tool_child_most_calls: int = 10_000
    """After so many the child of threaded tools is recycled."""
    heartbeat_s: float = 2.0
    heartbeats_missed: int = 3
    tool_idle_s: float = 60.0
    """How long the child of threaded tools waits for its next call."""
    caller_idle_s: float = 60.0
    """How long a caller may be silent in the middle of a stream that it sends."""
    least_free_bytes: int = GIBIBYTE
    """What executions leave free on the host's disk: below it those that write are stopped and none begins. Of a small
    disk a twentieth at most."""
    quota_interval_s: float = 1.0
    memory_interval_s: float = 0.1

    @property
    def execution_slots(self) -> int:
        """How many executions may run at a time."""
        return self.slots or self.cores

    @property
    def rates(self) -> Rates:
        """What one child's pipes may bring in a tick."""
        return Rates(self.tick_s, self.tick_lines, self.tick_line_bytes, self.tick_output_bytes)

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
        for folder in (
            self.workspaces,
            self.datasets,
            self.spools,
            self.sessions,
            self.processes,
            self.nothing,
        ):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)

    def python_paths(self) -> tuple[Path, ...]:
        """What Python in a sandbox must be able to read besides the system's folders."""
        prefixes = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), Path(sys.prefix)}
        return (*sorted(prefixes), self.package_root / 'tempera', self.package_root / 'trainable')


def with_values(settings: Settings, words: list[str]) -> Settings:
    """Settings with some numbers replaced, each as `name=number`. ValueError names what cannot be used."""
    values: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition('=')
        kind = type(getattr(settings, name, None))
        if kind not in (int, float):
            numbers = [
                key for key in Settings.__dataclass_fields__ if type(getattr(settings, key)) in (int, float)
            ]
            raise ValueError(f'--set {word}: there is no number [{name}]; there are: {", ".join(numbers)}.')
        try:
            values[name] = kind(text)
        except ValueError:
            raise ValueError(f'--set {word}: [{text}] is no number.') from None
        if values[name] < 0:
            raise ValueError(f'--set {word}: [{name}] must not be negative.')
    return replace(settings, **values)


def or_default(requested: int, default: int) -> int:
    """A request's limit: 0 means the host's, and nobody gets more than the host's."""
    return min(requested, default) if requested else default
