"""What a world gives, the list of worlds, and what several of them are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

Rng = np.random.Generator


@dataclass(frozen=True)
class Drawn:
    """A table, and rows of the same world whose answers give the true score."""

    table: pd.DataFrame
    fresh: pd.DataFrame
    target: str
    metric: str
    #: columns that a model must do without
    leaks: tuple[str, ...] = ()


World = Callable[[Rng, int], Drawn]
WORLDS: dict[str, World] = {}


def world(maker: World) -> World:
    """Takes a maker into the list under its own name."""
    WORLDS[maker.__name__] = maker
    return maker


def loans(rng: Rng, rows: int, strength: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Inputs of several kinds, and what they say of the answer."""
    frame = pd.DataFrame(
        {
            'income': rng.gamma(6, 450, rows).round(2),
            'balance': rng.normal(900, 500, rows).round(2),
            'channel': rng.choice(['web', 'phone', 'branch'], rows, p=[0.5, 0.3, 0.2]),
            'months': rng.integers(1, 72, rows),
            'purpose': rng.choice(['car', 'home', 'study', 'other'], rows),
        }
    )
    signal = (
        (frame['income'] - 2700) / 1100
        + 0.8 * (frame['channel'] == 'web')
        - (frame['months'] - 36) / 30
        + 0.6 * np.sin(frame['balance'] / 300)
    )
    return frame, strength * signal.to_numpy()


def two_classes(
    signal: np.ndarray, rng: Rng, middle: float = 0.4, names: tuple[str, str] = ('no', 'yes')
) -> np.ndarray:
    chance = 1 / (1 + np.exp(-1.6 * (signal - middle)))
    return np.where(rng.random(len(signal)) < chance, names[1], names[0])


def cut(frame: pd.DataFrame, rows: int, target: str, metric: str, leaks: tuple[str, ...] = ()) -> Drawn:
    """The first rows are the table; in the others what is known only afterwards is empty."""
    fresh = frame.iloc[rows:].reset_index(drop=True)
    fresh[list(leaks)] = np.nan
    return Drawn(frame.iloc[:rows].reset_index(drop=True), fresh, target, metric, leaks)


def new_things(drawn: pd.DataFrame, rng: Rng, rows: int, target: str, metric: str) -> Drawn:
    """The first rows are the table, in no order; the rest are of things that it lacks."""
    order = rng.permutation(rows)
    whole = pd.concat([drawn.iloc[:rows].iloc[order], drawn.iloc[rows:]])
    return cut(whole, rows, target, metric)
