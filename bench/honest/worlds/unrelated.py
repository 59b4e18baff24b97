"""Rows that have nothing to do with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .drawn import Drawn, Rng, cut, loans, two_classes, world


@world
def plain_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 400 + fresh)
    return cut(frame.assign(repaid=two_classes(signal, rng)), 400, 'repaid', 'roc_auc')


@world
def plain_numbers(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 400 + fresh)
    return cut(
        frame.assign(spent=(300 + 80 * signal + rng.normal(0, 90, len(frame))).round(2)), 400, 'spent', 'r2'
    )


@world
def three_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 450 + fresh)
    noisy = signal + rng.normal(0, 0.8, len(frame))
    grade = np.where(noisy < -0.3, 'low', np.where(noisy < 0.9, 'middle', 'high'))
    return cut(frame.assign(segment=grade), 450, 'segment', 'accuracy')


@world
def label_noise(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 400 + fresh, 2.0)
    right = np.where(signal > 0.6, 'pass', 'fail')
    other = np.where(right == 'pass', 'fail', 'pass')
    return cut(
        frame.assign(verdict=np.where(rng.random(len(frame)) < 0.25, other, right)),
        400,
        'verdict',
        'accuracy',
    )


@world
def tiny_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 70 + fresh, 1.5)
    return cut(frame.assign(bought=two_classes(signal, rng, 0.6)), 70, 'bought', 'accuracy')


@world
def tiny_numbers(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 90 + fresh)
    return cut(
        frame.assign(cost=(50 + 12 * signal + rng.normal(0, 9, len(frame))).round(1)), 90, 'cost', 'r2'
    )


@world
def wide(rng: Rng, fresh: int) -> Drawn:
    """More columns than rows, nearly all without a meaning."""
    rows = 140 + fresh
    values = rng.normal(0, 1, (rows, 160)).round(3)
    frame = pd.DataFrame(values, columns=[f'probe_{at}' for at in range(160)])
    return cut(
        frame.assign(tumour=two_classes(values[:, :6].sum(axis=1) / 1.5, rng, 0.0)), 140, 'tumour', 'roc_auc'
    )


@world
def rare_class(rng: Rng, fresh: int) -> Drawn:
    frame, signal = loans(rng, 700 + fresh, 1.4)
    return cut(frame.assign(fraud=two_classes(signal, rng, 3.0)), 700, 'fraud', 'roc_auc')
