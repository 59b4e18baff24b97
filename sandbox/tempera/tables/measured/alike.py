"""Rows that are one thing seen several times, a little off each time, though no column names the thing.

A row and its nearest neighbour are one thing where they are far nearer than neighbours are by chance, and where what is
not of the thing is far away again. Numbers that merely go together leave no such gap: there rows lie everywhere.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..plan import TablePlan
from .quick import NUMERIC, numbers, texts_of
from .trials import content_keys

#: number columns of many values that must be there: in fewer, neighbours are near by chance
FEWEST_NUMBERS = 2
MANY_VALUES = 30
#: of the usual distance of neighbours by chance: what is one thing
NEAR = 0.1
#: how much farther the nearest other thing must be
APART = 5.0
#: share of the rows that must have such a neighbour, and share that one thing may have at most
FEWEST_SHARE, MOST_SHARE = 0.1, 0.1
#: more rows are not compared with each other
MOST_ROWS = 50_000
_FEWEST_ROWS = 40
_SEED = 11
_NEIGHBOURS = 12


def things_of(plan: TablePlan, frame: pd.DataFrame, features: list[str]) -> np.ndarray | None:
    """The thing that each row is of, as a number; None where rows are not seen several times."""
    places = _places(plan, frame, features)
    if places is None or not _FEWEST_ROWS <= len(frame) <= MOST_ROWS:
        return None
    blocks = _blocks(plan, frame, features)
    by_chance = _nearest(_dealt_out(places), blocks)
    known = by_chance[np.isfinite(by_chance)]
    if len(known) < len(frame) / 4:
        return None
    reach = NEAR * float(np.median(known))
    things = _joined(places, blocks, reach)
    sizes = np.bincount(things)
    near = sizes[things] > 1
    if near.mean() < FEWEST_SHARE + 2 * float((known < reach).mean()) or sizes.max() > MOST_SHARE * len(
        frame
    ):
        return None
    return things if _lie_apart(places, blocks, things, near) else None


def _places(plan: TablePlan, frame: pd.DataFrame, features: list[str]) -> np.ndarray | None:
    """Rows as points: number columns of many values, each in its own spread, outliers drawn in; gaps in the middle."""
    found = []
    for name in features:
        if plan.column(name).kind not in NUMERIC:
            continue
        values = numbers(frame[name])
        if values.nunique() < MANY_VALUES:
            continue
        low, high = values.quantile(0.02), values.quantile(0.98)
        spread = float(values.clip(low, high).std())
        if spread > 0:
            found.append(((values.clip(low, high) - low) / spread).fillna(0.0).to_numpy())
    return np.column_stack(found) if len(found) >= FEWEST_NUMBERS else None


def _blocks(plan: TablePlan, frame: pd.DataFrame, features: list[str]) -> np.ndarray:
    """Rows that agree in what is stable about a thing: its labels."""
    stable = {}
    for name in features:
        column = plan.column(name)
        if column.kind in ('category', 'boolean', 'ordinal') and frame[name].nunique() <= MANY_VALUES:
            stable[name] = texts_of(frame[name]).astype('string').str.lower()
    return (
        content_keys(pd.DataFrame(stable, index=frame.index))
        if stable
        else np.zeros(len(frame), dtype='uint64')
    )


def _dealt_out(places: np.ndarray) -> np.ndarray:
    """The same columns without what goes together in a row."""
    rng = np.random.default_rng(_SEED)
    return np.column_stack([column[rng.permutation(len(column))] for column in places.T])


def _nearest(places: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """How far each row's nearest neighbour of its block is; infinite where it is alone."""
    found = np.full(len(places), np.inf)
    for rows in _rows_of(blocks):
        if len(rows) > 1:
            distances, _ = cKDTree(places[rows]).query(places[rows], k=2, p=np.inf)
            found[rows] = distances[:, 1]
    return found


def _rows_of(keys: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(keys, kind='stable')
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def _joined(places: np.ndarray, blocks: np.ndarray, reach: float) -> np.ndarray:
    """Rows that are within reach of each other, also by way of others."""
    pairs = [
        rows[cKDTree(places[rows]).query_pairs(reach, p=np.inf, output_type='ndarray')]
        for rows in _rows_of(blocks)
        if len(rows) > 1
    ]
    ends = (
        np.concatenate([pair for pair in pairs if len(pair)])
        if any(map(len, pairs))
        else np.zeros((0, 2), int)
    )
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(places), len(places)))
    _, things = connected_components(links, directed=False)
    return np.asarray(things)


def _lie_apart(places: np.ndarray, blocks: np.ndarray, things: np.ndarray, near: np.ndarray) -> bool:
    """Whether the nearest row of another thing is far beyond those of the same one."""
    inside, outside = [], []
    for rows in _rows_of(blocks):
        if len(rows) < 2:
            continue
        count = min(_NEIGHBOURS, len(rows))
        distances, others = cKDTree(places[rows]).query(places[rows], k=count, p=np.inf)
        same = things[rows][others] == things[rows][:, None]
        same[:, 0] = False
        other = ~same
        other[:, 0] = False
        for at in np.flatnonzero(near[rows]):
            if same[at].any() and other[at].any():
                inside.append(distances[at][same[at]].max())
                outside.append(distances[at][other[at]].min())
    if len(inside) < 20:
        return False
    middle = float(np.median(inside))
    return float(np.median(outside)) >= APART * max(middle, 1e-12)
