"""System calls that Python does not offer, through the C library's `syscall`; every failure is an OSError.

PyDLL keeps the interpreter lock during a call: a process made by `clone_process` must come back as the thread that
holds it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

ARCHITECTURE = platform.machine()

CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
CLONE_NEWNS = 0x00020000
_CLONE_PIDFD = 0x00001000
_CLONE_CHILD_CLEARTID = 0x00200000
_CLONE_CHILD_SETTID = 0x01000000
_CLONE_INTO_CGROUP = 0x200000000

MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MNT_DETACH = 2

MOUNT_ATTR_RDONLY = 1
MOUNT_ATTR_NOSUID = 2
MOUNT_ATTR_NODEV = 4
MOUNT_ATTR_NOEXEC = 8
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
_PR_GET_TID_ADDRESS = 40
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_NUMBERS: dict[str, dict[str, int]] = {
    'x86_64': {'pivot_root': 155, 'unshare': 272, 'capset': 126, 'seccomp': 317},
    'aarch64': {'pivot_root': 41, 'unshare': 97, 'capset': 91, 'seccomp': 277},
}
_SAME_EVERYWHERE = {
    'clone3': 435,
    'mount_setattr': 442,
    'landlock_create_ruleset': 444,
    'landlock_add_rule': 445,
    'landlock_restrict_self': 446,
}

_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def supported() -> bool:
    """Whether this machine's architecture is one whose system call numbers are known here."""
    return ARCHITECTURE in _NUMBERS


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """One raw system call by name; raises OSError with the call's name."""
    number = _SAME_EVERYWHERE.get(name) or _NUMBERS[ARCHITECTURE][name]
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *wide)
    if result < 0:
        raise _last_error(name)
    return result


def prctl(option: int, *arguments: int) -> None:
    wide = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *wide) < 0:
        raise _last_error(f'prctl {option}')


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    done = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        data.encode() if data else None,
    )
    if done < 0:
        raise _last_error(f'mount {target}')


def unmount(target: str) -> None:
    if _libc.umount2(os.fsencode(target), MNT_DETACH) < 0:
        raise _last_error(f'umount {target}')


def set_mount_attributes(target: str, attributes: int, recursive: bool = True) -> None:
    """Adds MOUNT_ATTR_* to a mount (and all below it); the kernel never takes one away here."""
    packed = struct.pack('=QQQQ', attributes, 0, 0, 0)
    call(
        'mount_setattr',
        _AT_FDCWD,
        os.fsencode(target),
        _AT_RECURSIVE if recursive else 0,
        packed,
        len(packed),
    )


def clone_process(flags: int, cgroup_fd: int | None = None) -> tuple[int, int]:
    """Forks this single-threaded process into new namespaces; (pid, pidfd) here, (0, -1) in the child.

    The C library's fork handlers do not run, so the child may only do what a lone thread can, and fork properly
    before it runs foreign code. Its cached thread id is set right, so that abort() hits the right thread.
    """
    pidfd = ctypes.c_int(-1)
    thread_id = ctypes.c_void_p(0)
    flags |= _CLONE_PIDFD
    if _libc.prctl(_PR_GET_TID_ADDRESS, ctypes.byref(thread_id), 0, 0, 0) == 0 and thread_id.value:
        flags |= _CLONE_CHILD_SETTID | _CLONE_CHILD_CLEARTID
    if cgroup_fd is not None:
        flags |= _CLONE_INTO_CGROUP
    arguments = struct.pack(
        '=11Q',
        flags,
        ctypes.addressof(pidfd),
        thread_id.value or 0,
        0,
        17,
        0,
        0,
        0,
        0,
        0,
        cgroup_fd or 0,
    )
    pid = call('clone3', arguments, len(arguments))
    return pid, pidfd.value if pid else -1


def set_name(name: str) -> None:
    """What ps shows."""
    buffer = ctypes.create_string_buffer(name.encode()[:15])
    prctl(PR_SET_NAME, ctypes.addressof(buffer))


def drop_capabilities() -> None:
    """Empties every capability set of this process for good."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break
    header = struct.pack('=Ii', 0x20080522, 0)
    call('capset', ctypes.create_string_buffer(header, len(header)), bytes(24))


def _last_error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f'{what}: {os.strerror(number)}')
