"""Rows that follow each other.

The last 15 % of the days are the future of those before. Fresh rows are those same days lived again, many times over,
each time from the level that the table had reached: what a model meets that was learned from the days before.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .drawn import Drawn, Rng, two_classes, world


def _shown_days(day: np.ndarray) -> list[str]:
    return [f'{at:%Y-%m-%d}' for at in pd.Timestamp('2022-03-01') + pd.to_timedelta(day, unit='D')]


def _wandering(rng: Rng, days: int, keeps: float, step: float, start: float = 0.0) -> np.ndarray:
    """A level that goes back to 0 the slower, the more it keeps."""
    level = np.zeros(days)
    for at in range(days):
        level[at] = keeps * (level[at - 1] if at else start) + rng.normal(0, step)
    return level


Rows = Callable[[np.ndarray, np.ndarray], pd.DataFrame]


def _lived(
    rng: Rng, days: int, fresh: int, each: int, walk: tuple[float, float], rows: Rows
) -> tuple[pd.DataFrame, ...]:
    """The table, and its last days again and again; `rows` makes the rows of days from the level of each day."""
    keeps, step = walk
    cut = round(0.85 * days)
    level = _wandering(rng, days, keeps, step)
    day = np.repeat(np.arange(days), each)
    table = rows(day, level[day])
    later = np.repeat(np.arange(cut, days), each)
    again = []
    for _ in range(max(1, fresh // len(later))):
        other = _wandering(rng, days - cut, keeps, step, level[cut - 1])
        again.append(rows(later, other[later - cut]))
    return table, pd.concat(again, ignore_index=True)


@world
def panel(rng: Rng, fresh: int) -> Drawn:
    """Shops day by day: each has a level of its own, and each day a shock for all."""
    shops, days = 8, 64
    own = rng.normal(0, 12, shops)

    def rows(day: np.ndarray, level: np.ndarray) -> pd.DataFrame:
        shop = np.arange(len(day)) % shops
        price = rng.normal(10, 1, len(day)).round(2)
        sold = 60 + own[shop] + level - 6 * (price - 10) + rng.normal(0, 6, len(day))
        shown = {'date': _shown_days(day), 'store': [f'S{one}' for one in shop], 'price': price}
        return pd.DataFrame(shown | {'sold': sold.round(1)})

    return Drawn(*_lived(rng, days, fresh, shops, (0.7, 5), rows), 'sold', 'rmse')


@world
def drift(rng: Rng, fresh: int) -> Drawn:
    """A level that wanders slowly; rows at random know the level of their own hours."""

    def rows(day: np.ndarray, level: np.ndarray) -> pd.DataFrame:
        heat = rng.normal(15, 6, len(day)).round(1)
        pressure = rng.normal(1013, 8, len(day)).round(1)
        used = 200 + 3 * heat + level + rng.normal(0, 8, len(day))
        return pd.DataFrame(
            {'fecha': _shown_days(day), 'temperatura': heat, 'presion': pressure, 'consumo': used.round(1)}
        )

    return Drawn(*_lived(rng, 420, fresh, 1, (0.9, 7), rows), 'consumo', 'rmse')


@world
def classes_in_time(rng: Rng, fresh: int) -> Drawn:
    """Events of a day share their luck; which of two inputs counts goes over from one to the other and back."""

    def rows(day: np.ndarray, level: np.ndarray) -> pd.DataFrame:
        first, second = rng.normal(0, 1, len(day)), rng.normal(0, 1, len(day))
        share = 0.5 + 0.4 * np.sin(2 * np.pi * day / 60)
        alarm = two_classes(1.5 * (share * first + (1 - share) * second + level), rng, 0.0, ('off', 'on'))
        shown = {'seen_at': _shown_days(day), 'load': first.round(3), 'vibration': second.round(3)}
        return pd.DataFrame(shown | {'alarm': alarm})

    return Drawn(*_lived(rng, 90, fresh, 6, (0.6, 0.5), rows), 'alarm', 'roc_auc')
