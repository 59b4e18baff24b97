"""Columns that are known only later, and give the answer away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from .drawn import Drawn, Rng, cut, loans, two_classes, world


def _leaking(rng: Rng, fresh: int, classes: bool) -> tuple[pd.DataFrame, np.ndarray]:
    frame, signal = loans(rng, 400 + fresh)
    if classes:
        return frame.assign(outcome=two_classes(signal, rng)), signal
    return frame.assign(outcome=(500 + 90 * signal + rng.normal(0, 80, len(frame))).round(2)), signal


@world
def leak_of_a_code(rng: Rng, fresh: int) -> Drawn:
    """The label under another name, with slips."""
    frame, _ = _leaking(rng, fresh, True)
    slips = rng.random(len(frame)) < 0.015
    code = np.where((frame['outcome'] == 'yes') ^ slips, 'B7', 'A2')
    frame.insert(1, 'kennung', code)
    return cut(frame, 400, 'outcome', 'roc_auc', ('kennung',))


@world
def leak_of_gaps(rng: Rng, fresh: int) -> Drawn:
    """An amount that is written down only where it happened."""
    frame, _ = _leaking(rng, fresh, True)
    fee = pd.Series(rng.gamma(3, 40, len(frame)).round(2)).where(frame['outcome'] == 'yes')
    frame.insert(3, 'dunning_fee', fee)
    return cut(frame, 400, 'outcome', 'roc_auc', ('dunning_fee',))


@world
def leak_of_a_weighted_sum(rng: Rng, fresh: int) -> Drawn:
    """Parts with weights of their own: a mark of three exams."""
    frame, _ = _leaking(rng, fresh, False)
    first = (frame['outcome'] * 0.9 + rng.normal(0, 60, len(frame))).round(1)
    second = rng.normal(480, 70, len(frame)).round(1)
    third = ((frame['outcome'] - 0.35 * first - 0.2 * second) / 0.45).round(1)
    frame['outcome'] = (0.35 * first + 0.2 * second + 0.45 * third).round(2)
    for name, part in (('partial', first), ('oral', second), ('written', third)):
        frame.insert(1, name, part)
    return cut(frame, 400, 'outcome', 'r2', ('partial', 'oral', 'written'))


@world
def leak_of_the_largest(rng: Rng, fresh: int) -> Drawn:
    """The better of two attempts."""
    frame, _ = _leaking(rng, fresh, False)
    lower = (frame['outcome'] - rng.gamma(2, 40, len(frame))).round(2)
    is_first = rng.random(len(frame)) < 0.5
    frame.insert(1, 'attempt_1', np.where(is_first, frame['outcome'], lower))
    frame.insert(2, 'attempt_2', np.where(is_first, lower, frame['outcome']))
    return cut(frame, 400, 'outcome', 'r2', ('attempt_1', 'attempt_2'))


@world
def leak_of_a_cut_sum(rng: Rng, fresh: int) -> Drawn:
    """A label that is a sum above a limit."""
    frame, signal = _leaking(rng, fresh, True)
    total = 100 + 20 * signal + rng.normal(0, 18, len(frame))
    first = (total * rng.uniform(0.2, 0.8, len(frame))).round(1)
    second = (total - first).round(1)
    frame['outcome'] = np.where(first + second >= 110, 'yes', 'no')
    frame.insert(2, 'theory', first)
    frame.insert(4, 'practice', second)
    return cut(frame, 400, 'outcome', 'roc_auc', ('theory', 'practice'))


@world
def leak_by_category(rng: Rng, fresh: int) -> Drawn:
    """Gross beside net under three rates."""
    frame, _ = _leaking(rng, fresh, False)
    rate = frame['channel'].map({'web': 1.21, 'phone': 1.09, 'branch': 1.0})
    frame.insert(1, 'brutto', (frame['outcome'] * rate).round(2))
    return cut(frame, 400, 'outcome', 'r2', ('brutto',))


@world
def leak_of_the_order(rng: Rng, fresh: int) -> Drawn:
    """A running number in a file that is sorted by its answer."""
    frame, _ = _leaking(rng, fresh, True)
    drawn = cut(frame, 400, 'outcome', 'roc_auc')
    table = drawn.table.sort_values('outcome', kind='stable').reset_index(drop=True)
    table.insert(0, 'lfd', np.arange(1, 401))
    return replace(drawn, table=table, fresh=drawn.fresh.assign(lfd=np.nan), leaks=('lfd',))


@world
def leak_of_later(rng: Rng, fresh: int) -> Drawn:
    """A score that was given when the answer was known, and the day on which the case was closed."""
    frame, _ = _leaking(rng, fresh, True)
    happened = frame['outcome'] == 'yes'
    opened = pd.Timestamp('2021-05-01') + pd.to_timedelta(rng.integers(0, 300, len(frame)), unit='D')
    closed = opened + pd.to_timedelta(rng.integers(1, 60, len(frame)), unit='D')
    frame.insert(2, 'closed_on', pd.Series(closed.strftime('%d.%m.%Y')).where(happened))
    frame.insert(4, 'final_rating', (happened * 3 + rng.normal(4, 0.8, len(frame))).round(2))
    return cut(frame, 400, 'outcome', 'roc_auc', ('closed_on', 'final_rating'))
