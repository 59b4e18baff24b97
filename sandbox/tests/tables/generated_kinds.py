"""More tables of the kinds that spoil scores most: groups, dates, what is known later, totals and indexes, in other
languages and other forms than elsewhere, so that what is found is the kind and never a name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .generated import INPUTS, ROWS, Maker, Truth, base, csv, days, drifting, repeated, with_column
from .generated_leaks import leak_table, only_yes, total, yes

KINDS: dict[str, Maker] = {}
#: what may be all there is to know: kept, and asked about
ASKED: dict[str, Maker] = {}

# groups


def named_group(name: str, shown: Callable[[int], str]) -> Maker:
    """A coin for each thing, under this name and in this form."""

    def maker(rng: np.random.Generator) -> Truth:
        frame = repeated(rng, name, '{}')
        frame[name] = [shown(int(one)) for one in frame[name]]
        return Truth(csv(frame), group=name)

    return maker


SYLLABLES = ('ba', 'ne', 'ri', 'to', 'lu', 'ka', 'mi', 'so', 've', 'da')


def spoken(number: int) -> str:
    """A name that is another one for each number."""
    first, second, third = (SYLLABLES[number // power % 10] for power in (1, 10, 100))
    return f'{(first + second).title()} {(third + second + first).title()}'


KINDS['pupils_in_french'] = named_group('Élève', 'E{:05d}'.format)
KINDS['people_by_name'] = named_group('Name', spoken)
KINDS['hexadecimal_sessions'] = named_group('sid', lambda one: f'{one * 2654435761 % 2**32:08x}')
KINDS['things_in_cyrillic'] = named_group('Проба', str)
KINDS['numbers_written_as_floats'] = named_group('box', '{}.0'.format)
KINDS['japanese_patients'] = named_group('患者番号', 'A-{}'.format)
KINDS['plates'] = named_group(
    'matrícula', lambda one: f'{one}-{chr(65 + one % 26)}{chr(65 + one // 26 % 26)}C'
)


def level_of_a_thing(name: str, shown: Callable[[int], object]) -> Maker:
    """A number whose level is the thing's own, so that its rows are alike and not equal."""

    def maker(rng: np.random.Generator) -> Truth:
        frame = repeated(rng, name, '{}')
        who = frame[name].astype(int)
        level = pd.Series(rng.normal(0, 10, 2000))[who].to_numpy()
        frame['outcome'] = (50 + level + rng.normal(0, 2, ROWS)).round(2)
        frame[name] = [shown(int(one)) for one in who]
        return Truth(csv(frame), group=name)

    return maker


KINDS['players_in_portuguese'] = level_of_a_thing('id_jogador', int)
KINDS['households_in_spanish'] = level_of_a_thing('hogar', lambda one: f'H{one}')
KINDS['machines_in_german'] = level_of_a_thing('Maschinennummer', int)

# dates


def dated(name: str, form: Callable[[pd.Timestamp], object], step: str = '1D', quote: bool = False) -> Maker:
    """A level that wanders along moments in this form."""

    def maker(rng: np.random.Generator) -> Truth:
        moments = pd.date_range('2021-03-01', periods=ROWS, freq=step)
        frame = with_column(drifting(rng), name, [form(one) for one in moments], 0)
        return Truth(csv(frame, sep=';') if quote else csv(frame), by=(name,))

    return maker


GERMAN = ('Januar Februar März April Mai Juni Juli August September Oktober November Dezember').split()
SPANISH = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split()
FRENCH = 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split()

KINDS['german_month_names'] = dated('Tag', lambda at: f'{at.day}. {GERMAN[at.month - 1]} {at.year}')
KINDS['spanish_words'] = dated('fecha', lambda at: f'{at.day} de {SPANISH[at.month - 1]} de {at.year}')
KINDS['french_short_months'] = dated('jour', lambda at: f'{at.day:02d} {FRENCH[at.month - 1]} {at.year}')
KINDS['japanese_months'] = dated('年月', lambda at: f'{at.year}年{at.month}月', '4D')
KINDS['japanese_days'] = dated('日付', lambda at: f'{at.year}年{at.month}月{at.day}日')
KINDS['slashes_with_time'] = dated('gemessen', lambda at: f'{at:%Y/%m/%d %H:%M:%S}', '5h')
KINDS['letters_of_mail'] = dated('sent', lambda at: f'{at:%a, %d %b %Y %H:%M:%S} +0000', '9h')
KINDS['seconds_as_floats'] = dated('Zeitstempel', lambda at: f'{at.timestamp():.1f}', '4h')
KINDS['short_american_days'] = dated('Order Date', lambda at: f'{at.month}/{at.day}/{at:%y}')
KINDS['months_as_in_statistics'] = dated('Periodo', lambda at: f'{at.year}M{at.month:02d}')
KINDS['compact_moments'] = dated('stamp', lambda at: f'{at:%Y%m%dT%H%M%S}', '3h')


def german_calendar(rng: np.random.Generator) -> Truth:
    moments = pd.date_range('2019-01-01', periods=ROWS, freq='7D')
    frame = with_column(drifting(rng), 'Monat', [GERMAN[at.month - 1] for at in moments], 0)
    return Truth(csv(with_column(frame, 'Jahr', moments.year, 0)), by=('Jahr', 'Monat'))


KINDS['year_and_month_in_german'] = german_calendar

# known only later


def later(
    name: str, make: Callable[[np.random.Generator, pd.DataFrame], object], classes: bool = True
) -> Maker:
    return leak_table(name, make, classes)


def beside(rng: np.random.Generator, values: pd.Series) -> pd.Series:
    """The mean over five to fifty rows that are together for no reason, each row's own value among them."""
    together = rng.choice(24, ROWS, p=rng.dirichlet(np.full(24, 6.0)))
    return values.groupby(together).transform('mean')


KINDS['closing_day_in_spanish'] = later(
    'fecha_cierre', lambda rng, f: only_yes(f, days(rng).dt.strftime('%d/%m/%Y'))
)
KINDS['dunning_in_german'] = later(
    'Mahngebühr', lambda rng, f: np.where(yes(f), rng.integers(5, 60, ROWS), 0)
)
KINDS['reason_in_french'] = later(
    'motif', lambda rng, f: np.where(yes(f), rng.choice(['prix', 'départ', 'panne'], ROWS), 'sans objet')
)
KINDS['days_until_it_happened'] = later(
    'days_to_event', lambda rng, f: np.where(yes(f), rng.integers(1, 300, ROWS), 999)
)
KINDS['where_they_went_with_slips'] = later(
    'discharge_disposition',
    lambda rng, f: np.where(
        yes(f) ^ (rng.random(ROWS) < 0.02),
        rng.choice(['hospice', 'ward'], ROWS),
        rng.choice(['home', 'kin'], ROWS),
    ),
)
KINDS['label_in_another_language'] = later('ergebnis', lambda rng, f: np.where(yes(f), 'ja', 'nein'))
KINDS['amount_with_a_fee'] = later('settled', lambda rng, f: (f['outcome'] * 1.035 + 2.5).round(2), False)
KINDS['mean_of_those_beside_it'] = later(
    'promedio_zona', lambda rng, f: beside(rng, f['outcome']).round(2), False
)
KINDS['share_of_those_beside_it'] = later(
    'quota', lambda rng, f: (100 * beside(rng, yes(f).astype(float))).round(1)
)
KINDS['square_of_it'] = later('energy', lambda rng, f: (f['outcome'] ** 2 / 10).round(3), False)
KINDS['third_of_it_by_channel'] = later(
    'comision',
    lambda rng, f: (f['outcome'] * f['channel'].map({'web': 0.3, 'phone': 0.25, 'shop': 0.4})).round(3),
    False,
)


def marks(
    make: Callable[[np.random.Generator, pd.Series, pd.Series, pd.Series], object], classes: bool
) -> Maker:
    """Three parts beside the usual inputs, which tell something of them, and an answer that is made of the parts."""

    def maker(rng: np.random.Generator) -> Truth:
        frame = base(rng, classes=False)
        first, second, third = (
            (frame['outcome'] + rng.normal(0, 9, ROWS)).round(1).clip(lower=1) for _ in range(3)
        )
        frame['outcome'] = make(rng, first, second, third)
        for name, part in (('nota_3', third), ('nota_2', second), ('nota_1', first)):
            frame = with_column(frame, name, part)
        used = ('nota_1', 'nota_2') if classes else ('nota_1', 'nota_2', 'nota_3')
        return Truth(csv(frame), dropped=used, used=INPUTS)

    return maker


KINDS['weighted_marks'] = marks(lambda rng, a, b, c: (0.5 * a + 0.3 * b + 0.2 * c).round(2), False)
KINDS['best_of_three'] = marks(lambda rng, a, b, c: np.maximum(np.maximum(a, b), c), False)
KINDS['least_of_three'] = marks(lambda rng, a, b, c: np.minimum(np.minimum(a, b), c), False)
KINDS['passed_from_a_sum_on'] = marks(lambda rng, a, b, c: np.where(a + b >= 105, 'passed', 'failed'), True)
KINDS['grade_of_a_sum'] = marks(
    lambda rng, a, b, c: pd.cut(a + b, [-1, 95, 110, 999], labels=['C', 'B', 'A']).astype(str), True
)
ASKED['index_above_a_limit'] = marks(lambda rng, a, b, c: np.where(a / b > 1.04, 'over', 'under'), True)
KINDS['weighed_and_cut'] = marks(lambda rng, a, b, c: np.where(0.7 * a + 1.6 * b >= 120, 'yes', 'no'), True)

# totals


def with_total(text: Callable[[pd.DataFrame], str]) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        return Truth(text(base(rng, classes=False)), used=INPUTS)

    return maker


def subtotals(word: str) -> Callable[[pd.DataFrame], str]:
    """A sum after the rows of each region."""

    def text(frame: pd.DataFrame) -> str:
        region = with_column(frame, 'region', np.repeat(['Norte', 'Sur', 'Este', 'Oeste'], ROWS // 4), 0)
        lines = csv(region).splitlines()
        made = [lines[0]]
        for at in range(4):
            part = region.iloc[at * ROWS // 4 : (at + 1) * ROWS // 4]
            made += lines[1 + at * ROWS // 4 : 1 + (at + 1) * ROWS // 4]
            sums = ['' if name == 'channel' else f'{part[name].sum():.2f}' for name in part.columns[1:]]
            made.append(','.join([f'{word} {part["region"].iloc[0]}', *sums]))
        return '\n'.join(made) + '\n'

    return text


KINDS['total_in_russian'] = with_total(total('Итого'))
KINDS['total_in_japanese'] = with_total(total('合計'))
KINDS['total_in_french'] = with_total(total('Total général'))
KINDS['total_in_spanish'] = with_total(total('Suma total'))
KINDS['mean_below_in_german'] = with_total(total('Gesamt'))
KINDS['subtotals_in_spanish'] = with_total(subtotals('Subtotal'))
KINDS['subtotals_in_german'] = with_total(subtotals('Zwischensumme'))

# indexes


def numbered(name: str, make: Callable[[np.random.Generator], object]) -> Maker:
    def maker(rng: np.random.Generator) -> Truth:
        frame = with_column(base(rng, classes=False), name, make(rng), 0)
        return Truth(csv(frame), dropped=(name,), used=INPUTS)

    return maker


KINDS['number_sign'] = numbered('№', lambda rng: range(1, ROWS + 1))
KINDS['hash_sign'] = numbered('#', lambda rng: range(1, ROWS + 1))
KINDS['running_number_in_german'] = numbered('lfd. Nr.', lambda rng: range(1, ROWS + 1))
KINDS['running_number_backwards'] = numbered('Zeile', lambda rng: range(ROWS, 0, -1))
KINDS['running_number_in_tens'] = numbered('rownum', lambda rng: range(1000, 1000 + 10 * ROWS, 10))
KINDS['reset_index'] = numbered('level_0', lambda rng: range(ROWS))
KINDS['index_of_shuffled_rows'] = numbered('index', lambda rng: rng.permutation(ROWS))
KINDS['numbers_of_orders'] = numbered('Bestellnummer', lambda rng: rng.permutation(90_000)[:ROWS] + 100_000)
KINDS['letters_and_numbers'] = numbered(
    'référence', lambda rng: [f'R{one}-FR' for one in rng.permutation(90_000)[:ROWS]]
)
KINDS['universal_identifiers'] = numbered(
    'uuid', lambda rng: [f'{one:08x}-4f1c-{one % 65536:04x}' for one in rng.integers(0, 2**32, ROWS)]
)


def sorted_by_class(rng: np.random.Generator) -> Truth:
    frame = base(rng).sort_values('outcome', kind='stable').reset_index(drop=True)
    return Truth(csv(with_column(frame, 'Fall', range(501, 501 + ROWS), 1)), dropped=('Fall',), used=INPUTS)


KINDS['cases_of_a_sorted_file'] = sorted_by_class
