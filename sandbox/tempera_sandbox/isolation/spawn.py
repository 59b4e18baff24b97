"""`spawn`: one call of the zygote that comes back a second time as the confined user process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable

from . import seccomp, system_calls, tree
from .init import Caller, Init
from .model import Confinement, ConfinementError, Inside, Spawned

LAYERS = ('user', 'mount', 'pid', 'network', 'ipc', 'uts', 'cgroup_namespace', 'landlock', 'seccomp')
REQUIRED = ('user', 'mount', 'pid', 'network', 'landlock')
CLONE_FLAGS = {
    'mount': system_calls.CLONE_NEWNS,
    'pid': system_calls.CLONE_NEWPID,
    'network': system_calls.CLONE_NEWNET,
    'ipc': system_calls.CLONE_NEWIPC,
    'uts': system_calls.CLONE_NEWUTS,
    'cgroup_namespace': system_calls.CLONE_NEWCGROUP,
}


def spawn(
    confinement: Confinement,
    keep: Iterable[int] = (),
    layers: Iterable[str] = LAYERS,
) -> Spawned | Inside:
    """Forks this single-threaded process into a confined one; see the package's docstring for who returns where.

    `keep`: descriptors beside 0, 1 and 2 that the user process gets. `layers`: those the machine gives
    (`probe`); with policy `off` none is used. Raises ConfinementError here if a required one is not
    among them or the kernel refuses the clone; what fails later arrives as a `failed` report.
    """
    applied = _layers_to_apply(confinement, layers)
    settled = tree.resolved(confinement)
    if 'seccomp' in applied:
        seccomp.program()  # Assembled once, here, so that each child inherits it.
    report_read, report_write = os.pipe2(os.O_CLOEXEC)
    caller = Caller(os.pidfd_open(os.getpid()), os.geteuid(), os.getegid())
    flags = sum(CLONE_FLAGS.get(layer, 0) for layer in applied)
    if 'user' in applied and caller.uid != 0:
        flags |= system_calls.CLONE_NEWUSER
    started = time.perf_counter()
    # An interrupt waits in init until it can pass it on, and in the user process until its caller lets it in.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pid, pidfd = system_calls.clone_process(flags, settled.group.clone_fd() if settled.group else None)
    except OSError as error:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(report_read)
        os.close(report_write)
        os.close(caller.pidfd)
        raise ConfinementError('namespaces', str(error), error.errno or 0) from error
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(report_write)
        os.close(caller.pidfd)
        return Spawned(pid, pidfd, report_read)
    return Init(settled, applied, report_write, caller, started).run(tuple(keep))


def kill(pidfd: int) -> None:
    """Ends init and with it every process of the namespace; quietly when they are gone."""
    _signal(pidfd, signal.SIGKILL)


def interrupt(pidfd: int) -> None:
    """^C for the user's process group; quietly when it is gone."""
    _signal(pidfd, signal.SIGINT)


def _signal(pidfd: int, number: signal.Signals) -> None:
    try:
        signal.pidfd_send_signal(pidfd, number)
    except ProcessLookupError:
        pass  # It ended by itself first: what was wanted.


def _layers_to_apply(confinement: Confinement, layers: Iterable[str]) -> tuple[str, ...]:
    if confinement.policy == 'off':
        return ()
    available = set(layers)
    if confinement.policy == 'required':
        for layer in REQUIRED:
            if layer not in available:
                raise ConfinementError(layer, 'this machine does not give it and the policy requires it')
    if os.geteuid() == 0 and not confinement.uid:
        raise ConfinementError('user', 'the host is root and the lease has no outer uid of its own')
    return tuple(layer for layer in LAYERS if layer in available)
