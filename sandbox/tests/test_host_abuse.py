"""Abuse of the host by code that runs in it: its disk, tree walks, queue; what it leaves for later readers.

After every attempt the caller has a whole answer, the session goes on, and another session is served.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import grpc
import pytest
from host_client import (
    METADATA,
    TOKEN,
    Host,
    Seen,
    Workspace,
    goes_on,
    processes_with,
    refusal,
    until,
    until_output,
)

from tempera_sandbox.generated import sandbox_pb2 as pb

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    ('code', 'status'),
    [
        (
            'import time\nfor i in range(40):\n    open(f"f{i}", "wb").write(bytes(1 << 20))\ntime.sleep(30)',
            'quota',
        ),
        ('open("/tmp/large", "wb").write(bytes(64 << 20))', 'quota'),
        ('held = [bytearray(16 << 20) for _ in range(60)]', 'oom'),
    ],
)
def test_a_kernel_that_uses_up_its_share_is_told_so_and_the_session_goes_on(
    workspace: Workspace,
    code: str,
    status: str,
) -> None:
    limits = pb.Limits(workspace_bytes=20 * MEBIBYTE, tmp_bytes=8 * MEBIBYTE, memory_bytes=400 * MEBIBYTE)
    assert workspace.run(code, kernel='main', limits=limits).exit.status == status
    assert workspace.run('print("on")', kernel='main', limits=limits).text() == 'on\n'
    goes_on(workspace)


def test_a_flood_of_output_keeps_the_host_small(workspace: Workspace) -> None:
    before = _resident(workspace.host)
    seen = workspace.run(
        'import os\nblock = b"x" * 65536\nfor _ in range(3000):\n    os.write(1, block)\n'
        '    os.write(2, block)'
    )
    assert seen.exit.status == 'ok' and len(seen.text()) + len(seen.errors) < 2 * MEBIBYTE
    assert _resident(workspace.host) - before < 64 * MEBIBYTE


def test_folders_without_an_end_are_stopped_and_can_be_removed(workspace: Workspace) -> None:
    code = 'import os, time\nfor _ in range(3000):\n    os.mkdir("d"); os.chdir("d")\ntime.sleep(30)'
    result = workspace.run(code).exit
    assert result.status == 'quota' and 'deeper than the 64 levels' in result.message
    assert 'levels' in ' '.join(workspace.checkpoint()[1])
    workspace.host.call('CleanupSession', pb.CleanupSessionRequest(session_id=workspace.session, epoch=1))
    assert not workspace.folder.exists()


def test_too_many_files_are_stopped(workspace: Workspace) -> None:
    code = 'import time\nfor i in range(3000):\n    open(f"f{i}", "w")\ntime.sleep(30)'
    result = workspace.run(code, limits=pb.Limits(workspace_files=1000)).exit
    assert result.status == 'quota' and 'more than the 1,000 files' in result.message


def test_a_pipe_under_the_next_scripts_name_holds_nobody_up(workspace: Workspace) -> None:
    workspace.run('import os\nos.mkfifo("eda/scripts/step_02.py")')
    assert workspace.run('print("runs")').text() == 'runs\n'


def test_a_link_under_the_next_scripts_name_is_replaced(workspace: Workspace) -> None:
    workspace.run(
        'import os\nopen("precious", "w").write("1")\nos.symlink("../../precious", "eda/scripts/step_02.py")'
    )
    assert workspace.run('print(open("precious").read())').text() == '1\n'


def test_the_hosts_secrets_are_nowhere_in_the_memory_of_code(workspace: Workspace) -> None:
    # The patterns match neither themselves nor the script's text; the second is a control: what is there is found.
    code = f"""
import os, re
own = ''.join(reversed({TOKEN[1:][::-1]!r})).join(['b', ''])
second, rest = '[' + {TOKEN[1]!r} + ']', {TOKEN[2:]!r}
patterns = [re.compile(('[' + first + ']' + second + rest).encode()) for first in ({TOKEN[0]!r}, 'b')]
def found(data):
    return [pattern.search(data) is not None for pattern in patterns]
seen = [found(open('/proc/self/environ', 'rb').read())]
with open('/proc/self/maps') as listing, open('/proc/self/mem', 'rb', 0) as memory:
    for line in listing:
        first, last = (int(word, 16) for word in line.split()[0].split('-'))
        if not line.split()[1].startswith('rw') or last - first > 1 << 28:
            continue
        try:
            memory.seek(first)
            seen.append(found(memory.read(last - first)))
        except (OSError, OverflowError):
            continue
print([any(column) for column in zip(*seen)])
"""
    assert workspace.run(code).text() == '[False, True]\n'


def test_a_thousand_waiting_executions_are_refused_beyond_and_others_are_served(workspace: Workspace) -> None:
    host = workspace.host
    holding = [
        Workspace(host, f'{workspace.session}h{number}').open() for number in range(os.cpu_count() or 1)
    ]
    calls = [
        one.stream(one.request('import time\nprint("on", flush=True)\ntime.sleep(60)')) for one in holding
    ]
    for call in calls:
        until_output(call)
    waiting = [Workspace(host, f'{workspace.session}w{number}').open() for number in range(13)]
    queued = [
        host.stub.ExecuteStream(
            one.request('print(1)', execution_id=f'{one.session}-q{number}/1'), metadata=METADATA
        )
        for number in range(77)
        for one in waiting
    ]
    refused: list[grpc.StatusCode] = []
    last = queued[-1]
    try:
        next(last)
    except grpc.RpcError as error:
        refused.append(error.code())
        assert refusal(error)[2] == {'quota': 'queue', 'limit': '1000'}
    for call in queued:
        call.cancel()
    until(lambda: host.call('Status', pb.StatusRequest()).queued == 0, 'those who gave up are gone')
    for call in calls:
        call.cancel()  # type: ignore[attr-defined]
    for one in (*holding, *waiting):
        host.call('CleanupSession', pb.CleanupSessionRequest(session_id=one.session, epoch=1))
    assert refused == [grpc.StatusCode.RESOURCE_EXHAUSTED]
    goes_on(workspace)


def test_a_fork_bomb_ends_with_its_execution_and_the_host_serves(workspace: Workspace) -> None:
    other = Workspace(workspace.host, f'{workspace.session}o').open()
    code = 'import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass'
    seen: list[Seen] = []
    bomb = threading.Thread(
        target=lambda: seen.append(
            workspace.run(code, timeout_ms=2000, limits=pb.Limits(processes=40), acknowledge=False)
        )
    )
    bomb.start()
    assert other.run('print("served")').text() == 'served\n'
    bomb.join(30)
    assert seen[0].exit.status in ('timeout', 'killed', 'oom')


def test_a_process_that_ignores_everything_is_ended(workspace: Workspace) -> None:
    code = (
        'import os, signal, subprocess\nfor n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n'
        '    except (OSError, ValueError):\n        pass\nif os.fork():\n    os.setpgid(0, 0) if '
        'os.getpgrp() != os.getpid() '
        'else None\nprint("on", flush=True)\nsubprocess.run(["sleep", "40431"])'
    )
    result = workspace.run(code, timeout_ms=500).exit
    assert result.status == 'timeout'
    until(lambda: not processes_with('40431'), 'its processes are gone')


def test_a_file_swapped_between_scan_and_read_is_not_taken_for_the_scanned_one(workspace: Workspace) -> None:
    workspace.run('open("model.pkl", "wb").write(b"good")')
    [entry] = [entry for entry in workspace.checkpoint()[0] if entry.path == 'model.pkl']
    workspace.run('import os\nopen("x", "wb").write(b"evil")\nos.replace("x", "model.pkl")')
    with pytest.raises(grpc.RpcError) as error:
        workspace.read('model.pkl', sha256=entry.sha256)
    assert refusal(error.value)[1] == 'CONTENT_MISMATCH'
    assert entry.sha256 == hashlib.sha256(b'good').hexdigest()


def test_a_link_named_like_an_artifact_is_never_followed(workspace: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / 'secret'
    secret.write_text('secret')
    workspace.run(
        f'import os\nos.makedirs("train")\nos.symlink({str(secret)!r}, "train/model.pkl")\n'
        f'os.symlink({str(tmp_path)!r}, "train/folder")'
    )
    kinds = {entry.path: entry.kind for entry in workspace.checkpoint()[0]}
    assert kinds['train/model.pkl'] == kinds['train/folder'] == pb.TreeEntry.KIND_LINK
    for path in ('train/model.pkl', 'train/folder/secret'):
        with pytest.raises(grpc.RpcError):
            workspace.read(path)


def test_a_pickle_that_runs_code_does_so_only_in_a_sandbox(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / 'planted'
    workspace.run(
        'import os, pickle\nfor name in ("train/models", "train/data", "prep/data"):\n    '
        'os.makedirs(name, exist_ok=True)\n'
        'open("train/data/metadata.json", "w").write(\'{"target": "t", "problem_type": '
        '"regression", "feature_columns": ["a"]}\')\n'
        'import pandas\nfor name in ("train", "test"):\n'
        '    pandas.DataFrame({"a": [1.0, 2.0], "t": [1.0, 2.0]}).to_parquet(f"prep/data/{name}.parquet")\n'
        'class Bomb:\n    def __reduce__(self):\n'
        f"        return (exec, (\"import os\\ntry:\\n    open({str(target)!r}, 'w')\\nexcept "
        'OSError:\\n    os._exit(77)",))\n'
        'pickle.dump(Bomb(), open("train/models/model.pkl", "wb"))'
    )
    with pytest.raises(grpc.RpcError) as error:
        workspace.tool('predict', mode='rows', rows=[{'a': 1}])
    assert '77' in error.value.details(), error.value.details()
    assert not target.exists()
    goes_on(workspace)


def _resident(host: Host) -> int:
    return int(Path(f'/proc/{host.process.pid}/statm').read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE')
