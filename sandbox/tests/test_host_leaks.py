"""Many executions, one after another and at once, leave nothing: counted over the host, its zygote and the machine."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from host_client import Host, Workspace, command_of, descendants, until

from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.isolation import cgroup_level

LONG = os.environ.get('TEMPERA_TEST_LONG') == '1'
IN_A_ROW = 1000 if LONG else 100
AT_ONCE = 50
PARTS = ('host', 'zygote')
"""The processes of a host that runs nothing."""
_MEBIBYTE = 1024 * 1024
_CODE = (
    'import os, threading\nfrom tempera import log\nlog(1, {"loss": 0.5})\n'
    'open("/tmp/scratch", "wb").write(bytes(100_000))\nos.fork() or os._exit(0)\n'
    'threading.Thread(target=print, args=("said",)).start()\nopen("eda/kept", "w").write("1")'
)


@dataclass(frozen=True)
class Count:
    """What there is now of everything that an execution makes."""

    processes: int
    host_descriptors: int
    zygote_descriptors: int
    host_threads: int
    zygote_threads: int
    mounts: int
    namespaces: int
    groups: int
    files: int
    """In the host's home, besides those of the workspace."""
    host_bytes: int
    zygote_bytes: int


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Host]:
    running = Host(tmp_path / 'home', '--slots', '4')
    until(lambda: running.call('Status', pb.StatusRequest()).zygote_ready, 'the zygote is ready', 120)
    yield running
    running.stop()


def test_executions_in_a_row_leave_nothing(own: Host) -> None:
    before = _after(own, [Workspace(own, 'first').open()], 10)
    _expect_same(before, _after(own, [Workspace(own, 'second').open()], IN_A_ROW))


def test_executions_at_once_leave_nothing(own: Host) -> None:
    before = _after(own, [Workspace(own, f'first{number}').open() for number in range(8)])
    _expect_same(before, _after(own, [Workspace(own, f's{number}').open() for number in range(AT_ONCE)]))


def _after(host: Host, sessions: list[Workspace], times: int = 1) -> Count:
    """What there is when the sessions have run their executions and are gone: with them go their spare children."""
    for _ in range(times):
        _at_once(sessions)
    for one in sessions:
        host.call(
            'CleanupSession',
            pb.CleanupSessionRequest(session_id=one.session, epoch=1, experiment_id=f'x-{one.session}'),
        )
    return _settled(host)


def _run(workspace: Workspace) -> None:
    seen = workspace.run(_CODE, script_path='eda/scripts/step_01.py')
    assert (seen.exit.status, seen.text(), len(seen.metrics)) == ('ok', 'said\n', 1)


def _at_once(sessions: list[Workspace]) -> None:
    failed: list[BaseException] = []

    def work(workspace: Workspace) -> None:
        try:
            _run(workspace)
        except BaseException as error:  # Told by the test's own thread.
            failed.append(error)

    threads = [threading.Thread(target=work, args=(workspace,)) for workspace in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []


def _settled(host: Host) -> Count:
    """Control groups are removed beside the next execution, so the counts may need a moment."""
    last = [_count(host)]

    def same() -> bool:
        last.append(_count(host))
        return (
            last[-1].groups == 0
            and last[-1].processes == len(PARTS)
            and last[-1].host_descriptors == last[-2].host_descriptors
        )

    try:
        until(same, 'nothing runs any more')
    except AssertionError as error:
        raise AssertionError(f'{error}: {last[-2:]}, processes {_commands(host)}') from None
    return last[-1]


def _expect_same(before: Count, after: Count) -> None:
    slack = {
        'host_bytes': 48 * _MEBIBYTE,
        'zygote_bytes': 24 * _MEBIBYTE,
        'host_threads': 40,
        'host_descriptors': 4,
    }
    for one in fields(Count):
        grown = getattr(after, one.name) - getattr(before, one.name)
        assert grown <= slack.get(one.name, 0), f'{one.name} grew by {grown}: {before} -> {after}'


def _count(host: Host) -> Count:
    zygote = host.pid_of('zygote')
    pids = [host.process.pid, *descendants(host.process.pid)]
    return Count(
        processes=len(pids),
        host_descriptors=len(os.listdir(f'/proc/{host.process.pid}/fd')),
        zygote_descriptors=len(os.listdir(f'/proc/{zygote}/fd')),
        host_threads=len(os.listdir(f'/proc/{host.process.pid}/task')),
        zygote_threads=len(os.listdir(f'/proc/{zygote}/task')),
        mounts=len(Path(f'/proc/{host.process.pid}/mountinfo').read_text().splitlines()),
        namespaces=len({name for pid in pids for name in _namespaces(pid)}),
        groups=_groups(host),
        files=_files(host),
        host_bytes=_resident(host.process.pid),
        zygote_bytes=_resident(zygote),
    )


def _namespaces(pid: int) -> list[str]:
    try:
        return [os.readlink(f'/proc/{pid}/ns/{kind}') for kind in os.listdir(f'/proc/{pid}/ns')]
    except OSError:
        return []  # It has ended meanwhile.


def _commands(host: Host) -> list[str]:
    return [command_of(pid) for pid in descendants(host.process.pid)]


def _groups(host: Host) -> int:
    level = cgroup_level()
    owner = f'{host.home.name[:20]}{zlib.crc32(str(host.home.resolve()).encode()):08x}'
    return sum(
        1 for parent in set(level[1].values() if level else ()) for _ in parent.glob(f'tempera-{owner}-*')
    )


def _files(host: Host) -> int:
    return sum(
        len(names)
        for folder, _, names in os.walk(host.home)
        if '/workspaces' not in folder and '/cache' not in folder
    )


def _resident(pid: int) -> int:
    return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE')
