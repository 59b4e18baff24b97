"""pid 1 of a confined process: builds what confines it, becomes the user process, reaps and reports.

The order, which must not change: join the control group (host's tree still there), build the tree and mount /proc
as the identity that owns the namespaces, then give up root, then the user namespace, capabilities, no_new_privs, and
only then PR_SET_PDEATHSIG (changing ids clears it). Landlock and seccomp follow in the user process, which is
therefore in a deeper Landlock domain than init and may not look into it or signal it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from . import identity, landlock, rights, seccomp, system_calls, tree
from .model import Confinement, Inside


def accept_interrupts() -> None:
    """Lets an interrupt in, in the user process: for the caller of `spawn`, once nothing of its own can be unwound."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@dataclass(frozen=True)
class Caller:
    """Of the process that called `spawn`, taken before the clone: in a new user namespace without a map every id reads
    as nobody."""

    pidfd: int
    uid: int
    gid: int


class Init:
    """pid 1. Every step is timed and named so that a refusal says which layer failed."""

    def __init__(
        self,
        confinement: Confinement,
        layers: tuple[str, ...],
        report: int,
        caller: Caller,
        started: float,
    ):
        self._confinement = confinement
        self._layers = layers
        self._report = report
        self._caller = caller
        self._root = caller.uid == 0
        self._started = started
        self._born = time.perf_counter()
        self._forking = self._born
        self._times: dict[str, float] = {}

    def run(self, keep: tuple[int, ...]) -> Inside:
        """Returns only in the user process; init itself ends here."""
        step = 'init'
        try:
            gc.disable()
            self._close_others(keep)
            for step, action in self._steps():
                begun = time.perf_counter()
                action()
                self._times[step] = round((time.perf_counter() - begun) * 1000, 3)
            # init stays unreadable to the user, who has the same uid; the user process lifts it for itself.
            system_calls.prctl(system_calls.PR_SET_DUMPABLE, 0)
            step = 'fork'
            self._times['clone'] = round((self._born - self._started) * 1000, 3)
            self._forking = time.perf_counter()
            ready_read, ready_write = os.pipe2(os.O_CLOEXEC)
            user = os.fork()
        except BaseException as error:  # init must never return into the caller's code.
            self._fail(step, error)
        if user == 0:
            os.close(ready_read)
            return self._become_user(ready_write)
        os.close(ready_write)
        self._reap(user, ready_read)

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        applied, confinement = self._layers, self._confinement
        steps: list[tuple[str, Callable[[], None]]] = []
        if confinement.group:
            steps.append(('group', confinement.group.join))
        if not self._root and 'user' in applied:
            steps.append(('user', self._map_own))
        if 'uts' in applied:
            steps.append(('uts', self._set_hostname))
        if 'network' in applied and confinement.loopback:
            steps.append(('network', rights.raise_loopback))
        if 'mount' in applied:
            steps.append(('mount', lambda: tree.build(confinement, 'pid' in applied)))
        if self._root and applied:
            steps.append(('user', self._leave_root))
        if applied:
            steps.append(('capabilities', rights.drop_rights))
        steps.append(('supervision', self._tie_to_caller))
        return steps

    def _map_own(self) -> None:
        identity.map_self(self._caller.uid, self._caller.gid)

    def _set_hostname(self) -> None:
        socket.sethostname(self._confinement.hostname)

    def _leave_root(self) -> None:
        uid = self._confinement.uid or 0
        gid = self._confinement.gid or uid
        identity.become(uid, gid)
        if 'user' in self._layers:
            system_calls.call('unshare', system_calls.CLONE_NEWUSER)
            identity.map_self(uid, gid)

    def _tie_to_caller(self) -> None:
        system_calls.set_name('tempera-init')
        system_calls.prctl(system_calls.PR_SET_PDEATHSIG, signal.SIGKILL)
        if 'pid' not in self._layers:
            system_calls.prctl(system_calls.PR_SET_CHILD_SUBREAPER, 1)
        poller = select.poll()
        poller.register(self._caller.pidfd, select.POLLIN)
        if poller.poll(0):
            os._exit(1)  # The caller died before it could be watched.
        os.close(self._caller.pidfd)

    def _close_others(self, keep: tuple[int, ...]) -> None:
        group = self._confinement.group
        joins = group.descriptors() if group else ()
        rights.close_all_but(0, 1, 2, *keep, *joins, self._report, self._caller.pidfd)

    def _become_user(self, ready: int) -> Inside:
        step = 'start'
        try:
            os.close(self._report)
            self._times['fork'] = round((time.perf_counter() - self._forking) * 1000, 3)
            for step, action in self._last_steps():
                begun = time.perf_counter()
                action()
                self._times[step] = round((time.perf_counter() - begun) * 1000, 3)
            total = round((time.perf_counter() - self._started) * 1000, 3)
            started = {'event': 'started', 'layers': list(self._layers), 'ms': total, 'steps': self._times}
            os.write(ready, json.dumps(started).encode())
            os.close(ready)
            gc.enable()
            return self._inside()
        except BaseException as error:  # Nothing may run with a layer missing.
            os.write(ready, json.dumps(_failure(step, error)).encode())
            os._exit(1)

    def _last_steps(self) -> list[tuple[str, Callable[[], None]]]:
        steps: list[tuple[str, Callable[[], None]]] = [
            ('session', rights.start_session),
            ('limits', self._limit),
        ]
        if 'landlock' in self._layers:
            steps.append(('landlock', self._landlock))
        if 'seccomp' in self._layers:
            steps.append(('seccomp', seccomp.deny))
        return steps

    def _limit(self) -> None:
        rights.set_limits(self._confinement.limits)

    def _landlock(self) -> None:
        landlock.restrict(self._rules(), deny_tcp=not self._confinement.loopback)

    def _inside(self) -> Inside:
        confinement = self._confinement
        if 'mount' in self._layers:
            return Inside(self._layers, confinement.workspace_target, confinement.datasets_target)
        os.chdir(confinement.workspace)
        return Inside(
            self._layers,
            str(confinement.workspace),
            str(confinement.datasets) if confinement.datasets else None,
        )

    def _rules(self) -> dict[str, int]:
        confinement, mounted = self._confinement, 'mount' in self._layers
        rules = dict.fromkeys(('/usr', '/bin', '/lib', '/lib64', '/proc', '/sys'), landlock.READ)
        # In the host's own tree /etc holds more than a lease should read.
        etc = (
            ('/etc',)
            if mounted
            else ('/etc/ld.so.cache', '/etc/localtime', '/etc/passwd', '/etc/group', '/etc/fonts')
        )
        rules |= dict.fromkeys(etc, landlock.READ)
        rules |= {f'/dev/{name}': landlock.DEVICE for name in ('null', 'zero', 'full', 'random', 'urandom')}
        rules |= {str(device): landlock.GPU for device in confinement.devices}
        rules |= {str(path): landlock.READ for path in confinement.read_only_paths}
        rules['/dev/shm'] = landlock.WRITE
        if mounted:
            rules |= {'/': landlock.LIST, '/tmp': landlock.WRITE}
        if confinement.datasets and confinement.datasets_target:
            rules[confinement.datasets_target if mounted else str(confinement.datasets)] = landlock.READ
        workspace = confinement.workspace_target if mounted else str(confinement.workspace)
        rules[workspace] = landlock.READ if confinement.read_only_workspace else landlock.WRITE
        return rules

    def _reap(self, user: int, ready: int) -> NoReturn:
        signal.signal(signal.SIGINT, lambda *_: _forward(user, signal.SIGINT))
        signal.signal(signal.SIGTERM, lambda *_: _forward(user, signal.SIGTERM))
        accept_interrupts()
        # Held here, the user's output would never end for its readers.
        rights.close_all_but(self._report, ready)
        first = os.read(ready, 4096)
        os.close(ready)
        if first:
            self._report_event(json.loads(first))
        while True:
            pid, status, usage = os.wait4(-1, 0)
            if pid == user:
                self._end(status, usage)

    def _end(self, status: int, usage: resource.struct_rusage) -> NoReturn:
        if 'pid' not in self._layers:
            rights.kill_descendants()
        code = os.waitstatus_to_exitcode(status)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._report_event(
            {
                'event': 'exited',
                'wait_status': status,
                'code': code if code >= 0 else None,
                'signal': -code if code < 0 else None,
                'user_s': children.ru_utime,
                'system_s': children.ru_stime,
                'peak_rss_bytes': max(usage.ru_maxrss, children.ru_maxrss) * 1024,
            }
        )
        os._exit(code if code >= 0 else 128 - code)

    def _fail(self, step: str, error: BaseException) -> NoReturn:
        try:
            self._report_event(_failure(step, error))
        finally:
            os._exit(1)

    def _report_event(self, event: dict[str, Any]) -> None:
        try:
            os.write(self._report, json.dumps(event).encode() + b'\n')
        except BrokenPipeError:
            pass  # Nobody listens any more; the end of init still ends everything.


def _forward(user: int, number: signal.Signals) -> None:
    try:
        os.killpg(user, number)
    except ProcessLookupError:
        pass  # It is ending; init sees it next.


def _failure(step: str, error: BaseException) -> dict[str, Any]:
    return {
        'event': 'failed',
        'layer': step,
        'errno': getattr(error, 'errno', None) or 0,
        'message': f'{type(error).__name__}: {error}',
    }
