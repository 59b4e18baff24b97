"""The zygote: a single-threaded process that has imported what user code imports, and forks a child on request.

1. It imports and never computes: a fork of a process whose OpenMP or BLAS pools exist hangs. It refuses to fork when
   it has more threads than after its imports.
2. It dies with the host: by PR_SET_PDEATHSIG and at the end of its socket. Its children die with it.
3. A request names a kind of child (`kinds.py`), a confinement and a group; its descriptors are the request's body
   (an anonymous file), then those the child speaks on. A child of the kind `spare` gets one socket instead, on which
   it learns its true kind and descriptors later (spares.py says when and why).
4. A fork costs what its page tables cost: memory is taken in one piece before the imports and gathered into huge pages
   after them, which takes a fifth off; the copies of pages that are written cost as much again. Both, for init and for
   the user process, are why spare children are made ahead.

Answers: {"event": "ready", ...} once; {"event": "spawned", "id", "pid"} with [pidfd, report]; {"event": "refused",
"id", "layer", "message"}; {"event": "reaped", "id"}.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from ..isolation import (
    ConfinementError,
    GroupLimits,
    Inside,
    Spawned,
    accept_interrupts,
    compact_memory,
    create_group,
    reserve_memory,
    spawn,
)
from ..isolation.spawn import LAYERS
from ..isolation.system_calls import PR_SET_PDEATHSIG, prctl
from ..priority import be_usual
from ..tools import TOOL_NAMES
from . import messages
from .inside import prepare, warm_up
from .kinds import KINDS

PRELOADED = (
    'numpy',
    'pandas',
    'scipy.stats',
    'pyarrow.parquet',
    'pyarrow.csv',
    'matplotlib',
    'matplotlib.pyplot',
    'matplotlib.backends.backend_agg',
    'duckdb',
    'joblib',
    'threadpoolctl',
    'sklearn.compose',
    'sklearn.dummy',
    'sklearn.ensemble',
    'sklearn.impute',
    'sklearn.inspection',
    'sklearn.linear_model',
    'sklearn.metrics',
    'sklearn.model_selection',
    'sklearn.neighbors',
    'sklearn.pipeline',
    'sklearn.preprocessing',
    'sklearn.svm',
    'sklearn.tree',
    'lightgbm',
    'xgboost',
    'tempera',
    'trainable',
    # all that the stages' own scripts take from the SDK, which each of them would import anew
    'tempera.choices',
    'tempera.learning.dealing',
    'tempera.learning.final',
    'tempera.learning.prepared',
    'tempera.learning.relations',
    'tempera.learning.storing',
    'tempera.reports.exploration',
    'tempera.reports.preparation',
    'tempera.reports.training',
    'tempera_sandbox.files.scanner',
    *(f'tempera_sandbox.tools.{name}' for name in TOOL_NAMES),
)
# For work on a GPU besides; importing it asks no device, which is for the child alone to do.
PRELOADED_FOR_GPU = ('torch',)


class Zygote:
    """The loop: one request at a time, in the order they come."""

    def __init__(self, endpoint: socket.socket) -> None:
        self._endpoint = endpoint
        self._children: dict[int, tuple[int, int]] = {}
        self._poller = select.poll()
        self._poller.register(endpoint, select.POLLIN)
        self._threads = 1
        self._reserved: list[bytes] = []

    def prepare(self, modules: tuple[str, ...]) -> None:
        """Imports, and tells the host when that is done. A library that is missing is left out, not fatal."""
        begun = time.monotonic()
        self._reserved = reserve_memory()
        missing = []
        for name in modules:
            try:
                importlib.import_module(name)
            except Exception as error:  # One broken library must not take the others away from user code.
                missing.append(f'{name}: {error}')
        prepare()
        gc.collect()
        compact_memory()
        gc.freeze()
        self._threads = _thread_count()
        self._send(
            {
                'event': 'ready',
                'threads': self._threads,
                'missing': missing,
                'ms': round((time.monotonic() - begun) * 1000),
            }
        )

    def serve(self) -> None:
        """Until the host's end closes."""
        while True:
            for descriptor, _ in self._poller.poll():
                if descriptor != self._endpoint.fileno():
                    self._reap(descriptor)
                    continue
                received = messages.receive(self._endpoint)
                if received is None:
                    return
                self._answer(*received)

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            self._fork(request, descriptors)
        except ConfinementError as error:
            self._send({'event': 'refused', 'id': request['id'], 'layer': error.layer, 'message': str(error)})
        except OSError as error:
            self._send({'event': 'refused', 'id': request['id'], 'layer': 'fork', 'message': str(error)})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> None:
        if _thread_count() > self._threads:
            raise ConfinementError('zygote', f'it has {_thread_count()} threads instead of {self._threads}')
        limits = request.get('group')
        group = (
            create_group(
                limits['name'], GroupLimits(limits['memory_bytes'], limits['processes']), limits['owner']
            )
            if limits
            else None
        )
        try:
            confinement = messages.unpack_confinement(request['confinement'], group=group)
            spawned = spawn(confinement, descriptors, request.get('layers', LAYERS))
            if isinstance(spawned, Inside):
                self._endpoint.detach()  # Its number may be another descriptor's here.
                _become_child(request['kind'], spawned, descriptors)
        finally:
            if group:
                group.close()
        self._remember(request['id'], spawned)

    def _remember(self, number: int, spawned: Spawned) -> None:
        self._children[spawned.pidfd] = (spawned.pid, number)
        self._poller.register(spawned.pidfd, select.POLLIN)
        self._send({'event': 'spawned', 'id': number, 'pid': spawned.pid}, (spawned.pidfd, spawned.report_fd))
        os.close(spawned.report_fd)

    def _reap(self, pidfd: int) -> None:
        pid, number = self._children.pop(pidfd)
        self._poller.unregister(pidfd)
        os.close(pidfd)
        os.waitpid(pid, 0)
        self._send({'event': 'reaped', 'id': number})

    def _send(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        messages.send(self._endpoint, message, descriptors)


def _become_child(kind: str, inside: Inside, descriptors: list[int]) -> NoReturn:
    try:
        if kind == messages.SPARE:
            warm_up()
            kind, descriptors = _await_kind(descriptors[0])
        accept_interrupts()
        KINDS[kind](inside, descriptors)
    except BaseException:  # Whatever escapes must not unwind into the zygote's loop in a child.
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(70)


def _await_kind(descriptor: int) -> tuple[str, list[int]]:
    """What a spare child is to be, and the descriptors for that. It ends when the host's end closes before."""
    with socket.socket(fileno=descriptor) as endpoint:
        try:
            request = messages.receive(endpoint)
        except ConnectionError:
            request = None
    if request is None:
        os._exit(0)
    return request[0]['kind'], request[1]


def _thread_count() -> int:
    return len(os.listdir('/proc/self/task'))


def main() -> None:
    parser = argparse.ArgumentParser(prog='tempera_sandbox.children.zygote')
    parser.add_argument('--socket', type=int, required=True)
    parser.add_argument('--parent', type=int, required=True)
    parser.add_argument('--gpu', action='store_true', help='also what work on a GPU needs')
    parser.add_argument('--modules', default=None, help='comma-separated modules instead of the usual ones')
    arguments = parser.parse_args()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != arguments.parent:
        return
    be_usual()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C in the terminal is the host's to handle.
    endpoint = socket.socket(fileno=arguments.socket)
    os.set_inheritable(arguments.socket, False)
    zygote = Zygote(endpoint)
    usual = (*PRELOADED, *PRELOADED_FOR_GPU) if arguments.gpu else PRELOADED
    zygote.prepare(usual if arguments.modules is None else tuple(filter(None, arguments.modules.split(','))))
    try:
        zygote.serve()
    except ConnectionError:
        pass  # The host is gone; so are we.


if __name__ == '__main__':
    main()
