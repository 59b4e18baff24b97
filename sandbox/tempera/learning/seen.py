"""What training saw of each column: enough to say how a new cell, or a whole new file, stands to it.

It is kept beside the model as JSON. A row is told where a cell lies outside of it; a file is told the columns whose
values are others than the training's, each with its numbers. What chance alone does between two samples of one table is
no difference: that is judged for all columns together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..tables import ColumnPlan

#: kinds whose cells are numbers, and those that are moments
NUMBERS = ('integer', 'number', 'count', 'money', 'percent', 'duration', 'year')
MOMENTS = ('date', 'datetime')
_LABELS = ('category', 'ordinal', 'boolean', 'code', 'identifier', 'constant')
#: different labels that are remembered, and those whose share is
_MOST_LABELS, _MOST_SHARES = 5_000, 50
#: steps of the distribution that are remembered
_STEPS = 100
#: fewer cells say nothing about a column
_FEWEST = 30
#: how far apart two distributions, or two shares, must be to be told, beside being no chance
_LEAST_DISTANCE, _LEAST_SHARE = 0.15, 0.1
#: of files that are like the training table, how many are told a difference all the same
_BY_CHANCE = 0.01
_SHOWN = 60


@dataclass(frozen=True)
class Seen:
    """One column as training saw it. `steps` are its quantiles; moments count in seconds since 1970."""

    kind: str
    rows: int = 0
    gaps: int = 0
    steps: tuple[float, ...] = ()
    #: every label, where there are not too many
    labels: tuple[str, ...] | None = None
    #: share of the filled cells of the commonest labels
    shares: Mapping[str, float] | None = None

    @classmethod
    def of(cls, column: ColumnPlan, values: pd.Series) -> Seen:
        """Of a column's typed values."""
        there = values.dropna()
        gaps = len(values) - len(there)
        if column.kind in (*NUMBERS, *MOMENTS, 'time') and len(there):
            cells = _as_numbers(column.kind, there)
            steps = np.quantile(cells[np.isfinite(cells)], np.linspace(0, 1, _STEPS + 1))
            return cls(column.kind, len(values), gaps, tuple(float(step) for step in steps))
        if column.kind not in _LABELS:
            return cls(column.kind, len(values), gaps)
        counts = there.map(str).value_counts()
        labels = tuple(sorted(counts.index)) if len(counts) <= _MOST_LABELS else None
        few = len(counts) <= _MOST_SHARES
        shares = {str(label): count / len(there) for label, count in counts.items()} if few else None
        return cls(column.kind, len(values), gaps, (), labels, shares)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Seen:
        """As `to_json` wrote it."""
        labels = data.get('labels')
        return cls(data['kind'], data['rows'], data['gaps'], tuple(data.get('steps', ())),
                   None if labels is None else tuple(labels), data.get('shares'))  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return {'kind': self.kind, 'rows': self.rows, 'gaps': self.gaps, 'steps': list(self.steps),
                'labels': None if self.labels is None else list(self.labels), 'shares': self.shares}  # fmt: skip

    def is_outside(self, value: Any) -> bool:
        """Whether a number lies beyond all that training saw."""
        if self.kind not in NUMBERS or not self.steps:
            return False
        return not self.steps[0] <= value <= self.steps[-1]

    def is_unseen(self, value: Any) -> bool:
        """Whether a label is one that training never saw."""
        return self.labels is not None and str(value) not in self.labels


@dataclass(frozen=True)
class Drift:
    """A column whose values in a file are others than in training: how far apart from 0 to 1, and in words."""

    column: str
    #: `values`, `unseen` or `missing`
    what: str
    distance: float
    remark: str


def drift_of(seen: Mapping[str, Seen], frame: pd.DataFrame) -> tuple[Drift, ...]:
    """The columns of a file that differ from the training's, the farthest first."""
    chance = _BY_CHANCE / max(1, len(seen))
    found = []
    for name, column in seen.items():
        if name not in frame or column.rows < _FEWEST or len(frame) < _FEWEST:
            continue
        values = frame[name].dropna()
        found += _gaps(name, column, len(frame), len(frame) - len(values), chance)
        if len(values) >= _FEWEST:
            found += _distribution(name, column, values, chance)
    return tuple(sorted(found, key=lambda one: (-one.distance, one.column)))


def _gaps(name: str, seen: Seen, rows: int, gaps: int, chance: float) -> list[Drift]:
    here, there = gaps / rows, seen.gaps / seen.rows
    if gaps == rows or not _differ(here, rows, there, seen.rows, chance):
        return []
    remark = f'{name} is missing in {here:.0%} of the rows, in training in {there:.0%}'
    return [Drift(name, 'missing', round(abs(here - there), 4), remark)]


def _distribution(name: str, seen: Seen, values: pd.Series, chance: float) -> list[Drift]:
    if seen.steps:
        return _moved(name, seen, _as_numbers(seen.kind, values), chance)
    if seen.labels is None:
        return []
    labels = values.map(str)
    counts = labels.value_counts(normalize=True)
    unseen = [label for label in counts.index if label not in set(seen.labels)]
    share = float(counts[unseen].sum())
    if seen.kind not in ('identifier', 'code') and share >= _LEAST_SHARE:
        remark = f'{name} has values that training never saw in {share:.0%} of the rows, such as {unseen[0][:_SHOWN]!r}'
        return [Drift(name, 'unseen', round(share, 4), remark)]
    return _other_shares(name, seen, counts, len(labels), chance) if seen.shares else []


def _other_shares(name: str, seen: Seen, counts: pd.Series, rows: int, chance: float) -> list[Drift]:
    before = seen.shares or {}
    apart = {label: float(counts.get(label, 0.0)) - share for label, share in before.items()}
    distance = sum(abs(one) for one in apart.values()) / 2
    most = max(apart, key=lambda label: abs(apart[label]))
    filled = seen.rows - seen.gaps
    now = float(counts.get(most, 0.0))
    if distance < _LEAST_DISTANCE or not _differ(now, rows, before[most], filled, chance / len(before)):
        return []
    remark = f'{name} is {most[:_SHOWN]!r} in {now:.0%} of the rows, in training in {before[most]:.0%}'
    return [Drift(name, 'values', round(distance, 4), remark)]


def _moved(name: str, seen: Seen, cells: np.ndarray, chance: float) -> list[Drift]:
    """By the largest distance of the two distributions (Kolmogorov and Smirnov)."""
    cells = np.sort(cells[np.isfinite(cells)])
    steps = np.asarray(seen.steps)
    if len(cells) < _FEWEST:
        return []
    # ties are one step of both distributions
    places = np.unique(steps)
    here = np.searchsorted(cells, places, side='right') / len(cells)
    there = np.maximum(0, np.searchsorted(steps, places, side='right') - 1) / _STEPS
    before = np.searchsorted(cells, places, side='left') / len(cells)
    under = np.searchsorted(steps, places, side='left') / _STEPS
    distance = float(max(np.abs(here - there).max(), np.abs(before - np.minimum(under, 1)).max()))
    usual = math.sqrt(-0.5 * math.log(chance / 2)) * math.sqrt(1 / len(cells) + 1 / (seen.rows - seen.gaps))
    if distance < max(_LEAST_DISTANCE, usual + 1 / _STEPS):
        return []
    outside = float(((cells < steps[0]) | (cells > steps[-1])).mean())
    beyond = f'; {outside:.0%} lie outside {_shown(seen.kind, steps[0])} to {_shown(seen.kind, steps[-1])}'
    remark = (
        f'{name} is about {_shown(seen.kind, float(np.median(cells)))} here, in training about '
        f'{_shown(seen.kind, float(steps[_STEPS // 2]))} (medians){beyond if outside >= 0.01 else ""}'
    )
    return [Drift(name, 'values', round(distance, 4), remark)]


def _differ(one: float, rows: int, other: float, others: int, chance: float) -> bool:
    """Whether two shares are further apart than chance makes them, and far enough to matter."""
    both = (one * rows + other * others) / (rows + others)
    spread = math.sqrt(both * (1 - both) * (1 / rows + 1 / others))
    # the normal distribution's tail, from above
    usual = math.sqrt(-2 * math.log(chance / 2)) * spread
    return abs(one - other) >= max(_LEAST_SHARE, usual)


def _as_numbers(kind: str, values: pd.Series) -> np.ndarray:
    if kind in MOMENTS:
        moments = pd.to_datetime(values, utc=True, errors='coerce')
        return np.asarray((moments - pd.Timestamp(0, tz='UTC')).dt.total_seconds(), dtype=np.float64)
    return np.asarray(pd.to_numeric(values, errors='coerce'), dtype=np.float64)


def _shown(kind: str, number: float) -> str:
    if kind in MOMENTS:
        return str(pd.Timestamp(number, unit='s'))[: 10 if kind == 'date' else 16]
    return f'{number:.4g}' if kind != 'year' else f'{number:.0f}'
