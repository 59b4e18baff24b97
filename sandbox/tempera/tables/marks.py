"""How a column writes its numbers: decimal and thousands marks, currencies, units and multipliers.

One cell can prove a mark (`1.234,5`, `0,7`, `12.5`), or leave it open (`187.335`). What a column leaves open the rest
of the file settles: tables are written under one locale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .cells.texts import in_ascii
from .currencies import CURRENCIES, MULTIPLIERS
from .plan import Form

#: units of one kind, by what each is of the first
SCALES: tuple[dict[str, float], ...] = (
    {
        'g': 1.0,
        'kg': 1e3,
        'mg': 1e-3,
        't': 1e6,
        'lb': 453.59237,
        'lbs': 453.59237,
        'pounds': 453.59237,
        'oz': 28.349523125,
    },
    {
        'm': 1.0,
        'km': 1e3,
        'cm': 1e-2,
        'mm': 1e-3,
        'mi': 1609.344,
        'miles': 1609.344,
        'ft': 0.3048,
        'feet': 0.3048,
        'in': 0.0254,
        'inches': 0.0254,
        'yd': 0.9144,
    },
    {'b': 1.0, 'kb': 1e3, 'mb': 1e6, 'gb': 1e9, 'tb': 1e12},
    {'l': 1.0, 'ml': 1e-3, 'cl': 1e-2, 'hl': 1e2},
    {'w': 1.0, 'kw': 1e3, 'mw': 1e6, 'gw': 1e9},
    {'wh': 1.0, 'kwh': 1e3, 'mwh': 1e6, 'gwh': 1e9},
    {'cr': 1.0, 'dr': -1.0},
    {'hz': 1.0, 'khz': 1e3, 'mhz': 1e6, 'ghz': 1e9},
)
#: sides of the equator and of Greenwich beside degrees: the southern and the western are negative
DIRECTIONS: tuple[dict[str, float], ...] = tuple(
    {
        f'{degree}{blank}{side}': sign
        for degree in ('°', '')
        for blank in (' ', '')
        for side, sign in sides.items()
    }
    for sides in ({'n': 1.0, 's': -1.0}, {'e': 1.0, 'w': -1.0}, {'e': 1.0, 'o': -1.0})
)
_PREFIX = r'[$€£¥₹₽₩₺₫฿￥₪₴₦₱]|us\$|r\$|a\$|c\$|[a-z]{3}\b\.?|kr\.?|rs\.?|zł|fr\.|[<>≤≥~≈±]'
_CORE = r"[0-9][0-9.,'’ \u00a0\u2007\u2009\u202f]*|[.,][0-9]+"
WRITTEN = re.compile(
    rf'(?P<open>\()?\s*(?P<sign>[-+−–]?)\s*(?P<prefix>{_PREFIX})?\s*(?P<sign2>[-−–]?)\s*'
    rf'(?P<core>{_CORE})(?P<exponent>e[-+]?[0-9]{{1,3}})?(?P<suffix>\s*[^\d\s(),;-][^\d,;()]{{0,14}})?(?P<close>\))?'
    rf'(?P<sign3>[-−–]?)'
)
#: marks of footnotes and of significance, and letters that statistics offices put beside a figure
_NOTES = ('*', '**', '***', '****', '†', '††', '‡', '§', '¶', '#', '^', '¹', '²', '³')
_FLAGS = ('p', 'e', 'r', 'b', 'c', 'd', 'f', 'u', 'bp', 'ep', 'be', 'de', 'pe')
#: a limit or a guess: the number beside it is taken
_SIGNS = ('<', '>', '≤', '≥', '~', '≈', '±', '+')
#: those of a limit: `<5`, `65+`
LIMITS = ('<', '>', '≤', '≥', '+')
#: ends of numbers in an order: `1st`, `2.`
_PLACES = ('st', 'nd', 'rd', 'th')
#: digits in threes, or as in India, with or without decimals
_IN_GROUPS = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0\u2007\u2009\u202f'’][0-9]{3})+(?:[.,][0-9]*)?"
    r'|[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?'
    r'|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?'
)
_INFINITE = re.compile(r'[-+−]?(?:inf|infinity|∞|1\.#inf|#inf)')
_GROUPED = re.compile(r'[0-9]{1,3}(?:([.,])[0-9]{3})+')


@dataclass
class Marks:
    """What the cells of a column say of its marks; votes are cells."""

    numbers: int = 0
    cells: int = 0
    decimal: Counter[str] = field(default_factory=Counter)
    thousands: Counter[str] = field(default_factory=Counter)
    #: cells with one mark before three digits, which may be either
    open: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    negative_brackets: int = 0
    leading_zeros: int = 0
    widths: Counter[int] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Of the cells, how many are written as numbers."""
        return self.numbers / self.cells if self.cells else 0.0


def read_marks(sample: Sequence[tuple[str, int]]) -> Marks:
    """Of the sampled texts of a column, with how often each stands there."""
    marks = Marks()
    for text, count in sample:
        marks.cells += count
        lower = in_ascii(text.lower())
        found = WRITTEN.fullmatch(lower) if len(lower) <= 48 else None
        if found is None or bool(found['open']) != bool(found['close']):
            if _INFINITE.fullmatch(lower):
                marks.numbers += count
            continue
        marks.numbers += count
        for unit in (found['prefix'], found['suffix']):
            if unit and unit.strip():
                marks.units[unit.strip()] += count
        marks.negative_brackets += count if found['open'] else 0
        _vote(marks, found['core'].strip(), bool(found['exponent']), count)
    return marks


def _vote(marks: Marks, core: str, exponent: bool, count: int) -> None:
    if core.isdigit():
        marks.widths[len(core)] += count
        marks.leading_zeros += count if len(core) > 1 and core[0] == '0' else 0
        return
    spaced = re.search(r"[ \u00a0\u2007\u2009\u202f'’]", core)
    if (spaced or core.count('.') > 1 or core.count(',') > 1) and not _IN_GROUPS.fullmatch(core):
        return  # a date, a version, a list: it says nothing of how numbers are written
    if spaced:
        marks.thousands["'" if spaced[0] in "'’" else ' '] += count
    core = re.sub(r"[ \u00a0\u2007\u2009\u202f'’]", '', core)
    dots, commas = core.count('.'), core.count(',')
    if dots and commas:
        last = max('.', ',', key=core.rfind)
        marks.decimal[last] += count
        marks.thousands[',' if last == '.' else '.'] += count
    elif dots + commas > 1:
        marks.thousands['.' if dots else ','] += count
    elif dots + commas == 1:
        mark = '.' if dots else ','
        whole, _, part = core.partition(mark)
        is_open = len(part) == 3 and 1 <= len(whole) <= 3 and whole[0] != '0' and not exponent
        (marks.open if is_open and not spaced else marks.decimal)[mark] += count


@dataclass(frozen=True)
class Locale:
    """The marks of a file: what its columns prove, and by how many cells."""

    decimal: str = '.'
    proven: bool = False
    cells: int = 0
    #: commas cut the file: who writes decimals with them cuts by something else
    cut_by_commas: bool = False


def locale_of(columns: Sequence[Marks], delimiter: str) -> Locale:
    """The file's locale, by the columns that are numbers."""
    votes: Counter[str] = Counter()
    for marks in columns:
        if marks.share < 0.8:
            continue
        for mark, cells in marks.decimal.items():
            votes[mark] += min(cells, 1_000)
        for mark, cells in marks.thousands.items():
            if mark in '.,':
                votes[',' if mark == '.' else '.'] += min(cells, 1_000)
    if votes:
        best, cells = votes.most_common(1)[0]
        return Locale(best, votes[best] > 0.7 * sum(votes.values()), cells, delimiter == ',')
    return Locale('.', False, 0, delimiter == ',')


def number_form(marks: Marks, locale: Locale) -> tuple[Form, bool]:
    """The form of a column of numbers, and whether its marks are settled by the column or the file."""
    decimal, thousands = _decimal(marks), _thousands(marks)
    settled = True
    if not decimal and thousands in ('.', ','):
        decimal = ',' if thousands == '.' else '.'
    if not decimal and marks.open:
        mark = marks.open.most_common(1)[0][0]
        settled = locale.proven or (mark == ',' and locale.cut_by_commas)
        if locale.proven:
            decimal = locale.decimal
        else:
            decimal = '.' if mark == '.' else _of_commas(marks)
    decimal = decimal or (locale.decimal if locale.proven else '.')
    if not thousands:
        other = ',' if decimal == '.' else '.'
        thousands = other if marks.open[other] else ''
    if thousands == decimal:
        thousands = ''
    return Form(type='float', decimal=decimal, thousands=thousands), settled


def _of_commas(marks: Marks) -> str:
    """`1,234` alone: thousands, as nobody who writes decimal commas always has three places."""
    return '.' if marks.open[','] >= 3 or not marks.decimal else ','


def _decimal(marks: Marks) -> str:
    if not marks.decimal:
        return ''
    best, cells = marks.decimal.most_common(1)[0]
    other = sum(marks.decimal.values()) - cells
    grouped = marks.thousands.get(best, 0)
    return best if cells >= max(other, grouped) else ''


def _thousands(marks: Marks) -> str:
    candidates = [(cells, mark) for mark, cells in marks.thousands.items()]
    return max(candidates)[1] if candidates else ''


def unit_of(marks: Marks, form: Form) -> tuple[Form, str, bool] | None:
    """The form with its units, the column's unit, and whether it is a currency; None where the words are no units."""
    if not marks.units:
        return form, '', False
    units = [unit for unit, _ in marks.units.most_common()]
    if set(units) <= set(_PLACES) and units != ['st']:
        return _with(form, tuple(_PLACES), {}), '', False
    bare = [unit.rstrip('.') for unit in units]
    signs = tuple(unit for unit in units if unit in _SIGNS or _is_note(unit, marks))
    if signs:
        signs = tuple(dict.fromkeys((*signs, *_NOTES))) if any(one in _NOTES for one in signs) else signs
        rest = Marks(units=Counter({unit: count for unit, count in marks.units.items() if unit not in signs}))
        inner = unit_of(rest, form)
        return inner and (_with(inner[0], (*signs, *inner[0].units), dict(inner[0].factors)), *inner[1:])
    currencies = [unit for unit in units if unit in CURRENCIES]
    multipliers = [unit for unit in bare if unit in MULTIPLIERS and unit not in currencies]
    others = [
        unit
        for unit, plain in zip(units, bare, strict=True)
        if unit not in currencies and plain not in multipliers
    ]
    if (currencies or len(set(multipliers)) > 1) and multipliers and not others:
        factors = {unit: MULTIPLIERS[unit] for unit in multipliers}
        joined = tuple(dict.fromkeys((*currencies, *multipliers)))
        return _with(form, joined, factors), currencies[0] if currencies else '', bool(currencies)
    for directions in DIRECTIONS:
        if set(units) <= set(directions):
            return _with(form, tuple(directions), directions), '°', False
    if len({_singular(one) for one in bare}) == 1 or (currencies and len(currencies) == len(units)):
        return _with(form, tuple(units), {}), units[0], bool(currencies)
    for scale in SCALES:
        if set(bare) <= set(scale):
            unit = bare[0]
            return _with(form, tuple(units), {one: scale[one] / scale[unit] for one in bare}), unit, False
    if marks.units.most_common(1)[0][1] >= 0.98 * sum(marks.units.values()):
        return _with(form, (units[0],), {}), units[0], units[0] in CURRENCIES
    return None


def _singular(unit: str) -> str:
    """`year` for years: one of them is the same unit."""
    return unit[:-1] if len(unit) > 3 and unit.endswith('s') else unit


def _is_note(unit: str, marks: Marks) -> bool:
    """Whether it says something of the figure and is no unit of it: a letter does where few cells have one."""
    if unit in _NOTES:
        return True
    only = all(one in _FLAGS or one in _NOTES or one in _SIGNS for one in marks.units)
    return unit in _FLAGS and only and sum(marks.units.values()) < 0.5 * marks.numbers


def _with(form: Form, units: tuple[str, ...], factors: dict[str, float]) -> Form:
    return Form(type=form.type, decimal=form.decimal, thousands=form.thousands, units=units, factors=factors)


def grouped_by_three(text: str) -> bool:
    """Whether a text is digits in groups of three with one mark between."""
    return bool(_GROUPED.fullmatch(text))
