"""Reports quote the ledger: by whom and why, the person's first, and of thousands of columns some and a count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tempera import decide
from tempera.reports import Report
from tempera.reports.who_decided import MOST, say_who_decided


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session's folder, in whose stage prep a report is written."""
    monkeypatch.setenv('TEMPERA_WORKSPACE', str(tmp_path))
    monkeypatch.setenv('TEMPERA_STAGE', 'prep')
    return tmp_path


def decided(folder: Path, *decisions: dict[str, Any]) -> None:
    """What is in force where the script begins."""
    (folder / 'decisions.json').write_text(json.dumps({'version': 1, 'decisions': list(decisions)}))


def quoted() -> str:
    report = Report('Title')
    say_who_decided(report)
    return report.markdown


def by(who: str, key: str, value: object, stage: str = 'eda', **more: object) -> dict[str, Any]:
    return {'key': key, 'value': value, 'by': who, 'stage': stage, 'reason': ''} | more


def test_the_persons_come_first_then_what_was_kept_then_the_stages(folder: Path) -> None:
    decided(
        folder,
        by('agent', 'metric', 'accuracy', 'train', reason='classes are alike'),
        by('agent', 'problem', 'binary'),
        by('agent', 'split.by', None, 'prep', inherited_from='0189-abcdef', to_confirm=True),
        by('person', 'column.age.use', 'out', reason='I asked | for it'),
        by('person', 'target', 'species'),
    )
    lines = quoted().split('\n')
    assert lines[2] == '## Who decided what'
    assert lines[6:-1] == [
        '| `target` | `species` | the person | – |',
        '| `column.age.use` | `out` | the person | I asked \\| for it |',
        '| `split.by` | null | the agent, kept from session …abcdef; to be confirmed | – |',
        '| `problem` | `binary` | the agent | – |',
        '| `metric` | `accuracy` | the agent | classes are alike |',
    ]


def test_what_the_script_itself_decides_is_quoted_unless_another_decision_holds(folder: Path) -> None:
    decided(folder, by('person', 'split.by', 'island', 'prep'), by('agent', 'rows.repeats', 'keep', 'prep'))
    assert decide('split.by', 'sex', 'rows of one are alike') == 'island'
    decide('rows.repeats', 'drop', 'they were entered twice')
    assert '| `split.by` | `island` | the person | – |' in quoted()
    assert '| `rows.repeats` | `drop` | the agent | they were entered twice |' in quoted()
    assert 'sex' not in quoted()


def test_of_thousands_of_columns_some_are_named_and_the_rest_is_counted(folder: Path) -> None:
    many = [by('person', f'column.c{place}.use', 'out') for place in range(5000)]
    decided(folder, *many, by('agent', 'metric', 'r2'))
    text = quoted()
    assert text.count('| `column.') == MOST
    assert f'{5001 - MOST:,} more decisions stand in `decisions.json`.' in text


def test_where_nothing_was_decided_nothing_is_said(folder: Path) -> None:
    assert quoted() == '\n'
