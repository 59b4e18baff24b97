"""What no kernel limit holds is watched: here the CPU time of an execution; its workspace by disk_watch.py."""

from __future__ import annotations

import asyncio
import os

from ..isolation.processes import processes_of, stat_fields
from ..kernels.kernel import Cell
from ..settings import Settings
from .execution import Execution

_TICKS = os.sysconf('SC_CLK_TCK')


async def watch(execution: Execution, settings: Settings) -> None:
    """Ends the execution when it exceeds its CPU time; otherwise runs until it is cancelled."""
    if not execution.request.cpu_s:
        return
    before_s = await asyncio.to_thread(_cpu_seconds, execution)
    while not execution.interventions.quota:
        await asyncio.sleep(settings.quota_interval_s)
        execution.interventions.quota = execution.interventions.quota or await _cpu_excess(
            execution, before_s
        )
    if execution.process:
        execution.process.kill()


async def _cpu_excess(execution: Execution, before_s: float) -> str:
    most = execution.request.cpu_s
    if not most or await asyncio.to_thread(_cpu_seconds, execution) - before_s <= most:
        return ''
    return (
        f'Stopped after {most:g} s of CPU time, what one execution may use. '
        'Work on a sample, use fewer rounds or folds, or split the work into several executions.'
    )


def _cpu_seconds(execution: Execution) -> float:
    """Of all processes of its namespace, those included that have ended."""
    process = execution.process
    if process is None or not execution.request.cpu_s:
        return 0.0
    total = 0
    for pid in processes_of(process.kernel.process.pid if isinstance(process, Cell) else process.pid):
        try:
            fields = stat_fields(str(pid))
        except OSError:
            continue  # It has ended; its parent counts it.
        total += sum(int(fields[index]) for index in (11, 12, 13, 14))
    return total / _TICKS
