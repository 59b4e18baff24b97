"""The columns of a typed frame as one matrix of numbers: a transformer as scikit-learn has them.

    features = TableFeatures(specs_of(plan, measured.inputs), target_type='binary')
    matrix = features.fit_transform(train[inputs], train[target])
    features.get_feature_names_out()

It takes what `read` gives: parsing cells is never part of it. A row alone gives what it gives in a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from ..plan import ColumnPlan, Kind, TablePlan
from .encoder import (
    ColumnEncoder,
    LabelEncoder,
    LogarithmEncoder,
    ManyLabelsEncoder,
    NumberEncoder,
    OrdinalEncoder,
)
from .moments import ElapsedEncoder, MomentEncoder, TimeOfDayEncoder
from .texts import ListEncoder, PairEncoder, RecordEncoder, TextEncoder
from .ways import Way, usual_way, ways_of

TargetType = Literal['binary', 'multiclass', 'continuous']


@dataclass(frozen=True)
class FeatureSpec:
    """How a column becomes features: its kind, the order of its labels where they have one, and the way that was
    decided; None: as its training values suggest."""

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    way: Way | None = None


def specs_of(
    plan: TablePlan, names: Iterable[str], ways: Mapping[str, Way] | None = None
) -> tuple[FeatureSpec, ...]:
    """Of these columns, in this order; `ways` are those that were decided, by name."""
    return tuple(_spec_of(plan.column(name), (ways or {}).get(name)) for name in names)


def _spec_of(column: ColumnPlan, way: Way | None) -> FeatureSpec:
    levels = column.levels if column.kind == 'ordinal' else ()
    return FeatureSpec(column.name, column.kind, levels, way if way in ways_of(column.kind) else None)


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
        way = spec.way or usual_way(spec.kind, values)
        if way is not None:
            return self._encoder_by(way, spec.name)
        if spec.kind == 'time':
            return TimeOfDayEncoder(spec.name)
        if spec.kind == 'ordinal' and spec.levels:
            return OrdinalEncoder(spec.name, spec.levels)
        if spec.kind == 'list':
            return ListEncoder(spec.name)
        if spec.kind == 'record':
            return RecordEncoder(spec.name)
        return PairEncoder(spec.name) if spec.kind == 'coordinates' else NumberEncoder(spec.name)

    def _encoder_by(self, way: Way, name: str) -> ColumnEncoder:
        if way == 'words':
            return TextEncoder(name, self.seed)
        if way == 'means':
            return ManyLabelsEncoder(name, self.target_type, self.seed)
        plain: Mapping[Way, type[ColumnEncoder]] = {
            'number': NumberEncoder,
            'log': LogarithmEncoder,
            'labels': LabelEncoder,
            'parts': MomentEncoder,
            'elapsed': ElapsedEncoder,
        }
        return plain[way](name)


def _beside(parts: list[np.ndarray], rows: int) -> np.ndarray:
    if not parts:
        return np.zeros((rows, 0))
    return np.column_stack(parts).astype('float64')
