"""The host process: `python -m tempera_sandbox.host --home DIR [--listen ADDRESS:PORT] [--policy required|best|off]`.

It listens on loopback, or for a platform on another machine anywhere by mutual TLS (listening.py). The token comes
from SANDBOX_TOKEN. One JSON line on stdout tells the address as soon as calls are taken; the zygote's imports go on
meanwhile. Ends on SIGTERM, SIGINT, or at the end of --parent-pipe; everything it started ends with it, by the kernel's
doing too, should it be killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import uuid
from pathlib import Path

from . import VERSION, logs
from .children import leftovers
from .children.confining import owner_of
from .children.zygote_client import ZygoteClient, ZygoteSettings
from .executions.executor import Executor
from .executions.gpus import Gpus
from .executions.nvml import LIBRARY
from .executions.slots import Epochs, Slots
from .executions.table import Executions
from .isolation.state import IsolationState
from .kernels.table import Kernels
from .priority import favour_host
from .rpc.draining import Draining
from .rpc.health import Health
from .rpc.heartbeats import Heartbeats
from .rpc.listening import Listening, ListeningError, add_port, listening_of
from .rpc.parts import Parts
from .rpc.server import make_server
from .sessions import Sessions
from .settings import MEBIBYTE, ExecutionLimits, Settings, with_values
from .tool_calls.builtin import BuiltinTools
from .tool_calls.registered import SessionTools


async def serve(settings: Settings, listening: Listening, token: str, parent_pipe: int | None) -> None:
    """Runs until it is stopped."""
    settings.make_folders()
    leftovers.end_predecessor(settings, owner_of(settings))
    leftovers.write_process_file(settings, 'host', os.getpid())
    health = Health()
    parts = _make_parts(settings, health)
    server = make_server(parts, health, token)
    bound = add_port(server, listening)
    await server.start()
    line = {
        'event': 'listening',
        'address': bound.address,
        'host_id': parts.host_id,
        'version': VERSION,
        'pid': os.getpid(),
        'tls': bound.tls is not None,
    }
    print(json.dumps(line), flush=True)
    try:
        await _until_stopped(parent_pipe)
    finally:
        parts.zygote.close()
        if parts.gpu_zygote:
            parts.gpu_zygote.close()
        await parts.executions.close()
        await parts.kernels.close()
        await server.stop(0.5)
        parts.gpus.close()
        leftovers.remove_process_files(settings)


def _make_parts(settings: Settings, health: Health) -> Parts:
    """What the service is made of. The zygote's imports and the look at the kernel begin here and go on beside it."""
    isolation = IsolationState(settings.policy)
    zygote = ZygoteClient(
        ZygoteSettings(settings.home, settings.spare_children, settings.modules),
        isolation,
        lambda pid: leftovers.write_process_file(settings, 'zygote', pid),
        health.set,
    )
    zygote.start()
    isolation.start()
    sessions = Sessions(settings)
    sessions.load()
    kernels = Kernels(settings, sessions, zygote)
    epochs = Epochs(settings.home)
    gpus = Gpus(settings.nvml, settings.gpu_nodes, epochs)
    gpu_zygote = _gpu_zygote(settings, isolation) if gpus.usable else None
    executor = Executor(settings, sessions, zygote, kernels, gpu_zygote)
    executions = Executions(settings, sessions, executor, gpus)
    executions.load()
    builtin_tools = BuiltinTools(settings, sessions, zygote)
    return Parts(
        settings=settings,
        host_id=_host_id(settings.home),
        sessions=sessions,
        executions=executions,
        builtin_tools=builtin_tools,
        zygote=zygote,
        gpu_zygote=gpu_zygote,
        isolation=isolation,
        draining=Draining(settings.home),
        kernels=kernels,
        session_tools=SessionTools(settings, sessions, zygote, builtin_tools),
        gpus=gpus,
        slots=Slots(settings.execution_slots, epochs),
        heartbeats=Heartbeats(settings),
    )


def _gpu_zygote(settings: Settings, isolation: IsolationState) -> ZygoteClient:
    """A second zygote, for work on a GPU alone: none of its children waits ahead, since each gets its own device."""
    zygote = ZygoteClient(
        ZygoteSettings(settings.home, 0, settings.modules, with_gpu=True),
        isolation,
        lambda pid: leftovers.write_process_file(settings, 'gpu-zygote', pid),
    )
    zygote.start()
    return zygote


async def _until_stopped(parent_pipe: int | None) -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if parent_pipe is not None:
        os.set_inheritable(parent_pipe, False)

        def readable() -> None:
            if not os.read(parent_pipe, 4096):
                stopping.set()

        loop.add_reader(parent_pipe, readable)
    await stopping.wait()
    if parent_pipe is not None:
        loop.remove_reader(parent_pipe)


def _host_id(home: Path) -> str:
    file = home / 'host_id'
    known = file.read_text(encoding='ascii', errors='replace').strip() if file.exists() else ''
    if known:
        return known
    # whole or not at all: a host that dies as it writes leaves no empty name behind
    part = file.with_suffix('.part')
    part.write_text(f'host-{uuid.uuid4()}', encoding='ascii')
    part.replace(file)
    return file.read_text(encoding='ascii')


_TLS_FILES = {
    '--tls-certificate': "PEM file of this host's certificate; with the other two: mutual TLS",
    '--tls-key': 'PEM file of its key',
    '--tls-client-authority': 'PEM file of the authority whose clients are let in',
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='tempera_sandbox.host')
    parser.add_argument('--home', type=Path, required=True, help='folder for everything that the host keeps')
    parser.add_argument('--listen', default='', metavar='ADDRESS:PORT', help='default: 127.0.0.1 and --port')
    parser.add_argument('--port', type=int, default=0, help='of 127.0.0.1; 0: the system gives one (default)')
    for name, what in _TLS_FILES.items():
        parser.add_argument(name, type=Path, default=None, help=what)
    parser.add_argument('--policy', choices=('required', 'best', 'off'), default='required')
    parser.add_argument(
        '--parent-pipe', type=int, default=None, help='descriptor; the host ends when it closes'
    )
    parser.add_argument(
        '--detached-grace', type=float, default=600.0, help='seconds a run lives without a reader'
    )
    parser.add_argument(
        '--set',
        action='append',
        default=[],
        metavar='NAME=NUMBER',
        help='a quota or interval by its name in settings.py; may be repeated',
    )
    parser.add_argument('--slots', type=int, default=0, help='executions at a time; 0: one a core (default)')
    parser.add_argument(
        '--modules',
        default=None,
        metavar='A,B',
        help="what is imported ahead; default: all that agents' code uses, which takes seconds",
    )
    parser.add_argument(
        '--nvml', default=LIBRARY, help=f'library by which GPUs are found (default {LIBRARY})'
    )
    parser.add_argument('--gpu-nodes', type=Path, default=Path('/dev'), help='folder of their device nodes')
    parser.add_argument(
        '--output-mebibytes', type=int, default=1, help='output kept of an execution (default 1)'
    )
    return parser


def main() -> None:
    arguments = _parser().parse_args()
    token = os.environ.pop('SANDBOX_TOKEN', '')
    if len(token) < 16:
        sys.exit('SANDBOX_TOKEN must hold a token of 16 letters or more.')
    favour_host()
    logs.configure(token)
    settings = Settings(
        arguments.home.resolve(),
        arguments.policy,
        slots=max(0, arguments.slots),
        limits=ExecutionLimits(output_bytes=max(1, arguments.output_mebibytes) * MEBIBYTE),
        detached_grace_s=arguments.detached_grace,
        nvml=arguments.nvml,
        gpu_nodes=arguments.gpu_nodes,
        modules=arguments.modules,
    )
    try:
        listening = listening_of(
            arguments.listen or f'127.0.0.1:{arguments.port}',
            arguments.tls_certificate,
            arguments.tls_key,
            arguments.tls_client_authority,
        )
        asyncio.run(serve(with_values(settings, arguments.set), listening, token, arguments.parent_pipe))
    except (ListeningError, ValueError) as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main()
