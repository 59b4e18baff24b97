"""The ways in which columns become features: those of the platform's decisions, and each as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from tempera.tables.features import TableFeatures, Way, usual_way, ways_of
from tempera.tables.features.table_features import FeatureSpec
from tempera.tables.plan import Kind

ROWS = 300
#: what core/decision-values.ts offers
OFFERED = json.loads(Path(__file__).with_name('feature_ways.json').read_text())
VALUES = {
    'number': pd.Series([float(10 ** (place % 5)) for place in range(ROWS)]),
    'text': pd.Series([f'word{place % 7} other{place}' for place in range(ROWS)]),
    'date': pd.Series(pd.date_range('2020-01-01', periods=ROWS, freq='D')),
}


def test_every_kind_has_the_ways_that_are_offered() -> None:
    assert {kind: list(ways_of(kind)) for kind in get_args(Kind)} == OFFERED


@pytest.mark.parametrize(
    ('kind', 'way', 'name', 'usual'),
    [
        ('number', 'number', 'x', True),
        ('number', 'log', 'x: logarithm', False),
        ('text', 'words', 'x: characters', True),
        ('text', 'means', 'x: how common', False),
        ('text', 'labels', 'x is another', False),
        ('date', 'parts', 'x: month', True),
        ('date', 'elapsed', 'x: days since the first', False),
    ],
)
def test_a_column_becomes_features_in_the_way_that_is_decided(
    kind: Kind, way: Way, name: str, usual: bool
) -> None:
    frame = pd.DataFrame({'x': VALUES[kind]})
    answer = pd.Series(np.arange(ROWS) % 2)
    features = TableFeatures((FeatureSpec('x', kind, (), way),), 'binary')
    made = features.fit_transform(frame, answer)
    assert name in list(features.get_feature_names_out())
    assert made.shape == (ROWS, len(features.get_feature_names_out())) and np.isfinite(made).all()
    assert (usual_way(kind, frame['x']) == way) is usual
    if way in ('log', 'elapsed'):
        assert made.shape[1] == 1


def test_a_row_alone_has_the_logarithm_that_it_has_among_others() -> None:
    frame = pd.DataFrame({'x': [-10.0, 0.0, 9.0, 999.0, None]})
    features = TableFeatures((FeatureSpec('x', 'number', (), 'log'),)).fit(frame)
    together = features.transform(frame)
    assert together[:4, 0].tolist() == pytest.approx([-np.log(11), 0, np.log(10), np.log(1000)])
    alone = np.vstack([features.transform(frame.iloc[[row]]) for row in range(len(frame))])
    assert np.array_equal(together, alone)
