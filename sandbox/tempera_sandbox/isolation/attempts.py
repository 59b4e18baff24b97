"""The probe's own process: confines a child, lets it try to get out, and prints what held as JSON.

Each attempt is an operation that would succeed without its layer; it counts as held only on the expected refusal.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import NoReturn

from . import landlock, system_calls
from .cgroups import GroupLimits, cgroup_level, create_group
from .identity import hand_over, lease_uid
from .model import MEBIBYTE, Confinement, ConfinementError, Inside, Layer, Limits
from .spawn import LAYERS, kill, spawn

_MEMORY_LIMIT = 48 * MEBIBYTE
_PROCESS_LIMIT = 12
_LIMITS = Limits(processes=_PROCESS_LIMIT, file_bytes=MEBIBYTE, open_files=64)
_KEYCTL = {'x86_64': 250, 'aarch64': 219}
_DEADLINE_S = 8.0


def main() -> None:
    """Prints the rows and ends."""
    scene = Scene()
    try:
        rows = scene.rows()
    finally:
        scene.close()
    print(json.dumps([asdict(row) for row in rows]))


class Scene:
    """What the child is to be kept from: a file, a listening socket, a process, all of this host."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix='tempera-probe-'))
        os.chmod(self.folder, 0o755)
        self.secret = self.folder / 'secret'
        self.secret.write_text('secret', encoding='ascii')
        self.secret.chmod(0o666)
        self.workspace = self.folder / 'workspace'
        self.workspace.mkdir()
        self.uid = lease_uid(9_999_999) if os.geteuid() == 0 else None
        if self.uid:
            hand_over(self.workspace, self.uid)
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.namespaces = _namespaces()
        self.confinement = Confinement(
            workspace=self.workspace,
            workspace_target='/data/sessions/probe',
            uid=self.uid,
            tmp_bytes=MEBIBYTE,
            tmp_inodes=64,
            limits=_LIMITS,
            policy='best',
            read_only_paths=_python_paths(),
        )

    def close(self) -> None:
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def rows(self) -> list[Layer]:
        """Finds the largest set of layers that can be entered, then tries each of them."""
        layers: tuple[str, ...] = LAYERS
        refused: dict[str, str] = {}
        found: dict[str, list[object]] = {}
        if not system_calls.supported():
            layers = ()
        while layers:
            failure, found = self._try_layers(layers)
            if failure is None:
                break
            name, reason = failure
            lost = (name,) if name in layers else layers
            refused |= dict.fromkeys(lost, reason)
            layers = tuple(layer for layer in layers if layer not in lost)
        rows = [self._row(name, layers, refused, found) for name in LAYERS]
        extras = ('capabilities', 'no_new_privileges', 'processes', 'file_size', 'tmp', 'tmp_inodes')
        rows += [self._row(name, (*layers, *(extras if layers else ())), {}, found) for name in extras]
        rows.append(self._memory(layers))
        rows.append(
            Layer(
                'workspace_disk',
                'watched',
                'the host watches the free space of its disk, counts while nothing moves, and stops who is over',
            )
        )
        return rows

    def _row(
        self, name: str, tried: tuple[str, ...], refused: dict[str, str], found: dict[str, list[object]]
    ) -> Layer:
        if name not in tried:
            return Layer(name, 'missing', refused.get(name, 'not available on this machine'))
        held, detail, spent = found.get(name, (False, 'the attempt did not report', 0.0))
        return Layer(name, 'held' if held else 'missing', str(detail), float(str(spent)))

    def _try_layers(self, layers: tuple[str, ...]) -> tuple[tuple[str, str] | None, dict[str, list[object]]]:
        read, write = os.pipe()
        try:
            outcome = spawn(self.confinement, keep=(write,), layers=layers)
        except ConfinementError as error:
            os.close(read)
            os.close(write)
            return _culprit(layers, error), {}
        if isinstance(outcome, Inside):
            self._attempt_all(write)
        os.close(write)
        report = _drain(outcome.report_fd, outcome.pidfd)
        answer = _drain(read, outcome.pidfd)
        os.waitpid(outcome.pid, 0)
        os.close(outcome.pidfd)
        for line in report.splitlines():
            event = json.loads(line)
            if event['event'] == 'failed':
                return (event['layer'], event['message']), {}
        return None, json.loads(answer or '{}')

    def _attempt_all(self, write: int) -> NoReturn:
        """In the user process. Writes {name: [held, detail, ms]}."""
        found: dict[str, tuple[bool, str, float]] = {}
        for name, attempt in self._attempts().items():
            begun = time.perf_counter()
            try:
                held, detail = attempt()
            except Exception as error:  # An attempt that fails otherwise proves nothing.
                held, detail = False, f'unexpected {type(error).__name__}: {error}'
            found[name] = (held, detail, round((time.perf_counter() - begun) * 1000, 2))
        os.write(write, json.dumps(found).encode())
        os._exit(0)

    def _attempts(self) -> dict[str, Callable[[], tuple[bool, str]]]:
        return {
            'user': _identity,
            'mount': lambda: _refused(
                'reading a file of the host', lambda: self.secret.read_text(), errno.ENOENT
            ),
            'pid': _only_own_processes,
            'network': self._no_network,
            'ipc': lambda: self._own_namespace('ipc'),
            'uts': lambda: self._own_namespace('uts'),
            'cgroup_namespace': lambda: self._own_namespace('cgroup'),
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
                f'forking more than {_PROCESS_LIMIT} processes', _fork_many, errno.EAGAIN
            ),
        }

    def _no_network(self) -> tuple[bool, str]:
        with open('/proc/net/dev', encoding='ascii') as listing:
            names = [line.split(':')[0].strip() for line in listing if ':' in line]
        if [name for name in names if name != 'lo']:
            return False, f'interfaces of the host are seen: {names}'
        try:
            socket.create_connection(('127.0.0.1', self.port), timeout=1).close()
        except OSError as error:
            return (
                True,
                f'no interface but lo; connecting to the host: {errno.errorcode.get(error.errno or 0)}',
            )
        return False, 'a socket of the host was reached'

    def _own_namespace(self, kind: str) -> tuple[bool, str]:
        return _namespaces()[kind] != self.namespaces[kind], 'a namespace of its own'

    def _memory(self, layers: tuple[str, ...]) -> Layer:
        level = cgroup_level()
        if level is None or not layers:
            return Layer(
                'memory', 'watched', 'no writable memory controller: the host measures every 100 ms and kills'
            )
        begun = time.perf_counter()
        group = create_group(f'{os.getpid()}', GroupLimits(memory_bytes=_MEMORY_LIMIT), owner='probe')
        if group is None:
            return Layer(
                'memory',
                'watched',
                'no control group could be made: the host measures every 100 ms and kills',
            )
        outcome = spawn(replace(self.confinement, group=group), layers=layers)
        if isinstance(outcome, Inside):
            blocks = [bytearray(MEBIBYTE) for _ in range(4 * _MEMORY_LIMIT // MEBIBYTE)]
            os._exit(len(blocks) and 0)
        _drain(outcome.report_fd, outcome.pidfd)
        os.waitpid(outcome.pid, 0)
        os.close(outcome.pidfd)
        held = group.out_of_memory()
        group.remove()
        detail = (
            f'cgroup v{level[0]}: allocating over the limit was killed' if held else 'the limit did not bind'
        )
        return Layer(
            'memory', 'held' if held else 'missing', detail, round((time.perf_counter() - begun) * 1000, 2)
        )


def _python_paths() -> tuple[Path, ...]:
    return tuple({Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve()})


def _culprit(layers: tuple[str, ...], error: ConfinementError) -> tuple[str, str]:
    """Which namespace the kernel refused: each is tried alone; a user namespace goes with it unless root."""
    from .spawn import _CLONE_FLAGS

    root = os.geteuid() == 0
    for layer in layers:
        flags = _CLONE_FLAGS.get(layer, system_calls.CLONE_NEWUSER if layer == 'user' and not root else 0)
        if not flags:
            continue
        try:
            pid, pidfd = system_calls.clone_process(flags if root else flags | system_calls.CLONE_NEWUSER)
        except OSError as refused:
            return layer, str(refused)
        if pid == 0:
            os._exit(0)
        os.close(pidfd)
        os.waitpid(pid, 0)
    return error.layer, str(error)


def _drain(descriptor: int, pidfd: int) -> str:
    """All that comes until the other end closes; a child that takes too long is killed."""
    import select

    parts: list[bytes] = []
    end = time.monotonic() + _DEADLINE_S
    while True:
        if not select.select([descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
            kill(pidfd)
            end = time.monotonic() + _DEADLINE_S
            continue
        part = os.read(descriptor, 65536)
        if not part:
            os.close(descriptor)
            return b''.join(parts).decode()
        parts.append(part)


def _namespaces() -> dict[str, str]:
    return {kind: os.readlink(f'/proc/self/ns/{kind}') for kind in ('ipc', 'uts', 'cgroup')}


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
    import signal

    children = []
    try:
        for _ in range(4 * _PROCESS_LIMIT):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
