"""From what is known of a child's end to the Exit that its caller gets: a status, and one sentence for the agent."""

from __future__ import annotations

import errno
import signal
from dataclasses import dataclass
from typing import Any

from ..children.process import Ending
from ..generated.sandbox_pb2 import Exit
from ..settings import MEBIBYTE, ExecutionLimits

_FAULTS: dict[int, str] = {
    signal.SIGSEGV: 'a segmentation fault',
    signal.SIGABRT: 'an abort',
    signal.SIGBUS: 'a bus error',
    signal.SIGFPE: 'an arithmetic fault',
    signal.SIGILL: 'an illegal instruction',
    signal.SIGSYS: 'a forbidden call',
    signal.SIGTRAP: 'a trap',
}
_ASKED_FOR: dict[int, str] = {
    signal.SIGALRM: 'an alarm that the script or one of its libraries had set went off (signal.alarm or setitimer)',
    signal.SIGVTALRM: 'a timer of its own CPU time went off (signal.setitimer)',
    signal.SIGPROF: 'a timer of a profiler went off (signal.setitimer)',
    signal.SIGPIPE: 'it wrote to a pipe or socket that nobody reads any more',
    signal.SIGXCPU: 'it used up the CPU time that it had set for itself (resource.setrlimit)',
    signal.SIGXFSZ: 'a file became larger than a file may be',
}
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LONGEST_TRACEBACK = 64 * 1024
_LARGEST_COUNT = (1 << 53) - 1
"""What every reader of the Exit keeps exactly; a cell's own word on its CPU time may be any number."""


@dataclass
class Interventions:
    """What the host did to the execution, in the order of precedence of its reading."""

    quota: str = ''
    """The sentence of the quota that was exceeded."""
    timed_out: bool = False
    killed: bool = False
    kill_reason: str = ''
    interrupted: bool = False
    escalated: bool = False
    """The interrupt was not enough."""

    @property
    def nothing(self) -> bool:
        """It ended by itself."""
        return not (self.quota or self.timed_out or self.killed or self.interrupted)


def make_exit(
    ending: Ending, interventions: Interventions, limits: ExecutionLimits, timeout_s: float
) -> Exit:
    """The Exit without its files and duration."""
    control, report = ending.control, ending.report
    number = report.get('signal') or (0 if report else int(signal.SIGKILL))
    code = _code(control.get('code'), report)
    if code is None:
        code = 128 + number
    status = _status(ending, interventions, code, number)
    result = Exit(
        status=status,
        code=code,
        signal=number,
        cpu_us=min(ending.cpu_us, _LARGEST_COUNT),
        peak_memory_bytes=min(ending.peak_bytes, _LARGEST_COUNT),
        error_name=_text(control.get('error_name'), 200),
        error_value=_text(control.get('error_value'), 4000),
        traceback=_text(control.get('traceback'), _LONGEST_TRACEBACK),
    )
    result.message = _sentence(result, ending, interventions, limits, timeout_s)
    return result


def _status(ending: Ending, interventions: Interventions, code: int, number: int) -> str:
    control = ending.control
    if ending.out_of_memory and code != 0:
        return 'oom'
    if interventions.quota or (code != 0 and control.get('errno') in _FULL):
        return 'quota'
    if interventions.timed_out:
        return 'timeout'
    if interventions.killed or (interventions.interrupted and interventions.escalated):
        return 'killed'
    if interventions.interrupted:
        return 'interrupted'
    if code == 0:
        return 'ok'
    if control.get('error_name') == 'MemoryError':
        return 'oom'
    if ending.report.get('event') == 'failed':
        return 'crashed'
    if number and not ending.report:
        return 'lost'
    return 'crashed' if number else 'error'


def _sentence(
    result: Exit, ending: Ending, interventions: Interventions, limits: ExecutionLimits, timeout_s: float
) -> str:
    status = result.status
    peak, most = _size(ending.peak_bytes), _size(limits.memory_bytes)
    if status == 'ok':
        return ''
    if status == 'oom':
        return (
            f'Out of memory: the execution reached {peak} of the {most} it may use. '
            'Read fewer columns or rows at a time, use smaller types, or fit a smaller model.'
        )
    if status == 'quota':
        return interventions.quota or (
            f'No space left: /tmp holds {_size(limits.tmp_bytes)} and the workspace {_size(limits.workspace_bytes)}. '
            'Delete what is not needed or write less.'
        )
    if status == 'timeout':
        return (
            f'Stopped after {timeout_s:g} s, the time that one execution may take. '
            'Work on a sample, use fewer rounds or folds, or split the work into several executions.'
        )
    if status == 'interrupted':
        return 'Interrupted on request; files written before that are kept.'
    if status == 'killed':
        return interventions.kill_reason or 'Killed on request; files written before that are kept.'
    return _failure(ending, result)


def _code(claimed: object, report: dict[str, Any]) -> int | None:
    """What init saw. A cell's own word counts, if it can be true, because its kernel lives on: without init's, foreign
    code that wrote to the control pipe would have ended well."""
    if report.get('code') is not None:
        return int(report['code'])
    if not report or report.get('signal'):
        return None
    return claimed if type(claimed) is int and 0 <= claimed <= 255 else None


def _text(value: object, most: int) -> str:
    """What can be sent as text: half of a surrogate pair, which Python allows in a string, is shown as its escape."""
    return value[:most].encode('utf-8', 'backslashreplace').decode() if isinstance(value, str) else ''


def _failure(ending: Ending, result: Exit) -> str:
    if ending.report.get('event') == 'failed':
        return (
            f'The sandbox could not be set up: its layer {ending.report.get("layer")} failed '
            f'({ending.report.get("message")}).'
        )
    if ending.control.get('event') == 'unwritten':
        return f'The script could not be kept in the workspace: {_text(ending.control.get("message"), 1000)}.'
    if result.status == 'lost':
        return 'The process was killed from outside (the host or its zygote died); it may be run again.'
    if result.status == 'crashed':
        return _crash(result.signal)
    if result.error_name:
        first = result.error_value.strip().splitlines()[0][:300] if result.error_value.strip() else ''
        return f'The script raised {result.error_name}{": " + first if first else ""}.'
    return f'The script ended with exit code {result.code}.'


def _crash(number: int) -> str:
    """Who is to blame: the kernel sends faults, all other signals come from code that asked for them."""
    fault = _FAULTS.get(number)
    if fault:
        return f'The process crashed by {fault}; a native library or too deep a recursion.'
    known = number in {one.value for one in signal.Signals}
    name = f'signal {number}' + (f' ({signal.Signals(number).name})' if known else '')
    asked = _ASKED_FOR.get(number, 'the script, a library of its own or a process that it started sent it')
    return f'The process was ended by {name}: {asked}. Handle that signal, or do not let it be sent.'


def _size(count: int) -> str:
    return (
        f'{count / (1024 * MEBIBYTE):.1f} GiB' if count >= 1024 * MEBIBYTE else f'{count / MEBIBYTE:.0f} MiB'
    )
