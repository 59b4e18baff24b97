"""Types of columns beside the hand-made labels of the ML Data Prep Zoo; prints one line of JSON.

    measure.py --from FOLDER

FOLDER is a copy of the repository pvn25/ML-Data-Prep-Zoo. Tables that the copy lacks are left out and counted.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

from classes import NAMES, class_of
from peers import PEERS
from tempera.tables import understand

_DOWNSTREAM = 'MLFeatureTypeInference/Downstream-Benchmark'
#: tables whose file has another name than the list of them
_FILES = {'flares': 'flare', 'hearts': 'heart', 'car fuel': 'car_fuel'}
#: columns that the labels leave out besides the target
_UNLABELLED = {'churn': ('customerID',), 'pbcseq': ('number_of_days',)}


def main() -> int:
    """Accuracy a table and over all columns, ours and the others'."""
    words = argparse.ArgumentParser()
    words.add_argument('--from', dest='folder', type=Path, required=True)
    given = words.parse_args()
    root = given.folder / _DOWNSTREAM
    tables: dict[str, Any] = {}
    missing: list[str] = []
    with open(root / 'Metadata' / 'metadata.csv', newline='') as source:
        for row in csv.DictReader(source):
            name = _FILES.get(row['name'].lower(), row['name'].lower())
            file = root / 'datasets' / f'{name}.csv'
            if not file.exists():
                missing.append(row['name'])
                continue
            truth = [int(label) for label in ast.literal_eval(row['truthVector'])]
            tables[name] = _judged(file, row['target'], truth)
    readers = ['tempera', *PEERS]
    columns = sum(one['columns'] for one in tables.values())
    answer = {
        'tables': {name: {reader: one[reader] for reader in readers} for name, one in tables.items()},
        'missing': missing,
        'columns': columns,
        'accuracy': {
            reader: sum(one[reader] * one['columns'] for one in tables.values()) / columns
            for reader in readers
        },
        'mean_of_tables': {
            reader: sum(one[reader] for one in tables.values()) / len(tables) for reader in readers
        },
        'faults': {name: one['faults'] for name, one in tables.items() if one['faults']},
    }
    print(json.dumps(answer))
    return 0


def _judged(file: Path, target: str, truth: list[int]) -> dict[str, Any]:
    plan = understand(file)
    named = [name for name in plan.names if name not in _UNLABELLED.get(file.stem, ())]
    features = _features(named, target, len(truth))
    ours = [class_of(plan.column(name)) for name in features]
    answer: dict[str, Any] = {'columns': len(truth), 'tempera': _share(ours, truth)}
    answer['faults'] = [
        f'{name}: {plan.column(name).kind} → {NAMES[got]}, labelled {NAMES[wanted]}'
        for name, got, wanted in zip(features, ours, truth, strict=True)
        if got != wanted
    ]
    for peer, classes in PEERS.items():
        answer[peer] = _share(classes(file, list(features)), truth)
    return answer


def _features(names: list[str], target: str, count: int) -> list[str]:
    """The columns that the labels are of: all but the target."""
    if len(names) == count:
        return list(names)
    alike = re.sub(r'\W+', '', target.lower())
    rest = [name for name in names if re.sub(r'\W+', '', name.lower()) != alike]
    return (rest if len(rest) == count else list(names[:-1]))[:count]


def _share(got: list[int], wanted: list[int]) -> float:
    return sum(one == other for one, other in zip(got, wanted, strict=True)) / len(wanted)


if __name__ == '__main__':
    sys.exit(main())
