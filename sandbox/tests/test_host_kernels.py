"""Living kernels: state between cells, what a cell is told, and that a lost kernel is declared lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from host_client import Host, Seen, Workspace, refusal, until

from tempera_sandbox.generated import sandbox_pb2 as pb


def cell(workspace: Workspace, code: str, **fields: object) -> Seen:
    return workspace.run(code, **{'kernel': 'main', **fields})


def started(seen: Seen) -> pb.Started:
    return seen.of('started')[0].started


def interrupted(workspace: Workspace, code: str, after: str, rpc: str = 'Interrupt', **more: int) -> Seen:
    """Runs a cell and interrupts or kills it once it has printed `after`."""
    request = workspace.request(code, kernel='main')
    seen = Seen()
    for chunk in workspace.stream(request):
        seen.chunks.append(chunk)
        if chunk.WhichOneof('payload') == 'output' and after in seen.text():
            kind = getattr(pb, f'{rpc}Request')
            workspace.host.call(rpc, kind(execution_id=request.execution_id, epoch=1, **more))
    workspace.acknowledge(request.execution_id)
    return seen


def test_variables_imports_and_functions_live_from_cell_to_cell(workspace: Workspace) -> None:
    first = cell(workspace, 'import math\nrows = [1, 2]\ndef double(x):\n    return 2 * x')
    second = cell(workspace, 'rows.append(double(3))\nprint(rows, math.pi > 3)')
    assert second.text() == '[1, 2, 6] True\n'
    assert second.exit.status == 'ok'
    assert started(first).kernel_new and not started(second).kernel_new
    assert started(first).kernel_generation == started(second).kernel_generation != ''


def test_the_value_of_the_last_expression_is_printed_as_in_a_repl(workspace: Workspace) -> None:
    assert cell(workspace, 'x = 6\nx * 7').text() == '42\n'
    assert cell(workspace, '_ + 1').text() == '43\n'
    assert cell(workspace, 'None').text() == ''
    assert cell(workspace, 'x * 7;').text() == ''
    table = cell(workspace, 'import pandas as pd\npd.DataFrame({"a": [1, 2]})')
    assert table.text().splitlines()[0].strip() == 'a'


def test_a_fresh_execution_sees_nothing_of_the_kernel_and_does_not_end_it(workspace: Workspace) -> None:
    cell(workspace, 'secret = 1')
    assert workspace.run('print("secret" in globals())').text() == 'False\n'
    assert cell(workspace, 'secret').text() == '1\n'


def test_metrics_and_streams_belong_to_their_cell(workspace: Workspace) -> None:
    code = 'import sys, tempera\ntempera.log({0}, {{"loss": {0}}})\nprint("out{0}")\nprint("err{0}", file=sys.stderr)'
    for number in (1, 2):
        seen = cell(workspace, code.format(number))
        assert (seen.text(), seen.errors) == (f'out{number}\n', f'err{number}\n')
        assert [(metric.step, metric.value) for metric in seen.metrics] == [(number, number)]


def test_large_output_of_a_cell_is_whole_when_it_ends(workspace: Workspace) -> None:
    cell(workspace, 'pass')
    seen = cell(workspace, 'print("x" * 400_000)')
    assert len(seen.text()) == 400_001
    assert cell(workspace, 'print("next")').text() == 'next\n'


def test_an_exception_ends_the_cell_and_not_the_kernel(workspace: Workspace) -> None:
    cell(workspace, 'x = 1')
    seen = cell(workspace, 'x = 2\nraise ValueError("no")')
    assert (seen.exit.status, seen.exit.error_name, seen.exit.kernel_lost) == ('error', 'ValueError', '')
    assert 'kernel_child' not in seen.errors
    assert cell(workspace, 'raise SystemExit(3)').exit.code == 3
    assert cell(workspace, 'x').text() == '2\n'


def test_an_interrupt_raises_in_the_cell_and_the_kernel_lives_on(workspace: Workspace) -> None:
    cell(workspace, 'x = 5')
    seen = interrupted(workspace, 'import time\nprint("on", flush=True)\ntime.sleep(60)', 'on')
    assert (seen.exit.status, seen.exit.error_name) == ('interrupted', 'KeyboardInterrupt')
    assert seen.exit.duration_us < 20_000_000
    assert cell(workspace, 'x').text() == '5\n'


def test_a_timeout_ends_the_cell_and_the_kernel_lives_on(workspace: Workspace) -> None:
    cell(workspace, 'x = 5')
    seen = cell(workspace, 'while True: pass', timeout_ms=300)
    assert (seen.exit.status, seen.exit.kernel_lost) == ('timeout', '')
    assert cell(workspace, 'x').text() == '5\n'


@pytest.mark.parametrize(
    ('code', 'status', 'lost'),
    [
        ('import os\nos.kill(os.getpid(), 11)', 'crashed', 'crashed'),
        ('import os\nos._exit(0)', 'ok', 'exited'),
    ],
)
def test_a_kernel_that_ends_itself_is_declared_lost(
    workspace: Workspace,
    code: str,
    status: str,
    lost: str,
) -> None:
    generation = started(cell(workspace, 'x = 1')).kernel_generation
    seen = cell(workspace, code)
    assert (seen.exit.status, seen.exit.kernel_lost) == (status, lost)
    assert 'The kernel is lost' in seen.exit.message
    with pytest.raises(grpc.RpcError) as caught:
        cell(workspace, 'x', kernel_generation=generation)
    code_, reason, details = refusal(caught.value)
    assert (code_, reason) == (grpc.StatusCode.FAILED_PRECONDITION, 'KERNEL_LOST')
    assert details == {'kernel': 'main', 'generation': generation, 'reason': lost}
    fresh = cell(workspace, '"x" in globals()')
    assert fresh.text() == 'False\n'
    assert started(fresh).kernel_lost == lost and started(fresh).kernel_generation != generation


def test_a_kill_ends_the_kernel(workspace: Workspace) -> None:
    seen = interrupted(workspace, 'print("on", flush=True)\nwhile True: pass', 'on', 'Kill')
    assert (seen.exit.status, seen.exit.kernel_lost) == ('killed', 'killed')
    assert started(cell(workspace, '1')).kernel_lost == 'killed'


def test_a_cell_that_ignores_the_interrupt_is_killed_and_its_kernel_lost(workspace: Workspace) -> None:
    code = 'import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("on", flush=True)\ntime.sleep(60)'
    seen = interrupted(workspace, code, 'on', kill_after_ms=300)
    assert (seen.exit.status, seen.exit.kernel_lost) == ('killed', 'killed')


def test_out_of_memory_is_told_with_its_peak_and_loses_the_kernel(workspace: Workspace) -> None:
    seen = cell(workspace, 'x = bytearray(2_000_000_000)', limits=pb.Limits(memory_bytes=600_000_000))
    assert (seen.exit.status, seen.exit.kernel_lost) == ('oom', 'oom')
    assert seen.exit.peak_memory_bytes > 300_000_000


def test_a_live_checkpoint_is_marked_and_holds_still(workspace: Workspace) -> None:
    code = (
        'import threading\ndef write():\n    n = 0\n    while True:\n        n += 1\n'
        '        open("count.txt", "w").write(str(n))\n'
        'threading.Thread(target=write, daemon=True).start()'
    )
    cell(workspace, code)
    chunks = list(
        workspace.host.call('Checkpoint', pb.CheckpointRequest(session_id=workspace.session, epoch=1))
    )
    assert chunks[-1].live
    before = (workspace.folder / 'count.txt').read_bytes()
    assert workspace.read('count.txt') == before
    assert 'MainThread' in cell(workspace, 'import threading\nthreading.current_thread().name').text()


def test_restoring_the_workspace_loses_the_kernel(workspace: Workspace) -> None:
    generation = started(cell(workspace, 'x = 1')).kernel_generation
    header = pb.RestoreHeader(session_id=workspace.session, epoch=1, checkpoint='base')
    workspace.host.call('Restore', iter([pb.RestoreChunk(header=header)]))
    workspace.at = 'base'
    with pytest.raises(grpc.RpcError) as caught:
        cell(workspace, 'x', kernel_generation=generation)
    assert refusal(caught.value)[2]['reason'] == 'restored'
    assert started(cell(workspace, '1')).kernel_lost == 'restored'


def test_the_session_knows_its_kernels_and_takes_them_along(workspace: Workspace) -> None:
    cell(workspace, 'x = 1')
    request = pb.GetSessionRequest(session_id=workspace.session)
    (kernel,) = workspace.host.call('GetSession', request).kernels
    assert kernel.name == 'main' and kernel.lost == '' and kernel.memory_bytes > 0
    for name in ('second', 'third'):
        if name == 'second':
            cell(workspace, '1', kernel=name)
            continue
        with pytest.raises(grpc.RpcError) as caught:
            cell(workspace, '1', kernel=name)
        assert refusal(caught.value)[2] == {'quota': 'kernels_per_session', 'limit': '2'}
    workspace.host.call('CleanupSession', pb.CleanupSessionRequest(session_id=workspace.session, epoch=1))
    workspace.at = ''
    workspace.open()
    assert started(cell(workspace, '1')).kernel_lost == ''


def test_a_cell_that_forges_its_end_or_writes_garbage_harms_only_itself(workspace: Workspace) -> None:
    forged = '{"event": "cell_ended", "cell": 1, "code": "x", "cpu_us": "y", "error_name": [1]}'
    for line in (forged, 'no json', '[]', '{"event": 3}'):
        body = (line + '\n').encode()
        code = (
            f'import os\nfor fd in range(3, 20):\n    try: os.write(fd, {body!r})\n    except OSError: pass'
        )
        request = workspace.request(code, kernel='main')
        try:
            seen = Seen(list(workspace.stream(request)))
            assert seen.exit.status in ('ok', 'error', 'crashed')
            workspace.acknowledge(request.execution_id)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.INTERNAL  # type: ignore[attr-defined]
        header = pb.RestoreHeader(session_id=workspace.session, epoch=1, checkpoint=f'c{workspace.count}')
        workspace.host.call('Restore', iter([pb.RestoreChunk(header=header)]))
        workspace.at = header.checkpoint
        assert cell(workspace, '1 + 1').text() == '2\n'


def test_kernels_and_cells_leave_nothing_behind_in_the_host(host: Host) -> None:
    folder = Path(f'/proc/{host.process.pid}/fd')

    def life(number: int) -> None:
        workspace = Workspace(host, f'life{number}').open()
        for _ in range(3):
            cell(workspace, '1')
        host.call('CleanupSession', pb.CleanupSessionRequest(session_id=workspace.session, epoch=1))

    life(0)
    before = len(list(folder.iterdir()))
    for number in range(1, 8):
        life(number)
    until(lambda: len(list(folder.iterdir())) <= before + 2, 'the descriptors are closed')


def test_a_reader_that_leaves_attaches_to_its_cell_again(workspace: Workspace) -> None:
    request = workspace.request(
        'import time\nprint("a", flush=True)\ntime.sleep(0.5)\nprint("b")', kernel='main'
    )
    stream = workspace.stream(request)
    next(stream)
    stream.cancel()  # type: ignore[attr-defined]
    assert workspace.attach(request.execution_id).text() == 'a\nb\n'


@pytest.fixture
def own_host(tmp_path: Path) -> Iterator[Host]:
    running = Host(tmp_path / 'home', '--set', 'kernel_idle_s=0.4')
    yield running
    running.stop()


def test_an_idle_kernel_ends_and_a_restarted_host_says_so(own_host: Host, tmp_path: Path) -> None:
    workspace = Workspace(own_host, 'idle').open()
    cell(workspace, 'x = 1')
    request = pb.GetSessionRequest(session_id='idle')
    until(lambda: own_host.call('GetSession', request).kernels[0].lost == 'idle', 'the idle kernel has ended')
    assert started(cell(workspace, '1')).kernel_lost == 'idle'
    own_host.kill()
    second = Host(own_host.home)
    try:
        workspace = Workspace(second, 'idle', at=workspace.at, count=workspace.count).open(epoch=2)
        assert second.call('GetSession', request).kernels[0].lost in ('host_restarted', 'idle')
    finally:
        second.stop()


def test_the_zygotes_death_loses_the_kernel_and_the_next_one_works(tmp_path: Path) -> None:
    host = Host(tmp_path / 'home')
    try:
        workspace = Workspace(host, 'z').open()
        cell(workspace, 'x = 1')
        killer = threading.Thread(target=lambda: __import__('os').kill(host.pid_of('zygote'), signal.SIGKILL))
        killer.start()
        killer.join()
        request = pb.GetSessionRequest(session_id='z')
        until(lambda: host.call('GetSession', request).kernels[0].lost == 'crashed', 'the kernel is lost')
        assert started(cell(workspace, '1')).kernel_lost == 'crashed'
    finally:
        host.stop()
