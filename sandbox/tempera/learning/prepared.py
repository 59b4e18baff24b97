"""The splits and the pipeline as preparation left them, with everything that was done on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from ..tables import TablePlan
from ..tables.measured.findings import Measured, TargetFinding
from ..tables.measured.repeats import unit_keys
from .dealing import Dealt
from .prepare import SPLITS
from .source import PLAN, Source
from .summary import coarse_kind, missing_cells

_MOST_NAMES = 5000


@dataclass(frozen=True)
class Prepared:
    """What metadata.json and the report tell of. `choices` are the script's parameters, `decided` the exploration's."""

    choices: Mapping[str, Any]
    decided: Mapping[str, Any]
    source: Source
    measured: Measured
    target: TargetFinding
    features: list[str]
    #: rows that go on, and the others by reason
    table: pd.DataFrame
    left_out: dict[str, int]
    dealt: Dealt
    splits: Mapping[str, pd.DataFrame]
    source_row: str
    pipeline: Pipeline
    #: numbers that the pipeline makes of a row
    width: int

    @property
    def plan(self) -> TablePlan:
        return self.source.plan

    @property
    def is_classes(self) -> bool:
        return self.target.problem != 'regression'

    @property
    def answer(self) -> pd.Series:
        return self.table[self.target.name]

    @property
    def lines_left_out(self) -> int:
        """Rows of the file that are no data."""
        return self.plan.file.rows - self.plan.file.rows_used

    @property
    def rows_in(self) -> int:
        """Rows of the upload."""
        return len(self.source.frame) + self.lines_left_out

    @cached_property
    def missing(self) -> int:
        """Cells without a value, of all columns of the upload: what the exploration counts, too."""
        return missing_cells(self.source)

    @cached_property
    def repeats(self) -> int:
        """Rows of the upload that repeat an earlier one in features and target."""
        columns = [*self.features, self.target.name]
        return int(self.source.frame[columns].map(str).duplicated().sum())

    @cached_property
    def alike(self) -> int:
        """Rows that go on with the features of an earlier one."""
        return int(self.table[self.features].map(str).duplicated().sum())

    @cached_property
    def near(self) -> int:
        """Rows that go on and are an earlier one, but for small differences: the same thing, seen again."""
        return int(pd.Series(unit_keys(self.plan, self.table, self.features)).duplicated().sum())

    @cached_property
    def made(self) -> list[str]:
        """Names of the numbers that the pipeline makes."""
        return list(self.pipeline[:-1].get_feature_names_out())

    @property
    def target_encoded(self) -> list[str]:
        """Columns that a mean of the target stands in for."""
        return [name for name in self.features if f'{name}: how common' in self.made]

    @property
    def column_types(self) -> dict[str, str]:
        return {name: coarse_kind(self.plan.column(name)) for name in self.features}

    def metadata(self) -> dict[str, Any]:
        """What `prep/data/metadata.json` holds; sandbox/playbooks/CONTRACT.md says what each entry means."""
        choices, decided = self.choices, self.decided
        lines = {'no_data': self.lines_left_out} if self.lines_left_out else {}
        return {
            'version': 2,
            'columns': [*self.features, self.target.name, self.source_row],
            'feature_columns': self.features,
            'target_column': self.target.name,
            'source_row_column': self.source_row,
            'problem_type': self.target.problem,
            'meaning': self.target.meaning,
            'classes': sorted(self.answer.unique().tolist()) if self.is_classes else None,
            'total_rows': len(self.table),
            **{f'{name}_rows': len(self.splits[name]) for name in SPLITS},
            'dataset_rows': self.rows_in,
            'dropped_rows': self.left_out | lines,
            'dropped_columns': choices['drop'],
            'column_types': self.column_types,
            'split': self._split(),
            'read': decided['read'],
            'plan': PLAN,
            'missing_tokens': sorted(
                {token.text for column in self.plan.columns for token in column.missing}
            ),
            'zero_is_missing': [column.name for column in self.plan.columns if 0.0 in column.form.sentinels],
            'quality_stats': self._quality(),
            'transformed_columns': self.width,
            'feature_names': self.made[:_MOST_NAMES],
            'metric': choices['metric'] or decided['metric'],
            'metric_reason': 'it was asked for' if choices['metric'] else decided.get('metric_reason'),
            'target_reason': decided['target_reason'],
            'target_encoded': self.target_encoded,
            'features': dict(choices.get('features', {})),
            'warnings': list(self.target.warnings),
        }

    def _split(self) -> dict[str, Any]:
        return {
            'strategy': self.dealt.strategy,
            'by': self.choices['test_file'] or self.choices['split']['by'],
            'group': self.measured.split.group or None,
            'seed': self.choices['seed'],
            'equal_rows': self.dealt.apart,
            'test_file': self.choices['test_file'],
        }

    def _quality(self) -> dict[str, Any]:
        counts = self.answer.value_counts().sort_index()
        return {
            'missing_cells': self.missing,
            'missing_share': round(self.missing / max(1, self.source.frame.size), 6),
            'duplicate_rows': self.repeats,
            'equal_feature_rows': self.alike,
            'constant_columns': [
                column.name for column in self.plan.columns if column.kind in ('constant', 'empty')
            ],
            'class_counts': {str(label): int(count) for label, count in counts.items()}
            if self.is_classes
            else None,
        }
