"""The host's end of the zygote: starts it, asks it for children, starts it again when it dies.

Requests wait until the imports are done. When the zygote dies every child dies with it (their ends are seen through
their own descriptors); requests that had no answer are refused, and a new zygote is started.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from ..background import BackgroundTasks
from ..errors import HostError
from ..isolation import Confinement, kill
from ..isolation.state import IsolationState
from . import messages
from .spares import Child, Children

_log = logging.getLogger('tempera_sandbox.children.zygote')
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0
_READY_DEADLINE_S = 120.0


@dataclass(frozen=True)
class ZygoteSettings:
    """What a zygote is started with."""

    home: Path
    most_spares: int
    """Children that wait ahead for their work."""
    modules: str | None = None
    """Those that are imported in place of the usual ones."""
    with_gpu: bool = False


class ZygoteClient:
    """One zygote at a time; `request` may be called by any number of tasks."""

    def __init__(
        self,
        settings: ZygoteSettings,
        isolation: IsolationState,
        on_start: Callable[[int], None],
        on_ready: Callable[[bool], None] = lambda ready: None,
    ) -> None:
        self._parts = ['--gpu'] if settings.with_gpu else []
        if settings.modules is not None:
            self._parts += ['--modules', settings.modules]
        self.children = Children(self.request, settings.most_spares)
        self._home = settings.home
        self._package_root = Path(__file__).resolve().parents[2]
        self._on_start = on_start
        self._on_ready = on_ready
        self._isolation = isolation
        self._process: subprocess.Popen[bytes] | None = None
        self._endpoint: socket.socket | None = None
        self._ready = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[Child]] = {}
        self._next = 0
        self._closed = False
        self._pause = _FIRST_PAUSE_S
        self._background = BackgroundTasks()

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    def start(self) -> None:
        """Starts the process and returns at once; must be called on the main thread, whose end ends the zygote."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        command = [
            sys.executable,
            '-m',
            'tempera_sandbox.children.zygote',
            '--socket',
            str(theirs.fileno()),
            '--parent',
            str(os.getpid()),
            *self._parts,
        ]
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            env=self._environment(),
            cwd='/',
            stdin=subprocess.DEVNULL,
            stdout=2,
            start_new_session=True,
        )
        theirs.close()
        self._endpoint = ours
        self._on_start(self._process.pid)
        asyncio.get_running_loop().add_reader(ours.fileno(), self._receive)

    async def request(
        self,
        kind: str,
        confinement: Confinement,
        descriptors: tuple[int, ...],
        group: dict[str, Any] | None = None,
    ) -> Child:
        """A new child of `kind`; the descriptors stay the caller's. Waits for the zygote to be ready."""
        await self._isolation.known()
        try:
            await asyncio.wait_for(self._ready.wait(), _READY_DEADLINE_S)
        except TimeoutError:
            raise _unavailable('the zygote did not become ready') from None
        endpoint = self._endpoint
        if endpoint is None:
            raise _unavailable('the zygote is being started again')
        self._next += 1
        number = self._next
        message = {
            'id': number,
            'kind': kind,
            'confinement': messages.pack_confinement(confinement),
            'group': group,
            'layers': list(self._isolation.given),
        }
        answer: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            messages.send(endpoint, message, descriptors)
        except OSError as error:
            self._waiting.pop(number, None)
            raise _unavailable(f'the zygote does not answer: {error.strerror}') from error
        return await answer

    def close(self) -> None:
        """Ends the zygote and with it every child."""
        self._closed = True
        self._detach()
        if self._process:
            self._process.kill()
            self._process.wait()
        self.children.close()

    def _environment(self) -> dict[str, str]:
        """None of the host's variables: the child's memory holds what the zygote's held."""
        cache = self._home / 'cache'
        cache.mkdir(parents=True, exist_ok=True)
        return {
            'PATH': '/usr/local/bin:/usr/bin:/bin',
            'LANG': 'C.UTF-8',
            'LC_ALL': 'C.UTF-8',
            'TZ': 'UTC',
            'HOME': str(cache),
            'PYTHONPATH': str(self._package_root),
            'PYTHONNOUSERSITE': '1',
            'MPLBACKEND': 'Agg',
            'MPLCONFIGDIR': str(cache / 'matplotlib'),
            'OMP_WAIT_POLICY': 'passive',
            'OPENBLAS_NUM_THREADS': '1',
            'PYTHONHASHSEED': '0',
            'ARROW_IO_THREADS': '2',
            'JE_ARROW_MALLOC_CONF': 'background_thread:false',  # Its thread would forbid forking.
            'PYTHONDONTWRITEBYTECODE': '1',
        }

    def _receive(self) -> None:
        endpoint = self._endpoint
        while endpoint is not None:
            try:
                received = messages.receive(endpoint)
            except BlockingIOError:
                return
            except OSError:
                received = None
            if received is None:
                self._lost()
                return
            self._handle(*received)

    def _handle(self, message: dict[str, Any], descriptors: list[int]) -> None:
        event = message['event']
        if event == 'ready':
            self._pause = _FIRST_PAUSE_S
            self._ready.set()
            self._on_ready(True)
            _log.info(
                'zygote ready: %d ms, %d threads, missing %s',
                message['ms'],
                message['threads'],
                message['missing'] or 'nothing',
            )
            return
        answer = self._waiting.pop(message['id'], None)
        if answer is None or answer.done():
            if event == 'spawned':
                kill(descriptors[0])  # The caller left before the child was there.
            for descriptor in descriptors:
                os.close(descriptor)
            return
        if event == 'spawned':
            answer.set_result(Child(message['pid'], descriptors[0], descriptors[1]))
        elif event == 'refused':
            answer.set_exception(
                HostError(
                    grpc.StatusCode.FAILED_PRECONDITION,
                    'SANDBOX_ISOLATION',
                    f'The sandbox cannot isolate an execution here: {message["message"]}. '
                    'Run the doctor, or set the policy to best or off.',
                    {'layer': message['layer']},
                )
            )

    def _detach(self) -> None:
        self._ready.clear()
        self._on_ready(False)
        if self._endpoint is not None:
            asyncio.get_running_loop().remove_reader(self._endpoint.fileno())
            self._endpoint.close()
            self._endpoint = None

    def _lost(self) -> None:
        self._detach()
        if self._process:
            self._process.kill()
            code = self._process.wait()
            _log.warning('zygote ended with %d', code)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(_unavailable('the zygote died'))
        self._waiting.clear()
        self.children.end_all()
        if not self._closed:
            self._background.start(self._restart())

    async def _restart(self) -> None:
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_S)
        if not self._closed:
            self.start()


def _unavailable(why: str) -> HostError:
    return HostError(grpc.StatusCode.UNAVAILABLE, 'ZYGOTE_UNAVAILABLE', f'{why}; try again.')
