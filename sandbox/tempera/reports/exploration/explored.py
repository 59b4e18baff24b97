"""What the exploration knows when it writes its report: the table, what was measured of it, what was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ...learning.source import Source, measured_table, planned_table
from ...learning.summary import missing_cells, plain_frame
from ...tables import TablePlan
from ...tables.measured.findings import Measured
from ...tables.measured.measure import happened

#: columns that a figure of all of them shows
_NUMBERS, _CATEGORIES = 12, 8


@dataclass(frozen=True)
class Explored:
    """One table with one target. `choices` are the script's parameters: what is decided before the report."""

    choices: Mapping[str, Any]
    source: Source
    measured: Measured
    profile: Mapping[str, Any]
    relations: Mapping[str, Any]

    @classmethod
    def load(cls, choices: Mapping[str, Any]) -> Explored:
        """From what the scripts before left in eda/data."""
        read = [
            json.loads(Path(f'eda/data/{name}.json').read_text(encoding='utf-8'))
            for name in ('profile', 'relations')
        ]
        return cls(choices, planned_table(), measured_table(), *read)

    @property
    def plan(self) -> TablePlan:
        return self.source.plan

    @property
    def target(self) -> str:
        return str(self.choices['target'])

    @property
    def is_classes(self) -> bool:
        return bool(self.choices['problem_type'] != 'regression')

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that are not used although they do not give the target away, with the reason."""
        return dict(self.choices['drop'])

    @property
    def leaks(self) -> dict[str, str]:
        """Columns that give the target away, with how."""
        return dict(self.choices['leaks'])

    @property
    def rows(self) -> int:
        return len(self.source.frame)

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Of the profile, in the file's order."""
        return list(self.profile['columns'])

    @cached_property
    def kinds(self) -> dict[str, str]:
        return {column['name']: column['kind'] for column in self.columns}

    @cached_property
    def units(self) -> dict[str, str]:
        """Of the columns that have one."""
        return {column.name: column.unit for column in self.plan.columns if column.unit}

    @cached_property
    def gaps(self) -> int:
        """Cells without a value."""
        return missing_cells(self.source)

    @cached_property
    def usable(self) -> pd.DataFrame:
        """Every row that has an answer which can be learned, as figures take them."""
        frame, found = self.source.frame, self.measured.target
        table = plain_frame(self.plan, frame, self.target if self.is_classes else None)
        if found.meaning == 'censored' and found.event:
            table = table[happened(frame[found.event])]
        table = table[table[self.target].notna()]
        rare = list(found.too_rare) if self.is_classes else []
        return table[~table[self.target].isin(rare)]

    @cached_property
    def answer(self) -> pd.Series:
        """The target's values in them."""
        return self.usable[self.target]

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The rows that figures show: all, or the first of a large table in the order of their content."""
        return self.usable.head(int(self.choices['max_rows']))

    @cached_property
    def used(self) -> list[str]:
        """Columns that may be learned from."""
        out = {self.target, *self.left_out, *self.leaks}
        return [name for name, kind in self.kinds.items() if name not in out and kind != 'constant']

    @property
    def numbers(self) -> list[str]:
        return [name for name in self.used if self.kinds[name] == 'number'][:_NUMBERS]

    @property
    def categories(self) -> list[str]:
        return [name for name in self.used if self.kinds[name] == 'category'][:_CATEGORIES]

    @property
    def dates(self) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind == 'date']

    @cached_property
    def scores(self) -> list[tuple[str, float]]:
        """What each column tells of the target by itself, the most first: never below 0, which is a guess."""
        found = {name: max(float(score or 0), 0.0) for name, score in self.relations['scores'].items()}
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    @property
    def strongest(self) -> list[str]:
        """Columns that can be drawn against the target, the most telling first."""
        return [name for name, _ in self.scores if name in self.used and self.kinds[name] != 'text']
