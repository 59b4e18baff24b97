"""What an execution's end is called."""

from __future__ import annotations

import signal

import pytest

from tempera_sandbox.outcome import Wishes, make_exit
from tempera_sandbox.run import Ending
from tempera_sandbox.settings import RunLimits


def told(number: int) -> str:
    ending = Ending(report={'event': 'exited', 'code': None, 'signal': number})
    return make_exit(ending, Wishes(), RunLimits(), 60).message


@pytest.mark.parametrize(
    'number', [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL]
)
def test_a_crash_is_laid_to_a_native_library(number: int) -> None:
    assert 'native library' in told(number)


@pytest.mark.parametrize('number', sorted(set(range(1, 65)) - {4, 6, 7, 8, 11, 31}))
def test_no_other_signal_is(number: int) -> None:
    said = told(number)
    assert 'native library' not in said
    assert f'signal {number}' in said


def test_a_timer_is_named() -> None:
    assert 'signal.alarm' in told(signal.SIGALRM)
