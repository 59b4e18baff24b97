"""A sandbox host as a subprocess and a small client of it, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.generated import sandbox_pb2_grpc

ROOT = Path(__file__).resolve().parent.parent
TOKEN = 'a-token-of-the-tests'
METADATA = (('authorization', f'Bearer {TOKEN}'),)
FEW_MODULES = 'tempera,trainable,tempera_sandbox.files.scanner'
"""What a zygote must import for executions, kernels, own tools and checkpoints; the libraries take it seconds more."""


class Host:
    """Started on port 0; `stop` ends it, `kill` kills it as a crash would. `modules=None`: with all libraries ahead."""

    def __init__(self, home: Path, *arguments: str, modules: str | None = FEW_MODULES) -> None:
        self.home = home
        pipe_read, self._pipe = os.pipe()
        self.process = subprocess.Popen(
            [
                sys.executable,
                '-m',
                'tempera_sandbox.host',
                '--home',
                str(home),
                '--parent-pipe',
                str(pipe_read),
                *([] if modules is None else ['--modules', modules]),
                *arguments,
            ],
            cwd=ROOT,
            env={**os.environ, 'SANDBOX_TOKEN': TOKEN},
            stdout=subprocess.PIPE,
            pass_fds=[pipe_read],
        )
        os.close(pipe_read)
        assert self.process.stdout
        self.line = json.loads(self.process.stdout.readline())
        self.channel = grpc.insecure_channel(self.line['address'])
        self.stub = sandbox_pb2_grpc.SandboxStub(self.channel)

    def call(self, method: str, request: Any, timeout_s: float = 60) -> Any:
        return getattr(self.stub, method)(request, metadata=METADATA, timeout=timeout_s)

    def end_sessions(self) -> None:
        """Leaves it without a session."""
        for folder in list((self.home / 'workspaces').iterdir()):
            self.call('CleanupSession', pb.CleanupSessionRequest(session_id=folder.name, epoch=1))

    def close_parent_pipe(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._end()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self._end()

    def pid_of(self, name: str) -> int:
        return int((self.home / 'processes' / f'{name}.pid').read_text().split()[0])

    def _end(self) -> None:
        self.channel.close()
        self.close_parent_pipe()
        assert self.process.stdout
        self.process.stdout.close()


@dataclass
class Seen:
    """What a reader of an execution got."""

    chunks: list[pb.ExecutionChunk] = field(default_factory=list)

    def text(self, stream: int = pb.Output.STREAM_STDOUT) -> str:
        data = [chunk.output.data for chunk in self.of('output') if chunk.output.stream == stream]
        return b''.join(data).decode('utf-8', 'replace')

    @property
    def errors(self) -> str:
        return self.text(pb.Output.STREAM_STDERR)

    @property
    def exit(self) -> pb.Exit:
        assert self.chunks[-1].WhichOneof('payload') == 'exit'
        return self.chunks[-1].exit

    @property
    def metrics(self) -> list[pb.Metric]:
        return [item for chunk in self.of('metrics') for item in chunk.metrics.items]

    def of(self, kind: str) -> list[pb.ExecutionChunk]:
        return [chunk for chunk in self.chunks if chunk.WhichOneof('payload') == kind]


@dataclass
class Workspace:
    """One session on a host."""

    host: Host
    session: str
    at: str = ''
    count: int = 0

    def open(self, epoch: int = 1, **limits: int) -> Workspace:
        request = pb.InitializeSessionRequest(
            session_id=self.session,
            epoch=epoch,
            experiment_id=f'x-{self.session}',
            limits=pb.Limits(**limits),
        )
        self.host.call('InitializeSession', request)
        return self

    @property
    def folder(self) -> Path:
        return self.host.home / 'workspaces' / self.session

    def request(self, code: str, **fields: Any) -> pb.ExecuteStreamRequest:
        self.count += 1
        values: dict[str, Any] = {
            'execution_id': f'{self.session}-step{self.count}/1',
            'session_id': self.session,
            'epoch': 1,
            'base': self.at,
            'code': code,
            'script_path': f'eda/scripts/step_{self.count:02}.py',
            'timeout_ms': 60_000,
            'environment': {'TEMPERA_STAGE': 'eda'},
        }
        return pb.ExecuteStreamRequest(**{**values, **fields})

    def stream(self, request: pb.ExecuteStreamRequest) -> Iterator[pb.ExecutionChunk]:
        return self.host.stub.ExecuteStream(request, metadata=METADATA, timeout=90)

    def run(self, code: str, acknowledge: bool = True, **fields: Any) -> Seen:
        request = self.request(code, **fields)
        seen = Seen(list(self.stream(request)))
        if acknowledge:
            self.acknowledge(request.execution_id, request.epoch)
        return seen

    def acknowledge(self, execution_id: str, epoch: int = 1) -> None:
        self.at = f'after-{self.count}'
        self.host.call(
            'Acknowledge', pb.AcknowledgeRequest(execution_id=execution_id, epoch=epoch, checkpoint=self.at)
        )

    def attach(self, execution_id: str, offset: int = 0, epoch: int = 1) -> Seen:
        request = pb.AttachRequest(execution_id=execution_id, epoch=epoch, from_offset=offset)
        return Seen(list(self.host.stub.Attach(request, metadata=METADATA, timeout=90)))

    def checkpoint(self) -> tuple[list[pb.TreeEntry], list[str]]:
        chunks = list(self.host.call('Checkpoint', pb.CheckpointRequest(session_id=self.session, epoch=1)))
        return (
            [entry for chunk in chunks for entry in chunk.entries],
            [reason for chunk in chunks for reason in chunk.refused],
        )

    def read(self, path: str, **fields: Any) -> bytes:
        request = pb.ReadFileRequest(session_id=self.session, path=path, **fields)
        return b''.join(chunk.data for chunk in self.host.call('ReadFile', request))

    def tool(self, name: str, **params: Any) -> Any:
        request = pb.ExecuteRequest(session_id=self.session, tool=name, params_json=json.dumps(params))
        return json.loads(self.host.call('Execute', request).result_json)


def refusal(error: grpc.RpcError) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """Status code, reason and metadata of a refused call."""
    status = rpc_status.from_call(error)
    assert status is not None, f'no details: {error}'
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return error.code(), info.reason, dict(info.metadata)


def until_output(call: Iterable[pb.ExecutionChunk]) -> list[pb.ExecutionChunk]:
    """The chunks of a stream up to the first with output; the others are left in it."""
    chunks: list[pb.ExecutionChunk] = []
    for chunk in call:
        chunks.append(chunk)
        if chunk.WhichOneof('payload') == 'output':
            break
    return chunks


def until(condition: Callable[[], bool], what: str, deadline_s: float = 20) -> None:
    """Polls a condition; fails with its name when it does not come true."""
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, f'not within {deadline_s} s: {what}'
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The processes that a process has started; none of one that has ended, or ends while it is looked at."""
    found = []
    try:
        for task in os.listdir(f'/proc/{pid}/task'):
            with contextlib.suppress(OSError):  # The thread ended.
                found += Path(f'/proc/{pid}/task/{task}/children').read_text().split()
    except OSError:
        return []
    return [int(name) for name in found]


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def command_of(pid: int) -> str:
    """What the process is called; empty for one that has ended."""
    try:
        return Path(f'/proc/{pid}/comm').read_text().strip()
    except OSError:
        return ''


def processes_with(marker: str) -> list[int]:
    """Processes whose command line or environment names the marker, besides this one."""
    found = []
    for name in os.listdir('/proc'):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            command = Path(f'/proc/{name}/cmdline').read_bytes()
        except OSError:
            continue
        if marker.encode() in command:
            found.append(int(name))
    return found


def goes_on(workspace: Workspace) -> None:
    """The session takes its next execution and its checkpoint, and nothing runs on."""
    assert workspace.run('print("on")').text() == 'on\n'
    workspace.checkpoint()
    until(lambda: workspace.host.call('Status', pb.StatusRequest()).running == 0, 'nothing runs')
