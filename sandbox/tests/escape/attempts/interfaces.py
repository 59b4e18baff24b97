"""The kernel's rarely used doors, by which others got out of containers."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from pathlib import Path

from . import Scene, attempt, denied, passes_the_check


@attempt('mount a file system')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('mount', b'none', b'.', b'no-such-type', 0, None), errno.ENODEV)


@attempt('open a file system by fsopen')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('fsopen', b'tmpfs', 0))


@attempt('change its root (pivot_root)')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('pivot_root', b'.', b'.'), errno.EINVAL, errno.EBUSY)


@attempt('put a key into the keyring')
def _(scene: Scene) -> bool:
    return denied('add_key', b'user', b'planted', b'x', 1, -2) > 0


@attempt('read the keyring')
def _(scene: Scene) -> bool:
    return denied('keyctl', 0, -3, 0) > 0


@attempt('use io_uring')
def _(scene: Scene) -> int:
    return denied('io_uring_setup', 1, bytes(120))


@attempt('load a program into the kernel (bpf)')
def _(scene: Scene) -> int:
    return denied('bpf', 0, struct.pack('=4I', 2, 4, 4, 1) + bytes(112), 128)


@attempt('watch the machine by perf_event_open')
def _(scene: Scene) -> int:
    return denied('perf_event_open', struct.pack('=IIQ', 1, 112, 1) + bytes(96), 0, -1, -1, 0)


@attempt('use userfaultfd')
def _(scene: Scene) -> int:
    return denied('userfaultfd', 0)


@attempt('watch files by fanotify')
def _(scene: Scene) -> int:
    return denied('fanotify_init', 0, 0)


@attempt('load another kernel (kexec)')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('kexec_load', 0, 0, None, 0x7FFF), errno.EINVAL)


@attempt('restart the machine (reboot)')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('reboot', 0, 0, 0, None), errno.EINVAL)


@attempt('load a kernel module')
def _(scene: Scene) -> bool:
    return passes_the_check(
        lambda: denied('init_module', None, 0, b''), errno.EFAULT, errno.ENOEXEC, errno.EINVAL
    )


@attempt('turn on swap')
def _(scene: Scene) -> bool:
    return passes_the_check(lambda: denied('swapon', b'/no-such-file', 0), errno.ENOENT)


@attempt("reach the machine's ports (ioperm)")
def _(scene: Scene) -> bool:
    return denied('ioperm', 0x80, 1, 0) == 0


@attempt('change the name of the machine')
def _(scene: Scene) -> bool:
    socket.sethostname(socket.gethostname())
    return True


@attempt("read the kernel's log")
def _(scene: Scene) -> bool:
    return denied('syslog', 3, bytes(4096), 4096) >= 0


@attempt('forge input to a terminal (TIOCSTI)')
def _(scene: Scene) -> bool:
    _leader, follower = os.openpty()
    fcntl.ioctl(follower, 0x540E, 0)
    return passes_the_check(lambda: fcntl.ioctl(follower, 0x5412, b'x'))


@attempt('change a setting of the kernel (/proc/sys)')
def _(scene: Scene) -> bool:
    os.close(os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY))
    return True


@attempt('press the magic key (sysrq-trigger)')
def _(scene: Scene) -> bool:
    if not os.path.exists('/proc/sysrq-trigger'):
        raise OSError(errno.ENODEV, 'not built into this kernel')
    target = os.stat('/proc/sysrq-trigger')
    os.close(os.open('/proc/sysrq-trigger', os.O_WRONLY))
    return target.st_rdev != os.makedev(1, 3)


@attempt('write to its control group')
def _(scene: Scene) -> list[str]:
    return _writable('/sys/fs/cgroup', ('cgroup.procs', 'tasks', 'release_agent'))


@attempt('change a device or the kernel by /sys')
def _(scene: Scene) -> list[str]:
    return _writable('/sys/kernel/mm/transparent_hugepage', ('enabled', 'defrag')) + _writable(
        '/sys/devices/system/cpu', ('online',)
    )


@attempt('learn where the kernel lies (/proc/kallsyms)')
def _(scene: Scene) -> bool:
    with open('/proc/kallsyms', encoding='ascii') as listing:
        return any(int(line.split()[0], 16) for line in (listing.readline() for _ in range(50)) if line)


def _writable(root: str, names: tuple[str, ...]) -> list[str]:
    found = []
    for folder, folders, files in os.walk(root):
        for name in set(names) & set(files):
            try:
                os.close(os.open(Path(folder, name), os.O_WRONLY))
                found.append(f'{folder}/{name}')
            except OSError:
                continue
        if folder.count('/') - root.count('/') >= 2:
            folders.clear()
    return found
