"""The playbooks as files: they compile with their parts, export CSV safely and read missing values as said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PLAYBOOKS = Path(__file__).parent.parent / 'playbooks'


def whole(path: Path) -> str:
    """A playbook with its parts in place of their include lines."""
    return re.sub(r'(?m)^# include: (\w+)\n', lambda found: (PLAYBOOKS / 'parts' / f'{found[1]}.py').read_text(), path.read_text())


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
    assert list(back["'=evil"]) == ["'=HYPERLINK(\"x\")", "'@a", 'plain']
    assert list(back['n']) == [-1, 2, 3]


def test_missing_tokens_zeros_and_number_forms_are_read_as_planned() -> None:
    reading = part('read_table')
    raw = pd.DataFrame({'a': ['1', '?', '0'], 'b': ['$1,234', '12 %', 'NA'], 'c': [' x', '-', 'y']})
    plan = {'read': {'decimal': '.'}, 'missing_tokens': ['', '?', 'na', '-'], 'zero_is_missing': ['a'], 'date_formats': {}}
    table = reading['clean_table'](raw, {'a': 'number', 'b': 'number', 'c': 'category'}, plan)
    assert table['a'].isna().tolist() == [False, True, True]
    assert table['b'].tolist()[:2] == [1234.0, 12.0]
    assert table['c'].tolist() == ['x', None, 'y']


def test_content_order_does_not_depend_on_the_order_of_the_rows() -> None:
    order = part('read_table')['in_content_order']
    table = pd.DataFrame({'a': [3, 1, 2, 5], 'b': list('wxyz')})
    other = table.iloc[[2, 0, 3, 1]].reset_index(drop=True)
    assert order(table).to_numpy().tolist() == order(other).to_numpy().tolist()
