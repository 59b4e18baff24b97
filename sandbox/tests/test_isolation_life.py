"""How confined processes end, what is told of it, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tempera_sandbox import isolation
from tempera_sandbox.isolation import Inside, Limits
from tempera_sandbox.isolation.spawn import LAYERS

from .escape.confined import MEBIBYTE, Ground, finish
from .escape.conftest import _machine_isolates as _machine_isolates
from .escape.conftest import ground as ground

_DEADLINE_S = 10.0


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _DEADLINE_S
    while not condition():
        assert time.monotonic() < end, 'the condition did not come true in time'
        select.select([], [], [], 0.01)


def next_report(spawned: isolation.Spawned) -> dict[str, object]:
    return json.loads(os.read(spawned.report_fd, 4096).splitlines()[0])


def processes_named(mark: str) -> list[int]:
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                found += [int(name)] if mark.encode() in Path(f'/proc/{name}/comm').read_bytes() else []
            except OSError:
                continue  # It ended while the list was read.
    return found


@pytest.fixture
def mark() -> Iterator[str]:
    yield f'esc{os.getpid() % 100000}{time.monotonic_ns() % 1000}'


def rename(mark: str) -> None:
    from tempera_sandbox.isolation import system_calls

    system_calls.set_name(mark)


@pytest.mark.parametrize(
    ('end', 'code', 'number'),
    [
        (lambda: os._exit(0), 0, None),
        (lambda: os._exit(3), 3, None),
        (os.abort, None, signal.SIGABRT),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), None, signal.SIGSEGV),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), None, signal.SIGKILL),
    ],
)
def test_the_end_is_reported_as_the_kernel_saw_it(
    ground: Ground,
    end: Callable[[], None],
    code: int | None,
    number: int | None,
) -> None:
    ended = ground.run(end).ended
    assert (ended['code'], ended['signal']) == (code, number)


def test_inits_own_exit_code_says_the_same(ground: Ground) -> None:
    spawned, answer = ground.start(lambda: os.kill(os.getpid(), signal.SIGSEGV))
    assert os.waitstatus_to_exitcode(os.waitpid(spawned.pid, 0)[1]) == 139
    for descriptor in (spawned.report_fd, spawned.pidfd, answer):
        os.close(descriptor)


def test_the_start_is_reported_with_the_layers(ground: Ground) -> None:
    started = ground.run(lambda: None).reports[0]
    assert started['event'] == 'started'
    assert set(started['layers']) >= {'user', 'mount', 'pid', 'network', 'landlock', 'seccomp'}


def test_nothing_outlives_the_user_process(ground: Ground, mark: str) -> None:
    def attempt() -> None:
        rename(mark)
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                signal.pause()

    assert ground.run(attempt).ended['code'] == 0
    wait_until(lambda: processes_named(mark) == [])


def test_kill_ends_the_whole_namespace(ground: Ground, mark: str) -> None:
    def attempt() -> None:
        rename(mark)
        os.fork()
        signal.pause()

    spawned, answer = ground.start(attempt)
    assert next_report(spawned)['event'] == 'started'
    wait_until(lambda: len(processes_named(mark)) == 2)
    isolation.kill(spawned.pidfd)
    outcome = finish(spawned, answer)
    assert outcome.ended == {}
    assert processes_named(mark) == []


def test_killing_twice_is_quiet(ground: Ground) -> None:
    spawned, answer = ground.start(signal.pause)
    isolation.kill(spawned.pidfd)
    os.waitpid(spawned.pid, 0)
    isolation.kill(spawned.pidfd)
    isolation.interrupt(spawned.pidfd)
    for descriptor in (spawned.report_fd, spawned.pidfd, answer):
        os.close(descriptor)


def test_an_interrupt_raises_keyboard_interrupt(ground: Ground, mark: str) -> None:
    def attempt() -> None:
        rename(mark)
        signal.pause()

    spawned, answer = ground.start(attempt)
    assert next_report(spawned)['event'] == 'started'
    # started is told by init: what it started may not have come to its code yet
    wait_until(lambda: len(processes_named(mark)) == 1)
    isolation.interrupt(spawned.pidfd)
    assert finish(spawned, answer).refused == 'KeyboardInterrupt'


def test_the_death_of_the_caller_ends_the_namespace(ground: Ground, mark: str) -> None:
    def attempt() -> None:
        rename(mark)
        signal.pause()

    caller = os.fork()
    if caller == 0:
        ground.start(attempt)
        signal.pause()
        os._exit(0)
    wait_until(lambda: len(processes_named(mark)) == 1)
    os.kill(caller, signal.SIGKILL)
    os.waitpid(caller, 0)
    wait_until(lambda: processes_named(mark) == [])


def test_the_users_closed_output_reaches_its_reader(ground: Ground) -> None:
    read, write = os.pipe()
    spawned = isolation.spawn(ground.confinement, keep=(write,))
    if isinstance(spawned, Inside):
        os.close(write)
        signal.pause()
        os._exit(0)
    os.close(write)
    ready = select.select([read], [], [], _DEADLINE_S)[0]
    isolation.kill(spawned.pidfd)
    os.waitpid(spawned.pid, 0)
    for descriptor in (read, spawned.report_fd, spawned.pidfd):
        os.close(descriptor)
    assert ready == [read]


def test_cpu_time_is_limited(ground: Ground) -> None:
    def attempt() -> None:
        while True:
            pass

    ended = ground.run(attempt, limits=Limits(cpu_seconds=1)).ended
    assert ended['signal'] in (signal.SIGXCPU, signal.SIGKILL)


def test_a_missing_workspace_is_an_error_before_anything_starts(ground: Ground) -> None:
    with pytest.raises(FileNotFoundError):
        isolation.spawn(replace(ground.confinement, workspace=ground.folder / 'none'))


def test_a_tree_that_cannot_be_built_is_a_report_that_names_the_layer(ground: Ground) -> None:
    outcome = ground.run(lambda: None, devices=(Path('/dev/does-not-exist'),))
    assert [(report['event'], report['layer']) for report in outcome.reports] == [('failed', 'mount')]


def test_a_required_layer_that_the_machine_lacks_refuses(ground: Ground) -> None:
    with pytest.raises(isolation.ConfinementError, match='landlock'):
        isolation.spawn(ground.confinement, layers=('user', 'mount', 'pid', 'network'))


@pytest.mark.skipif(os.geteuid() != 0, reason='only root has leases')
def test_root_without_a_lease_uid_refuses(ground: Ground) -> None:
    with pytest.raises(isolation.ConfinementError, match='no outer uid'):
        isolation.spawn(replace(ground.confinement, uid=None))


def test_without_isolation_the_same_call_runs_and_leaves_nothing(ground: Ground, mark: str) -> None:
    def attempt() -> str:
        rename(mark)
        if os.fork() == 0:
            os.setsid()
            signal.pause()
        return os.getcwd()

    outcome = ground.run(attempt, policy='off')
    assert outcome.value == str(ground.workspace.resolve())
    wait_until(lambda: processes_named(mark) == [])


def test_with_best_a_missing_mount_namespace_is_made_up_for_by_landlock(ground: Ground) -> None:
    layers = tuple(layer for layer in LAYERS if layer not in ('mount', 'pid'))
    best = replace(ground.confinement, policy='best')

    def attempt() -> list[str]:
        paths = []
        for path in ('/etc/shadow', '/etc/hostname', str(ground.other / 'private')):
            try:
                Path(path).read_bytes()
            except PermissionError:
                paths.append(path)
        Path('new').write_text('x', encoding='ascii')
        return paths

    read, write = os.pipe()
    spawned = isolation.spawn(best, keep=(write,), layers=layers)
    if isinstance(spawned, Inside):
        os.write(write, json.dumps({'value': attempt()}).encode())
        os._exit(0)
    os.close(write)
    outcome = finish(spawned, read)
    assert len(outcome.value or ()) == 3, outcome
    assert (ground.workspace / 'new').exists()


def test_memory_of_counts_the_processes_below(ground: Ground) -> None:
    def attempt() -> None:
        held = bytearray(32 * MEBIBYTE)
        for start in range(0, len(held), 4096):
            held[start] = 1
        signal.pause()

    spawned, answer = ground.start(attempt)
    try:
        wait_until(lambda: isolation.memory_of(spawned.pid).bytes > 32 * MEBIBYTE)
        assert isolation.memory_of(spawned.pid).processes == 2
    finally:
        isolation.kill(spawned.pidfd)
        finish(spawned, answer)
