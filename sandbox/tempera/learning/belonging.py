"""Which rows of prepared splits belong together, for folds and for how sure a score is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..tables import TablePlan
from ..tables.measured.repeats import unit_keys
from ..tables.measured.things import group_keys
from .intervals import Units, stretches_of
from .prepare import moment_of
from .source import planned_table

#: share of the rows that may differ from all others for the few that repeat not to matter to folds
_NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Belonging:
    """For each row of a split the group it belongs to, and when it was seen; None where that does not matter."""

    groups: np.ndarray | None = None
    moments: np.ndarray | None = None

    @property
    def units(self) -> Units | None:
        """What errs together: a group, or else a stretch of time."""
        if self.groups is not None:
            return Units(self.groups)
        return None if self.moments is None else Units(stretches_of(self.moments), in_time=True)


def belonging_of(table: pd.DataFrame, metadata: Mapping[str, Any]) -> Belonging:
    """Of rows of prepared splits, by what `prep/data/metadata.json` says of the split."""
    split = metadata['split']
    if split['strategy'] not in ('group', 'time', 'time_and_group') and split.get('equal_rows') != 'apart':
        return Belonging()
    source = planned_table(split.get('test_file'))
    return rows_belonging(source.plan, source.frame, pd.Index(table[metadata['source_row_column']]), metadata)


def rows_belonging(
    plan: TablePlan, frame: pd.DataFrame, rows: pd.Index, metadata: Mapping[str, Any]
) -> Belonging:
    """The same of `rows` of a typed frame. What is alike is looked for in the whole frame: a part may hold one row of a
    thing alone."""
    split, target, some = metadata['split'], metadata['target_column'], frame.loc[rows]
    grouped = split['strategy'] in ('group', 'time_and_group') and split.get('group')
    groups = group_keys(some[split['group']]) if grouped else None
    if split.get('equal_rows') == 'apart':
        keys = pd.Series(unit_keys(plan, frame, list(metadata['feature_columns'])), index=frame.index)
        units = keys.loc[rows].to_numpy()
        groups = units if len(np.unique(units)) < _NEARLY_ALL * len(units) else None
    if split['strategy'] not in ('time', 'time_and_group'):
        return Belonging(groups)
    found = moment_of(plan, some, target, tuple(split['by'].split(', ')))
    return Belonging(groups, None if found is None else found.fillna(found.min()).to_numpy())
