"""What the service is made of: each rpc asks one or a few of these."""

from __future__ import annotations

from dataclasses import dataclass

from ..children.zygote_client import ZygoteClient
from ..executions.gpus import Gpus
from ..executions.slots import Slots
from ..executions.table import Executions
from ..isolation.state import IsolationState
from ..kernels.table import Kernels
from ..sessions import Sessions
from ..settings import Settings
from ..tool_calls.builtin import BuiltinTools
from ..tool_calls.registered import SessionTools
from .draining import Draining
from .heartbeats import Heartbeats


@dataclass(frozen=True)
class Parts:
    settings: Settings
    host_id: str
    sessions: Sessions
    executions: Executions
    builtin_tools: BuiltinTools
    zygote: ZygoteClient
    gpu_zygote: ZygoteClient | None
    """For executions on a GPU; None on a host without one."""
    isolation: IsolationState
    draining: Draining
    kernels: Kernels
    session_tools: SessionTools
    gpus: Gpus
    slots: Slots
    heartbeats: Heartbeats
