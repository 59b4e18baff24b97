"""The probe's own process: confines a child, lets it make its attempts, and prints what held as JSON."""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import NoReturn

from . import system_calls
from .attempts import PROCESS_LIMIT, Host, attempts_from, namespaces
from .cgroups import GroupLimits, cgroup_level, create_group
from .identity import hand_over, lease_uid
from .model import MEBIBYTE, Confinement, ConfinementError, Inside, Layer, Limits
from .spawn import CLONE_FLAGS, LAYERS, kill, spawn

_MEMORY_LIMIT = 48 * MEBIBYTE
_LIMITS = Limits(processes=PROCESS_LIMIT, file_bytes=MEBIBYTE, open_files=64)
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
        self.namespaces = namespaces()
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
        for name, attempt in attempts_from(Host(self.secret, self.port, self.namespaces)).items():
            begun = time.perf_counter()
            try:
                held, detail = attempt()
            except Exception as error:  # An attempt that fails otherwise proves nothing.
                held, detail = False, f'unexpected {type(error).__name__}: {error}'
            found[name] = (held, detail, round((time.perf_counter() - begun) * 1000, 2))
        os.write(write, json.dumps(found).encode())
        os._exit(0)

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
    root = os.geteuid() == 0
    for layer in layers:
        flags = CLONE_FLAGS.get(layer, system_calls.CLONE_NEWUSER if layer == 'user' and not root else 0)
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
