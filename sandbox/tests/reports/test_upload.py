"""A file's preview and its report say the same of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tempera.reports.upload import about_file
from tempera.tables import understand
from tempera_sandbox.tools import Context
from tempera_sandbox.tools.profile_upload import run

from .sessions import run_session
from .tables import coins, rents

ROWS = 'a,b\n' + '1,2\n' * 40
FILES = {
    'comments': b'# by hand\n' + ROWS.encode() + b'Total,80\n',
    'twice': ROWS.replace('a,b', 'a,a').encode(),
    'ragged': ROWS.encode() + b'1,2,3\n4\n',
    'few': b'a,b\n1,x\n2,y\n3,z\n',
    'alike': ROWS.replace('a,b', 'name,NAME').encode(),
    'marks': ROWS.replace('a,b', '"**a|b**","`c`"').encode() + b'"**Total**",80\n',
}


def preview_of(folder: Path, name: str) -> list[str]:
    warnings: list[str] = run({'file': name}, Context(folder, folder))['warnings']
    return warnings


@pytest.mark.parametrize('name', FILES)
def test_a_preview_says_each_sentence_in_plain_words(tmp_path: Path, name: str) -> None:
    (tmp_path / 'file.csv').write_bytes(FILES[name])
    shown = [sentence.words for sentence in about_file(understand(tmp_path / 'file.csv'))]
    assert preview_of(tmp_path, 'file.csv')[: len(shown)] == shown
    if name != 'marks':
        assert shown and not any('`' in words or '**' in words for words in shown)


@pytest.mark.parametrize(('make', 'target'), [(rents, 'rent (€)'), (coins, 'column_4')])
def test_the_report_says_all_that_the_preview_says_of_the_file(
    tmp_path: Path, make: object, target: str
) -> None:
    assert callable(make)
    table = make(tmp_path)
    session = run_session(tmp_path / 'session', table, target)
    keys = [sentence['key'] for sentence in session.sentences('eda') if sentence['key'].startswith('file.')]
    sentences = list(about_file(understand(table)))
    assert sentences and keys == ['file.size', *(sentence.key for sentence in sentences)]
    report = session.text('eda/report.md')
    previewed = preview_of(tmp_path, table.name)
    for sentence in sentences:
        assert f'- {sentence.markdown}\n' in report and sentence.words in previewed
