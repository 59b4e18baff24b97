"""A session's three stages by the playbooks themselves, one after another as the offline agent asks for them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

PLAYBOOKS = Path(__file__).parents[2] / 'playbooks'
STAGES = ('eda', 'prep', 'train')
#: the cheapest training that still compares and judges
QUICK = {'candidates': ['dummy', 'linear'], 'folds': 3, 'repeats': 1}
_BLOCK = re.compile(r'PARAMETERS: dict\[str, Any\] = (\{.*?\n\}|\{.*?\})\n# END', re.S)


@dataclass(frozen=True)
class Session:
    """A folder that the playbooks have worked in, and the table that they were given."""

    folder: Path
    table: Path

    def json(self, path: str) -> Any:
        return json.loads((self.folder / path).read_text(encoding='utf-8'))

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding='utf-8')

    def split(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / f'prep/data/{name}.parquet')

    def sentences(self, stage: str) -> list[dict[str, Any]]:
        """The report's sentences and tables with their facts."""
        sentences: list[dict[str, Any]] = self.json(f'{stage}/data/report.json')
        return sentences


def run_session(folder: Path, table: Path, target: str, *, draws: bool = False, **more: Any) -> Session:
    """All stages. `more` overrides parameters of any script that has them. Without `draws` figures are made and saved
    as empty files: to render them takes most of an exploration's time."""
    for name in (*STAGES, 'eda/data', 'dataset'):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / 'dataset' / table.name).write_bytes(table.read_bytes())
    with inside(folder), _rendering(draws):
        _run('eda_profile', {'file': table.name} | more)
        related = _run('eda_relations', {'target': target} | more)
        regression = related['problem_type'] == 'regression'
        chosen = {
            'target': target,
            'problem_type': related['problem_type'],
            'metric': 'r2' if regression else 'accuracy',
            'drop': related['left_out'],
            'leaks': related['leaks'],
            'drop_duplicates': related['continuous'] > 0 and not related['repeats_by_chance'],
            'split': related['split'],
        } | more
        _run('eda_report', chosen)
        leaks = {name: f'it gives the target away ({how})' for name, how in related['leaks'].items()}
        _run('prep_build', chosen | {'drop': related['left_out'] | leaks, 'metric': None} | more)
        training = {'metric': chosen['metric']} | QUICK | more
        compared = _run('train_compare', training)
        _run('train_final', training | {'chosen': compared['within_one_se'][0]})
    return Session(folder, table)


def run_playbook(folder: Path, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """One script more in a session's folder; its findings."""
    with inside(folder):
        return _run(name, parameters)


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    os.environ.update(TEMPERA_WORKSPACE=str(folder), TEMPERA_DATASET=str(folder / 'dataset'))
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _rendering(draws: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not draws:
            patch.setattr(Figure, 'savefig', lambda _, path, **__: Path(path).touch())
        yield


def _run(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The script with these parameters in place of its own, where it has them; its findings."""
    os.environ['TEMPERA_STAGE'] = {'eda': 'eda', 'prep': 'prep', 'train': 'train'}[name.partition('_')[0]]
    text = (PLAYBOOKS / f'{name}.py').read_text(encoding='utf-8')
    block = _BLOCK.search(text)
    assert block, name
    own = eval(block[1])
    used = {key: parameters.get(key, value) for key, value in own.items()}
    script = text.replace(block[1], repr(used), 1)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script, name, 'exec'), {'__name__': '__main__'})
    found = re.search(r'=== findings ===\n(.*)\n=== end', printed.getvalue())
    assert found, printed.getvalue()
    findings: dict[str, Any] = json.loads(found[1])
    return findings
