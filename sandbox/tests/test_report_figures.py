"""The pictures of a report are read as the web UI reads them: the same cases hold both."""

import json
from pathlib import Path

import pytest

from tempera_sandbox.tools.stages.report_figures import pictures, session_file

CASES = json.loads((Path(__file__).parents[2] / 'tests/markdown/figures.json').read_text())['cases']


@pytest.mark.parametrize('case', CASES, ids=lambda case: case['name'])
def test_a_report_shows_the_files_that_the_page_shows(case: dict) -> None:
    assert [picture.file for picture in pictures(case['markdown'], 'eda')] == case['files']


def test_there_are_cases_of_every_kind() -> None:
    text = json.dumps(CASES)
    assert len(CASES) > 30 and all(
        mark in text for mark in ('(1)', '%20', '<figures', '#', '[fig]', '`', '\\\\]')
    )


@pytest.mark.parametrize('name', ['a%20b%.png', '%ff.png', ' figures/a.png '])
def test_names_of_html_are_decoded_as_browsers_do(name: str) -> None:
    expected = {
        'a%20b%.png': 'eda/a%20b%.png',
        '%ff.png': 'eda/%ff.png',
        ' figures/a.png ': 'eda/figures/a.png',
    }
    assert session_file(name, 'eda') == expected[name]
