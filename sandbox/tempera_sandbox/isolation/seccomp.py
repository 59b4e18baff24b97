"""The seccomp filter, assembled by hand. Denied calls fail with EPERM, so code sees an error instead of dying.

Of the calls that were known when this was written, those are denied by which a process without capabilities in
namespaces could still attack the kernel; the others are allowed, because scientific code uses most of the interface.
Numbers that were not known are absent (ENOSYS), as on an older kernel: libraries fall back, and what a newer kernel
brings is open only once somebody has looked at it here. A foreign architecture's entry (32 bit) kills the process.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from functools import cache

from . import system_calls

# name: (x86_64, aarch64); None where the architecture lacks the call.
_DENIED: dict[str, tuple[int | None, int | None]] = {
    'mount': (165, 40),
    'umount2': (166, 39),
    'pivot_root': (155, 41),
    'chroot': (161, 51),
    'open_tree': (428, 428),
    'move_mount': (429, 429),
    'fsopen': (430, 430),
    'fsconfig': (431, 431),
    'fsmount': (432, 432),
    'fspick': (433, 433),
    'mount_setattr': (442, 442),
    'statmount': (457, 457),
    'listmount': (458, 458),
    'open_tree_attr': (467, 467),
    'unshare': (272, 97),
    'setns': (308, 268),
    'ptrace': (101, 117),
    'process_vm_readv': (310, 270),
    'process_vm_writev': (311, 271),
    'kcmp': (312, 272),
    'pidfd_getfd': (438, 438),
    'process_madvise': (440, 440),
    'bpf': (321, 280),
    'perf_event_open': (298, 241),
    'userfaultfd': (323, 282),
    'add_key': (248, 217),
    'request_key': (249, 218),
    'keyctl': (250, 219),
    'io_uring_setup': (425, 425),
    'io_uring_enter': (426, 426),
    'io_uring_register': (427, 427),
    'kexec_load': (246, 104),
    'kexec_file_load': (320, 294),
    'reboot': (169, 142),
    'init_module': (175, 105),
    'finit_module': (313, 273),
    'delete_module': (176, 106),
    'swapon': (167, 224),
    'swapoff': (168, 225),
    'acct': (163, 89),
    'quotactl': (179, 60),
    'quotactl_fd': (443, 443),
    'name_to_handle_at': (303, 264),
    'open_by_handle_at': (304, 265),
    'fanotify_init': (300, 262),
    'fanotify_mark': (301, 263),
    'personality': (135, 92),
    'syslog': (103, 116),
    'vhangup': (153, 58),
    'sethostname': (170, 161),
    'setdomainname': (171, 162),
    'settimeofday': (164, 170),
    'clock_settime': (227, 112),
    'adjtimex': (159, 171),
    'clock_adjtime': (305, 266),
    'memfd_secret': (447, 447),
    'lookup_dcookie': (212, 18),
    'nfsservctl': (180, 42),
    'iopl': (172, None),
    'ioperm': (173, None),
    'modify_ldt': (154, None),
    'uselib': (134, None),
    '_sysctl': (156, None),
    'create_module': (174, None),
    'ustat': (136, None),
    'sysfs': (139, None),
}
# First and last numbers of the calls that have been looked at, up to file_setattr of Linux 6.17.
_KNOWN = {
    'x86_64': ((0, 334), (424, 469)),
    'aarch64': ((0, 243), (260, 294), (424, 469)),
}
_CLONE3 = 435
_FILTERED: dict[str, tuple[int | None, int | None]] = {
    'clone': (56, 220),
    'socket': (41, 198),
    'socketpair': (53, 199),
    'ioctl': (16, 29),
    'fallocate': (285, 47),
    'mknod': (133, None),
    'mknodat': (259, 33),
}
_AUDIT_ARCH = {'x86_64': 0xC000003E, 'aarch64': 0xC00000B7}
_NEW_NAMESPACES = (
    system_calls.CLONE_NEWNS
    | system_calls.CLONE_NEWUTS
    | system_calls.CLONE_NEWIPC
    | system_calls.CLONE_NEWUSER
    | system_calls.CLONE_NEWPID
    | system_calls.CLONE_NEWNET
    | system_calls.CLONE_NEWCGROUP
)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
# What allocates blocks without writing them (FS_IOC_RESVSP, RESVSP64, ZERO_RANGE): a disk would be full in one call,
# before anybody can look. Callers take the answer for a file system that cannot, and write.
_ALLOCATING_IOCTLS = (0x40305828, 0x4030582A, 0x40305839)
_PUNCH_HOLE = 0x02
_SOCKET_FAMILIES = (1, 2, 10)
_SOCK_RAW, _SOCK_PACKET = 3, 10
_DEVICE_KINDS = (0o020000, 0o060000)
_X32_BIT = 0x40000000

_LOAD, _AND, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_DENY = 0x00050000 | errno.EPERM
_UNABLE = 0x00050000 | errno.EOPNOTSUPP
_NO_SUCH_CALL = 0x00050000 | errno.ENOSYS
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_SET_MODE_FILTER = 1

Instruction = tuple[int, int, int, int]


def deny() -> None:
    """Puts the list on this process and all it starts. no_new_privs must be set."""
    code = program()
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack('=HxxxxxxQ', len(code) // 8, ctypes.addressof(buffer))
    system_calls.call('seccomp', _SET_MODE_FILTER, 0, header)


@cache
def program(architecture: str = system_calls.ARCHITECTURE) -> bytes:
    """The filter's machine code for an architecture."""
    column = 0 if architecture == 'x86_64' else 1
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, _AUDIT_ARCH[architecture]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if architecture == 'x86_64':
        lines += [(_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _DENY)]
    lines += _block(_CLONE3, [(_RETURN, 0, 0, _NO_SUCH_CALL)])
    for numbers in _DENIED.values():
        number = numbers[column]
        if number is not None:
            lines += _block(number, [(_RETURN, 0, 0, _DENY)])
    for name, numbers in _FILTERED.items():
        number = numbers[column]
        if number is not None:
            lines += _block(number, _arguments(name))
    for first, last in _KNOWN[architecture]:
        lines += [(_AT_LEAST, 0, 2, first), (_AT_LEAST, 1, 0, last + 1), (_RETURN, 0, 0, _ALLOW)]
    lines.append((_RETURN, 0, 0, _NO_SUCH_CALL))
    return b''.join(struct.pack('=HBBI', *line) for line in lines)


def _block(number: int, body: list[Instruction]) -> list[Instruction]:
    return [(_EQUAL, 0, len(body), number), *body]


def _arguments(name: str) -> list[Instruction]:
    """The body of a call that is denied by its arguments; it always returns."""
    refuse, allow = (_RETURN, 0, 0, _DENY), (_RETURN, 0, 0, _ALLOW)
    if name == 'clone':
        return [_argument(0), (_ANY_BIT, 0, 1, _NEW_NAMESPACES), refuse, allow]
    unable = (_RETURN, 0, 0, _UNABLE)
    if name == 'fallocate':
        return [_argument(1), (_ANY_BIT, 1, 0, _PUNCH_HOLE), unable, allow]
    if name == 'ioctl':
        first, second, third = _ALLOCATING_IOCTLS
        terminal = [(_EQUAL, 1, 0, _TIOCSTI), (_EQUAL, 0, 1, _TIOCLINUX), refuse]
        allocating = [(_EQUAL, 2, 0, first), (_EQUAL, 1, 0, second), (_EQUAL, 0, 1, third), unable]
        return [_argument(1), *terminal, *allocating, allow]
    if name in ('mknod', 'mknodat'):
        kind = [_argument(1 if name == 'mknod' else 2), (_AND, 0, 0, 0o170000)]
        return [*kind, (_EQUAL, 1, 0, _DEVICE_KINDS[0]), (_EQUAL, 0, 1, _DEVICE_KINDS[1]), refuse, allow]
    families = (1,) if name == 'socketpair' else _SOCKET_FAMILIES
    known = [(_EQUAL, len(families) - index, 0, family) for index, family in enumerate(families)]
    raw = [
        _argument(1),
        (_AND, 0, 0, 0xF),
        (_EQUAL, 1, 0, _SOCK_RAW),
        (_EQUAL, 0, 1, _SOCK_PACKET),
        refuse,
        allow,
    ]
    return [_argument(0), *known, refuse, *raw]


def _argument(index: int) -> Instruction:
    # The low half: both supported architectures are little-endian.
    return (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * index)
