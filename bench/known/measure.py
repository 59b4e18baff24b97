"""What tempera.tables takes the labelled tables for, beside what a person says of them; prints one line of JSON.

    measure.py --labels FOLDER --tables FOLDER [--only TEXT] [--nameless]

`--nameless` reads the tables without their columns' names (column 1, column 2 …): the planted fault.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from labels import Label, labels_in
from tempera.tables import ColumnPlan, TablePlan, read, understand
from tempera.tables.measured.findings import SplitFinding
from tempera.tables.measured.measure import measure
from tempera.tables.measured.targets import rank_targets, understand_target

#: candidates of which the target must be one
_FIRST = 3


@dataclass(frozen=True)
class Found:
    """Of one table."""

    columns: int
    #: columns whose kind is one of those labelled
    kinds: int
    #: the same, where numbers whose values are listed as levels are taken for labels
    kinds_by_levels: int
    first: bool
    among: bool
    problem: bool
    split: bool
    seconds: float
    faults: list[str] = field(default_factory=list)


def main() -> int:
    """Shares over all tables and columns, and what is wrong of each table."""
    words = argparse.ArgumentParser()
    words.add_argument('--labels', type=Path, required=True)
    words.add_argument('--tables', type=Path, required=True)
    words.add_argument('--only', default='')
    words.add_argument('--nameless', action='store_true')
    given = words.parse_args()
    tables = {
        f'{label.package}.{label.name}': _judged(given.tables, label, given.nameless)
        for label in labels_in(given.labels)
        if given.only in f'{label.package}.{label.name}'
    }
    print(json.dumps(_sums(tables)))
    return 0


def _sums(tables: dict[str, Found]) -> dict[str, object]:
    all_of = list(tables.values())
    columns = sum(one.columns for one in all_of)
    return {
        'tables': {name: asdict(one) for name, one in tables.items()},
        'columns': columns,
        'first': sum(one.first for one in all_of) / len(all_of),
        'among': sum(one.among for one in all_of) / len(all_of),
        'kinds': sum(one.kinds for one in all_of) / columns,
        'kinds_by_levels': sum(one.kinds_by_levels for one in all_of) / columns,
        'problem': sum(one.problem for one in all_of) / len(all_of),
        'split': sum(one.split for one in all_of) / len(all_of),
        'problem_and_split': sum(one.problem and one.split for one in all_of) / len(all_of),
    }


def _judged(folder: Path, label: Label, nameless: bool) -> Found:
    file = folder / f'{label.package}.{label.name}.csv'
    if nameless:
        return _judged_nameless(file, label)
    return _compared(understand(file), file, label)


def _judged_nameless(file: Path, label: Label) -> Found:
    plain = read(file, understand(file))
    known = label.among(list(plain.columns))
    bare = {name: f'column {at}' for at, name in enumerate(plain.columns, start=1)}
    renamed = replace(
        known,
        targets=tuple(bare[name] for name in known.targets),
        kinds={bare[name]: kinds for name, kinds in known.kinds.items()},
    )
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / file.name
        plain.rename(columns=bare).to_csv(copy, index=False)
        return _compared(understand(copy), copy, renamed)


def _compared(plan: TablePlan, file: Path, label: Label) -> Found:
    started = time.perf_counter()
    frame = read(file, plan)
    label = label.among(plan.names)
    wrong = [_of_kind(column, label) for column in plan.columns if not _is_right(column, label)]
    ranked = [one.name for one in rank_targets(plan, frame)]
    first = bool(ranked) and ranked[0] in label.targets
    among = any(name in label.targets for name in ranked[:_FIRST])
    meaning = understand_target(plan, frame, label.targets[0]).meaning
    dealt = _split_text(measure(plan, frame, label.targets[0]).split)
    faults = [
        *wrong,
        *([] if first else [f'target: {", ".join(ranked[:_FIRST])}, labelled {" or ".join(label.targets)}']),
        *([] if meaning in label.problem else [f'problem: {meaning}, labelled {" or ".join(label.problem)}']),
        *([] if dealt in label.split else [f'split: {dealt}, labelled {" or ".join(label.split)}']),
    ]
    return Found(
        columns=len(plan.columns),
        kinds=len(plan.columns) - len(wrong),
        kinds_by_levels=sum(_is_right(column, label, by_levels=True) for column in plan.columns),
        first=first,
        among=among,
        problem=meaning in label.problem,
        split=dealt in label.split,
        seconds=round(time.perf_counter() - started, 2),
        faults=faults,
    )


def _is_right(column: ColumnPlan, label: Label, *, by_levels: bool = False) -> bool:
    right = label.kinds[column.name]
    listed = bool(column.levels) and column.kind in ('integer', 'count', 'number')
    if listed and by_levels:
        return 'levels' in right
    return column.kind in right or (listed and 'levels' in right)


def _of_kind(column: ColumnPlan, label: Label) -> str:
    return f'{column.name}: {column.kind}, labelled {" or ".join(label.kinds[column.name])}'


def _split_text(split: SplitFinding) -> str:
    """As labels say it; a deal within classes is a deal at random."""
    forward = f'forward by {"+".join(sorted(split.by))}'
    return {
        'random': 'random',
        'stratified': 'random',
        'grouped': f'grouped by {split.group}',
        'forward': forward,
        'forward_grouped': f'{forward}, grouped by {split.group}',
    }[split.strategy]


if __name__ == '__main__':
    sys.exit(main())
