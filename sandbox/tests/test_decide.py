"""What a script decides: the value in force comes back, what it chose itself travels on the channel."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from host_client import ROOT, Workspace

from tempera._decisions import LARGEST_EVIDENCE, LARGEST_VALUE, LONGEST_REASON, decide, plain_json

SAYS = 'from tempera import decide\nprint(decide("split.by", "patient", "rows of one err together"))'


def ledger(**decided: tuple[Any, str, str]) -> str:
    """The file of what is in force: of each key its value, who decided it and in which stage."""
    listed = [
        {'key': key.replace('__', '.'), 'value': value, 'by': by, 'stage': stage}
        for key, (value, by, stage) in decided.items()
    ]
    return json.dumps({'version': 1, 'decisions': listed})


@pytest.mark.parametrize(
    ('by', 'stage', 'expected'),
    [
        ('person', 'prep', 'shop'),
        ('person', 'eda', 'shop'),
        ('agent', 'eda', 'shop'),
        ('agent', 'prep', 'patient'),
        ('rule', 'train', 'patient'),
    ],
)
def test_the_persons_value_holds_then_an_earlier_stages_then_its_own(
    workspace: Workspace, by: str, stage: str, expected: str
) -> None:
    decisions = ledger(split__by=('shop', by, stage), metric=('r2', 'person', 'train'))
    seen = workspace.run(SAYS, decisions_json=decisions, environment={'TEMPERA_STAGE': 'prep'})
    assert seen.exit.status == 'ok', seen.errors
    assert seen.text() == f'{expected}\n'
    (sent,) = seen.of('decision_json')
    assert json.loads(sent.decision_json) == {
        'key': 'split.by',
        'value': 'patient',
        'reason': 'rows of one err together',
        'alternatives': [],
        'evidence': None,
        'confidence': None,
        'basis': 'agent',
    }


def test_what_was_inherited_from_another_session_holds_whoever_had_decided_it(workspace: Workspace) -> None:
    inherited = {
        'key': 'split.by',
        'value': 'shop',
        'by': 'agent',
        'stage': 'prep',
        'inherited_from': 'a session',
    }
    decisions = json.dumps({'version': 1, 'decisions': [inherited]})
    seen = workspace.run(SAYS, decisions_json=decisions, environment={'TEMPERA_STAGE': 'prep'})
    assert seen.text() == 'shop\n', seen.errors


def test_without_a_file_its_own_value_holds(workspace: Workspace) -> None:
    seen = workspace.run(SAYS)
    assert seen.text() == 'patient\n' and not (workspace.folder / 'decisions.json').exists()
    assert not seen.errors and len(seen.of('decision_json')) == 1


def test_what_is_in_force_is_written_anew_before_each_execution(workspace: Workspace) -> None:
    first = ledger(split__by=('shop', 'person', 'prep'))
    seen = workspace.run(
        SAYS + '\nimport os, pathlib\np = pathlib.Path("decisions.json")\nprint(oct(p.stat().st_mode)[-3:])\n'
        'p.unlink(); p.mkdir(); (p / "x").write_text("forged")',
        decisions_json=first,
    )
    assert seen.text() == 'shop\n444\n', seen.errors
    second = ledger(split__by=('town', 'person', 'prep'))
    seen = workspace.run(SAYS, decisions_json=second)
    assert seen.text() == 'town\n', seen.errors
    assert (workspace.folder / 'decisions.json').read_text() == second
    assert [path for path in seen.exit.files_changed if 'decisions' in path] == []
    entries, refused = workspace.checkpoint()
    assert [entry.path for entry in entries if entry.path == 'decisions.json'] and not refused


def test_a_cell_of_a_living_kernel_knows_what_was_decided_meanwhile(workspace: Workspace) -> None:
    for place in ('shop', 'town'):
        decisions = ledger(split__by=(place, 'person', 'prep'))
        seen = workspace.run(SAYS, kernel='main', decisions_json=decisions)
        assert seen.text() == f'{place}\n', seen.errors


def test_everything_that_is_said_beside_it_arrives(workspace: Workspace) -> None:
    seen = workspace.run(
        'import numpy as np\nfrom tempera import decide\nprint(decide("threshold", np.float64(0.25), "costs differ",\n'
        ' alternatives=[{"value": 0.5, "changes": "fewer are found"}],\n'
        ' evidence={"f1": np.float32(0.5), "n": (1, 2)}, confidence=0.75))'
    )
    assert seen.text() == '0.25\n', seen.errors
    (sent,) = seen.of('decision_json')
    assert json.loads(sent.decision_json) == {
        'key': 'threshold',
        'value': 0.25,
        'reason': 'costs differ',
        'alternatives': [{'value': 0.5, 'changes': 'fewer are found'}],
        'evidence': {'f1': 0.5, 'n': [1, 2]},
        'confidence': 0.75,
        'basis': 'agent',
    }


def test_more_decisions_than_an_execution_may_make_are_dropped_and_told(workspace: Workspace) -> None:
    seen = workspace.run(
        'from tempera import decide\nfor i in range(2003):\n    decide(f"column.c{i}.use", "out")'
    )
    assert len(seen.of('decision_json')) == 2000
    assert 'dropped 3 logged messages (more than 2,000 decisions)' in seen.errors


@pytest.mark.parametrize(
    ('key', 'more'),
    [
        ('', {}),
        ('Split.by', {}),
        ('split..by', {}),
        ('split by', {}),
        ('a' * 201, {}),
        ('a', {'value': 'x' * LARGEST_VALUE}),
        ('a', {'reason': 'x' * (LONGEST_REASON + 1)}),
        ('a', {'evidence': {'x': 'y' * LARGEST_EVIDENCE}}),
        ('a', {'confidence': 1.5}),
        ('a', {'confidence': math.nan}),
        ('a', {'alternatives': [{'value': at} for at in range(21)]}),
        ('a', {'alternatives': [{'value': 'x' * LARGEST_VALUE}]}),
    ],
)
def test_what_nobody_could_keep_is_refused_by_name(key: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match='decide: '):
        decide(key, **{'value': 1, **more})


def test_a_value_becomes_what_json_holds() -> None:
    value = {'a': np.int64(1), 2: (np.nan, {'b', 'a'}), 'c': np.array(1.5), 'd': [True, None, 'x']}
    assert plain_json(value) == {'a': 1, '2': [None, ['a', 'b']], 'c': 1.5, 'd': [True, None, 'x']}


@pytest.mark.parametrize(
    ('file', 'expected'),
    [
        (None, 'patient'),
        (ledger(split__by=('shop', 'agent', 'prep')), 'shop'),
        (ledger(metric=('r2', 'person', 'train')), 'patient'),
        ('{', 'patient'),
        ('[]', 'patient'),
        ('{"decisions": 7}', 'patient'),
    ],
)
def test_by_hand_the_file_beside_it_holds(tmp_path: Path, file: str | None, expected: str) -> None:
    if file is not None:
        (tmp_path / 'decisions.json').write_text(file)
    environment = {name: value for name, value in os.environ.items() if not name.startswith('TEMPERA_')}
    done = subprocess.run(
        [sys.executable, '-c', SAYS],
        cwd=tmp_path,
        env={**environment, 'PYTHONPATH': str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f'{expected}\n', '')
