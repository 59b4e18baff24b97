"""The rest of the service: files, status as a stream, heartbeats, quotas, health, and a log that tells no values."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.wrappers_pb2 import Int32Value, StringValue
from host_client import METADATA, Host, Workspace, refusal, until

from tempera_sandbox import logs
from tempera_sandbox.generated import sandbox_pb2 as pb


def write(workspace: Workspace, path: str, data: bytes, **fields: object) -> pb.WriteFileResponse:
    header = pb.WriteFileHeader(session_id=workspace.session, epoch=1, path=path, **fields)
    pieces = [data[start : start + 100_000] for start in range(0, len(data), 100_000)]
    return workspace.host.call(
        'WriteFile',
        iter([pb.WriteFileChunk(header=header), *(pb.WriteFileChunk(data=piece) for piece in pieces)]),
    )


def files(workspace: Workspace, folder: str = '') -> dict[str, pb.TreeEntry]:
    request = pb.ListFilesRequest(session_id=workspace.session, folder=folder)
    return {
        entry.path: entry
        for message in workspace.host.call('ListFiles', request)
        for entry in message.entries
    }


def refused(call: object, *arguments: object, **named: object) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as caught:
        answer = call(*arguments, **named)  # type: ignore[operator]
        list(answer)
    return refusal(caught.value)


@pytest.fixture(scope='module')
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host with tiny quotas."""
    words = (
        'most_sessions=2',
        'executions_per_session=2',
        'queue_timeout_s=0.3',
        'most_cpu_s=1',
        'kernel_most_cells=2',
        'quota_interval_s=0.2',
    )
    host = Host(
        tmp_path_factory.mktemp('tiny'), '--slots', '1', *(part for word in words for part in ('--set', word))
    )
    yield host
    host.stop()


@pytest.fixture
def small(tiny: Host) -> Iterator[Host]:
    """The host with tiny quotas, which is left without a session."""
    yield tiny
    tiny.end_sessions()


def test_a_file_is_written_byte_for_byte_as_the_leases_uid(workspace: Workspace) -> None:
    data = os.urandom(350_001)
    answer = write(workspace, 'data/in/values.bin', data, mode=0o640)
    assert (answer.size, answer.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert workspace.read('data/in/values.bin') == data
    found = files(workspace)
    assert found['data/in/values.bin'].size == len(data) and found['data/in/values.bin'].mode == 0o640
    assert found['data/in'].kind == pb.TreeEntry.KIND_DIRECTORY
    workspace.at = 'dirty'
    seen = workspace.run(
        'open("data/in/more.txt", "w").write("x"); print(len(open("data/in/values.bin","rb").read()))'
    )
    assert seen.text() == '350001\n'
    assert set(files(workspace, 'data')) == {'data/in', 'data/in/more.txt', 'data/in/values.bin'}


def test_a_file_that_is_not_whole_leaves_nothing(workspace: Workspace) -> None:
    assert refused(write, workspace, 'a.txt', b'abc', sha256='0' * 64)[:2] == (
        grpc.StatusCode.ABORTED,
        'CONTENT_MISMATCH',
    )
    assert files(workspace) == {}


def test_no_file_is_written_or_listed_through_a_link(workspace: Workspace) -> None:
    workspace.run('import os\nos.symlink("/tmp", "out")\nos.symlink("/etc/passwd", "users")')
    for path in ('out/x', '../x', '/x'):
        assert refused(write, workspace, path, b'abc')[0] == grpc.StatusCode.INVALID_ARGUMENT
    write(workspace, 'users', b'mine')
    assert b'root' in Path('/etc/passwd').read_bytes() and workspace.read('users') == b'mine'
    assert files(workspace)['out'].kind == pb.TreeEntry.KIND_LINK
    request = pb.ListFilesRequest(session_id=workspace.session, folder='out')
    assert refused(workspace.host.call, 'ListFiles', request)[0] == grpc.StatusCode.NOT_FOUND


def test_the_status_is_streamed_when_it_changes(host: Host, workspace: Workspace) -> None:
    stream = host.stub.WatchStatus(pb.StatusRequest(), metadata=METADATA, timeout=60)
    first = next(stream)
    Workspace(host, 'watched').open()
    assert any(status.sessions == first.sessions + 1 for status in stream)
    stream.cancel()
    host.call('CleanupSession', pb.CleanupSessionRequest(session_id='watched', epoch=1))


def test_three_missed_heartbeats_end_what_runs_or_are_only_reported(workspace: Workspace) -> None:
    def beat(only_report: bool) -> pb.HeartbeatResponse:
        return workspace.host.call(
            'Heartbeat',
            pb.HeartbeatRequest(
                session_id=workspace.session, epoch=1, interval_ms=50, only_report=only_report
            ),
        )

    def missed() -> bool:
        return bool(
            workspace.host.call(
                'GetSession', pb.GetSessionRequest(session_id=workspace.session)
            ).heartbeats_missed
        )

    assert beat(True).ends_after_ms == 150
    until(missed, 'the missed heartbeats are reported')
    request = workspace.request('import time\nprint("on", flush=True)\ntime.sleep(60)')
    stream = workspace.stream(request)
    next(stream)
    assert list(beat(False).running) == [request.execution_id]
    last = list(stream)[-1]
    assert last.exit.status == 'killed' and 'heartbeats' in last.exit.message


def test_quotas_fail_fast_and_say_which(small: Host) -> None:
    first, second = Workspace(small, 'a').open(), Workspace(small, 'b').open()
    first.open()  # A known session is initialised again at the limit too.
    assert refused(Workspace(small, 'c').open)[2] == {'quota': 'sessions', 'limit': '2'}
    busy = first.stream(first.request('import time\nprint(1, flush=True)\ntime.sleep(60)', cpu_seconds=100))
    next(busy)
    assert refused(second.run, '1', affinity='strict_fail_fast')[2] == {'quota': 'slots', 'limit': '1'}
    assert refused(second.run, '1')[2] == {'quota': 'queue_seconds', 'limit': '0'}
    assert refused(second.run, '1', affinity='near')[2]['key'] == 'affinity'


def test_outcomes_that_nobody_acknowledges_count_for_their_session(small: Host) -> None:
    workspace = Workspace(small, 'kept').open()
    workspace.run('1', acknowledge=False)
    workspace.at = 'dirty'
    workspace.run('1', acknowledge=False)
    assert refused(workspace.run, '1')[2] == {'quota': 'executions_per_session', 'limit': '2'}


def test_cpu_time_is_held_to_its_limit(small: Host) -> None:
    seen = Workspace(small, 'cpu').open().run('while True: pass')
    assert seen.exit.status == 'quota' and 'CPU time' in seen.exit.message


def test_a_kernel_is_recycled_after_so_many_cells(small: Host) -> None:
    workspace = Workspace(small, 'cells').open()
    lost = [workspace.run('1', kernel='main').of('started')[0].started.kernel_lost for _ in range(3)]
    assert lost == ['', '', 'recycled']


def test_health_is_told_without_a_token(host: Host) -> None:
    check = host.channel.unary_unary(
        '/grpc.health.v1.Health/Check',
        request_serializer=StringValue.SerializeToString,
        response_deserializer=Int32Value.FromString,
    )
    until(lambda: check(StringValue(value='tempera.v1.Sandbox')).value == 1, 'the host serves')
    with pytest.raises(grpc.RpcError) as caught:
        check(StringValue(value='other'))
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND


def test_the_log_summarises_and_never_quotes() -> None:
    secret = 'planted-secret-0123'
    assert logs.summary({'key': secret, 'rows': [secret]}) == 'map(keys: [key, rows], count: 2)'
    assert [logs.summary(value) for value in (secret, [1, 2], b'abc', None)] == [
        'text(len: 19)',
        'list(len: 2)',
        'binary(len: 3)',
        'NoneType',
    ]
    assert logs.trace_id(f'00-{"a" * 32}-{"b" * 16}-01') == 'a' * 32
    assert logs.trace_id(secret) == '-'


def test_a_planted_secret_and_the_trace_in_the_hosts_log(tmp_path: Path) -> None:
    """Code, environment, data, parameters and results carry a secret; the log carries the trace and not the secret."""
    secret, trace = 'planted-secret-4711', 'c' * 32
    log = tmp_path / 'log'
    before = os.dup(2)
    with log.open('wb') as file:
        os.dup2(file.fileno(), 2)
        try:
            host = Host(tmp_path / 'home')
        finally:
            os.dup2(before, 2)
            os.close(before)
    try:
        workspace = Workspace(host, 'planted').open()
        write(workspace, 'data.csv', secret.encode())
        workspace.at = 'dirty'
        seen = workspace.run(
            f'import os\nprint(os.environ["WORD"], os.environ["TRACEPARENT"])\nraise ValueError("{secret}")',
            environment={'WORD': secret, 'TRACEPARENT': f'00-{trace}-{"b" * 16}-01'},
            trace_context=f'00-{trace}-{"b" * 16}-01',
        )
        assert secret in seen.text() and trace in seen.text()
        source = 'from tempera import tool\n@tool\ndef fails(word: str):\n    raise ValueError(word)'
        host.call(
            'RegisterTools', pb.RegisterToolsRequest(session_id='planted', epoch=1, module='m', source=source)
        )
        request = pb.StreamToolRequest(
            session_id='planted', tool='fails', params_json=f'{{"word": "{secret}"}}'
        )
        assert refused(host.call, 'StreamTool', request)[1] == 'TOOL_FAILED'
    finally:
        host.stop()
    text = log.read_text(encoding='utf-8')
    assert secret not in text and 'a-token-of-the-tests' not in text
    assert f'trace {trace}' in text and 'map(keys: [word], count: 1)' in text


def test_an_unknown_quota_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, '-m', 'tempera_sandbox.host', '--home', str(tmp_path), '--set', 'most_things=3'],
        env={**os.environ, 'SANDBOX_TOKEN': 'a-token-of-the-tests'},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (
        ended.returncode == 1
        and 'no number [most_things]; there are: cores, slots, most_sessions' in ended.stderr
    )


def test_a_host_imports_ahead_what_it_is_told_to(workspace: Workspace, small: Host) -> None:
    code = 'import sys\nprint([name for name in ("numpy", "sklearn", "tempera") if name in sys.modules])'
    assert workspace.run(code).text() == "['numpy', 'sklearn', 'tempera']\n"
    assert Workspace(small, 'few').open().run(code).text() == "['tempera']\n"
