"""What a confined child tries, to get out or to take too much.

Each attempt is an operation that would succeed without its layer; it counts as held only on the expected refusal.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import landlock, system_calls
from .model import MEBIBYTE

PROCESS_LIMIT = 12
_KEYCTL = {'x86_64': 250, 'aarch64': 219}

Attempt = Callable[[], tuple[bool, str]]


@dataclass(frozen=True)
class Host:
    """What the child is to be kept from: a file, a listening socket, the namespaces of this host."""

    secret: Path
    port: int
    namespaces: dict[str, str]


def namespaces() -> dict[str, str]:
    return {kind: os.readlink(f'/proc/self/ns/{kind}') for kind in ('ipc', 'uts', 'cgroup')}


def attempts_from(host: Host) -> dict[str, Attempt]:
    """By the name of the layer or limit that is to hold it; each tells whether it did, and how that was seen."""
    return {
        'user': _identity,
        'mount': lambda: _refused(
            'reading a file of the host', lambda: host.secret.read_text(), errno.ENOENT
        ),
        'pid': _only_own_processes,
        'network': lambda: _no_network(host.port),
        'ipc': lambda: _own_namespace(host, 'ipc'),
        'uts': lambda: _own_namespace(host, 'uts'),
        'cgroup_namespace': lambda: _own_namespace(host, 'cgroup'),
        'landlock': _landlock,
        'seccomp': lambda: _refused('using the keyring', _keyring, errno.EPERM),
        'capabilities': lambda: (
            _status('CapEff') == _status('CapBnd') == '0' * 16,
            'all sets are empty',
        ),
        'no_new_privileges': lambda: (_status('NoNewPrivs') == '1', 'set'),
        'tmp': lambda: _refused('writing 2 MiB to a /tmp of 1 MiB', _fill_tmp, errno.ENOSPC),
        'tmp_inodes': lambda: _refused('making 100 files in a /tmp of 64', _fill_inodes, errno.ENOSPC),
        'file_size': lambda: _refused('writing 2 MiB to a file limited to 1', _big_file, errno.EFBIG),
        'processes': lambda: _refused(
            f'forking more than {PROCESS_LIMIT} processes', _fork_many, errno.EAGAIN
        ),
    }


def _status(field: str) -> str:
    with open('/proc/self/status', encoding='ascii') as status:
        return next(line.split()[1] for line in status if line.startswith(f'{field}:'))


def _refused(what: str, attempt: Callable[[], object], expected: int) -> tuple[bool, str]:
    try:
        attempt()
    except OSError as error:
        return error.errno == expected, f'{what}: {errno.errorcode.get(error.errno or 0, error.errno)}'
    return False, f'{what} was possible'


def _identity() -> tuple[bool, str]:
    with open('/proc/self/uid_map', encoding='ascii') as lines:
        inner, outer, count = lines.read().split()
    return count == '1' and outer != '0', f'uid {inner} inside is uid {outer} outside'


def _only_own_processes() -> tuple[bool, str]:
    seen = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())
    return seen == [1, 2] and os.getpid() == 2, f'processes seen: {seen}'


def _no_network(port: int) -> tuple[bool, str]:
    with open('/proc/net/dev', encoding='ascii') as listing:
        names = [line.split(':')[0].strip() for line in listing if ':' in line]
    if [name for name in names if name != 'lo']:
        return False, f'interfaces of the host are seen: {names}'
    try:
        socket.create_connection(('127.0.0.1', port), timeout=1).close()
    except OSError as error:
        return (
            True,
            f'no interface but lo; connecting to the host: {errno.errorcode.get(error.errno or 0)}',
        )
    return False, 'a socket of the host was reached'


def _own_namespace(host: Host, kind: str) -> tuple[bool, str]:
    return namespaces()[kind] != host.namespaces[kind], 'a namespace of its own'


def _landlock() -> tuple[bool, str]:
    held, detail = _refused(
        'writing its own /proc/self/comm', lambda: open('/proc/self/comm', 'w'), errno.EACCES
    )
    version = landlock.abi()
    tcp = 'TCP denied' if version >= 4 else 'TCP not covered'
    scopes = ', signals and abstract sockets scoped' if version >= 6 else ''
    return held, f'ABI {version}, {tcp}{scopes}; {detail}'


def _keyring() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(_KEYCTL[system_calls.ARCHITECTURE], 0, -3, 1) < 0:
        raise OSError(ctypes.get_errno(), 'keyctl')


def _fill_tmp() -> None:
    for number in range(3):  # Each below the limit on one file.
        with open(f'/tmp/large-{number}', 'wb') as file:
            file.write(bytes(700 * 1024))


def _fill_inodes() -> None:
    for name in os.listdir('/tmp'):
        os.unlink(f'/tmp/{name}')
    for number in range(100):
        os.close(os.open(f'/tmp/{number}', os.O_CREAT | os.O_WRONLY))


def _big_file() -> None:
    with open('large', 'wb') as file:
        file.write(bytes(2 * MEBIBYTE))
        file.flush()


def _fork_many() -> None:
    children = []
    try:
        for _ in range(4 * PROCESS_LIMIT):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
