"""Steps that lower what a process may do or holds; each is for init or the user process on its way in."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import socket
import struct

from . import system_calls
from .model import Limits

_CAPABILITIES_IRREVOCABLE = 0x2F
_OOM_SCORE = '800'


def set_limits(limits: Limits) -> None:
    """Limits of this process and all it starts; lowering the hard ones cannot be undone without rights."""
    resource_limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_STACK, limits.stack_bytes),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_SIGPENDING, 4096),
    ]
    for kind, most in resource_limits:
        hard = resource.getrlimit(kind)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))
    if limits.cpu_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 5))
    os.nice(limits.nice)


def drop_rights() -> None:
    """no_new_privs, no capabilities, and first in line when the machine runs out of memory."""
    system_calls.prctl(system_calls.PR_SET_NO_NEW_PRIVS, 1)
    try:
        system_calls.prctl(system_calls.PR_SET_SECUREBITS, _CAPABILITIES_IRREVOCABLE)
    except PermissionError:
        pass  # No capability to set them with, hence none to lock either.
    system_calls.drop_capabilities()
    with open('/proc/self/oom_score_adj', 'w', encoding='ascii') as score:
        score.write(_OOM_SCORE)


def start_session() -> None:
    """Its own process group, and signals as Python has them: SIGPIPE and SIGXFSZ stay ignored."""
    system_calls.prctl(system_calls.PR_SET_DUMPABLE, 1)
    os.setsid()
    system_calls.set_name('python')
    for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def close_all_but(*descriptors: int) -> None:
    """Closes every descriptor but these."""
    last = -1
    for descriptor in sorted(set(descriptors)):
        if descriptor > last + 1:
            os.closerange(last + 1, descriptor)
        last = descriptor
    os.closerange(last + 1, 1 << 20)


def kill_descendants() -> None:
    """Without a PID namespace init is the subreaper: what is left becomes its children, by generation."""
    path = f'/proc/self/task/{os.getpid()}/children'
    for _ in range(100):
        with open(path, encoding='ascii') as listing:
            children = [int(word) for word in listing.read().split()]
        if not children:
            return
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def raise_loopback() -> None:
    """Brings up the loopback interface of this network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        fcntl.ioctl(endpoint, 0x8914, struct.pack('16sh22x', b'lo', 1))
