"""The columns of a typed frame as one matrix of numbers: a transformer as scikit-learn has them.

    features = TableFeatures(specs_of(plan, measured.inputs), target_type='binary')
    matrix = features.fit_transform(train[inputs], train[target])
    features.get_feature_names_out()

It takes what `read` gives: parsing cells is never part of it. A row alone gives what it gives in a batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ..measured.quick import MOST_LABELS as MOST_TEXT_LABELS
from ..measured.quick import OFTEN_ALONE
from ..plan import ColumnPlan, Kind, TablePlan
from .encoder import (
    MOST_LABELS,
    ColumnEncoder,
    LabelEncoder,
    ManyLabelsEncoder,
    NumberEncoder,
    OrdinalEncoder,
)
from .moments import MomentEncoder, TimeOfDayEncoder
from .texts import ListEncoder, PairEncoder, RecordEncoder, TextEncoder

TargetType = Literal['binary', 'multiclass', 'continuous']


@dataclass(frozen=True)
class FeatureSpec:
    """How a column becomes features: its kind, and the order of its labels where they have one."""

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()


def specs_of(plan: TablePlan, names: Iterable[str]) -> tuple[FeatureSpec, ...]:
    """Of these columns, in this order."""
    return tuple(_spec_of(plan.column(name)) for name in names)


def _spec_of(column: ColumnPlan) -> FeatureSpec:
    return FeatureSpec(column.name, column.kind, column.levels if column.kind == 'ordinal' else ())


class TableFeatures(TransformerMixin, BaseEstimator):
    """Rows × features, float64 without gaps, from typed columns; columns that are not named are ignored.

    `specs`: what each column is. `target_type`: for means of the target. `seed`: of what is drawn.
    """

    def __init__(
        self, specs: tuple[FeatureSpec, ...], target_type: TargetType = 'continuous', seed: int = 0
    ) -> None:
        self.specs = specs
        self.target_type = target_type
        self.seed = seed

    def fit(self, frame: pd.DataFrame, answer: Any = None) -> TableFeatures:
        """Learns from training rows alone."""
        self.fit_transform(frame, answer)
        return self

    def fit_transform(self, frame: pd.DataFrame, answer: Any = None, **_: Any) -> np.ndarray:
        """As `fit` and `transform`, but that a training row never sees its own answer."""
        goal = None if answer is None else pd.Series(np.asarray(answer), index=frame.index)
        self.encoders_ = [self._encoder_for(spec, frame[spec.name]) for spec in self.specs]
        made = [
            encoder.fit_transform(frame[spec.name], goal)
            for spec, encoder in zip(self.specs, self.encoders_, strict=True)
        ]
        return _beside(made, len(frame))

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Rows × features. KeyError names a column that is not there."""
        made = [
            encoder.transform(frame[spec.name])
            for spec, encoder in zip(self.specs, self.encoders_, strict=True)
        ]
        return _beside(made, len(frame))

    def get_feature_names_out(self, _names: Any = None) -> np.ndarray:
        """Names of the features, after `fit`."""
        return np.array([name for encoder in self.encoders_ for name in encoder.names], dtype=object)

    def without(self, names: Iterable[str]) -> TableFeatures:
        """The same, unfitted, without some columns."""
        gone = set(names)
        remaining = tuple(spec for spec in self.specs if spec.name not in gone)
        return TableFeatures(remaining, self.target_type, self.seed)

    def _encoder_for(self, spec: FeatureSpec, values: pd.Series) -> ColumnEncoder:
        if spec.kind in ('date', 'datetime'):
            return MomentEncoder(spec.name)
        if spec.kind == 'time':
            return TimeOfDayEncoder(spec.name)
        if spec.kind == 'ordinal' and spec.levels:
            return OrdinalEncoder(spec.name, spec.levels)
        if spec.kind == 'list':
            return ListEncoder(spec.name)
        if spec.kind == 'record':
            return RecordEncoder(spec.name)
        if spec.kind == 'coordinates':
            return PairEncoder(spec.name)
        if spec.kind in ('category', 'code', 'identifier', 'text'):
            return self._encoder_of_labels(spec, values)
        return NumberEncoder(spec.name)

    def _encoder_of_labels(self, spec: FeatureSpec, values: pd.Series) -> ColumnEncoder:
        distinct = values.map(str).nunique()
        if distinct > MOST_TEXT_LABELS and (spec.kind == 'text' or distinct > OFTEN_ALONE * len(values)):
            return TextEncoder(spec.name, self.seed)
        if distinct <= MOST_LABELS:
            return LabelEncoder(spec.name)
        return ManyLabelsEncoder(spec.name, self.target_type, self.seed)


def _beside(parts: list[np.ndarray], rows: int) -> np.ndarray:
    if not parts:
        return np.zeros((rows, 0))
    return np.column_stack(parts).astype('float64')
