"""The probe and the table made of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tempera_sandbox import isolation
from tempera_sandbox.isolation import Layer, doctor, seccomp

SANDBOX = Path(isolation.__file__).resolve().parents[2]


def rows(**levels: str) -> list[Layer]:
    names = ('user', 'mount', 'pid', 'network', 'landlock', 'seccomp')
    return [Layer(name, levels.get(name, 'held'), 'said') for name in names]


def test_the_probe_answers_every_layer_and_limit_quickly() -> None:
    begun = time.monotonic()
    found = {row.name: row.level for row in isolation.probe()}
    assert time.monotonic() - begun < 5
    assert set(found) >= {
        'user',
        'mount',
        'pid',
        'network',
        'ipc',
        'uts',
        'landlock',
        'seccomp',
        'memory',
        'processes',
        'tmp',
        'tmp_inodes',
        'file_size',
        'capabilities',
        'workspace_disk',
    }
    assert set(found.values()) <= {'held', 'watched', 'missing'}


@pytest.mark.parametrize('layer', ['user', 'mount', 'pid', 'network', 'landlock'])
def test_a_missing_required_layer_refuses_agent_code_and_is_named(layer: str) -> None:
    allowed, message = isolation.agent_code_allowed('required', rows(**{layer: 'missing'}))
    assert not allowed
    assert f'[{layer}]' in message


def test_best_runs_and_says_that_it_is_weak() -> None:
    assert isolation.agent_code_allowed('best', rows(landlock='missing')) == (
        True,
        'isolation is weak on this machine: landlock missing',
    )


def test_off_runs_and_says_so() -> None:
    allowed, message = isolation.agent_code_allowed('off', rows())
    assert allowed and 'isolation is off' in message


def test_a_missing_optional_layer_does_not_refuse() -> None:
    assert isolation.agent_code_allowed('required', rows(seccomp='missing')) == (True, '')


def test_the_doctor_prints_one_line_a_row_and_json() -> None:
    assert doctor.table(rows(mount='missing')).splitlines()[1].split()[:4] == [
        'mount',
        'MISSING',
        'said',
        '(open:',
    ]
    done = subprocess.run(
        [sys.executable, '-m', 'tempera_sandbox.isolation.doctor', '--format', 'json'],
        cwd=SANDBOX,
        capture_output=True,
        text=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    assert done.returncode == (0 if answer['allowed'] else 1)


@pytest.mark.parametrize('architecture', ['x86_64', 'aarch64'])
def test_the_filter_is_well_formed_on_both_architectures(architecture: str) -> None:
    code = seccomp.program.__wrapped__(architecture)
    lines = [seccomp.struct.unpack('=HBBI', code[at : at + 8]) for at in range(0, len(code), 8)]
    assert len(lines) < 4096
    for index, (operation, if_true, if_false, _) in enumerate(lines):
        if operation & 0x07 == 0x05:
            assert index + 1 + max(if_true, if_false) < len(lines)
    assert lines[-1] == (seccomp._RETURN, 0, 0, seccomp._NO_SUCH_CALL)


def _answer(architecture: str, number: int) -> int:
    """What the filter returns for a call whose arguments are all 0."""
    code = seccomp.program.__wrapped__(architecture)
    lines = [seccomp.struct.unpack('=HBBI', code[at : at + 8]) for at in range(0, len(code), 8)]
    words = {seccomp._NUMBER_AT: number, seccomp._ARCHITECTURE_AT: seccomp._AUDIT_ARCH[architecture]}
    accumulator = place = 0
    while True:
        operation, if_true, if_false, value = lines[place]
        place += 1
        if operation == seccomp._RETURN:
            return value
        if operation == seccomp._LOAD:
            accumulator = words.get(value, 0)
        elif operation == seccomp._AND:
            accumulator &= value
        else:
            tests = {
                seccomp._EQUAL: accumulator == value,
                seccomp._AT_LEAST: accumulator >= value,
                seccomp._ANY_BIT: bool(accumulator & value),
            }
            place += if_true if tests[operation] else if_false


@pytest.mark.parametrize('architecture', ['x86_64', 'aarch64'])
def test_a_number_that_nobody_has_looked_at_is_absent(architecture: str) -> None:
    known = [range(first, last + 1) for first, last in seccomp._KNOWN[architecture]]
    column = 0 if architecture == 'x86_64' else 1
    denied = {numbers[column] for numbers in seccomp._DENIED.values()}
    filtered = {numbers[column] for numbers in seccomp._FILTERED.values()}
    for number in [*range(1200), 2**20, 2**30 - 1]:
        answer = _answer(architecture, number)
        if number in denied:
            assert answer == seccomp._DENY, number
        elif number == seccomp._CLONE3 or not any(number in one for one in known):
            assert answer == seccomp._NO_SUCH_CALL, number
        elif number not in filtered:
            assert answer == seccomp._ALLOW, number


def test_a_clean_environment_holds_nothing_of_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('ANTHROPIC_API_KEY', 'planted')
    environment = isolation.clean_environment({'TEMPERA_STAGE': 'eda'})
    assert 'ANTHROPIC_API_KEY' not in environment
    assert environment['TEMPERA_STAGE'] == 'eda'
