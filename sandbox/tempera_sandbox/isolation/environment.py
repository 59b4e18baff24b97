"""The environment of an execution: nothing of the host's, so no secret of the host can be in it."""

from __future__ import annotations

import ctypes
import os

from .processes import stat_fields


def clean_environment(
    extra: dict[str, str] | None = None, path: str = '/usr/local/bin:/usr/bin:/bin'
) -> dict[str, str]:
    """A whole environment: locale, scratch folders below /tmp, quiet OpenMP; `extra` wins."""
    environment = {
        'PATH': path,
        'HOME': '/tmp',
        'TMPDIR': '/tmp',
        'USER': 'sandbox',
        'LOGNAME': 'sandbox',
        'SHELL': '/bin/sh',
        'LANG': 'C.UTF-8',
        'LC_ALL': 'C.UTF-8',
        'TZ': 'UTC',
        'MPLBACKEND': 'Agg',
        'MPLCONFIGDIR': '/tmp/matplotlib',
        'XDG_CACHE_HOME': '/tmp/cache',
        'JOBLIB_TEMP_FOLDER': '/tmp',
        'OMP_WAIT_POLICY': 'passive',
        'PYTHONDONTWRITEBYTECODE': '1',
        'PYTHONUNBUFFERED': '1',
        'PYTHONNOUSERSITE': '1',
    }
    return {**environment, **(extra or {})}


def apply_environment(environment: dict[str, str]) -> None:
    """Makes `environment` this process's whole environment, in /proc/self/environ as well.

    A forked process still shows the block its ancestor was started with there; it is overwritten, so that a
    secret that the host was started with cannot be read from it.
    """
    os.environ.clear()
    os.environ.update(environment)
    fields = stat_fields('self')
    start, end = int(fields[47]), int(fields[48])
    if 0 < start < end:
        ctypes.memset(start, 0, end - start)
