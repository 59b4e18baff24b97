"""The builder of reports: Markdown that holds whatever a table holds, sentences with their facts, safe CSV."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from tempera.reports import Count, Name, Names, Percent, Report, Score, Share, export_csv, say
from tempera.reports.figures import Gallery
from tempera.reports.words import as_clause

SIGNS = ['=1+1', '+1', '-x', '@a', '\t=1', '\r=1']


def test_a_heading_below_which_nothing_comes_is_left_out() -> None:
    report = Report('Title')
    report.section('Empty')
    report.section('Empty below', level=3)
    report.section('Full')
    report.points([None, say('rows', '{rows} stand here.', rows=Count(1, 'row'))])
    assert report.markdown == '# Title\n\n## Full\n\n- 1 row stand here.\n'


def test_a_heading_comes_with_those_above_it() -> None:
    report = Report('Title')
    report.section('Part')
    report.section('Piece', level=3)
    report.say(say('a', 'Something.'))
    assert report.markdown == '# Title\n\n## Part\n\n### Piece\n\nSomething.\n'


def test_emphasis_belongs_to_the_template_and_never_to_a_cell() -> None:
    sentence = say('drop', '**Drop {name}** (`x`).', name=Name('a**b'))
    assert sentence.markdown == '**Drop `a**b`** (`x`).'
    assert sentence.plain == 'Drop `a**b` (`x`).'


def test_facts_travel_with_what_is_said(tmp_path: Path) -> None:
    report = Report('Title')
    report.say(say('gaps', '{cells} are missing in {names}.', cells=Share(3, 40), names=Names(['a', 'b'])))
    report.table('sizes', ('split', 'rows', 'score'), [['train', 1200, Score(0.5, 2)]])
    report.write(tmp_path)
    assert json.loads((tmp_path / 'data/report.json').read_text()) == [
        {
            'key': 'gaps',
            'text': '3 (7.5 %) are missing in `a` and `b`.',
            'facts': {'cells': {'part': 3, 'whole': 40}, 'names': ['a', 'b']},
        },
        {'key': 'sizes', 'columns': ['split', 'rows', 'score'], 'rows': [['train', 1200, 0.5]]},
    ]
    assert '| train | 1,200 | 0.50 |' in (tmp_path / 'report.md').read_text()


@given(some.text(min_size=1))
def test_any_name_stays_one_code_in_a_sentence_and_one_cell_in_a_table(name: str) -> None:
    report = Report('Title')
    report.say(say('drop', 'Drop {name} here.', name=Name(name, 1000)))
    report.table('columns', ('column', 'missing'), [[Name(name, 1000), name]])
    tokens = MarkdownIt('commonmark').enable('table').parse(report.markdown)
    kinds = [token.type for token in tokens]
    assert kinds.count('paragraph_open') == 1 and kinds.count('td_open') == 2
    assert 'html_block' not in kinds
    inline = next(token for token in tokens if token.type == 'inline' and token.content.startswith('Drop'))
    assert [child.type for child in inline.children or ()] == ['text', 'code_inline', 'text']


@pytest.mark.parametrize(
    ('share', 'text'),
    [
        (0, '0.0 %'),
        (0.0001, 'less than 0.1 %'),
        (0.9999, 'more than 99.9 %'),
        (1, '100.0 %'),
        (0.123, '12.3 %'),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert Percent(share).text == text


@given(some.integers(1, 10**6), some.integers(2, 10**6), some.integers(0, 2))
def test_only_none_is_said_as_none_and_only_all_as_all(part: int, whole: int, digits: int) -> None:
    shown = Percent(min(part, whole) / whole, digits).text
    exact = re.fullmatch(r'[\d.]+ %', shown)
    assert not exact or float(shown[:-2]) != 0
    assert (exact is not None and float(shown[:-2]) == 100) == (part >= whole)


@pytest.mark.parametrize('texts', [('102.6', '90.24'), ('9.123', '88.74'), ('0.418', '0.206')])
def test_scores_beside_each_other_are_equally_exact(texts: tuple[str, str]) -> None:
    assert tuple(Score(float(f'{text}04')).text for text in texts) == texts


def test_a_share_of_rows_is_never_rounded_to_none_or_all() -> None:
    assert Share(1, 10_000).text == '1 (less than 0.1 %)'
    assert Share(9_999, 10_000).text == '9,999 (more than 99.9 %)'
    assert Share(11, 344).text == '11 (3.2 %)'


@pytest.mark.parametrize(
    ('reason', 'clause'),
    [
        ('It is the last.', 'it is the last'),
        ('`A` says so', '`A` says so'),
        ('ROC is robust', 'ROC is robust'),
    ],
)
def test_a_reason_goes_on_a_sentence(reason: str, clause: str) -> None:
    assert as_clause(reason) == clause


def test_formula_cells_are_escaped_in_csv_exports(tmp_path: Path) -> None:
    table = pd.DataFrame({'=evil': ['=HYPERLINK("x")', '@a', 'plain'], 'n': [-1, 2, 3]})
    export_csv(table, tmp_path / 'out.csv')
    back = pd.read_csv(tmp_path / 'out.csv')
    assert list(back.columns) == ["'=evil", 'n']
    assert list(back["'=evil"]) == ['\'=HYPERLINK("x")', "'@a", 'plain']
    assert list(back['n']) == [-1, 2, 3]


def test_every_kind_of_text_cell_is_escaped(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            'text': SIGNS,
            'kind': pd.Categorical(SIGNS),
            'mixed': pd.Series([*SIGNS[:5], 4], dtype=object),
            'when': pd.Timestamp('2024-01-01'),
        }
    )
    export_csv(table, tmp_path / 'out.csv')
    back = pd.read_csv(tmp_path / 'out.csv', dtype=str, keep_default_na=False)
    for name in ('text', 'kind', 'mixed'):
        assert all(cell.startswith("'") or cell == '4' for cell in back[name]), name
    assert set(back['when']) == {'2024-01-01'}


def test_each_category_has_a_bar_and_a_label_of_its_own_however_alike_the_names_are(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    long = 'a long name that all of them begin with and end with, {} as do the others'
    names = [long.format(middle) for middle in ('one', 'two', 'two')]
    with gallery.figure('bars', 'Bars', (4, 3)) as figure:
        axis = figure.subplots()
        gallery.bars(axis, names, [1, 2, 3], 'black', 16)
    assert [bar.get_width() for bar in axis.patches] == [1, 2, 3]
    assert len({bar.get_y() for bar in axis.patches}) == 3
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert len(set(labels)) == 3
    assert gallery.markdown('bars') == '![Bars](figures/bars.png)'
    assert (tmp_path / 'figures/bars.png').read_bytes().startswith(b'\x89PNG')


def test_a_name_without_letters_in_the_font_is_a_number_that_the_report_explains(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    assert gallery.explained() is None
    assert gallery.labels(['Gentoo', '企鵝', '企鵝島', '企鵝']) == ['Gentoo', '#1 (1)', '#2', '#1 (2)']
    explained = gallery.explained()
    assert explained is not None and explained.plain.endswith('In them #1 is `企鵝`, #2 is `企鵝島`.')
