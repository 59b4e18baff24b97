"""`python -m escape.survey`: every attempt on every level of isolation that can be had here; the verdicts as JSON.

A process of its own: it forks, so it must have a single thread, and at level `off` the attempts have its rights.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tempera_sandbox import isolation
from tempera_sandbox.isolation import Policy
from tempera_sandbox.isolation.spawn import LAYERS

from .attempts import ATTEMPTS, Attempt, Scene
from .confined import Ground, Outcome

HELD, OUT, NOT_APPLICABLE, BROKEN = 'held', 'not protected', 'not applicable', 'broken'
_LONGEST_ATTEMPT_S = 8
_ABSENT = (
    'ENOSYS',
    'EAFNOSUPPORT',
    'EPROTONOSUPPORT',
    'ESOCKTNOSUPPORT',
    'ENODEV',
    'ENXIO',
    'ENETUNREACH',
    'EHOSTUNREACH',
)
_VICTIM = """
import ctypes, sys, time, os
secret = ctypes.create_string_buffer(os.environ['PLANTED'].encode(), 64)
ctypes.CDLL(None).prctl(1, 9)
print(ctypes.addressof(secret), flush=True)
time.sleep(600)
"""


@dataclass(frozen=True)
class Level:
    name: str
    policy: Policy
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    attempt: str
    level: str
    verdict: str
    detail: str


def levels() -> list[Level]:
    """`off` is the first: what cannot be had there is not there at all."""

    def without(*names: str) -> tuple[str, ...]:
        return tuple(layer for layer in LAYERS if layer not in names)

    return [
        Level('off', 'off', ()),
        Level('required', 'required', LAYERS),
        Level('without mount', 'best', without('mount')),
        Level('without network', 'best', without('network')),
        Level('without pid', 'best', without('pid')),
        Level('without landlock', 'best', without('landlock')),
        Level('without seccomp', 'best', without('seccomp')),
    ]


def survey() -> list[Verdict]:
    """Asks all; the levels whose layers the machine lacks are left out."""
    given = isolation.given_layers(isolation.probe())
    verdicts, absent = [], {}
    with scene() as laid_out:
        possible = [level for level in levels() if set(level.layers) <= set(given)]
        for level, attempt in ((level, attempt) for level in possible for attempt in ATTEMPTS):
            verdict = judge(attempt, laid_out, level)
            if level.name == 'off' and verdict.verdict == HELD and verdict.detail in _ABSENT:
                absent[attempt.name] = f'{verdict.detail} without isolation too'
            if attempt.name in absent:
                verdict = Verdict(attempt.name, level.name, NOT_APPLICABLE, absent[attempt.name])
            verdicts.append(verdict)
    return verdicts


def judge(attempt: Attempt, laid_out: Scene, level: Level) -> Verdict:
    """One attempt, once."""
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f'[{attempt.name}] hangs at level [{level.name}]'))
    signal.alarm(_LONGEST_ATTEMPT_S)
    laid_out = replace(laid_out, ground=_ground())
    outcome = laid_out.ground.run(
        lambda: bool(attempt.run(laid_out)), layers=level.layers, policy=level.policy
    )
    after = bool(attempt.after and attempt.after(laid_out))
    signal.alarm(0)
    shutil.rmtree(laid_out.ground.folder, ignore_errors=True)
    verdict, detail = _read(outcome)
    if after:
        verdict, detail = OUT, 'seen from outside'
    return Verdict(attempt.name, level.name, verdict, detail)


def _read(outcome: Outcome) -> tuple[str, str]:
    if outcome.value:
        return OUT, ''
    if outcome.refused is None:
        return HELD, 'nothing was reached' if outcome.value is False else f'ended: {outcome.ended}'
    if (outcome.refused.startswith('E') and outcome.refused.isupper()) or outcome.refused.isdigit():
        return HELD, outcome.refused
    if outcome.refused in ('KeyboardInterrupt', 'TimeoutError'):
        return HELD, outcome.refused
    return BROKEN, f'{outcome.refused}: {outcome.message}'


@contextmanager
def scene() -> Iterator[Scene]:
    """A host with something to be had behind every door."""
    with ExitStack() as stack:
        ground, secret = _ground(), secrets.token_hex(12)
        stack.callback(shutil.rmtree, ground.folder, ignore_errors=True)
        home = ground.folder / 'home'
        files = [home / 'token', home / 'spools' / 'other.spool', home / 'datasets' / 'other.csv']
        shared = Path(tempfile.mkstemp(prefix='tempera-escape-', dir='/dev/shm')[1])
        stack.callback(shared.unlink)
        for file in (*files, shared):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(secret, encoding='ascii')
            file.chmod(0o644)
        victim, address = _victim(stack, secret, files[0])
        leaked = os.open(files[0], os.O_RDONLY)
        os.set_inheritable(leaked, True)
        stack.callback(os.close, leaked)
        listeners = Listeners(stack, ground.folder)
        yield Scene(
            ground,
            secret,
            files[0],
            files[1],
            files[2],
            victim,
            address,
            leaked,
            listeners.tcp,
            listeners.tcp6,
            listeners.udp,
            listeners.abstract,
            listeners.path,
            _shared_memory(stack, secret),
            shared,
            os.readlink('/proc/self/ns/net'),
        )


def _ground() -> Ground:
    ground = Ground()
    ground.other.chmod(0o777)
    return ground


def _victim(stack: ExitStack, secret: str, stdin: Path) -> tuple[int, int]:
    with stdin.open('rb') as given:
        process = subprocess.Popen(
            [sys.executable, '-I', '-S', '-c', _VICTIM, secret],
            stdin=given,
            stdout=subprocess.PIPE,
            cwd=stdin.parent,
            env={'PLANTED': secret},
            start_new_session=True,
        )
    stack.callback(process.wait)
    stack.callback(process.kill)
    assert process.stdout
    with process.stdout as output:
        return process.pid, int(output.readline())


class Listeners:
    """Sockets of the host, of every kind that a confined process could try."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        server = stack.enter_context(socket.create_server(('127.0.0.1', 0)))
        self.tcp = int(server.getsockname()[1])
        try:
            server6 = stack.enter_context(socket.create_server(('::1', 0), family=socket.AF_INET6))
            self.tcp6 = int(server6.getsockname()[1])
        except OSError:
            self.tcp6 = 0
        datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagrams.bind(('127.0.0.1', 0))
        self.udp = int(datagrams.getsockname()[1])
        self.abstract, self.path = f'\0tempera-escape-{os.getpid()}', str(folder / 'docker.sock')
        for name in (self.abstract, self.path):
            endpoint = stack.enter_context(socket.socket(socket.AF_UNIX))
            endpoint.bind(name)
            endpoint.listen()
        os.chmod(self.path, 0o666)


def _shared_memory(stack: ExitStack, secret: str) -> int:
    library = ctypes.CDLL(None)
    library.shmat.restype = ctypes.c_void_p
    key = secrets.randbelow(1 << 30) + 1
    segment = library.shmget(key, 4096, 0o1666)
    if segment < 0:
        return 0
    stack.callback(library.shmctl, segment, 0, None)
    ctypes.memmove(library.shmat(segment, None, 0), secret.encode(), len(secret))
    return key


if __name__ == '__main__':
    print(json.dumps([asdict(verdict) for verdict in survey()]))
