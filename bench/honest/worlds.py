"""Worlds that tables are drawn from: what a table holds, and rows of the same world that nobody has seen.

Each world gives a table and fresh rows from one generator: new subjects where rows are of subjects, the time after the
table where rows follow each other. A column that is known only afterwards is empty in fresh rows, as it is in life, so
that a model which needs it is worth nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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


def _loans(rng: Rng, rows: int, strength: float = 1.0) -> tuple[pd.DataFrame, np.ndarray]:
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


def _classes(
    signal: np.ndarray, rng: Rng, middle: float = 0.4, names: tuple[str, str] = ('no', 'yes')
) -> np.ndarray:
    chance = 1 / (1 + np.exp(-1.6 * (signal - middle)))
    return np.where(rng.random(len(signal)) < chance, names[1], names[0])


def _cut(frame: pd.DataFrame, rows: int, target: str, metric: str, leaks: tuple[str, ...] = ()) -> Drawn:
    """The first rows are the table; in the others what is known only afterwards is empty."""
    fresh = frame.iloc[rows:].reset_index(drop=True)
    fresh[list(leaks)] = np.nan
    return Drawn(frame.iloc[:rows].reset_index(drop=True), fresh, target, metric, leaks)


# rows that have nothing to do with each other


@world
def plain_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 400 + fresh)
    return _cut(frame.assign(repaid=_classes(signal, rng)), 400, 'repaid', 'roc_auc')


@world
def plain_numbers(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 400 + fresh)
    return _cut(
        frame.assign(spent=(300 + 80 * signal + rng.normal(0, 90, len(frame))).round(2)), 400, 'spent', 'r2'
    )


@world
def three_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 450 + fresh)
    noisy = signal + rng.normal(0, 0.8, len(frame))
    grade = np.where(noisy < -0.3, 'low', np.where(noisy < 0.9, 'middle', 'high'))
    return _cut(frame.assign(segment=grade), 450, 'segment', 'accuracy')


@world
def label_noise(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 400 + fresh, 2.0)
    right = np.where(signal > 0.6, 'pass', 'fail')
    other = np.where(right == 'pass', 'fail', 'pass')
    return _cut(
        frame.assign(verdict=np.where(rng.random(len(frame)) < 0.25, other, right)),
        400,
        'verdict',
        'accuracy',
    )


@world
def tiny_classes(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 70 + fresh, 1.5)
    return _cut(frame.assign(bought=_classes(signal, rng, 0.6)), 70, 'bought', 'accuracy')


@world
def tiny_numbers(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 90 + fresh)
    return _cut(
        frame.assign(cost=(50 + 12 * signal + rng.normal(0, 9, len(frame))).round(1)), 90, 'cost', 'r2'
    )


@world
def wide(rng: Rng, fresh: int) -> Drawn:
    """More columns than rows, nearly all without a meaning."""
    rows = 140 + fresh
    values = rng.normal(0, 1, (rows, 160)).round(3)
    frame = pd.DataFrame(values, columns=[f'probe_{at}' for at in range(160)])
    return _cut(
        frame.assign(tumour=_classes(values[:, :6].sum(axis=1) / 1.5, rng, 0.0)), 140, 'tumour', 'roc_auc'
    )


@world
def rare_class(rng: Rng, fresh: int) -> Drawn:
    frame, signal = _loans(rng, 700 + fresh, 1.4)
    return _cut(frame.assign(fraud=_classes(signal, rng, 3.0)), 700, 'fraud', 'roc_auc')


# rows that belong together


def _of_things(rng: Rng, things: int, each: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Which thing a row is of, and inputs by which it is recognised."""
    who = np.repeat(np.arange(things), each)
    rows = len(who)
    frame = pd.DataFrame(
        {
            'height': (rng.normal(171, 9, things)[who] + rng.normal(0, 0.3, rows)).round(1),
            'pulse': (rng.normal(70, 10, things)[who] + rng.normal(0, 1.5, rows)).round(0),
            'glucose': (rng.gamma(9, 11, things)[who] + rng.normal(0, 2, rows)).round(1),
            'visit_weekday': rng.choice(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], rows),
        }
    )
    return who, frame


def _shown(who: np.ndarray, rng: Rng, form: str) -> list[str]:
    numbers = rng.permutation(np.arange(1000, 1000 + int(who.max()) + 1))
    return [form.format(one) for one in numbers[who]]


def _new_things(drawn: pd.DataFrame, rng: Rng, rows: int, target: str, metric: str) -> Drawn:
    """The first rows are the table, in no order; the rest are of things that it lacks."""
    order = rng.permutation(rows)
    whole = pd.concat([drawn.iloc[:rows].iloc[order], drawn.iloc[rows:]])
    return _cut(whole, rows, target, metric)


@world
def subjects_with_one_answer(rng: Rng, fresh: int) -> Drawn:
    """A coin for each patient: there is nothing to learn."""
    who, frame = _of_things(rng, 70 + fresh // 6, 6)
    answer = np.where(rng.random(int(who.max()) + 1) > 0.5, 'ill', 'well')[who]
    frame = frame.assign(diagnosis=answer)
    frame.insert(0, 'patient', _shown(who, rng, 'P{}'))
    return _new_things(frame, rng, 70 * 6, 'diagnosis', 'roc_auc')


@world
def subjects_whose_answer_varies(rng: Rng, fresh: int) -> Drawn:
    """A level of each participant's own, of which the inputs tell only a part."""
    who, frame = _of_things(rng, 60 + fresh // 7, 7)
    level = rng.normal(0, 8, int(who.max()) + 1)[who]
    answer = 40 + level + 0.12 * (frame['glucose'] - 99) + rng.normal(0, 3, len(who))
    frame = frame.assign(punkte=answer.round(1))
    frame.insert(0, 'teilnehmer', _shown(who, rng, '{}'))
    return _new_things(frame, rng, 60 * 7, 'punkte', 'r2')


@world
def groups_without_a_word(rng: Rng, fresh: int) -> Drawn:
    """Rows taken from the same thing under a name that says nothing."""
    who, frame = _of_things(rng, 56 + fresh // 8, 8)
    level = rng.normal(0, 1.6, int(who.max()) + 1)[who]
    frame = frame.assign(result=_classes(level + (frame['pulse'] - 70) / 14, rng, 0.0, ('a', 'b')))
    frame.insert(2, 'kx', _shown(who, rng, 'q{}-b'))
    return _new_things(frame, rng, 56 * 8, 'result', 'roc_auc')


# rows that follow each other
#
# The last 15 % of the days are the future of those before. Fresh rows are those same days lived again, many times over,
# each time from the level that the table had reached: what a model meets that was learned from the days before.


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
        alarm = _classes(1.5 * (share * first + (1 - share) * second + level), rng, 0.0, ('off', 'on'))
        shown = {'seen_at': _shown_days(day), 'load': first.round(3), 'vibration': second.round(3)}
        return pd.DataFrame(shown | {'alarm': alarm})

    return Drawn(*_lived(rng, 90, fresh, 6, (0.6, 0.5), rows), 'alarm', 'roc_auc')


# rows that are alike


@world
def near_repeats(rng: Rng, fresh: int) -> Drawn:
    """Each thing measured four times, a little off each time, without a name that says so."""
    things = 110 + fresh // 4
    frame, signal = _loans(rng, things)
    answer = _classes(signal, rng)
    who = np.repeat(np.arange(things), 4)
    rows = frame.iloc[who].reset_index(drop=True)
    for name in ('income', 'balance'):
        rows[name] = (rows[name] * (1 + rng.normal(0, 0.004, len(rows)))).round(2)
    return _new_things(rows.assign(settled=answer[who]), rng, 110 * 4, 'settled', 'accuracy')


@world
def repeats(rng: Rng, fresh: int) -> Drawn:
    """A file in which rows stand twice or thrice."""
    frame, signal = _loans(rng, 300 + fresh)
    frame = frame.assign(score=(50 + 9 * signal + rng.normal(0, 14, len(frame))).round(1))
    again = np.concatenate([np.arange(300), rng.choice(300, 160)])
    table = frame.iloc[rng.permutation(again)].reset_index(drop=True)
    return Drawn(table, frame.iloc[300:].reset_index(drop=True), 'score', 'r2')


# known only later


def _leaking(rng: Rng, fresh: int, classes: bool) -> tuple[pd.DataFrame, np.ndarray]:
    frame, signal = _loans(rng, 400 + fresh)
    if classes:
        return frame.assign(outcome=_classes(signal, rng)), signal
    return frame.assign(outcome=(500 + 90 * signal + rng.normal(0, 80, len(frame))).round(2)), signal


@world
def leak_of_a_code(rng: Rng, fresh: int) -> Drawn:
    """The label under another name, with slips."""
    frame, _ = _leaking(rng, fresh, True)
    slips = rng.random(len(frame)) < 0.015
    code = np.where((frame['outcome'] == 'yes') ^ slips, 'B7', 'A2')
    frame.insert(1, 'kennung', code)
    return _cut(frame, 400, 'outcome', 'roc_auc', ('kennung',))


@world
def leak_of_gaps(rng: Rng, fresh: int) -> Drawn:
    """An amount that is written down only where it happened."""
    frame, _ = _leaking(rng, fresh, True)
    fee = pd.Series(rng.gamma(3, 40, len(frame)).round(2)).where(frame['outcome'] == 'yes')
    frame.insert(3, 'dunning_fee', fee)
    return _cut(frame, 400, 'outcome', 'roc_auc', ('dunning_fee',))


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
    return _cut(frame, 400, 'outcome', 'r2', ('partial', 'oral', 'written'))


@world
def leak_of_the_largest(rng: Rng, fresh: int) -> Drawn:
    """The better of two attempts."""
    frame, _ = _leaking(rng, fresh, False)
    lower = (frame['outcome'] - rng.gamma(2, 40, len(frame))).round(2)
    is_first = rng.random(len(frame)) < 0.5
    frame.insert(1, 'attempt_1', np.where(is_first, frame['outcome'], lower))
    frame.insert(2, 'attempt_2', np.where(is_first, lower, frame['outcome']))
    return _cut(frame, 400, 'outcome', 'r2', ('attempt_1', 'attempt_2'))


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
    return _cut(frame, 400, 'outcome', 'roc_auc', ('theory', 'practice'))


@world
def leak_by_category(rng: Rng, fresh: int) -> Drawn:
    """Gross beside net under three rates."""
    frame, _ = _leaking(rng, fresh, False)
    rate = frame['channel'].map({'web': 1.21, 'phone': 1.09, 'branch': 1.0})
    frame.insert(1, 'brutto', (frame['outcome'] * rate).round(2))
    return _cut(frame, 400, 'outcome', 'r2', ('brutto',))


@world
def leak_of_the_order(rng: Rng, fresh: int) -> Drawn:
    """A running number in a file that is sorted by its answer."""
    frame, _ = _leaking(rng, fresh, True)
    drawn = _cut(frame, 400, 'outcome', 'roc_auc')
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
    return _cut(frame, 400, 'outcome', 'roc_auc', ('closed_on', 'final_rating'))
