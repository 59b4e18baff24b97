"""Other processes: looking into them, signals, outliving the execution, rising above it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

from tempera_sandbox.isolation import system_calls

from ..confined import X86, system_call
from . import Scene, any_process, attempt, denied, holds_secret

_SECRET_BYTES = 32


@attempt("read secrets from another process's environment")
def _(scene: Scene) -> bool:
    return any_process(lambda pid: holds_secret(scene, f'/proc/{pid}/environ'))


@attempt("read secrets from another process's arguments")
def _(scene: Scene) -> bool:
    return any_process(lambda pid: holds_secret(scene, f'/proc/{pid}/cmdline'))


@attempt("read another process's memory (/proc/*/mem)")
def _(scene: Scene) -> bool:
    memory = os.open(f'/proc/{scene.victim}/mem', os.O_RDONLY)
    return scene.secret.encode() in os.pread(memory, _SECRET_BYTES, scene.victim_address)


def _transfer(scene: Scene, name: str) -> int:
    own = ctypes.create_string_buffer(scene.secret.encode(), _SECRET_BYTES)
    here = (ctypes.c_uint64 * 2)(ctypes.addressof(own), _SECRET_BYTES)
    there = (ctypes.c_uint64 * 2)(scene.victim_address, _SECRET_BYTES)
    return denied(name, scene.victim, ctypes.addressof(here), 1, ctypes.addressof(there), 1, 0)


@attempt("read another process's memory (process_vm_readv)")
def _(scene: Scene) -> int:
    return _transfer(scene, 'process_vm_readv')


@attempt("write another process's memory (process_vm_writev)")
def _(scene: Scene) -> int:
    return _transfer(scene, 'process_vm_writev')


@attempt('trace another process (ptrace)')
def _(scene: Scene) -> bool:
    return denied('ptrace', 0x4206, scene.victim, 0, 0) == 0


@attempt("take another process's descriptors (pidfd_getfd)")
def _(scene: Scene) -> int:
    return denied('pidfd_getfd', os.pidfd_open(scene.victim), 0, 0)


@attempt('signal a process of the host')
def _(scene: Scene) -> bool:
    os.kill(scene.victim, 0)
    return True


@attempt('signal every process there is')
def _(scene: Scene) -> bool:
    os.kill(-1, 0)
    return True


@attempt('signal the process that supervises it')
def _(scene: Scene) -> bool:
    os.kill(os.getppid(), 0)
    return True


@attempt('change the priority and limits of a process of the host')
def _(scene: Scene) -> bool:
    resource.prlimit(scene.victim, resource.RLIMIT_CORE)
    os.setpriority(os.PRIO_PROCESS, scene.victim, os.getpriority(os.PRIO_PROCESS, scene.victim))
    return True


@attempt('see which processes the host runs')
def _(scene: Scene) -> bool:
    return any_process(lambda pid: pid not in (1, os.getpid(), os.getppid()))


def _mark(scene: Scene) -> str:
    return f'out{scene.ground.folder.name[-10:]}'  # a new folder for each attempt and level


def _outlived(scene: Scene) -> bool:
    """Whether a process with the mark is there after its execution; it is ended."""
    end, found = time.monotonic() + 0.5, True
    while found and time.monotonic() < end:
        pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]
        found = False
        for pid in pids:
            try:
                found = found or _mark(scene) in Path(f'/proc/{pid}/comm').read_text()
            except OSError:
                continue
        time.sleep(0.01)
    for pid in pids if found else ():
        try:
            if _mark(scene) in Path(f'/proc/{pid}/comm').read_text():
                os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
    return found


def _stay(scene: Scene) -> None:
    """Leaves a process that lets go of all it could be found by but its name; returns when it bears that name."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            system_calls.set_name(_mark(scene))
            os.write(write, b'.')
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            os.closerange(0, 1024)
            time.sleep(60)
        os._exit(0)
    os.close(write)
    os.read(read, 1)


@attempt('leave a process behind', after=_outlived)
def _(scene: Scene) -> None:
    _stay(scene)


@attempt('kill its supervisor and live on', after=_outlived)
def _(scene: Scene) -> None:
    _stay(scene)
    os.kill(os.getppid(), signal.SIGKILL)


@attempt('become root by a program with the setuid bit')
def _(scene: Scene) -> bool:
    child = subprocess.Popen(
        ['su'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 0.3
        while time.monotonic() < end and child.poll() is None:
            status = Path(f'/proc/{child.pid}/status').read_text()
            ids = next(line for line in status.splitlines() if line.startswith('Uid:')).split()
            if ids[2] == '0':
                return True
        return False
    finally:
        child.kill()
        child.wait()


@attempt('become root by setuid(0)')
def _(scene: Scene) -> bool:
    os.setuid(0)
    return True


@attempt('raise its own limits')
def _(scene: Scene) -> bool:
    most = scene.ground.confinement.limits.processes * 2
    try:
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    except ValueError as error:
        raise PermissionError(1, str(error)) from error
    return True


@attempt('take real-time priority')
def _(scene: Scene) -> bool:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    return True


@attempt('make itself the last to be killed for memory')
def _(scene: Scene) -> bool:
    return Path('/proc/self/oom_score_adj').write_text('-900') > 0


@attempt("read the host's System V shared memory")
def _(scene: Scene) -> bool:
    if not scene.shared_key:
        raise OSError(38, 'no System V memory here')
    library = ctypes.CDLL(None, use_errno=True)
    library.shmat.restype = ctypes.c_void_p
    segment = library.shmget(scene.shared_key, 0, 0)
    if segment < 0:
        raise OSError(ctypes.get_errno(), 'shmget')
    return scene.secret.encode() == ctypes.string_at(library.shmat(segment, None, 0o10000), len(scene.secret))


@attempt('enter the namespaces of the host (setns)')
def _(scene: Scene) -> bool:
    return denied('setns', os.open(f'/proc/{scene.victim}/ns/net', os.O_RDONLY), 0) == 0


@attempt('make a user namespace (unshare)')
def _(scene: Scene) -> bool:
    return denied('unshare', 0x10000000) == 0


@attempt('make a mount namespace and mount in it')
def _(scene: Scene) -> bool:
    denied('unshare', 0x10000000 if os.geteuid() else 0x00020000)
    return denied('unshare', 0x00020000) == 0


@attempt('start a process in new namespaces (clone)')
def _(scene: Scene) -> bool:
    pid = system_call(56 if X86 else 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True
