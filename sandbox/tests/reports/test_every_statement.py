"""Every number and every "nothing", "none", "no …" of the reports is computed again; nothing else stands in them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .checks import ADVICE, CHECKS
from .known import Known
from .sessions import STAGES, run_session
from .tables import TABLES

REPORTS = Path(__file__).parents[2] / 'tempera/reports'
#: sentences whose template holds numbers: scales, whose ends are numbers
SCALES = {'signal.scale', 'columns.numbers', 'file.header.none'}


#: whose figures are rendered: plain ones, odd letters in names, and dates
DRAWN = {'penguins', 'rents', 'visits'}


@pytest.fixture(scope='module', params=TABLES)
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """One table, worked through by the playbooks."""
    make, target, reading = TABLES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    session = run_session(folder / 'session', make(folder), target, draws=request.param in DRAWN)
    return Known(session, target, reading)


@pytest.mark.parametrize('stage', STAGES)
def test_every_sentence_is_so(known: Known, stage: str) -> None:
    for sentence in known.session.sentences(stage):
        if 'rows' in sentence or sentence['key'] in ADVICE:
            continue
        check = CHECKS.get((stage, sentence['key']))
        assert check, f'no check for [{sentence["key"]}] of {stage}: {sentence["text"]}'
        for name, expected in check(known, sentence['facts']).items():
            assert sentence['facts'][name] == approximately(expected), f'{name} of: {sentence["text"]}'


@pytest.mark.parametrize('stage', STAGES)
def test_nothing_stands_in_a_report_but_sentences_tables_headings_and_figures(
    known: Known, stage: str
) -> None:
    sentences = iter(known.session.sentences(stage))
    blocks = known.session.text(f'{stage}/report.md').strip().split('\n\n')
    for block in blocks:
        if block.startswith(('#', '![')):
            continue
        if block.startswith('|'):
            assert_table(block, next(sentences))
            continue
        for line in block.split('\n'):
            rest = re.sub(r'^(- |\d+\. )', '', line).replace('**', '')
            while rest:
                text = next(sentences)['text']
                assert rest.startswith(text), (rest, text)
                rest = rest.removeprefix(text).removeprefix(' ')
    assert next(sentences, None) is None


def assert_table(block: str, table: dict[str, Any]) -> None:
    """As many lines and columns as its facts have; each number is the fact's."""
    lines = [line.strip('| ').split(' | ') for line in block.split('\n')]
    assert len(lines) == len(table['rows']) + 2
    for cells, facts in zip(lines[2:], table['rows'], strict=True):
        for cell, fact in zip(cells, facts, strict=True):
            if isinstance(fact, (int, float)) and '%' not in cell:
                digits = len(cell.partition('.')[2])
                assert float(cell.replace(',', '')) == pytest.approx(fact, abs=0.5001 * 10**-digits, rel=1e-5)


def test_the_tables_say_what_is_so(known: Known) -> None:
    tables = {
        sentence['key']: sentence['rows']
        for stage in STAGES
        for sentence in known.session.sentences(stage)
        if 'rows' in sentence
    }
    for name, _, missing, _, alone, _ in tables['columns']:
        gaps = int(known.table[name].isna().sum())
        assert missing == (gaps or '–'), name
        score = known.relations['scores'].get(name)
        assert alone == ('–' if score is None else f'{score:.2f}')
    assert [line[1] for line in tables['splits']] == [f'{len(rows):,}' for rows in known.splits.values()]
    for metric, ours, *_ in tables['metrics']:
        assert ours == pytest.approx(known.train['metrics']['test'][metric], rel=1e-5)
    for line in tables.get('classes', []):
        rows = known.truth.astype(str) == line[0]
        hit = int((rows & (known.found.astype(str) == line[0])).sum())
        assert line[1] == rows.sum()
        assert line[3] == ('–' if not rows.any() else pytest.approx(hit / rows.sum(), rel=1e-5))


@pytest.mark.parametrize('stage', STAGES)
def test_a_report_begins_with_five_things_to_know_and_what_is_to_be_confirmed(
    known: Known, stage: str
) -> None:
    blocks = known.session.text(f'{stage}/report.md').split('\n\n')
    assert blocks[1] == '## In short'
    assert [line[:3] for line in blocks[2].split('\n')] == [f'{place}. ' for place in range(1, 6)]
    if stage != 'train':
        assert blocks[3].startswith('**To confirm')


def test_no_template_holds_a_number_of_its_own_or_an_unchecked_absolute() -> None:
    checked = {key for _, key in CHECKS} | ADVICE
    numbers, absolutes = set(), set()
    for path in REPORTS.rglob('*.py'):
        for key, text in templates(path):
            plain = re.sub(r'\{\w+\}|`[^`]*`', '', text)
            if re.search(r'\d', plain):
                numbers.add(key)
            if re.search(r'\b(nothing|none|no|never|nobody|far)\b', plain, re.IGNORECASE):
                absolutes.add(key)
            assert 'far better' not in plain or key == 'decided.leak'
    assert numbers <= SCALES
    assert {key for key in absolutes if key not in checked} <= UNTOLD


#: sentences of kinds that no table here has: their facts are typed, and the tests of their modules hold them
UNTOLD = {
    'column.unparsed',
    'file.encoding',
    'figures.letters',
    'beware.accuracy',
    'encoded.seen',
    'near.mixed',
}


def templates(path: Path) -> list[tuple[str, str]]:
    """Keys and templates of every sentence that a module makes."""
    return [
        (str(node.args[0].value), ''.join(constants(node.args[1])))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == 'say'
        and isinstance(node.args[0], ast.Constant)
    ]


def constants(node: ast.expr) -> list[str]:
    return [
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def approximately(value: Any) -> Any:
    """Facts keep six digits."""
    if isinstance(value, dict):
        return {key: approximately(one) for key, one in value.items()}
    return (
        pytest.approx(float(value), rel=1e-5, abs=1e-9) if isinstance(value, (float, np.floating)) else value
    )
