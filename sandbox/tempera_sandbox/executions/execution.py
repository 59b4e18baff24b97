"""One execution: queued, running, ended. Its spool is all that readers see of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from ..children.process import ChildProcess
from ..errors import HostError
from ..kernels.kernel import Cell
from ..settings import ExecutionLimits
from .gpus import Gpu
from .outcome import Interventions
from .spool import Spool


@dataclass(frozen=True)
class ExecutionRequest:
    """What a caller asked for."""

    id: str
    session_id: str
    base: str
    code: str
    script_path: str
    timeout_s: float
    limits: ExecutionLimits
    environment: dict[str, str]
    kernel: str = ''
    """Name of the living kernel that it is a cell of; '': it has a process of its own."""
    gpus: int = 0
    """1: it runs on a GPU of its own."""
    kernel_generation: str = ''
    """The only one that will do; '': any."""
    affinity: str = ''
    cpu_s: float = 0.0
    """CPU seconds that it may use; 0: no limit."""
    trace_context: str = ''
    decisions: str = ''
    """What is in force, as JSON; '': nothing is written."""


@dataclass
class Execution:
    request: ExecutionRequest
    spool: Spool
    state: str = 'queued'
    refusal: HostError | None = None
    """Why it never started; its readers get this instead of chunks."""
    readers: int = 0
    process: ChildProcess | Cell | None = None
    interventions: Interventions = field(default_factory=Interventions)
    started_ns: int = 0
    code_runs: bool = False
    """The child has said so; its output may have come before that."""
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it runs, has ended or is refused: a reader's first chunk or error is due."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    interrupt_due: bool = False
    gpu: Gpu | None = None
    """Held from its turn in the queue to the end of its processes."""
    started_fields: dict[str, Any] = field(default_factory=dict)
    """What its Started says of the living kernel."""

    @property
    def id(self) -> str:
        return self.request.id
