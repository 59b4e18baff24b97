"""What no kernel limit holds is watched: the size of a workspace, and the CPU time of an execution."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .isolation.memory import processes_of
from .kernel import Cell
from .settings import Settings
from .workspace import DEEPEST, use_of

if TYPE_CHECKING:
    from .execution import Execution

_SLOWEST_WATCH = 20
_TICKS = os.sysconf('SC_CLK_TCK')


async def watch(execution: Execution, workspace: Path, settings: Settings) -> None:
    """Ends the execution when it exceeds one of them; otherwise runs until it is cancelled."""
    pause = settings.quota_interval_s
    before_s = await asyncio.to_thread(_cpu_seconds, execution)
    while not execution.wishes.quota:
        await asyncio.sleep(pause)
        begun = time.monotonic()
        execution.wishes.quota = await _workspace_excess(execution, workspace) or await _cpu_excess(
            execution, before_s
        )
        pause = max(settings.quota_interval_s, _SLOWEST_WATCH * (time.monotonic() - begun))
    if execution.run:
        execution.run.kill()


async def _workspace_excess(execution: Execution, workspace: Path) -> str:
    limits = execution.order.limits
    use = await asyncio.to_thread(use_of, workspace)
    if use.too_deep:
        text = f'folders deeper than the {DEEPEST} levels'
    elif use.bytes > limits.workspace_bytes:
        text = f'{use.bytes:,} bytes, more than the {limits.workspace_bytes:,} bytes'
    elif use.files > limits.workspace_files:
        text = f'{use.files:,} files, more than the {limits.workspace_files:,} files'
    else:
        return ''
    return f'Stopped: the workspace holds {text} it may hold. Delete what is not needed or write less.'


async def _cpu_excess(execution: Execution, before_s: float) -> str:
    most = execution.order.cpu_s
    if not most or await asyncio.to_thread(_cpu_seconds, execution) - before_s <= most:
        return ''
    return (
        f'Stopped after {most:g} s of CPU time, what one execution may use. '
        'Work on a sample, use fewer rounds or folds, or split the work into several executions.'
    )


def _cpu_seconds(execution: Execution) -> float:
    """Of all processes of its namespace, those included that have ended."""
    run = execution.run
    if run is None or not execution.order.cpu_s:
        return 0.0
    total = 0
    for pid in processes_of(run.kernel.run.pid if isinstance(run, Cell) else run.pid):
        try:
            with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as stat:
                fields = stat.read().rpartition(')')[2].split()
        except OSError:
            continue  # It has ended; its parent counts it.
        total += sum(int(fields[index]) for index in (11, 12, 13, 14))
    return total / _TICKS
