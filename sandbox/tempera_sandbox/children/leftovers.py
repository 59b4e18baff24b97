"""What a host that died may have left: its processes, its zygote, control groups. Ended before the new one serves.

A pid file carries the process's start time, so that a recycled pid is never taken for the predecessor.
"""

from __future__ import annotations

import logging
import os
import signal
import time

from ..isolation import remove_leftover_groups
from ..isolation.processes import stat_fields
from ..settings import Settings

_log = logging.getLogger('tempera_sandbox.leftovers')
_PATIENCE_S = 3.0


def write_process_file(settings: Settings, name: str, pid: int) -> None:
    (settings.processes / f'{name}.pid').write_text(f'{pid} {start_time(pid)}', encoding='ascii')


def remove_process_files(settings: Settings) -> None:
    for file in settings.processes.glob('*.pid'):
        file.unlink(missing_ok=True)


def end_predecessor(settings: Settings, owner: str) -> None:
    """Ends a host of the same home that still runs, then all it may have left."""
    for name in ('host', 'zygote'):
        _end(settings, name)
    remove_process_files(settings)
    for group in remove_leftover_groups(owner=owner):
        _log.warning('removed the leftover group %s', group)
    for part in settings.home.glob('dataset-*.part'):
        part.unlink()


def start_time(pid: int) -> str:
    """Clock ticks since boot at which the process began; '' when there is none."""
    try:
        return stat_fields(str(pid))[19]
    except (OSError, IndexError):
        return ''


def _end(settings: Settings, name: str) -> None:
    try:
        pid_text, began = (settings.processes / f'{name}.pid').read_text(encoding='ascii').split()
    except (OSError, ValueError):
        return
    pid = int(pid_text)
    if pid == os.getpid() or not began or start_time(pid) != began:
        return
    _log.warning('ending the former %s, process %d', name, pid)
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if _gone(pid, began):
            return


def _gone(pid: int, began: str) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if start_time(pid) != began:
            return True
        time.sleep(0.02)
    return False
