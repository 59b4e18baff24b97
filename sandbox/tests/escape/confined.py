"""Runs a function in a confined process and says what became of it; the attempts are plain Python closures."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tempera_sandbox import isolation
from tempera_sandbox.isolation import Confinement, Inside, Limits
from tempera_sandbox.isolation.spawn import LAYERS

MEBIBYTE = 1024 * 1024
X86 = platform.machine() == 'x86_64'
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Outcome:
    """What the attempt returned (`value`), or the name of the error it got (`refused`), and how the process ended."""

    value: Any = None
    refused: str | None = None
    message: str = ''
    reports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ended(self) -> dict[str, Any]:
        """The `exited` report; empty if init itself was killed."""
        return next((report for report in self.reports if report['event'] == 'exited'), {})


class Ground:
    """A session's folder, a dataset, and another session, as a host would lay them out."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix='tempera-escape-'))
        self.folder.chmod(0o755)
        self.uid = isolation.lease_uid(7) if os.geteuid() == 0 else None
        self.workspace, self.other, self.datasets = (
            self.folder / name for name in ('own', 'other', 'datasets')
        )
        for folder in (self.workspace, self.other, self.datasets):
            folder.mkdir()
        (self.other / 'private').write_text('of another session', encoding='ascii')
        (self.other / 'private').chmod(0o666)
        (self.datasets / 'data.csv').write_text('a,b\n1,2\n', encoding='ascii')
        if self.uid:
            isolation.hand_over(self.workspace, self.uid)
        self.confinement = Confinement(
            workspace=self.workspace,
            workspace_target='/data/sessions/own',
            datasets=self.datasets,
            datasets_target='/data/datasets/one',
            uid=self.uid,
            read_only_paths=python_paths(),
            tmp_bytes=8 * MEBIBYTE,
            tmp_inodes=200,
            shm_bytes=8 * MEBIBYTE,
            limits=Limits(processes=64, open_files=256, file_bytes=64 * MEBIBYTE),
        )

    def run(self, attempt: Callable[[], Any], **changes: Any) -> Outcome:
        """Runs `attempt` confined, with fields of the confinement replaced by `changes`."""
        spawned, answer = self.start(attempt, **changes)
        return finish(spawned, answer)

    def start(
        self,
        attempt: Callable[[], Any],
        layers: tuple[str, ...] = LAYERS,
        **changes: Any,
    ) -> tuple[isolation.Spawned, int]:
        """Like `run`, without waiting: (process, descriptor its answer comes on). `layers`: those that are used."""
        read, write = os.pipe()
        sys.stdout.flush()
        spawned = isolation.spawn(replace(self.confinement, **changes), keep=(write,), layers=layers)
        if isinstance(spawned, Inside):
            _answer(attempt, write)
        os.close(write)
        return spawned, read


def python_paths() -> tuple[Path, ...]:
    """The running Python, its base and our own package."""
    package = Path(isolation.__file__).resolve().parents[2]
    return tuple({Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), package})


def finish(spawned: isolation.Spawned, answer: int) -> Outcome:
    """Waits for the end of everything in the namespace."""
    reports = [json.loads(line) for line in _read_all(spawned.report_fd).splitlines()]
    text = _read_all(answer)
    os.waitpid(spawned.pid, 0)
    os.close(spawned.pidfd)
    return Outcome(**(json.loads(text) if text else {}), reports=reports)


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """A raw call; its refusal is an OSError."""
    result = _libc.syscall(
        ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments)
    )
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _answer(attempt: Callable[[], Any], write: int) -> None:
    # pytest's own streams name descriptors that the child has not; whoever passes them on to a process would fail
    sys.stdout, sys.stderr = open(1, 'w', closefd=False), open(2, 'w', closefd=False)
    try:
        isolation.accept_interrupts()
        answer = {'value': attempt()}
    except OSError as error:
        answer = {'refused': errno.errorcode.get(error.errno or 0, str(error.errno)), 'message': str(error)}
    except BaseException as error:
        answer = {'refused': type(error).__name__, 'message': str(error)}
    os.write(write, json.dumps(answer).encode())
    os._exit(0)


def _read_all(descriptor: int) -> str:
    with open(descriptor, 'rb') as pipe:
        return pipe.read().decode()
