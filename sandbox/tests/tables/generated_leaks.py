"""Awkward tables with a known truth, made from a seed: what is known only later, lines that are no rows, and controls,
tables that look spoilt and are not: there nothing may be dropped, grouped or ordered.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .generated import INPUTS, ROWS, SPOILT, Maker, Truth, base, csv, days, spoilt, with_column

HONEST: dict[str, Maker] = {}

# known only later


def leak_table(
    name: str, make: Callable[[np.random.Generator, pd.DataFrame], object], classes: bool
) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        frame = base(rng, classes)
        return Truth(csv(with_column(frame, name, make(rng, frame))), dropped=(name,), used=INPUTS)

    return maker


def yes(frame: pd.DataFrame) -> pd.Series:
    return frame['outcome'] == 'yes'


def only_yes(frame: pd.DataFrame, values: object) -> pd.Series:
    return pd.Series(values).where(yes(frame))


LEAKS_OF_CLASSES: dict[str, tuple[str, Callable[[np.random.Generator, pd.DataFrame], object]]] = {
    'date_after_the_outcome': ('closed_on', lambda rng, f: only_yes(f, days(rng).dt.strftime('%Y-%m-%d'))),
    'amount_after_the_outcome': ('recovery_fee', lambda rng, f: only_yes(f, rng.integers(1, 9, ROWS))),
    'zero_but_where_it_happened': (
        'loss_given',
        lambda rng, f: np.where(yes(f), rng.gamma(2, 300, ROWS).round(2), 0),
    ),
    'reason_with_a_word_for_none': (
        'reason',
        lambda rng, f: np.where(yes(f), rng.choice(['price', 'moved', 'service'], ROWS), 'n.a.'),
    ),
    'status_field': (
        'status',
        lambda rng, f: np.where(
            yes(f), rng.choice(['shut', 'lost'], ROWS), rng.choice(['live', 'new'], ROWS)
        ),
    ),
    'code_of_the_label': ('o', lambda rng, f: yes(f).astype(int)),
    'near_copy': ('flag', lambda rng, f: np.where(rng.permutation(ROWS) < 7, ~yes(f), yes(f)).astype(int)),
    'number_by_class': (
        'nr',
        lambda rng, f: np.argsort(np.argsort(yes(f).to_numpy() + rng.random(ROWS) / 2)) + 1,
    ),
    'score_of_an_older_model': (
        'prediction',
        lambda rng, f: (np.where(yes(f), 0.8, 0.2) + rng.normal(0, 0.09, ROWS)).round(3),
    ),
    'pandas_index_of_a_sorted_file': (
        'Unnamed: 0',
        lambda rng, f: np.argsort(np.argsort(yes(f).to_numpy() + rng.random(ROWS) / 2)),
    ),
}
LEAKS_OF_NUMBERS: dict[str, tuple[str, Callable[[np.random.Generator, pd.DataFrame], object]]] = {
    'other_units': ('in_pounds', lambda rng, f: (f['outcome'] * 2.20462).round(3)),
    'logarithm': ('log_outcome', lambda rng, f: np.log(f['outcome'].clip(lower=1)).round(6)),
    'rounded': ('about', lambda rng, f: f['outcome'].round(0)),
    'near_copy_of_a_number': ('revised', lambda rng, f: (f['outcome'] + rng.normal(0, 0.4, ROWS)).round(2)),
    'rank': ('rank', lambda rng, f: f['outcome'].rank(method='first').astype(int)),
    'decile': ('band', lambda rng, f: pd.cut(f['outcome'], 25, labels=False)),
    'by_category': (
        'gross',
        lambda rng, f: (f['outcome'] * f['channel'].map({'web': 1.19, 'phone': 1.07, 'shop': 1.0})).round(2),
    ),
    'tier': (
        'tier',
        lambda rng, f: pd.cut(f['outcome'], [-999, 45, 55, 65, 999], labels=list('DCBA')).astype(str),
    ),
    'above_a_limit': ('flagged', lambda rng, f: (f['outcome'] > 55).astype(int)),
    'with_a_sign': ('negative', lambda rng, f: (-f['outcome']).map('({:.2f})'.format)),
}
for key, (column, make) in LEAKS_OF_CLASSES.items():
    SPOILT[key] = leak_table(column, make, True)
for key, (column, make) in LEAKS_OF_NUMBERS.items():
    SPOILT[key] = leak_table(column, make, False)


def parts_table(make: Callable[[pd.Series, pd.Series], pd.Series], least: int = 3) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        frame = base(rng, classes=False)
        first, second = rng.integers(least, 90, ROWS).clip(min=0), rng.integers(2, 40, ROWS)
        frame = with_column(with_column(frame, 'first', first), 'second', second)
        frame['outcome'] = make(frame['first'], frame['second'])
        return Truth(csv(frame), dropped=('first', 'second'), used=INPUTS)

    return maker


SPOILT['sum'] = parts_table(lambda a, b: a + b)
SPOILT['difference'] = parts_table(lambda a, b: a - b)
SPOILT['product'] = parts_table(lambda a, b: a * b)
SPOILT['over_a_square'] = parts_table(lambda a, b: (1000 * a / b**2).round(3))
SPOILT['ratio'] = parts_table(lambda a, b: (a / b).round(4))
SPOILT['mean'] = parts_table(lambda a, b: (a + b) / 2)
SPOILT['percentage'] = parts_table(lambda a, b: (100 * a / (a + b)).round(3))
SPOILT['product_with_zeros'] = parts_table(lambda a, b: a * b, least=-12)
SPOILT['margin'] = parts_table(lambda a, b: ((a - b) / a).round(4))
SPOILT['sum_with_tax'] = parts_table(lambda a, b: (1.19 * (a + b)).round(2))


@spoilt
def sum_with_blank_parts(rng: np.random.Generator) -> Truth:
    frame = base(rng, classes=False)
    first, second = rng.integers(3, 90, ROWS), rng.integers(3, 60, ROWS)
    fee = pd.Series(second).where(rng.random(ROWS) > 0.3)
    frame = with_column(with_column(frame, 'goods', first), 'fee', fee)
    frame['outcome'] = first + fee.fillna(0)
    return Truth(csv(frame), dropped=('goods', 'fee'), used=INPUTS)


@spoilt
def time_between_two_dates(rng: np.random.Generator) -> Truth:
    frame = base(rng, classes=False)
    frame['outcome'] = rng.integers(1, 90, ROWS)
    opened = days(rng)
    ended = opened + pd.to_timedelta(frame['outcome'], unit='D')
    frame = with_column(frame, 'finish', ended.dt.strftime('%d.%m.%Y'), 0)
    frame = with_column(frame, 'opened', opened.dt.strftime('%d.%m.%Y'), 0)
    return Truth(csv(frame), dropped=('finish',), used=INPUTS, by=('opened',))


@spoilt
def censored_times(rng: np.random.Generator) -> Truth:
    frame = base(rng, classes=False).rename(columns={'outcome': 'tenure_months'})
    frame['tenure_months'] = frame['tenure_months'].abs().round().clip(lower=1)
    frame = with_column(frame, 'churned', rng.choice(['yes', 'no'], ROWS), 4)
    return Truth(csv(frame), target='tenure_months', dropped=('churned',), meaning='censored')


# totals, footers, index columns


def framed(text: Callable[[pd.DataFrame], str], **right: object) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        return Truth(text(base(rng, classes=False)), used=INPUTS, **right)  # type: ignore[arg-type]

    return maker


def total(word: str, after: str = '') -> Callable[[pd.DataFrame], str]:
    def text(frame: pd.DataFrame) -> str:
        region = with_column(frame, 'region', np.resize(['North', 'South', 'East', 'West'], ROWS), 0)
        sums = [
            f'{region[one].sum():.2f}' if one not in ('region', 'channel') else ''
            for one in region.columns[1:]
        ]
        return csv(region) + ','.join([word, *sums]) + '\n' + after

    return text


SPOILT['total_below'] = framed(total('Total'))
SPOILT['grand_total_below'] = framed(total('GRAND TOTAL'))
SPOILT['german_total_below'] = framed(total('Summe'))
SPOILT['total_and_a_note'] = framed(total('Total', '\nSource: the ministry, 2024\n'))
SPOILT['note_below'] = framed(lambda frame: csv(frame) + '\n"* provisional figures"\n')
SPOILT['count_below'] = framed(lambda frame: csv(frame) + '(320 rows affected)\n')
SPOILT['rows_below'] = framed(lambda frame: csv(frame) + '\n320 rows\n')
SPOILT['pandas_index'] = framed(lambda frame: frame.to_csv(), dropped=('Unnamed: 0',))
SPOILT['r_row_names'] = framed(
    lambda frame: (
        csv(frame).split('\n', 1)[0]
        + '\n'
        + frame.set_axis([str(at) for at in range(1, ROWS + 1)]).to_csv(header=False)
    )
)
SPOILT['running_number'] = framed(
    lambda frame: csv(with_column(frame, 'No.', range(1, ROWS + 1), 0)), dropped=('No.',)
)
SPOILT['running_number_from_zero'] = framed(
    lambda frame: csv(with_column(frame, 'index', range(ROWS), 0)), dropped=('index',)
)
SPOILT['running_number_with_gaps'] = framed(
    lambda frame: csv(with_column(frame, 'record', np.arange(ROWS) * 2 + 10001, 0)), dropped=('record',)
)
SPOILT['two_indexes'] = framed(
    lambda frame: with_column(frame, 'Unnamed: 0', range(ROWS), 0).to_csv(), dropped=('Unnamed: 0',)
)


@spoilt
def sorted_numbers_of_a_running_number(rng: np.random.Generator) -> Truth:
    frame = base(rng, classes=False).sort_values('outcome').reset_index(drop=True)
    return Truth(csv(with_column(frame, 'case_no', range(1, ROWS + 1), 0)), dropped=('case_no',), used=INPUTS)


@spoilt
def times_of_few_rows(rng: np.random.Generator) -> Truth:
    frame = base(rng, classes=False).head(69).rename(columns={'outcome': 'survival'})
    frame['survival'] = rng.integers(20, 1700, 69)
    frame.loc[:3, 'survival'], frame.loc[4:8, 'survival'] = 1, 2
    frame = with_column(frame, 'censors', rng.choice([0.0, 1.0], 69), 1)
    return Truth(csv(frame), 'survival', rows=69, dropped=('censors',), meaning='censored')


# controls: they look spoilt and are not


def control(make: Callable[[np.random.Generator, pd.DataFrame], pd.DataFrame], classes: bool) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        frame = make(rng, base(rng, classes))
        used = tuple(one for one in frame.columns if one != 'outcome')
        return Truth(csv(frame), used=used)

    return maker


def easy(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """One strong measurement, as petal widths are: honest, though it nearly tells the class."""
    wide = (np.where(yes(frame), 2.0, 0.9) + rng.normal(0, 0.38, ROWS)).round(1)
    return with_column(frame, 'petal_width', wide)


def linear(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """An answer that follows from two columns without noise, while the others tell nothing of it."""
    return frame.assign(outcome=(0.37 * frame['income'] - 1.21 * frame['balance']).round(3))


HONEST['plain_classes'] = control(lambda rng, f: f, True)
HONEST['plain_numbers'] = control(lambda rng, f: f, False)
HONEST['gaps_by_chance'] = control(
    lambda rng, f: f.assign(balance=f['balance'].where(rng.random(ROWS) > 0.3)), True
)
HONEST['strong_measurement'] = control(easy, True)
ASKED: dict[str, Maker] = {'noiseless_line': control(linear, False)}
HONEST['rare_class'] = control(
    lambda rng, f: f.assign(
        outcome=np.where((f['income'] + rng.normal(0, 300, ROWS)).rank() > ROWS - 25, 'yes', 'no')
    ),
    True,
)
HONEST['birthday'] = control(
    lambda rng, f: with_column(f, 'date_of_birth', days(rng, start='1970-01-01').dt.strftime('%Y-%m-%d')),
    True,
)
HONEST['kinds_that_lie_apart'] = control(
    lambda rng, f: with_column(
        f, 'metal', np.where(f['outcome'] > f['outcome'].median(), 'steel', 'tin')
    ).assign(outcome=(f['outcome'] + np.where(f['outcome'] > f['outcome'].median(), 40, 0)).round(2)),
    False,
)
HONEST['town'] = control(
    lambda rng, f: with_column(f, 'city', rng.choice([f'Town{chr(65 + at)}' for at in range(12)], ROWS)), True
)
HONEST['year_built'] = control(
    lambda rng, f: with_column(f, 'year_built', rng.integers(1950, 2020, ROWS)), False
)
HONEST['age_and_number_of_people'] = control(
    lambda rng, f: with_column(
        with_column(f, 'age', rng.integers(18, 80, ROWS)), 'persons', rng.integers(1, 6, ROWS)
    ),
    True,
)
HONEST['marital_status'] = control(
    lambda rng, f: with_column(f, 'marital_status', rng.choice(['single', 'married', 'divorced'], ROWS)), True
)
HONEST['spring_gaps_of_one_channel'] = control(
    lambda rng, f: with_column(
        f, 'callback', np.where(f['channel'] == 'phone', rng.integers(1, 9, ROWS), np.nan)
    ),
    True,
)
