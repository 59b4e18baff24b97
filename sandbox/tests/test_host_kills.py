"""kill -9 of the host, its zygote, an execution's init or its user process, at every stage of an execution.

After each: the caller has the right word within 5 s, the next execution works, nothing is left over. One stage a
victim usually, seeded; all of them in the long run.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from host_client import METADATA, Host, Workspace, alive, children, descendants, refusal, until

from tempera_sandbox.generated import sandbox_pb2 as pb
from tempera_sandbox.isolation import cgroup_level

LONG = os.environ.get('TEMPERA_TEST_LONG') == '1'
SEED = int(os.environ.get('TEMPERA_TEST_SEED') or 1)
ANSWER_WITHIN_S = 5.0
MARK = 40_500
STAGES = ('queued', 'spawning', 'running', 'output streaming', 'ending', 'ended, not acknowledged')
VICTIMS = ('host', 'zygote', 'init', 'user')
_SLEEPER = 'import subprocess\nsubprocess.Popen(["sleep", "{mark}"])\n'
_CODE = {
    'queued': 'print("never")',
    'spawning': 'print("on")',
    'running': _SLEEPER + 'import time\nprint("on", flush=True)\ntime.sleep(600)',
    'output streaming': _SLEEPER + 'import os\nwhile True:\n    os.write(1, b"x" * 4096)',
    'ending': _SLEEPER + 'import atexit, time\natexit.register(time.sleep, 600)\nprint("on", flush=True)',
    'ended, not acknowledged': 'print("on")',
}


def moments() -> list[tuple[str, str]]:
    """Victim and stage; a process that is not there at a stage cannot be killed then."""
    every = [
        (victim, stage)
        for victim in VICTIMS
        for stage in STAGES
        if victim in ('host', 'zygote') or stage in ('running', 'output streaming', 'ending')
    ]
    chance = random.Random(SEED)
    return (
        every if LONG else [chance.choice([one for one in every if one[0] == victim]) for victim in VICTIMS]
    )


@dataclass
class Answer:
    """What the caller of an execution got, and when."""

    chunks: list[pb.ExecutionChunk] = field(default_factory=list)
    error: grpc.RpcError | None = None
    at: float = 0.0
    printed: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, workspace: Workspace, request: pb.ExecuteStreamRequest) -> None:
        try:
            for chunk in workspace.host.stub.ExecuteStream(request, metadata=METADATA, timeout=60):
                self.chunks = [*self.chunks[-50:], chunk]
                if chunk.WhichOneof('payload') == 'output':
                    self.printed.set()
        except grpc.RpcError as error:
            self.error = error
        self.at = time.monotonic()
        self.over.set()

    @property
    def status(self) -> str:
        last = self.chunks[-1] if self.chunks else None
        return last.exit.status if last is not None and last.WhichOneof('payload') == 'exit' else ''


@pytest.mark.parametrize(('victim', 'stage'), moments())
def test_a_kill_is_answered_and_leaves_nothing(
    hosts: list[Host], tmp_path: Path, victim: str, stage: str
) -> None:
    host = _start(hosts, tmp_path)
    mark = str(MARK + STAGES.index(stage) * 10 + VICTIMS.index(victim))
    holder, workspace = Workspace(host, 'holder').open(), Workspace(host, 's').open()
    if stage == 'queued':
        _until_printed(holder, holder.request('import time\nprint("on", flush=True)\ntime.sleep(600)'))
    answer, request = Answer(), workspace.request(_CODE[stage].format(mark=mark))
    reader = threading.Thread(target=answer.read, args=(workspace, request))
    reader.start()
    _await(stage, host, answer)
    hit = time.monotonic()
    _kill(victim, host)
    if stage == 'ended, not acknowledged':
        assert answer.status == 'ok'
    elif stage == 'queued' and victim == 'zygote':
        assert not answer.over.wait(0.2) or answer.status == 'ok', (
            'it goes on to wait, or runs by the next zygote'
        )
    elif stage == 'spawning' and (answer.over.wait(60), answer.status)[1] == 'ok':
        pass  # It was over before the kill, or had not been asked of that zygote yet and ran by the next one.
    else:
        _expect_right_word(answer, victim, hit)
    host = _start(hosts, tmp_path) if victim == 'host' else hosts[-1]
    _expect_all_goes_on(host, victim, workspace, request.execution_id, answer)
    reader.join(60)
    _expect_nothing_left(hosts[-1], tmp_path, mark)


def _await(stage: str, host: Host, answer: Answer) -> None:
    if stage == 'queued':
        until(lambda: host.call('Status', pb.StatusRequest()).queued == 1, 'it waits')
    elif stage == 'spawning':
        time.sleep(random.Random(SEED).uniform(0, 0.015))
    elif stage == 'ended, not acknowledged':
        assert answer.over.wait(60)
    else:
        assert answer.printed.wait(60)


def _kill(victim: str, host: Host) -> None:
    if victim == 'host':
        host.process.kill()
        host.process.wait()
    elif victim == 'zygote':
        os.kill(host.pid_of('zygote'), signal.SIGKILL)
    else:
        # The one with something below it is the execution's; spare ones have none.
        inits = children(host.pid_of('zygote'))
        init = next(pid for pid in inits for user in children(pid) if children(user) or len(inits) == 1)
        os.kill(init if victim == 'init' else children(init)[0], signal.SIGKILL)


def _expect_right_word(answer: Answer, victim: str, hit: float) -> None:
    assert answer.over.wait(ANSWER_WITHIN_S + 1), 'the caller still waits'
    assert answer.at - hit < ANSWER_WITHIN_S
    if victim == 'host':
        assert answer.error is not None and answer.error.code() == grpc.StatusCode.UNAVAILABLE
    elif answer.error is not None:
        assert victim == 'zygote' and refusal(answer.error)[:2] == (
            grpc.StatusCode.UNAVAILABLE,
            'ZYGOTE_UNAVAILABLE',
        )
    else:
        assert answer.status in ('crashed', 'lost') and answer.chunks[-1].exit.signal == signal.SIGKILL


def _expect_all_goes_on(
    host: Host, victim: str, workspace: Workspace, execution: str, answer: Answer
) -> None:
    """The next execution: of the same session where its end was told, of another after the host was lost."""
    if victim == 'host':
        if answer.status == 'ok':
            workspace.host = host
            assert workspace.attach(execution).exit.status == 'ok'
        assert Workspace(host, 'next').open().run('print("next")').text() == 'next\n'
        return
    host.call('CleanupSession', pb.CleanupSessionRequest(session_id='holder', epoch=1))
    if answer.over.wait(0 if answer.over.is_set() else 60) and answer.error is None:
        workspace.acknowledge(execution)
    assert workspace.run('print("next")').text() == 'next\n'


def _expect_nothing_left(host: Host, home: Path, mark: str) -> None:
    for session in ('holder', 's', 'next'):
        try:
            host.call('CleanupSession', pb.CleanupSessionRequest(session_id=session, epoch=1))
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.NOT_FOUND
    zygote = host.pid_of('zygote')
    until(lambda: children(zygote) == [], 'no execution is left')
    until(lambda: not _running(mark), 'no process of the code is left')
    owner = f'{host.home.name[:20]}{zlib.crc32(str(host.home.resolve()).encode()):08x}'
    level = cgroup_level()
    until(
        lambda: (
            not [
                folder
                for parent in set(level[1].values() if level else ())
                for folder in parent.glob(f'tempera-{owner}-*')
            ]
        ),
        'no control group is left',
    )
    assert os.listdir(host.home / 'workspaces') == [] and os.listdir(host.home / 'spools') == []
    assert os.listdir(host.home / 'sessions') == []
    assert str(home) not in Path('/proc/self/mountinfo').read_text()


def _running(mark: str) -> bool:
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                if Path(f'/proc/{name}/cmdline').read_bytes() == f'sleep\0{mark}\0'.encode() and alive(
                    int(name)
                ):
                    return True
            except OSError:
                continue
    return False


def _until_printed(workspace: Workspace, request: pb.ExecuteStreamRequest) -> None:
    answer = Answer()
    threading.Thread(target=answer.read, args=(workspace, request), daemon=True).start()
    assert answer.printed.wait(60)


def _start(hosts: list[Host], home: Path) -> Host:
    """One slot, so that a second execution waits."""
    host = Host(home / 'home', '--slots', '1')
    hosts.append(host)
    until(lambda: host.call('Status', pb.StatusRequest()).zygote_ready, 'the zygote is ready', 120)
    return host


def _busy_s(pid: int) -> float:
    """Its processor time; none of one that has ended."""
    try:
        fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def test_a_query_that_ends_its_process_is_refused_as_a_query(host: Host, workspace: Workspace) -> None:
    zygote = host.pid_of('zygote')
    before = set(descendants(zygote))
    sql = 'SELECT max(a.range) FROM range(1000000000000) a WHERE a.range % 11 = 12'
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(workspace.tool, 'query_sql', sql=sql, timeout_s=60)
        found: list[int] = []

        def works() -> bool:
            found[:] = [pid for pid in set(descendants(zygote)) - before if _busy_s(pid) > 0.5]
            return bool(found)

        until(works, 'the query is at work')
        os.kill(found[0], signal.SIGSEGV)
        with pytest.raises(grpc.RpcError) as caught:
            asked.result()
    code, reason, _ = refusal(caught.value)
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, 'INVALID_SQL')
    assert caught.value.details() == 'The query ended the process that it ran in (signal 11). Narrow it.'
    assert workspace.tool('query_sql', sql='SELECT 1 AS n')['rows'] == [[1]]
