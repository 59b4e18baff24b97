"""What is told of a process that a signal ended: what the signal is, and who is to blame."""

from __future__ import annotations

import signal

import pytest
from host_client import Workspace

from tempera_sandbox.children.process import Ending
from tempera_sandbox.executions.outcome import Interventions, make_exit
from tempera_sandbox.settings import ExecutionLimits

FAULTS = {
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGILL,
    signal.SIGSYS,
    signal.SIGTRAP,
}


@pytest.mark.parametrize('number', range(1, 65))
def test_only_a_fault_is_blamed_on_a_native_library(number: int) -> None:
    ending = Ending(report={'event': 'exited', 'code': None, 'signal': number})
    result = make_exit(ending, Interventions(), ExecutionLimits(memory_bytes=1), 60)
    assert (result.status, result.signal, result.code) == ('crashed', number, 128 + number)
    if number in FAULTS:
        assert 'a native library or too deep a recursion' in result.message
    else:
        assert f'ended by signal {number}' in result.message and 'native library' not in result.message
        assert number > 31 or signal.Signals(number).name in result.message


@pytest.mark.parametrize(
    ('code', 'words'),
    [
        ('signal.setitimer(signal.ITIMER_REAL, 0.01)', 'signal 14 (SIGALRM): an alarm that the script'),
        ('signal.setitimer(signal.ITIMER_PROF, 0.01)', 'signal 27 (SIGPROF): a timer of a profiler'),
        (
            'signal.signal(13, signal.SIG_DFL); r, w = os.pipe(); os.close(r); os.write(w, b"x")',
            'signal 13 (SIGPIPE)',
        ),
        ('os.kill(os.getpid(), signal.SIGUSR1)', 'signal 10 (SIGUSR1): the script, a library of its own'),
    ],
)
def test_a_script_learns_which_signal_ended_it(workspace: Workspace, code: str, words: str) -> None:
    result = workspace.run(f'import os, signal\n{code}\nwhile True:\n    pass').exit
    assert result.status == 'crashed' and words in result.message


def test_numbers_of_an_exit_are_ones_that_every_reader_keeps() -> None:
    ending = Ending(report={'event': 'exited', 'code': 0}, cpu_us=10**40, peak_bytes=10**40)
    result = make_exit(ending, Interventions(), ExecutionLimits(memory_bytes=1), 60)
    assert result.cpu_us == result.peak_memory_bytes == 2**53 - 1
