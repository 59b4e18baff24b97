"""The playbooks as files: scripts a careful colleague would hand over, each whole in itself beside the SDK."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pandas as pd
import pytest

from tempera.learning.source import in_content_order

SANDBOX = Path(__file__).parent.parent
PLAYBOOKS = sorted((SANDBOX / 'playbooks').glob('*.py'))
LONGEST = 120

each = pytest.mark.parametrize('path', PLAYBOOKS, ids=lambda path: path.stem)


@each
def test_a_playbook_is_short_and_has_its_parameters_at_the_top_and_main_at_the_end(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST
    tree = ast.parse(text)
    names = [type(node).__name__ for node in tree.body]
    assert ast.get_docstring(tree)
    before = text.split('# PARAMETERS\n')[0]
    assert 'def ' not in before and before.count('\n') <= 30
    assert text.count('\n# PARAMETERS\nPARAMETERS: dict[str, Any] = {') == 1
    assert text.count('\n# END OF PARAMETERS\n') == 1
    assert next(node.name for node in tree.body if isinstance(node, ast.FunctionDef)) == 'main'
    assert text.endswith("\n\nif __name__ == '__main__':\n    main()\n")
    assert set(names[:-1]) <= {'Expr', 'Import', 'ImportFrom', 'AnnAssign', 'Assign', 'FunctionDef'}


@each
def test_a_playbook_imports_only_what_travels_with_it(path: Path) -> None:
    locked = (SANDBOX / 'requirements.lock').read_text()
    for node in ast.walk(ast.parse(path.read_text())):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or '']
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            root = name.partition('.')[0]
            if root == 'tempera':
                module = SANDBOX / Path(*name.split('.'))
                assert module.is_dir() or module.with_suffix('.py').is_file(), name
            else:
                extra = EXTRAS.get(path.stem, ())
                assert root in sys.stdlib_module_names or root in extra or f'\n{root}==' in locked, name


#: what a script looks for and does without where it is not installed
EXTRAS = {'train_network': ('torch',)}


def test_no_report_is_made_by_string_surgery() -> None:
    """Sentences are made of facts: what was said once is never cut open to be said otherwise."""
    made = [*PLAYBOOKS, *sorted((SANDBOX / 'tempera/reports').rglob('*.py'))]
    cut = [
        f'{path.name}:{node.lineno}'
        for path in made
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == 'replace'
        and isinstance(node.args[0], ast.Constant)
        and len(str(node.args[0].value)) > 2
    ]
    assert cut == []


def test_no_playbook_writes_csv_past_the_escaping() -> None:
    writers = [
        path.name
        for path in [*PLAYBOOKS, *(SANDBOX / 'tempera/reports').rglob('*.py')]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ('to_csv', 'writer', 'DictWriter')
    ]
    assert writers == ['export.py']


def test_content_order_does_not_depend_on_the_order_of_the_rows() -> None:
    table = pd.DataFrame({'a': [3, 1, 2, 5], 'b': list('wxyz')})
    other = table.iloc[[2, 0, 3, 1]].reset_index(drop=True)
    assert in_content_order(table).to_numpy().tolist() == in_content_order(other).to_numpy().tolist()
