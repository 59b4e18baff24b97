"""Rows that are alike, whether they say so or not."""

from __future__ import annotations

import numpy as np

from .drawn import Drawn, Rng, cut, loans, new_things, two_classes, world


@world
def near_repeats(rng: Rng, fresh: int) -> Drawn:
    """Each thing measured four times, a little off each time, without a name that says so."""
    things = 110 + fresh // 4
    frame, signal = loans(rng, things)
    answer = two_classes(signal, rng)
    who = np.repeat(np.arange(things), 4)
    rows = frame.iloc[who].reset_index(drop=True)
    for name in ('income', 'balance'):
        rows[name] = (rows[name] * (1 + rng.normal(0, 0.004, len(rows)))).round(2)
    return new_things(rows.assign(settled=answer[who]), rng, 110 * 4, 'settled', 'accuracy')


@world
def repeats(rng: Rng, fresh: int) -> Drawn:
    """A file in which rows stand twice or thrice."""
    frame, signal = loans(rng, 300 + fresh)
    frame = frame.assign(score=(50 + 9 * signal + rng.normal(0, 14, len(frame))).round(1))
    again = np.concatenate([np.arange(300), rng.choice(300, 160)])
    table = frame.iloc[rng.permutation(again)].reset_index(drop=True)
    return Drawn(table, frame.iloc[300:].reset_index(drop=True), 'score', 'r2')
