"""kill -9 of zygote and host beside executions: as a spare child or a kernel is made, in a restore, in a checkpoint.

After each: the caller has the right word within 5 s, the same session works again, nothing is left over.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from host_client import METADATA, Host, Workspace, refusal, until

from tempera_sandbox.generated import sandbox_pb2 as pb

LONG = os.environ.get('TEMPERA_TEST_LONG') == '1'
SEED = int(os.environ.get('TEMPERA_TEST_SEED') or 1)
ANSWER_WITHIN_S = 5.0
SIZE = 256 * 1024 * 1024
MOMENTS = range(20 if LONG else 2)


@pytest.fixture(scope='module')
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host that outlives every zygote that is killed."""
    host = Host(tmp_path_factory.mktemp('lasting'), '--slots', '2')
    ready(host)
    yield host
    host.stop()


def start(hosts: list[Host], home: Path) -> Host:
    host = Host(home / 'home', '--slots', '2')
    hosts.append(host)
    ready(host)
    return host


def ready(host: Host) -> None:
    until(lambda: host.call('Status', pb.StatusRequest()).zygote_ready, 'the zygote is ready', 120)


def kill_zygote(host: Host) -> None:
    """Returns when the host has seen it: another one is on its way."""
    killed = host.pid_of('zygote')
    os.kill(killed, signal.SIGKILL)
    file = host.home / 'processes' / 'zygote.pid'
    until(lambda: file.read_text().split()[:1] not in ([], [str(killed)]), 'another zygote is started')


def kill_host(host: Host) -> None:
    host.process.kill()
    host.process.wait()


def answer(call: Any, kill: Callable[[], None], after_s: float) -> grpc.RpcError | None:
    """Kills while the call goes on. What the call raised, in time; None when it succeeded, be it by the next zygote,
    which a request that had not been sent yet waits for."""
    ended: list[grpc.RpcError | None] = []

    def wait() -> None:
        try:
            list(call)
            ended.append(None)
        except grpc.RpcError as error:
            ended.append(error)

    reader = threading.Thread(target=wait)
    reader.start()
    time.sleep(after_s)
    hit = time.monotonic()
    kill()
    reader.join(120)
    assert ended, 'the caller still waits'
    assert ended[0] is None or time.monotonic() - hit < ANSWER_WITHIN_S
    return ended[0]


def expect_nothing_left(host: Host, session: str) -> None:
    host.call('CleanupSession', pb.CleanupSessionRequest(session_id=session, epoch=1))
    ready(host)
    zygote = host.pid_of('zygote')
    until(lambda: Path(f'/proc/{zygote}/task/{zygote}/children').read_text() == '', 'no child is left')
    assert os.listdir(host.home / 'workspaces') == [] and os.listdir(host.home / 'spools') == []


def pauses(most_s: float) -> list[float]:
    chance = random.Random(SEED)
    return [chance.uniform(0, most_s) for _ in MOMENTS]


def test_the_zygote_dies_as_a_spare_child_is_made(lasting: Host) -> None:
    for number, pause in enumerate(pauses(0.02)):
        workspace = Workspace(lasting, f'spare{number}').open()
        time.sleep(pause)
        kill_zygote(lasting)
        ready(lasting)
        assert workspace.run('print("on")').text() == 'on\n'
        expect_nothing_left(lasting, workspace.session)


def test_the_zygote_dies_as_a_kernel_is_made(lasting: Host) -> None:
    host = lasting
    for number, pause in enumerate(pauses(0.03)):
        workspace = Workspace(host, f'kernel{number}').open()
        request = workspace.request('x = 1', kernel='main')
        error = answer(workspace.stream(request), lambda: kill_zygote(host), pause)
        if error is not None:
            assert refusal(error)[:2] == (grpc.StatusCode.UNAVAILABLE, 'ZYGOTE_UNAVAILABLE')
        else:
            workspace.acknowledge(request.execution_id)
        ready(host)
        seen = workspace.run('print("x" in globals())', kernel='main')
        assert seen.text() == f'{not seen.of("started")[0].started.kernel_new}\n'
        expect_nothing_left(host, workspace.session)


def filled(host: Host, session: str) -> Workspace:
    """A workspace that takes a while to look through."""
    workspace = Workspace(host, session).open()
    workspace.run(f'open("large", "wb").truncate({SIZE})')
    return workspace


@pytest.mark.parametrize('victim', ['zygote', 'host'])
def test_a_checkpoint_is_cut_off(lasting: Host, hosts: list[Host], tmp_path: Path, victim: str) -> None:
    host = lasting if victim == 'zygote' else start(hosts, tmp_path)
    workspace = filled(host, 'cut-checkpoint')
    request = pb.CheckpointRequest(session_id='cut-checkpoint', epoch=1)
    kill = kill_host if victim == 'host' else kill_zygote
    call = host.stub.Checkpoint(request, metadata=METADATA, timeout=60)
    error = answer(call, lambda: kill(host), 0.05)
    assert error is not None and error.code() == grpc.StatusCode.UNAVAILABLE
    again = start(hosts, tmp_path) if victim == 'host' else host
    workspace.host = again
    ready(again)
    entries, _ = workspace.checkpoint()
    assert ('large', SIZE) in [(entry.path, entry.size) for entry in entries]
    expect_nothing_left(again, 'cut-checkpoint')


@pytest.mark.parametrize('victim', ['zygote', 'host'])
def test_a_restore_is_cut_off(lasting: Host, hosts: list[Host], tmp_path: Path, victim: str) -> None:
    """The host writes the files itself: without its zygote it goes on; a host that comes back calls the rest dirty."""
    host = lasting if victim == 'zygote' else start(hosts, tmp_path)
    session = 'cut-restore'
    workspace = Workspace(host, session).open()
    half = threading.Event()

    def chunks() -> Iterator[pb.RestoreChunk]:
        header = pb.RestoreHeader(
            session_id=session,
            epoch=1,
            checkpoint='c',
            entries=[
                pb.TreeEntry(
                    path='f',
                    kind=pb.TreeEntry.KIND_FILE,
                    size=4,
                    mode=0o644,
                    sha256=hashlib.sha256(b'xxxx').hexdigest(),
                )
            ],
        )
        yield pb.RestoreChunk(header=header)
        yield pb.RestoreChunk(path='f', data=b'xx')
        half.wait(30)
        yield pb.RestoreChunk(path='f', offset=2, data=b'xx')

    call = host.stub.Restore.future(chunks(), metadata=METADATA, timeout=60)
    until(lambda: (workspace.folder / 'f').exists(), 'the restore has begun')
    hit = time.monotonic()
    (kill_host if victim == 'host' else kill_zygote)(host)
    half.set()
    error = call.exception(timeout=ANSWER_WITHIN_S)
    assert time.monotonic() - hit < ANSWER_WITHIN_S
    if victim == 'host':
        assert error.code() == grpc.StatusCode.UNAVAILABLE
        again = start(hosts, tmp_path)
        workspace.host = again
        assert again.call('GetSession', pb.GetSessionRequest(session_id=session)).workspace_at == 'dirty'
        assert again.call('Restore', chunks()).bytes == 4
    else:
        assert error is None
        again = host
    ready(again)
    workspace.at = 'c'
    assert workspace.run('print(open("f").read())').text() == 'xxxx\n'
    expect_nothing_left(again, session)


def test_a_host_starts_whatever_attempts_of_a_step_the_last_one_left(
    hosts: list[Host], tmp_path: Path
) -> None:
    host = start(hosts, tmp_path)
    ids = [f'the-step/{number}' for number in range(1, 7)]
    for epoch, execution in enumerate(ids, 1):
        workspace = Workspace(host, f'left{epoch}').open()
        seen = workspace.run(f'print({epoch})', execution_id=execution, epoch=epoch, acknowledge=False)
        assert seen.exit.status == 'ok', seen.errors
    notes = [json.loads(note.read_text()) for note in sorted((host.home / 'spools').glob('*.json'))]
    epochs = [note['epoch'] for note in notes]
    assert epochs != sorted(epochs), 'they are met in an order in which some have been overtaken'
    kill_host(host)

    again = start(hosts, tmp_path)
    last = Workspace(again, 'left6')
    assert last.attach(ids[-1], epoch=6).text() == '6\n'
    with pytest.raises(grpc.RpcError) as caught:
        last.attach(ids[0], epoch=1)
    assert refusal(caught.value)[:2] == (grpc.StatusCode.ABORTED, 'SUPERSEDED')


def test_a_host_starts_with_files_that_were_cut_short(hosts: list[Host], tmp_path: Path) -> None:
    host = start(hosts, tmp_path)
    Workspace(host, 'kept').open()
    kill_host(host)
    files = [file for file in host.home.rglob('*') if file.is_file() and 'workspaces' not in file.parts]
    assert {'host_id', 'lives', 'kept.json'} <= {file.name for file in files}
    for file in files:
        file.write_bytes(b'')

    again = start(hosts, tmp_path)
    status = again.call('Status', pb.StatusRequest())
    assert status.host_id.startswith('host-')
    assert Workspace(again, 'kept').open(epoch=2).run('print(1)', epoch=2).text() == '1\n'
