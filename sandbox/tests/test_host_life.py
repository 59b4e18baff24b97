"""The host's own ends: killed, told to stop, its zygote killed, started again over what was left."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from host_client import Host, Seen, Workspace, alive, processes_with, refusal, until, until_output

from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.isolation import cgroup_level

SLEEPER = (
    'import subprocess, time\nsubprocess.Popen(["sleep", "{mark}"])\nprint("on", flush=True)\ntime.sleep(600)'
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[list[Host]]:
    """Hosts of one test over one home; started by `_start`, ended here."""
    hosts: list[Host] = []
    yield hosts
    for host in hosts:
        host.stop()


def test_a_killed_host_leaves_nothing_and_the_next_one_goes_on(own: list[Host], tmp_path: Path) -> None:
    host = _start(own, tmp_path)
    whole, cut = Workspace(host, 'kept').open(), Workspace(host, 'cut').open()
    whole.run('open("f", "w").write("1")')
    done = whole.run('print("done")', acknowledge=False)
    mark = '40417'
    running = cut.request(SLEEPER.format(mark=mark))
    call = cut.stream(running)
    until_output(call)
    zygote = host.pid_of('zygote')
    host.kill()
    until(lambda: not alive(zygote) and not processes_with(mark), 'all processes are gone')

    again = _start(own, tmp_path)
    assert _groups(tmp_path) == []
    whole.host = cut.host = again
    assert whole.attach('kept-step2/1').chunks == done.chunks
    whole.acknowledge('kept-step2/1')
    assert whole.run('print(open("f").read())').text() == '1\n'
    with pytest.raises(grpc.RpcError) as error:
        cut.attach(running.execution_id)
    assert refusal(error.value)[0] == grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.RpcError) as error:
        cut.run('print(1)')
    assert refusal(error.value)[2] == {'workspace_at': 'dirty'}


@pytest.mark.parametrize('way', ['terminate', 'parent pipe'])
def test_a_host_that_is_told_to_end_takes_everything_with_it(
    own: list[Host], tmp_path: Path, way: str
) -> None:
    host = _start(own, tmp_path)
    workspace = Workspace(host, 's').open()
    mark = '40418'
    until_output(workspace.stream(workspace.request(SLEEPER.format(mark=mark))))
    zygote = host.pid_of('zygote')
    if way == 'terminate':
        host.process.send_signal(signal.SIGTERM)
    else:
        host.close_parent_pipe()
    assert host.process.wait(10) == 0
    until(lambda: not alive(zygote) and not processes_with(mark), 'all processes are gone')


def test_the_health_of_a_host_follows_its_zygote(own: list[Host], tmp_path: Path) -> None:
    host = _start(own, tmp_path)
    watch = health_pb2_grpc.HealthStub(host.channel).Watch(
        health_pb2.HealthCheckRequest(service='tempera.v1.Sandbox'), timeout=120
    )
    states = (health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status) for answer in watch)
    until(lambda: next(states) == 'SERVING', 'the host serves')
    os.kill(host.pid_of('zygote'), signal.SIGKILL)
    assert [next(states), next(states)] == ['NOT_SERVING', 'SERVING']


def test_a_killed_zygote_ends_its_executions_and_the_next_one_serves(own: list[Host], tmp_path: Path) -> None:
    host = _start(own, tmp_path)
    workspace = Workspace(host, 's').open()
    mark = '40419'
    request = workspace.request(SLEEPER.format(mark=mark))
    call = workspace.stream(request)
    chunks = until_output(call)
    os.kill(host.pid_of('zygote'), signal.SIGKILL)
    result = Seen([*chunks, *call]).exit
    assert (result.status, result.signal) == ('lost', 9) and 'it may be run again' in result.message
    until(lambda: not processes_with(mark), 'its processes are gone')
    workspace.acknowledge(request.execution_id)
    assert workspace.run('print("again")').text() == 'again\n'


def test_a_second_host_of_the_same_home_ends_the_first(own: list[Host], tmp_path: Path) -> None:
    first = _start(own, tmp_path)
    Workspace(first, 's').open()
    second = _start(own, tmp_path)
    assert first.process.wait(10) == 0 and second.line['host_id'] == first.line['host_id']
    assert second.call('GetSession', pb.GetSessionRequest(session_id='s')).epoch == 1


def test_a_detached_execution_is_killed_after_the_grace(own: list[Host], tmp_path: Path) -> None:
    host = _start(own, tmp_path, '--detached-grace', '0.5')
    workspace = Workspace(host, 's').open()
    request = workspace.request(SLEEPER.format(mark='40420'))
    call = workspace.stream(request)
    until_output(call)
    call.cancel()  # type: ignore[attr-defined]
    until(lambda: host.call('Status', pb.StatusRequest()).running == 0, 'the grace is over')
    result = workspace.attach(request.execution_id).exit
    assert result.status == 'killed' and 'nobody has read it' in result.message


def test_status_tells_the_isolation(host: Host) -> None:
    status = host.call('Status', pb.StatusRequest())
    assert status.isolation_policy == 'required' and {layer.name for layer in status.isolation} >= {
        'mount',
        'landlock',
    }


def _start(own: list[Host], home: Path, *arguments: str) -> Host:
    host = Host(home / 'home', *arguments)
    own.append(host)
    return host


def _groups(home: Path) -> list[str]:
    level = cgroup_level()
    parents = set(level[1].values()) if level else set()
    return [
        folder.name
        for parent in parents
        for folder in parent.glob('tempera-*')
        if home.name[:20] in folder.name
    ]
