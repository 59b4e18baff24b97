"""Calls that no honest platform makes, at a host that serves others: each is refused by name, none is a bug."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from host_client import METADATA, Host, Seen, Workspace, refusal, until

from tempera_sandbox.errors import HostError
from tempera_sandbox.executions.fences import Fences
from tempera_sandbox.generated import sandbox_pb2 as pb

FILE, FOLDER, LINK = pb.TreeEntry.KIND_FILE, pb.TreeEntry.KIND_DIRECTORY, pb.TreeEntry.KIND_LINK
INVALID, TOO_MUCH = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED
SILENT_S = 0.5


def restoring(session: str, *entries: pb.TreeEntry) -> Iterator[pb.RestoreChunk]:
    header = pb.RestoreHeader(session_id=session, epoch=1, checkpoint='c', entries=entries)
    return iter([pb.RestoreChunk(header=header)])


def writing(session: str, path: str) -> Iterator[pb.WriteFileChunk]:
    return iter([pb.WriteFileChunk(header=pb.WriteFileHeader(session_id=session, epoch=1, path=path))])


def dataset(path: str) -> Iterator[pb.WriteDatasetChunk]:
    header = pb.WriteDatasetHeader(experiment_id='x-hostile', file=pb.DatasetFile(path=path))
    return iter([pb.WriteDatasetChunk(header=header)])


CALLS: dict[str, tuple[str, Callable[[str], Any], grpc.StatusCode, str]] = {
    'an id of 3 MB': (
        'Attach',
        lambda _: pb.AttachRequest(execution_id='z' * 3_000_000),
        INVALID,
        'execution_id',
    ),
    'an id of control letters': (
        'Kill',
        lambda _: pb.KillRequest(execution_id='a\x1b[2J'),
        INVALID,
        'execution_id',
    ),
    'an offset beyond every file': (
        'ReadFile',
        lambda s: pb.ReadFileRequest(session_id=s, path='f', offset=2**63),
        INVALID,
        'offset',
    ),
    'an end beyond every file': (
        'ReadFile',
        lambda s: pb.ReadFileRequest(session_id=s, path='f', offset=5, length=2**64 - 1),
        INVALID,
        'offset',
    ),
    'a path out of the workspace': (
        'ReadFile',
        lambda s: pb.ReadFileRequest(session_id=s, path='../x'),
        INVALID,
        'path',
    ),
    'a folder out of the workspace': (
        'ListFiles',
        lambda s: pb.ListFilesRequest(session_id=s, folder='a/../../x'),
        INVALID,
        'folder',
    ),
    'a file under 2,000 folders': ('WriteFile', lambda s: writing(s, 'a/' * 1999 + 'b'), INVALID, 'path'),
    'a file whose name is too long': ('WriteFile', lambda s: writing(s, 'a' * 3999), INVALID, 'path'),
    'JSON that nests without an end': (
        'Execute',
        lambda s: pb.ExecuteRequest(session_id=s, tool='list_files', params_json='[' * 200_000),
        INVALID,
        'params_json',
    ),
    'a number of 100,000 digits': (
        'Execute',
        lambda s: pb.ExecuteRequest(session_id=s, tool='list_files', params_json='9' * 100_000),
        INVALID,
        'params_json',
    ),
    'a heartbeat every seven weeks': (
        'Heartbeat',
        lambda s: pb.HeartbeatRequest(session_id=s, epoch=1, interval_ms=2**32 - 1),
        INVALID,
        'interval_ms',
    ),
    'a checkpoint of exabytes': (
        'Restore',
        lambda s: restoring(s, pb.TreeEntry(path='f', kind=FILE, size=2**63)),
        TOO_MUCH,
        'workspace_bytes',
    ),
    'a checkpoint of 200,000 folders': (
        'Restore',
        lambda s: restoring(s, *(pb.TreeEntry(path=f'f{n}', kind=FOLDER) for n in range(200_000))),
        TOO_MUCH,
        'workspace_files',
    ),
    'a link with a NUL': (
        'Restore',
        lambda s: restoring(s, pb.TreeEntry(path='f', kind=LINK, target='a\0b')),
        INVALID,
        'entries.target',
    ),
    'a link of 100,000 letters': (
        'Restore',
        lambda s: restoring(s, pb.TreeEntry(path='f', kind=LINK, target='a' * 100_000)),
        INVALID,
        'entries',
    ),
    'one name for a file and a link': (
        'Restore',
        lambda s: restoring(s, pb.TreeEntry(path='f', kind=FILE), pb.TreeEntry(path='f', kind=LINK)),
        INVALID,
        'entries',
    ),
    'an entry that is nothing': (
        'Restore',
        lambda s: restoring(s, pb.TreeEntry(path='f')),
        INVALID,
        'entries.kind',
    ),
    "a dataset file with a folder's name": ('WriteDataset', lambda _: dataset('a'), INVALID, 'file.path'),
    'a dataset file under a file': ('WriteDataset', lambda _: dataset('a/b.csv/c'), INVALID, 'file.path'),
    'a dataset file whose name is too long': (
        'WriteDataset',
        lambda _: dataset('d' * 300),
        INVALID,
        'file.path',
    ),
}


@pytest.mark.parametrize('what', CALLS)
def test_a_call_is_refused_by_the_name_of_what_is_wrong(workspace: Workspace, what: str) -> None:
    method, request, status, key = CALLS[what]
    workspace.host.call('WriteDataset', dataset('a/b.csv'))
    with pytest.raises(grpc.RpcError) as caught:
        list(workspace.host.call(method, request(workspace.session)))
    code, _, metadata = refusal(caught.value)
    assert (code, metadata.get('key') or metadata.get('quota')) == (status, key)
    assert workspace.host.call('GetLoad', pb.GetLoadRequest()).host_id


@pytest.mark.parametrize('variables', [{'': 'x'}, {'A=B': 'x'}, {'A\0B': 'x'}, {'A': 'x\0y'}])
def test_variables_that_no_process_can_have_are_refused(
    workspace: Workspace, variables: dict[str, str]
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        workspace.run('print(1)', environment=variables)
    assert refusal(caught.value)[2]['key'] == 'environment'


def test_the_id_of_another_sessions_execution_shows_nothing_of_it(host: Host, workspace: Workspace) -> None:
    request = workspace.request('print("mine alone")')
    assert Seen(list(workspace.stream(request))).exit.status == 'ok'
    other = Workspace(host, f'{workspace.session}-other').open()
    with pytest.raises(grpc.RpcError) as caught:
        list(other.stream(other.request('print(1)', execution_id=request.execution_id)))
    assert refusal(caught.value)[2]['key'] == 'execution_id'


def test_ids_that_look_alike_are_two_executions(host: Host, workspace: Workspace) -> None:
    """Their control groups have names made of the ids: taken for one, the second would end the first."""
    other = Workspace(host, f'{workspace.session}-alike').open()
    name = f'{workspace.session}-alike'
    first = workspace.stream(
        workspace.request(
            'import os, time\nprint("on", flush=True)\nwhile not os.path.exists("go"): '
            'time.sleep(0.01)\nprint("end")',
            execution_id=f'{name}/1',
        )
    )
    seen = [next(first), next(first)]
    assert other.run('print("other")', execution_id=f'{name}_1', acknowledge=False).text() == 'other\n'
    (workspace.folder / 'go').touch()
    ended = Seen([*seen, *first])
    assert (ended.exit.status, ended.text()) == ('ok', 'on\nend\n')


def test_only_so_many_fences_are_remembered_and_those_seen_last_hold() -> None:
    fences = Fences(most=3)
    for step in ('a', 'b', 'c', 'a', 'd'):
        fences.check(step, 5)
    with pytest.raises(HostError, match='superseded'):
        fences.check('a', 4)
    with pytest.raises(HostError, match='superseded'):
        fences.check('a', 4)
    fences.check('b', 1)  # Seen longest ago, so forgotten.


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path / 'home', '--set', f'caller_idle_s={SILENT_S}')
    yield host
    host.stop()


@pytest.mark.parametrize('method', ['WriteFile', 'Restore', 'WriteDataset'])
def test_a_caller_that_falls_silent_in_a_stream_holds_nobody_up(impatient: Host, method: str) -> None:
    workspace = Workspace(impatient, 's').open()
    over = threading.Event()

    def half() -> Iterator[Any]:
        yield next(
            {
                'WriteFile': writing('s', 'f'),
                'Restore': restoring('s', pb.TreeEntry(path='f', kind=FILE)),
                'WriteDataset': dataset('f.csv'),
            }[method]
        )
        over.wait(60)

    call = getattr(impatient.stub, method).future(half(), metadata=METADATA, timeout=60)
    error = call.exception()
    over.set()
    assert refusal(error)[:2] == (grpc.StatusCode.DEADLINE_EXCEEDED, 'SILENT_CALLER')
    impatient.call('Restore', restoring('s'))
    workspace.at = 'c'
    assert workspace.run('print("on")').text() == 'on\n'
    assert not list(impatient.home.glob('*.part'))


def test_cleaning_up_again_and_again_never_takes_the_next_session_of_the_name(host: Host) -> None:
    for turn in range(5):
        workspace = Workspace(host, 'again').open(epoch=turn + 1)
        stream = workspace.stream(
            workspace.request(
                'import time\nprint("on", flush=True)\ntime.sleep(600)',
                execution_id=f'again-{turn}/1',
                epoch=turn + 1,
            )
        )
        assert next(chunk for chunk in stream if chunk.WhichOneof('payload') == 'output')
        request = pb.CleanupSessionRequest(session_id='again', epoch=turn + 1)
        calls = [host.stub.CleanupSession.future(request, metadata=METADATA, timeout=60) for _ in range(10)]
        opened = False
        while not all(call.done() for call in calls) or not opened:
            try:
                workspace.open(epoch=turn + 1)
                opened = True
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.NOT_FOUND
            time.sleep(0.001)
        codes = {call.code() for call in calls}
        assert codes <= {grpc.StatusCode.OK, grpc.StatusCode.NOT_FOUND}
        # One that came late may have ended this one too; then it is gone as a whole.
        try:
            known = host.call('GetSession', pb.GetSessionRequest(session_id='again')).session_id
        except grpc.RpcError:
            known = ''
        assert workspace.folder.exists() == (known == 'again')
    until(lambda: host.call('GetLoad', pb.GetLoadRequest()).running == 0, 'nothing runs')


def test_a_token_that_is_nearly_right_is_wrong(host: Host) -> None:
    for value in (
        'Bearer a-token-of-the-test',
        'Bearer a-token-of-the-tests ',
        'bearer a-token-of-the-tests',
        'a-token-of-the-tests',
        'Bearer ',
        '',
    ):
        for method, request in (
            ('GetLoad', pb.GetLoadRequest()),
            ('ListFiles', pb.ListFilesRequest()),
            ('WriteFile', writing('s', 'f')),
            ('Drain', pb.DrainRequest(on=True)),
        ):
            with pytest.raises(grpc.RpcError) as caught:
                list(getattr(host.stub, method)(request, metadata=(('authorization', value),), timeout=20))
            assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED, (value, method)
    assert not host.call('GetLoad', pb.GetLoadRequest()).draining
