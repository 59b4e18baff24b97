"""Which split each row belongs to: as it was measured, as a person's column says, or with a test file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..tables.measured.findings import Measured, SplitFinding, TargetFinding
from .prepare import SPLITS, Apart, Learning, moment_of, named_strategy, split_rows
from .source import Source

#: what people call the splits
_NAMES = {
    'training': 'train',
    'valid': 'val',
    'validation': 'val',
    'dev': 'val',
    'testing': 'test',
    'holdout': 'test',
}


@dataclass(frozen=True)
class Dealt:
    """The split of each row, and whether rows of equal features could be held apart: null where none are equal."""

    place: pd.Series
    apart: Apart
    #: as `metadata.json` names it
    strategy: str


def deal_rows(
    source: Source,
    measured: Measured,
    table: pd.DataFrame,
    learning: Learning,
    requested: Mapping[str, Any],
) -> Dealt:
    """Deals the rows of `table`; `requested` is {strategy, by}, measured or as the person said."""
    strategy, by = str(requested['strategy']), requested['by']
    target = learning.target
    usual = _usual(measured.split, target)
    if strategy not in ('file', 'column'):
        split = measured.split
        measured_by = ', '.join(split.by) or split.group or None
        if strategy != named_strategy(split.strategy) or by not in (None, measured_by):
            split = _asked(usual, strategy, by)
        return Dealt(*split_rows(source.plan, table, split, learning), strategy)
    given = _given(source, table, None if strategy == 'file' else by)
    has_test = (given == 'test').any()
    if strategy == 'file' and not has_test:
        raise ValueError(
            f'No row of the test file [{by}] has a value of [{target.name}], so that it can judge nothing. Build the '
            'splits without it, and predict it with the model.'
        )
    if has_test and (given == 'val').any():
        return Dealt(given, None, strategy)
    # what is lacking is cut from the rest by the rows' content, in the shares that it would have of the whole
    rest = given != 'test' if has_test else pd.Series(True, index=table.index)
    dealt, apart = split_rows(source.plan, table[rest], usual, learning)
    dealt = dealt.replace({'test': 'val'}) if has_test else dealt
    return Dealt(given.where(~rest, dealt), apart, strategy)


def in_splits(
    source: Source, measured: Measured, table: pd.DataFrame, dealt: Dealt
) -> dict[str, pd.DataFrame]:
    """The rows of each split, along time where the split goes along time. ValueError where one is empty."""
    ordered = table
    if dealt.strategy.startswith('time'):
        moment = moment_of(source.plan, table, measured.target.name, measured.split.by)
        if moment is not None:
            ordered = table.loc[moment.sort_values(kind='stable').index]
    splits = {name: ordered[dealt.place[ordered.index] == name] for name in SPLITS}
    for name, rows in splits.items():
        if rows.empty:
            raise ValueError(
                f'The split [{name}] is empty: {len(table)} rows were dealt by [{dealt.strategy}]. Name another '
                'column to split by, or add rows.'
            )
    return splits


def _usual(split: SplitFinding, target: TargetFinding) -> SplitFinding:
    """Row by row, with the classes' shares where there are classes."""
    return replace(
        split, strategy='random' if target.problem == 'regression' else 'stratified', by=(), group=''
    )


def _asked(usual: SplitFinding, strategy: str, by: str | None) -> SplitFinding:
    """As was decided, otherwise than it was measured."""
    if strategy == 'time' and by:
        return replace(usual, strategy='forward', by=(by,))
    return replace(usual, strategy='grouped', group=by) if strategy == 'group' and by else usual


def _given(source: Source, table: pd.DataFrame, by: str | None) -> pd.Series:
    """As the test file or the person's own column says; rows that neither names are for training."""
    if by is None:
        in_test = table.index.isin(list(source.test_rows))
        return pd.Series(np.where(in_test, 'test', 'train'), index=table.index)
    named = source.frame.loc[table.index, by].map(str).str.strip().str.lower().replace(_NAMES)
    return named.where(named.isin(SPLITS), 'train')
