"""The table of a session as its plan reads it: `eda/data/plan.json` once it is there, understood anew before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .._paths import paths
from ..tables import TablePlan, fit, read, understand
from ..tables.decided_plan import ReadingDecisions, plan_as_decided
from ..tables.measured.findings import Measured
from ..tables.measured.trials import content_keys

Decides = Callable[[TablePlan], ReadingDecisions]

PLAN = 'eda/data/plan.json'
MEASURED = 'eda/data/measured.json'


@dataclass(frozen=True)
class Source:
    """A plan with its typed rows. The index is the row's position in the file; rows are in the order of their content,
    so that nothing hangs on how the file is sorted. Rows of a test file go on counting where the first file ends."""

    plan: TablePlan
    frame: pd.DataFrame
    #: positions that came from the test file, or from the part of an archive that was given for testing
    test_rows: frozenset[int] = frozenset()
    #: the part of the archive that they came from; empty for a file of their own
    test_part: str = ''


def understand_table(file: str, decides: Decides | None = None) -> Source:
    """Understands a file of the dataset and writes its plan down; `decides` says what of it is read otherwise."""
    plan = understand(paths.dataset / file)
    if decides is not None:
        plan = plan_as_decided(paths.dataset / file, plan, decides(plan))
    frame = read(paths.dataset / file, plan)
    place = paths.session / PLAN
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(plan.to_json(), ensure_ascii=False, indent=1), encoding='utf-8')
    return Source(plan, in_content_order(frame))


def planned_table(test_file: str | None = None) -> Source:
    """The table as it was understood, with the rows of a test file behind it."""
    plan = TablePlan.from_json((paths.session / PLAN).read_text(encoding='utf-8'))
    frame = read(paths.dataset / plan.file.name, plan)
    if test_file is None:
        return Source(plan, in_content_order(frame), *_given_for_testing(plan))
    other = read_with(plan, test_file)
    other.index = pd.RangeIndex(plan.file.rows, plan.file.rows + len(other))
    both = pd.concat([frame, other[list(frame.columns)]])
    return Source(plan, in_content_order(both), frozenset(int(row) for row in other.index))


def _given_for_testing(plan: TablePlan) -> tuple[frozenset[int], str]:
    """Positions of the rows that an archive has in parts for testing, and what these are called."""
    rows: set[int] = set()
    members, first = [], 0
    for part in plan.file.parts:
        if part.role == 'test':
            rows.update(range(first, first + part.rows))
            members.append(part.member or part.sheet)
        first += part.rows
    return frozenset(rows), ', '.join(members)


def read_with(plan: TablePlan, file: str) -> pd.DataFrame:
    """Another file: its rows are found by themselves, its cells are parsed as `plan` says."""
    return read(paths.dataset / file, fit(paths.dataset / file, plan).plan)


def can_judge(plan: TablePlan, test_file: str, target: str) -> bool:
    """Whether a row of the test file has an answer: without one nothing can be judged by it."""
    return bool(read_with(plan, test_file)[target].notna().any())


def judging_part(source: Source, target: str) -> str:
    """The part of an archive that was given for testing, where it has answers to judge by; else empty."""
    answered = source.frame[target].notna()
    return source.test_part if answered[answered.index.isin(list(source.test_rows))].any() else ''


def measured_table() -> Measured:
    """What the exploration measured."""
    return Measured.from_json(json.loads((paths.session / MEASURED).read_text(encoding='utf-8')))


def in_content_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows sorted by a hash of their cells, equal ones by their position."""
    return frame.iloc[np.lexsort((frame.index.to_numpy(), content_keys(frame)))]


def free_name(names: list[str], name: str) -> str:
    """A column's name that no column of the table has."""
    found = name
    while found in names:
        found = f'_{found}'
    return found


def dataset_path(file: str) -> Path:
    """Where a file of the dataset lies."""
    return paths.dataset / Path(file).name
