"""Who is served first on a busy machine: the host, which watches, before the code that is watched.

A look that comes late is a workspace that grows meanwhile. All threads of the host share Python's lock, so one that
waits for a core while it holds that lock makes every other one wait, whatever its own priority is.
"""

from __future__ import annotations

import os
import sys
import threading

_HOST, _WATCH = -10, -15
_LOCK_S = 0.001
"""For so long a thread of the host may hold Python's lock while another one wants it."""


def favour_host() -> None:
    """Before the first other thread, which takes this over. Only root may; a user's host is as quick as it can."""
    sys.setswitchinterval(_LOCK_S)
    _set(_HOST)


def favour_watch() -> None:
    """The calling thread before the host's others."""
    _set(_WATCH)


def be_usual() -> None:
    """In what the host starts: code in a sandbox has the priority that it would have anyway."""
    _set(0)


def _set(nice: int) -> None:
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
