"""The playbooks as files: they compile with their parts, export CSV safely and read missing values as said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.learning.source import in_content_order

PLAYBOOKS = Path(__file__).parent.parent / 'playbooks'


def whole(path: Path) -> str:
    """A playbook with its parts in place of their include lines."""
    return re.sub(
        r'(?m)^# include: (\w+)\n',
        lambda found: (PLAYBOOKS / 'parts' / f'{found[1]}.py').read_text(),
        path.read_text(),
    )


def part(name: str) -> dict:
    """The functions of one part."""
    space = {'np': np, 'pd': pd, 'Path': Path}
    exec(compile((PLAYBOOKS / 'parts' / f'{name}.py').read_text(), name, 'exec'), space)
    return space


@pytest.mark.parametrize('path', sorted(PLAYBOOKS.glob('*.py')), ids=lambda path: path.stem)
def test_a_playbook_compiles_with_its_parts_and_has_one_parameters_block(path: Path) -> None:
    text = whole(path)
    compile(text, path.name, 'exec')
    assert text.count('\n# END OF PARAMETERS\n') == 1
    assert 'tell(' in text


def test_formula_cells_are_escaped_in_csv_exports(tmp_path: Path) -> None:
    table = pd.DataFrame({'=evil': ['=HYPERLINK("x")', '@a', 'plain'], 'n': [-1, 2, 3]})
    part('csv_export')['export_csv'](table, tmp_path / 'out.csv')
    back = pd.read_csv(tmp_path / 'out.csv')
    assert list(back.columns) == ["'=evil", 'n']
    assert list(back["'=evil"]) == ['\'=HYPERLINK("x")', "'@a", 'plain']
    assert list(back['n']) == [-1, 2, 3]


def test_every_kind_of_text_cell_is_escaped(tmp_path: Path) -> None:
    signs = ['=1+1', '+1', '-x', '@a', '\t=1', '\r=1']
    table = pd.DataFrame(
        {
            'text': signs,
            'kind': pd.Categorical(signs),
            'mixed': pd.Series([*signs[:5], 4], dtype=object),
            'when': pd.Timestamp('2024-01-01'),
        }
    )
    part('csv_export')['export_csv'](table, tmp_path / 'out.csv')
    back = pd.read_csv(tmp_path / 'out.csv', dtype=str, keep_default_na=False)
    for name in ('text', 'kind', 'mixed'):
        assert all(cell.startswith("'") or cell == '4' for cell in back[name]), name
    assert set(back['when']) == {'2024-01-01'}


def test_no_playbook_writes_csv_past_the_escaping() -> None:
    writers = [
        path.name
        for path in PLAYBOOKS.rglob('*.py')
        if re.search(r'to_csv|csv\.writer|DictWriter', path.read_text())
    ]
    assert writers == ['csv_export.py']


def test_no_playbook_is_longer_than_three_hundred_lines() -> None:
    assert [path.name for path in PLAYBOOKS.rglob('*.py') if len(path.read_text().splitlines()) > 300] == []


def test_an_interval_figure_is_not_squeezed_by_a_dummy_far_off() -> None:
    drawn = figures()
    text = (PLAYBOOKS / 'parts/train_figures.py').read_text()
    source = text[text.index('def draw_interval') : text.index('def draw_importance')]
    kept = []
    drawn |= {
        'METRIC': 'accuracy',
        'interval': {'low': 0.94, 'high': 1.0},
        'test': {'accuracy': 0.98},
        'keep': lambda *told: kept.append(told),
    }
    for baseline, squeezed in ((0.44, False), (0.93, True)):
        drawn['baseline'] = {'accuracy': baseline}
        exec(compile(source, 'train_figures', 'exec'), drawn)
        drawn['draw_interval'](np.array([0.97, 0.98, 0.99]))
        axis = kept[-1][2].axes[0]
        assert bool(axis.get_xlim()[0] <= baseline) is squeezed
        assert any('dummy' in text.get_text() for text in axis.get_legend().get_texts())
        assert axis.get_legend().get_window_extent().x0 >= axis.get_window_extent().x1
    drawn['plt'].close('all')


def figures() -> dict:
    """The functions of the figures' part with those of the words' part."""
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    space = {'np': np, 'pd': pd, 'Path': Path, 'plt': plt}
    for name in ('words', 'figures'):
        exec(compile((PLAYBOOKS / 'parts' / f'{name}.py').read_text(), name, 'exec'), space)
    return space


def test_each_category_has_a_bar_and_a_label_of_its_own_however_alike_the_names_are() -> None:
    drawn = figures()
    _, axis = drawn['plt'].subplots()
    names = [
        f'a long name that all of them begin with and end with, {middle} as do the others'
        for middle in ('one', 'two', 'two')
    ]
    drawn['bars'](axis, names, [1, 2, 3], 'black', 16)
    assert [bar.get_width() for bar in axis.patches] == [1, 2, 3]
    assert len({bar.get_y() for bar in axis.patches}) == 3
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert len(set(labels)) == 3
    drawn['plt'].close('all')


def test_a_name_without_letters_in_the_font_is_a_number_that_the_report_explains() -> None:
    drawn = figures()
    assert drawn['labels_of'](['Gentoo', '企鵝', '企鵝島', '企鵝']) == ['Gentoo', '#1 (1)', '#2', '#1 (2)']
    assert drawn['undrawn_names']().endswith('In them #1 is `企鵝`, #2 is `企鵝島`.')


@pytest.mark.parametrize(
    ('reason', 'clause'),
    [
        ('It is the last.', 'it is the last'),
        ('`A` says so', '`A` says so'),
        ('ROC is robust', 'ROC is robust'),
    ],
)
def test_a_reason_goes_on_a_sentence(reason: str, clause: str) -> None:
    assert figures()['as_clause'](reason) == clause


def test_content_order_does_not_depend_on_the_order_of_the_rows() -> None:
    table = pd.DataFrame({'a': [3, 1, 2, 5], 'b': list('wxyz')})
    other = table.iloc[[2, 0, 3, 1]].reset_index(drop=True)
    assert in_content_order(table).to_numpy().tolist() == in_content_order(other).to_numpy().tolist()
