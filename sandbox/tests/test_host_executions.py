"""Executions: what runs, what is told of it, names and fences, ways to end."""

from __future__ import annotations

import threading
import time

import grpc
import pytest
from host_client import METADATA, Host, Seen, Workspace, processes_with, refusal, until, until_output

from tempera_sandbox.generated import sandbox_pb2 as pb


def test_output_of_both_streams_arrives_apart_and_the_exit_is_last(workspace: Workspace) -> None:
    seen = workspace.run(
        'import sys\nprint("out")\nprint("err", file=sys.stderr)\nopen("eda/a.txt", "w").write("a")'
    )
    assert (seen.text(), seen.errors, seen.exit.status, seen.exit.code) == ('out\n', 'err\n', 'ok', 0)
    assert seen.chunks[0].WhichOneof('payload') == 'started'
    assert [chunk.offset for chunk in seen.chunks] == list(range(len(seen.chunks)))
    assert list(seen.exit.files_changed) == ['eda/a.txt', 'eda/scripts/step_01.py']
    assert 0 < seen.exit.duration_us < 30_000_000 and seen.exit.cpu_us > 0 and seen.exit.peak_memory_bytes > 0


def test_the_script_is_kept_with_a_header_that_says_how_to_run_it(workspace: Workspace) -> None:
    workspace.run('print(__name__, __file__)')
    text = (workspace.folder / 'eda/scripts/step_01.py').read_text()
    assert (
        text == '# Run by hand, in the folder that holds dataset/ and tempera/: PYTHONPATH=. python '
        'eda/scripts/step_01.py\nprint(__name__, __file__)'
    )


def test_an_exception_is_told_with_its_source_line(workspace: Workspace) -> None:
    seen = workspace.run('def f():\n    return 1 / 0\n\nf()')
    result = seen.exit
    assert (result.status, result.code, result.error_name) == ('error', 1, 'ZeroDivisionError')
    assert 'File "eda/scripts/step_01.py", line 3, in f\n    return 1 / 0' in result.traceback
    assert 'tempera_sandbox' not in result.traceback and seen.errors == result.traceback
    assert result.message == 'The script raised ZeroDivisionError: division by zero.'


@pytest.mark.parametrize(
    ('code', 'status', 'number'),
    [
        ('raise SystemExit(3)', 'error', 3),
        ('import sys; sys.exit()', 'ok', 0),
        ('x = ', 'error', 1),
        ('import os; os._exit(5)', 'error', 5),
    ],
)
def test_ways_to_end(workspace: Workspace, code: str, status: str, number: int) -> None:
    assert (lambda result: (result.status, result.code))(workspace.run(code).exit) == (status, number)


@pytest.mark.parametrize(
    ('code', 'signal', 'number'),
    [
        ('import os; os.abort()', 6, 134),
        ('import ctypes; ctypes.string_at(0)', 11, 139),
    ],
)
def test_a_crash_is_named(workspace: Workspace, code: str, signal: int, number: int) -> None:
    result = workspace.run(code).exit
    assert (result.status, result.signal, result.code) == ('crashed', signal, number)


def test_a_known_id_attaches_and_never_runs_twice(workspace: Workspace) -> None:
    request = workspace.request('open("eda/count", "a").write("x"); print("once")')
    first, second = Seen(list(workspace.stream(request))), Seen(list(workspace.stream(request)))
    assert first.chunks == second.chunks and (workspace.folder / 'eda/count').read_text() == 'x'
    assert workspace.attach(request.execution_id, 1).chunks == first.chunks[1:]


def test_a_reader_that_leaves_detaches_and_finds_the_rest(workspace: Workspace) -> None:
    request = workspace.request('import time\nfor i in range(30):\n    print(i)\n    time.sleep(0.05)')
    call = workspace.host.stub.ExecuteStream(request, metadata=METADATA)
    got = [next(call) for _ in range(4)]
    call.cancel()
    rest = workspace.attach(request.execution_id, got[-1].offset + 1)
    whole = Seen([*got, *rest.chunks])
    assert whole.text() == ''.join(f'{i}\n' for i in range(30)) and whole.exit.status == 'ok'
    assert [chunk.offset for chunk in whole.chunks] == list(range(len(whole.chunks)))


def test_lower_epochs_are_superseded(workspace: Workspace) -> None:
    request = workspace.request('print(1)', epoch=7)
    list(workspace.stream(request))
    with pytest.raises(grpc.RpcError) as error:
        workspace.attach(request.execution_id, epoch=6)
    assert refusal(error.value) == (grpc.StatusCode.ABORTED, 'SUPERSEDED', {'epoch': '6', 'seen': '7'})
    workspace.open(epoch=9)
    with pytest.raises(grpc.RpcError) as error:
        workspace.open(epoch=8)
    assert refusal(error.value)[1] == 'SUPERSEDED'


def test_a_wrong_base_is_refused_and_an_acknowledged_execution_forgotten(workspace: Workspace) -> None:
    request = workspace.request('print(1)', base='elsewhere')
    with pytest.raises(grpc.RpcError) as error:
        list(workspace.stream(request))
    assert refusal(error.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, 'WRONG_BASE')
    workspace.run('print(1)', acknowledge=False)
    with pytest.raises(grpc.RpcError) as error:
        workspace.run('print(2)')
    assert refusal(error.value)[2] == {'workspace_at': 'dirty'}
    done = f'{workspace.session}-step2/1'
    workspace.acknowledge(done)
    with pytest.raises(grpc.RpcError) as error:
        workspace.attach(done)
    assert refusal(error.value)[:2] == (grpc.StatusCode.NOT_FOUND, 'NOT_FOUND')
    assert workspace.run('print(3)').text() == '3\n'


def test_an_interrupt_reaches_the_code_within_a_second(workspace: Workspace) -> None:
    request = workspace.request(
        'import time\ntry:\n    print("on", flush=True)\n    time.sleep(60)\nexcept '
        'KeyboardInterrupt:\n    print("off")\n'
        '    raise'
    )
    call = workspace.stream(request)
    chunks = until_output(call)
    begun = time.monotonic()
    workspace.host.call('Interrupt', pb.InterruptRequest(execution_id=request.execution_id, epoch=1))
    seen = Seen([*chunks, *call])
    assert time.monotonic() - begun < 1.0
    assert (seen.text(), seen.exit.status, seen.exit.error_name) == (
        'on\noff\n',
        'interrupted',
        'KeyboardInterrupt',
    )


def test_code_that_ignores_the_interrupt_is_killed_with_all_it_started(workspace: Workspace) -> None:
    request = workspace.request(
        'import signal, subprocess, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n'
        'subprocess.Popen(["sleep", "4242"], start_new_session=True)\nprint("on", flush=True)\ntime.sleep(60)'
    )
    call = workspace.stream(request)
    chunks = until_output(call)
    workspace.host.call(
        'Interrupt', pb.InterruptRequest(execution_id=request.execution_id, epoch=1, kill_after_ms=300)
    )
    assert Seen([*chunks, *call]).exit.status == 'killed'
    until(lambda: not processes_with('4242'), 'the process that it started is gone')


def test_kill_by_id(workspace: Workspace) -> None:
    request = workspace.request('import time\nprint("on", flush=True)\ntime.sleep(60)')
    call = workspace.stream(request)
    chunks = until_output(call)
    workspace.host.call('Kill', pb.KillRequest(execution_id=request.execution_id, epoch=1))
    result = Seen([*chunks, *call]).exit
    assert (result.status, result.signal) == ('killed', 9)


def test_the_timeout_counts_from_the_first_instruction_and_leaves_a_traceback(workspace: Workspace) -> None:
    result = workspace.run('import time\ntime.sleep(60)', timeout_ms=400).exit
    assert result.status == 'timeout' and 'time.sleep(60)' in result.traceback
    assert 400_000 <= result.duration_us < 3_000_000 and 'Stopped after 0.4 s' in result.message


def test_out_of_memory_names_the_peak(workspace: Workspace) -> None:
    code = 'kept = []\nwhile True:\n    kept.append(bytearray(16 * 1024 * 1024))'
    result = workspace.run(code, limits=pb.Limits(memory_bytes=400 * 1024 * 1024)).exit
    assert result.status == 'oom' and result.peak_memory_bytes > 200 * 1024 * 1024
    assert 'Out of memory' in result.message and '400 MiB' in result.message


def test_a_workspace_over_its_quota_is_stopped(workspace: Workspace) -> None:
    code = (
        'import os, time\nfor i in range(400):\n    open(f"eda/{i}", "wb").write(os.urandom(1 << 20))\n'
        '    time.sleep(0.02)'
    )
    result = workspace.run(code, limits=pb.Limits(workspace_bytes=20 * 1024 * 1024)).exit
    assert result.status == 'quota' and 'Delete what is not needed' in result.message


def test_a_full_tmp_is_told_as_a_quota(workspace: Workspace) -> None:
    code = 'open("/tmp/big", "wb").write(bytes(64 * 1024 * 1024))'
    result = workspace.run(code, limits=pb.Limits(tmp_bytes=8 * 1024 * 1024)).exit
    assert (result.status, result.error_name) == ('quota', 'OSError') and 'No space left' in result.message


def test_three_megabytes_keep_head_and_tail(workspace: Workspace) -> None:
    seen = workspace.run('print("head")\nfor i in range(3072):\n    print("x" * 1023)\nprint("tail")')
    text = seen.text()
    assert text.startswith('head\n') and text.endswith('tail\n') and 'bytes of output cut here' in text
    assert 1024 * 1024 <= len(text) < 1024 * 1024 + 200
    outputs = [chunk.output for chunk in seen.of('output')]
    assert max(len(output.data) for output in outputs) <= 256 * 1024
    assert outputs[-1].byte_offset + len(outputs[-1].data) == 3072 * 1024 + 10


def test_executions_of_one_session_run_in_order(workspace: Workspace) -> None:
    code = 'import time\nprint("on", flush=True)\ntime.sleep(0.5)'
    first = workspace.request(code)
    call = workspace.stream(first)
    until_output(call)
    second = workspace.request('print(2)', base='after-1')
    refused: list[grpc.RpcError] = []

    def wait() -> None:
        try:
            list(workspace.stream(second))
        except grpc.RpcError as error:
            refused.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: workspace.host.call('Status', pb.StatusRequest()).queued == 1, 'the second waits')
    assert Seen(list(call)).exit.status == 'ok'
    waiting.join(20)
    assert refusal(refused[0])[1:] == ('WRONG_BASE', {'workspace_at': 'dirty'})
    assert not (workspace.folder / second.script_path).exists()


def test_a_caller_that_gave_up_in_the_queue_never_runs(workspace: Workspace) -> None:
    running = workspace.request('import time\nprint("on", flush=True)\ntime.sleep(1)')
    call = workspace.stream(running)
    until_output(call)
    queued = workspace.request('open("eda/ran", "w")', base='after-1')
    gone = workspace.host.stub.ExecuteStream(queued, metadata=METADATA)
    until(lambda: workspace.host.call('Status', pb.StatusRequest()).queued == 1, 'the second waits')
    gone.cancel()
    until(lambda: workspace.host.call('Status', pb.StatusRequest()).queued == 0, 'it was dropped')
    list(call)
    workspace.acknowledge(running.execution_id)
    assert not (workspace.folder / 'eda/ran').exists()


def test_every_execution_draws_its_own_random_numbers(workspace: Workspace) -> None:
    code = 'import random, numpy\nprint(random.random(), numpy.random.random())'
    assert workspace.run(code).text() != workspace.run(code).text()


def test_calls_without_the_token_are_refused_and_ping_is_open(host: Host) -> None:
    assert host.stub.Ping(pb.PingRequest()).host_id == host.line['host_id']
    for metadata in ((), (('authorization', 'Bearer wrong'),)):
        with pytest.raises(grpc.RpcError) as error:
            host.stub.Status(pb.StatusRequest(), metadata=metadata)
        assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize('path', ['', '/etc/x.py', '../x.py', 'a/../../x.py', 'a//b.py', 'a\0b'])
def test_script_paths_stay_in_the_workspace(workspace: Workspace, path: str) -> None:
    with pytest.raises(grpc.RpcError) as error:
        workspace.run('print(1)', script_path=path)
    assert refusal(error.value)[2]['key'] == 'script_path'
