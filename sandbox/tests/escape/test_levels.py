"""What each level of isolation keeps in, asked of this kernel: `build/escape-report.json` and the table of the manual.

UPDATE_DOCS=1 … writes the table anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .as_user import run_as_user
from .attempts import ATTEMPTS

ROOT = Path(__file__).resolve().parents[3]
REPORT = ROOT / 'build' / 'escape-report.json'
MANUAL = ROOT / 'docs' / 'sandbox.md'
BEGIN, END = '<!-- escapes: made by sandbox/tests/escape/test_levels.py -->', '<!-- /escapes -->'
MARKS = {'held': '✓', 'not protected': '✗', 'not applicable': '–'}
COLUMNS = {
    ('root', 'required'): 'as root',
    ('user', 'required'): 'as a user',
    ('root', 'without mount'): 'mount',
    ('root', 'without network'): 'network',
    ('root', 'without pid'): 'PID',
    ('root', 'without landlock'): 'Landlock',
    ('root', 'without seccomp'): 'seccomp',
}
_LONGEST_SURVEY_S = 400


def _run_here(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_SURVEY_S,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope='module')
def report() -> dict[str, list[dict[str, str]]]:
    """Identity of the host -> verdicts; also written to the build folder."""
    command = [sys.executable, '-m', 'escape.survey']
    package = Path(__file__).resolve().parents[1]
    environment = {
        'PYTHONPATH': f'{package.parent}:{package}',
        'PATH': os.environ['PATH'],
        'HOME': '/tmp',
        'PYTHONDONTWRITEBYTECODE': '1',
    }
    done = {'root' if os.geteuid() == 0 else 'user': _run_here(command, environment)}
    if 'root' in done:
        done['user'] = run_as_user(command, environment, _LONGEST_SURVEY_S)
    found = {}
    for identity, end in done.items():
        assert end.returncode == 0, (
            f'the survey as {identity} ended with {end.returncode}: {end.stderr[-2000:]}'
        )
        found[identity] = json.loads(end.stdout)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1), encoding='utf-8')
    return found


def test_there_are_many_attempts_and_each_has_a_name_of_its_own() -> None:
    assert len({one.name for one in ATTEMPTS}) == len(ATTEMPTS) >= 40


def test_required_holds_every_attempt(report: dict[str, list[dict[str, str]]]) -> None:
    assert [
        (identity, row['attempt'], row['detail'])
        for identity, rows in report.items()
        for row in rows
        if row['level'] == 'required' and row['verdict'] not in ('held', 'not applicable')
    ] == []


def test_no_attempt_fails_for_a_reason_of_its_own(report: dict[str, list[dict[str, str]]]) -> None:
    assert [row for rows in report.values() for row in rows if row['verdict'] == 'broken'] == []


@pytest.mark.skipif(os.geteuid() != 0, reason='only root may do without isolation what the attempts try')
def test_most_attempts_get_out_where_nothing_confines_them(report: dict[str, list[dict[str, str]]]) -> None:
    """An attempt that fails there as well proves nothing about a level."""
    off = {row['attempt']: row['verdict'] for row in report['root'] if row['level'] == 'off'}
    assert list(off.values()).count('not protected') > 0.75 * len(ATTEMPTS)


def test_the_manual_promises_no_more_than_was_seen(report: dict[str, list[dict[str, str]]]) -> None:
    text = MANUAL.read_text(encoding='utf-8')
    if os.environ.get('UPDATE_DOCS') == '1' and 'root' in report:
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        text = before + BEGIN + '\n' + _table(report) + END + after
        MANUAL.write_text(text, encoding='utf-8')
    promised = _promised(text)
    assert f'{len(ATTEMPTS)} attempts' in text
    assert set(promised) == {one.name for one in ATTEMPTS}, 'UPDATE_DOCS=1 writes the table anew'
    seen = {
        (identity, row['level'], row['attempt']): row for identity, rows in report.items() for row in rows
    }
    broken = [
        (name, column, seen[(*key, name)])
        for name, marks in promised.items()
        for key, column, mark in zip(COLUMNS, COLUMNS.values(), marks, strict=True)
        if (*key, name) in seen and mark == MARKS['held'] and seen[(*key, name)]['verdict'] == 'not protected'
    ]
    assert broken == []
    assert {mark for marks in promised.values() for mark in marks[:2]} <= {
        MARKS['held'],
        MARKS['not applicable'],
    }


def _table(report: dict[str, list[dict[str, Any]]]) -> str:
    seen = {
        (identity, row['level'], row['attempt']): row['verdict']
        for identity, rows in report.items()
        for row in rows
    }
    names = list(COLUMNS.values())
    lines = [
        f'| the code tries to | {" | ".join([*names[:2], *(f"no {name}" for name in names[2:])])} |',
        '|---|' + ':-:|' * len(names),
    ]
    for one in ATTEMPTS:
        marks = [MARKS.get(seen.get((*key, one.name), ''), '?') for key in COLUMNS]
        lines.append(f'| {one.name} | {" | ".join(marks)} |')
    return '\n'.join(lines) + '\n'


def _promised(text: str) -> dict[str, list[str]]:
    table = text.split(BEGIN)[1].split(END)[0]
    rows = [
        [cell.strip() for cell in line.strip('| ').split(' | ')] for line in table.strip().splitlines()[2:]
    ]
    return {row[0]: row[1:] for row in rows}
