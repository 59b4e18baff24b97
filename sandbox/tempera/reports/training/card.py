"""The card of a model: what it is, what it was judged on, what it is for and not for."""

from __future__ import annotations

import numpy as np

from ...learning.final import Judged
from ..facts import Count, Fact
from ..words import cut, score_text

_MOST_INPUTS = 8


def card(judged: Judged) -> list[list[Fact | str | int | float]]:
    """Its lines, a name and what is said of it."""
    training = judged.training
    inputs = ', '.join(cut(name) for name in training.features[:_MOST_INPUTS])
    more = len(training.features) - _MOST_INPUTS
    left_out: list[list[Fact | str | int | float]] = (
        [['Left out on request', ', '.join(training.left_out)]] if training.left_out else []
    )
    return [
        ['Model', judged.title],
        ['Predicts', f'{training.target} ({training.problem})'],
        [
            'Inputs',
            f'{Count(len(training.features), "column").text}: {inputs}'
            + (f' and {more} more' if more > 0 else ''),
        ],
        *left_out,
        ['Trained on', f'{len(training.known):,} rows (train and val)'],
        ['Judged on', f'{len(judged.truth):,} held-out rows, opened once'],
        ['Test', f'{judged.metric} {score_text(judged.test[judged.metric])}, {_range(judged)}'],
        ['Intended use', _use(judged)],
        ['Not for', 'rows of another origin, or decisions about people without review'],
        [
            'How to use it',
            'in `train/models`, with its requirements.txt installed: `python predict.py ROWS.csv PREDICTIONS.csv`',
        ],
        ['Seed', int(training.seed)],
    ]


def _use(judged: Judged) -> str:
    if not judged.is_promising:
        return 'none: it is not shown to beat a dummy'
    open_ended = int(judged.training.metadata['dropped_rows'].get('censored', 0))
    if open_ended:
        return f'rows of the same origin whose time ends; {open_ended:,} in which it had not were left out'
    return 'rows of the same origin as the upload'


def _range(judged: Judged) -> str:
    low, high = judged.reached.low, judged.reached.high
    if not (np.isfinite(low) and np.isfinite(high)):
        return 'too few rows for a range'
    return f'{score_text(low)} to {score_text(high)} with 95 %'
