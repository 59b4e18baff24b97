"""Splits and the preprocessing that models begin with, from a typed table and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from ..tables import TablePlan
from ..tables.features import TableFeatures
from ..tables.features.table_features import FeatureSpec
from ..tables.measured.findings import Problem, SplitFinding, Strategy, TargetFinding
from ..tables.measured.measure import happened
from ..tables.measured.quick import labels_or_numbers, texts_of
from ..tables.measured.repeats import unit_keys
from ..tables.measured.splits import SHARES, deal_at_random, deal_forward
from ..tables.measured.things import group_keys
from ..tables.measured.times import Moments, find_moments

SPLITS = ('train', 'val', 'test')
#: a split by whole units may be so far from its share of the rows
TOLERANCE = 0.05
#: fewer different units than these say too little about new rows
FEWEST_UNITS = 10

Apart = Literal['apart', 'mixed'] | None


@dataclass(frozen=True)
class RemainingRows:
    """Rows that go on, with the target as it is learned, and how many were left out by reason."""

    frame: pd.DataFrame
    left_out: Mapping[str, int]


def answered_rows(frame: pd.DataFrame, target: TargetFinding) -> pd.DataFrame:
    """Rows whose answer can be learned, as the file has it: those that `keep_rows` keeps, repeats and all."""
    return frame.loc[keep_rows(frame, target, False, []).frame.index]


def keep_rows(
    frame: pd.DataFrame, target: TargetFinding, drop_repeats: bool, columns: list[str]
) -> RemainingRows:
    """Without rows that have no answer, whose label is too rare or whose time had not ended, and without repeats."""
    answer = labels_or_numbers(frame[target.name], target.problem)
    answered = answer.notna()
    rare = texts_of(frame[target.name]).isin(list(target.too_rare)) & answered
    open_ended = pd.Series(False, index=frame.index)
    if target.meaning == 'censored' and target.event:
        open_ended = answered & ~happened(frame[target.event])
    remaining = frame[answered & ~rare & ~open_ended].assign(
        **{target.name: answer[answered & ~rare & ~open_ended]}
    )
    left = {
        'missing_target': int((~answered).sum()),
        'too_rare': int(rare.sum()),
        'censored': int(open_ended.sum()),
    }
    repeated = (
        remaining[columns].map(str).duplicated() if drop_repeats else pd.Series(False, index=remaining.index)
    )
    left['duplicates'] = int(repeated.sum())
    return RemainingRows(remaining[~repeated], left)


def moment_of(plan: TablePlan, frame: pd.DataFrame, target: str, by: tuple[str, ...]) -> pd.Series | None:
    """When each row was seen, by the columns that the split names."""
    found = [one for one in find_moments(plan, frame, target) if one.columns == by]
    return found[0].values if found else _plain_moment(plan, frame, by)


def _plain_moment(plan: TablePlan, frame: pd.DataFrame, by: tuple[str, ...]) -> pd.Series | None:
    """A column that a person named, whether it would have been found or not."""
    from ..tables.measured.quick import MOMENTS, numbers, seconds

    if len(by) != 1 or by[0] not in frame:
        return None
    values = frame[by[0]]
    return Moments(by, seconds(values) if plan.column(by[0]).kind in MOMENTS else numbers(values)).values


@dataclass(frozen=True)
class Learning:
    """What is learned from which columns, and the seed of all that is drawn."""

    target: TargetFinding
    features: list[str]
    seed: int


def split_rows(
    plan: TablePlan, remaining: pd.DataFrame, split: SplitFinding, learning: Learning
) -> tuple[pd.Series, Apart]:
    """The split of each row, and whether rows of equal features could be held apart: null when no two are equal."""
    target, seed = learning.target, learning.seed
    answer, one_by_one = remaining[target.name], np.arange(len(remaining))
    moment = moment_of(plan, remaining, target.name, split.by) if split.by else None
    if split.strategy.startswith('forward') and moment is not None:
        return deal_forward(remaining, split, moment), None
    if split.group:
        return deal_at_random(remaining, group_keys(remaining[split.group]), answer, seed), None
    units = unit_keys(plan, remaining, learning.features)
    alike = bool(pd.Series(units).duplicated().any())
    if not alike:
        return deal_at_random(remaining, one_by_one, answer, seed), None
    dealt = deal_at_random(remaining, units, answer, seed)
    if _is_sensible(dealt, units, answer, target.problem):
        return dealt, 'apart'
    return deal_at_random(remaining, one_by_one, answer, seed), 'mixed'


def _is_sensible(dealt: pd.Series, units: np.ndarray, answer: pd.Series, problem: Problem) -> bool:
    """Each split has about its share of the rows, every class that can be in all, and enough different units."""
    labels = answer.map(str)
    counts = labels.value_counts()
    common = (
        [label for label, rows in counts.items() if rows >= 2 * len(SPLITS)]
        if problem != 'regression'
        else []
    )
    for name, share in SHARES.items():
        inside = (dealt == name).to_numpy()
        rows = int(inside.sum())
        if abs(rows / len(dealt) - share) > max(TOLERANCE, 1 / len(dealt)):
            return False
        if len(np.unique(units[inside])) < min(FEWEST_UNITS, rows / 2):
            return False
    return all(((dealt == name) & (labels == label)).any() for label in common for name in SPLITS)


def preprocessing(specs: tuple[FeatureSpec, ...], problem: Problem, seed: int) -> Pipeline:
    """Unfitted: typed columns to numbers, then to mean 0 and standard deviation 1."""
    target_type: Literal['binary', 'multiclass', 'continuous'] = (
        'continuous' if problem == 'regression' else problem
    )
    features = TableFeatures(specs, target_type, seed)
    return Pipeline([('columns', features), ('scale', StandardScaler())])


def named_strategy(strategy: Strategy) -> str:
    """As `metadata.json` names it."""
    return {'forward': 'time', 'forward_grouped': 'time_and_group', 'grouped': 'group'}.get(
        strategy, strategy
    )
