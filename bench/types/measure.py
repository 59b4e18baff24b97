"""Types of columns beside the hand-made labels of the ML Data Prep Zoo, and what a learner makes of the features.

    measure.py --from FOLDER --tasks FILE [--peers PYTHON]

FOLDER is a copy of the repository pvn25/ML-Data-Prep-Zoo. Tables that the copy lacks are left out and counted. PYTHON
is the one of the environment that has the peers. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from classes import NAMES, class_of
from peers import judged, pandas_peer
from scores import best_score, is_classes, rows_of
from tempera.tables import TablePlan, read, understand
from tempera.tables.features import TableFeatures, specs_of

_DOWNSTREAM = 'MLFeatureTypeInference/Downstream-Benchmark'
#: tables whose file has another name than the list of them
_FILES = {'flares': 'flare', 'hearts': 'heart', 'car fuel': 'car_fuel'}
#: columns that the labels leave out besides the target
_UNLABELLED = {'churn': ('customerID',), 'pbcseq': ('number_of_days',)}
#: what no model is given
_NO_INPUTS = ('identifier', 'constant', 'empty')


def main() -> int:
    """Accuracy and scores a table, ours and the others'."""
    words = argparse.ArgumentParser()
    words.add_argument('--from', dest='folder', type=Path, required=True)
    words.add_argument('--tasks', type=Path, required=True)
    words.add_argument('--peers', default='')
    given = words.parse_args()
    root = given.folder / _DOWNSTREAM
    tables: dict[str, Any] = {}
    tasks: dict[str, Any] = {}
    missing: list[str] = []
    with open(root / 'Metadata' / 'metadata.csv', newline='') as source:
        for row in csv.DictReader(source):
            name = _FILES.get(row['name'].lower(), row['name'].lower())
            file = root / 'datasets' / f'{name}.csv'
            if not file.exists():
                missing.append(row['name'])
                continue
            truth = [int(label) for label in ast.literal_eval(row['truthVector'])]
            tables[name], tasks[name] = _judged(file, row['target'], truth)
    given.tasks.write_text(json.dumps(tasks), 'utf-8')
    if given.peers:
        _add_peers(tables, given.peers, given.tasks)
    print(json.dumps(_sums(tables) | {'missing': missing}))
    return 0


def _sums(tables: dict[str, Any]) -> dict[str, Any]:
    readers = list(next(iter(tables.values()))['readers']) if tables else []
    columns = sum(len(one['truth']) for one in tables.values())
    right = {
        reader: {
            name: _share(one['readers'][reader]['classes'], one['truth']) for name, one in tables.items()
        }
        for reader in readers
    }
    return {
        'tables': {name: {reader: right[reader][name] for reader in readers} for name in tables},
        'columns': columns,
        'accuracy': {
            reader: sum(right[reader][name] * len(one['truth']) for name, one in tables.items()) / columns
            for reader in readers
        },
        'mean_of_tables': {reader: float(np.mean(list(right[reader].values()))) for reader in readers},
        'scores': {
            name: {reader: held['scores'] for reader, held in one['readers'].items()}
            for name, one in tables.items()
        },
        'faults': {name: one['faults'] for name, one in tables.items() if one['faults']},
    }


def _add_peers(tables: dict[str, Any], python: str, tasks: Path) -> None:
    words = [python, str(Path(__file__).with_name('peers.py')), '--tasks', str(tasks)]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    for name, readers in json.loads(output.splitlines()[-1]).items():
        tables[name]['readers'] |= readers


def _judged(file: Path, target: str, truth: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    plan = understand(file)
    frame = read(file, plan)
    named = [name for name in plan.names if name not in _UNLABELLED.get(file.stem, ())]
    features = _features(named, target, len(truth))
    answer = _answer(file, plan, target, features)
    rows = [int(row) for row in rows_of(answer) if row in frame.index]
    task = {'file': str(file), 'features': features, 'target': int(answer.attrs['place']), 'rows': rows}
    classes = [class_of(plan.column(name)) for name in features]
    ours = {'classes': classes, 'scores': _scores(plan, frame, features, answer, rows)}
    faults = [
        f'{name}: {plan.column(name).kind} → {NAMES[got]}, labelled {NAMES[expected]}'
        for name, got, expected in zip(features, classes, truth, strict=True)
        if got != expected
    ]
    readers = {'tempera': ours, 'pandas': judged(pandas_peer(), task)}
    return {'truth': truth, 'faults': faults, 'readers': readers}, task


def _answer(file: Path, plan: TablePlan, target: str, features: list[str]) -> pd.Series:
    """The target as pandas reads it, so that all readers are judged by the same; `place` is its column."""
    frame = pd.read_csv(file)
    alike = [place for place, name in enumerate(frame.columns) if _plain(str(name)) == _plain(target)]
    rest = [place for place, name in enumerate(plan.names) if name not in features]
    place = (alike or rest)[-1]
    # where pandas reads fewer columns than there are, nobody is scored
    found = frame.iloc[:, place] if place < frame.shape[1] else pd.Series(dtype='object')
    found.attrs['place'] = place
    return found


def _scores(
    plan: TablePlan, frame: pd.DataFrame, features: list[str], answer: pd.Series, rows: list[int]
) -> list[float]:
    inputs = [name for name in features if plan.column(name).kind not in _NO_INPUTS] or features
    specs = specs_of(plan, inputs)
    goal = answer.iloc[rows]
    kind = 'continuous' if not is_classes(goal) else 'binary' if goal.nunique() <= 2 else 'multiclass'
    return best_score(frame.loc[rows, inputs], goal, lambda: TableFeatures(specs, target_type=kind))


def _features(names: list[str], target: str, count: int) -> list[str]:
    """The columns that the labels are of: all but the target."""
    if len(names) == count:
        return list(names)
    rest = [name for name in names if _plain(name) != _plain(target)]
    return (rest if len(rest) == count else list(names[:-1]))[:count]


def _plain(name: str) -> str:
    return re.sub(r'\W+', '', name.lower())


def _share(got: list[int], expected: list[int]) -> float:
    return sum(one == other for one, other in zip(got, expected, strict=True)) / len(expected)


if __name__ == '__main__':
    sys.exit(main())
