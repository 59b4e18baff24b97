"""Spare children: used once, confined like any other, fitting or not used, and gone with what they wait for."""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from host_client import FEW_MODULES, Host, Workspace, alive, children, command_of, until

from tempera_sandbox.children.confining import owner_of
from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.isolation import cgroup_level
from tempera_sandbox.settings import Settings

_numbers = itertools.count(1)
STATE = """
import json, os, random, numpy
wanted = ('NoNewPrivs', 'Seccomp', 'CapEff', 'CapBnd', 'Uid', 'SigBlk')
lines = (line.split(':', 1) for line in open('/proc/self/status'))
status = {name: value.split() for name, value in lines if name in wanted}
print(json.dumps({'status': status, 'tmp': os.listdir('/tmp'), 'shm': os.listdir('/dev/shm'), 'cwd': os.getcwd(),
                  'files': len(os.listdir('/proc/self/fd')), 'environment': sorted(os.environ),
                  'nice': os.nice(0), 'pid': os.getpid(), 'draw': [random.random(), float(numpy.random.rand())]}))
open('/tmp/left', 'w').write('x')
open('/dev/shm/left', 'w').write('x')
os.environ['LEFT'] = 'x'
"""
SLEEPER = 'import time\nprint("on", flush=True)\ntime.sleep(600)'


def start(home: Path) -> Host:
    return Host(home, modules=f'numpy,{FEW_MODULES}')


@pytest.fixture(scope='module')
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    host = start(tmp_path_factory.mktemp('lasting'))
    yield host
    host.stop()


@pytest.fixture
def own(lasting: Host) -> Iterator[Workspace]:
    """A session alone on its host, so that only this test's children are there."""
    yield Workspace(lasting, f's{next(_numbers)}').open()
    lasting.end_sessions()
    until(lambda: not inits(lasting), 'no child is left')


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[Workspace]:
    """A session on a host of its own, which the test ends."""
    host = start(tmp_path)
    yield Workspace(host, 's').open()
    host.stop()


def inits(host: Host) -> list[int]:
    """The first processes of the namespaces that the zygote has made. One that has ended, and which the zygote has
    not waited for yet, would be taken for the next spare child."""
    found = [pid for pid in children(host.pid_of('zygote')) if command_of(pid) == 'tempera-init']
    return [pid for pid in found if alive(pid)]


def spare_of(host: Host) -> int:
    """The one child of a host that runs nothing."""
    until(lambda: len(inits(host)) == 1, 'one spare child waits')
    return inits(host)[0]


def groups(host: Host) -> list[str]:
    level, owner = cgroup_level(), owner_of(Settings(host.home))
    parents = set(level[1].values()) if level else set()
    return [folder.name for parent in parents for folder in parent.glob(f'tempera-{owner}-*')]


def until_output(call: Iterator[pb.ExecutionChunk]) -> None:
    for chunk in call:
        if chunk.WhichOneof('payload') == 'output':
            return


def state(workspace: Workspace) -> dict[str, Any]:
    seen = workspace.run(STATE)
    assert seen.exit.status == 'ok', seen.errors
    return json.loads(seen.text())


def test_it_serves_one_execution_and_another_takes_its_place(own: Workspace) -> None:
    first = spare_of(own.host)
    request = own.request(SLEEPER)
    call = own.stream(request)
    until_output(call)
    until(lambda: len(inits(own.host)) == 2, 'the next spare child waits')
    assert first in inits(own.host)
    own.host.call('Kill', pb.KillRequest(execution_id=request.execution_id, epoch=1))
    assert [chunk.exit.status for chunk in call if chunk.WhichOneof('payload') == 'exit'] == ['killed']
    until(lambda: not alive(first), 'the used one is gone')
    assert spare_of(own.host) != first


def test_executions_in_it_share_nothing(own: Workspace) -> None:
    states = []
    for _ in range(3):
        spare_of(own.host)
        states.append(state(own))
    assert all('left' not in one['tmp'] + one['shm'] for one in states)
    assert all('LEFT' not in one['environment'] for one in states)
    draws = [draw for one in states for draw in one['draw']]
    assert len(set(draws)) == len(draws)


def test_it_is_confined_as_one_that_is_forked_on_request(own: Workspace) -> None:
    spare_of(own.host)
    waited = state(own)
    os.kill(spare_of(own.host), signal.SIGKILL)
    until(lambda: not inits(own.host), 'the spare one is gone')
    forked = state(own)
    for one in (waited, forked):
        del one['draw']
    assert waited == forked
    assert (waited['status']['NoNewPrivs'], waited['status']['Seccomp']) == (['1'], ['2'])
    assert int(waited['status']['CapEff'][0], 16) == int(waited['status']['CapBnd'][0], 16) == 0


def test_an_execution_with_other_limits_gets_a_child_of_its_own(own: Workspace) -> None:
    waiting = spare_of(own.host)
    code = 'import os\nfound = os.statvfs("/tmp")\nprint(found.f_blocks * found.f_frsize)'
    asked = 16 * 1024 * 1024
    assert int(own.run(code, limits=pb.Limits(tmp_bytes=asked)).text()) == asked
    until(lambda: not alive(waiting), 'the one that did not fit is gone')


def test_a_session_that_was_cleaned_up_and_made_again_never_gets_the_old_one(own: Workspace) -> None:
    own.run('open("kept", "w").write("old")')
    waiting = spare_of(own.host)
    own.host.call('CleanupSession', pb.CleanupSessionRequest(session_id=own.session, epoch=1))
    assert not alive(waiting)
    again = Workspace(own.host, own.session).open()
    assert again.run('import os\nprint(os.listdir())').text() == "['eda']\n"


def test_a_dataset_folder_that_was_replaced_is_seen_as_it_is(own: Workspace) -> None:
    spare_of(own.host)
    folder = own.host.home / 'datasets' / f'x-{own.session}'
    folder.rename(folder.with_name('former'))
    folder.mkdir()
    (folder / 'table.csv').write_text('a\n1\n')
    assert own.run('import os\nprint(os.listdir(os.environ["TEMPERA_DATASET"]))').text() == "['table.csv']\n"


def test_a_killed_zygote_takes_it_along_and_the_next_execution_works(own: Workspace) -> None:
    waiting = spare_of(own.host)
    zygote = own.host.pid_of('zygote')
    os.kill(zygote, signal.SIGKILL)
    until(lambda: not alive(waiting), 'the spare child is gone')
    until(lambda: own.host.pid_of('zygote') != zygote, 'another zygote is there')
    until(lambda: not groups(own.host), 'its group is gone')
    assert own.run('print(1)').text() == '1\n'


@pytest.mark.parametrize('way', ['kill', 'stop'])
def test_the_end_of_the_host_is_its_end(ended: Workspace, way: str) -> None:
    waiting = spare_of(ended.host)
    getattr(ended.host, way)()
    until(lambda: not alive(waiting), 'the spare child is gone')
    assert way == 'kill' or groups(ended.host) == []


def test_more_sessions_than_spare_children_all_work(own: Workspace) -> None:
    spare_of(own.host)
    others = [Workspace(own.host, f't{number}').open() for number in range(6)]
    assert [other.run(f'print({number})').text() for number, other in enumerate(others)] == [
        f'{number}\n' for number in range(6)
    ]
    until(lambda: len(inits(own.host)) <= 4, 'no more than four wait')
