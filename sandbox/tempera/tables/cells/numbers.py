"""Texts that are numbers: signs, brackets for negative, decimal and thousands marks, currencies, units, infinities.

`read` is exact about its form: where thousands may stand they stand in threes (or as in India, twos and a three), and
a unit that the form does not name makes a text no number. So `187.335` under `,` and `.` is 187335, and `6.2` is none.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..plan import Form
from .texts import Texts, matches, plain_digits, trimmed

#: signs that are written for minus, and the blanks that stand between thousands
MINUS = '[-\u2212\u2012\u2013\ufe63\uff0d]'
SPACES = '[ \u00a0\u2007\u2009\u202f]'
INFINITE = ('inf', 'infinity', '∞', '1.#inf', '#inf')


def _mark_of(thousands: str) -> str:
    """The signs that may stand between groups, as a pattern."""
    if thousands == ' ':
        return SPACES
    return "['’]" if thousands == "'" else re.escape(thousands)


def pattern(form: Form) -> str:
    """What a number without sign and unit looks like under the form's marks."""
    decimal = re.escape(form.decimal)
    plain = r'[0-9]+'
    if form.thousands:
        mark = _mark_of(form.thousands)
        groups = rf'[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+'
        if form.thousands == ',':
            groups = rf'{groups}|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}}'
        plain = f'(?:{groups}|{plain})'
    return rf'(?:{plain}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?'


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Values and which texts are numbers. Infinities are numbers here; whether they are values is the plan's to say."""
    plain = _plainly(texts, form, pa.float64())
    if plain is not None:
        return plain, np.ones(len(texts), dtype=bool)
    bare, factors = _without_units(plain_digits(trimmed(texts)), form)
    negative, bare = _without_sign(bare)
    numeric = matches(bare, pattern(form))
    infinite = pc.is_in(pc.utf8_lower(bare), value_set=pa.array(INFINITE))
    canonical = _canonical(bare, form)
    values = pc.if_else(numeric, canonical, None).cast(pa.float64())
    array = np.array(values.fill_null(np.nan).to_numpy(zero_copy_only=False))
    array[infinite.to_numpy(zero_copy_only=False)] = np.inf
    array = np.where(negative.to_numpy(zero_copy_only=False), -array, array) * factors
    return array, ~np.isnan(array)


def read_integers(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """As `read`, for whole numbers that fit into 64 bits: exact beyond 2**53."""
    plain = _plainly(texts, form, pa.int64())
    if plain is not None:
        return plain, np.ones(len(texts), dtype=bool)
    bare, _ = _without_units(plain_digits(trimmed(texts)), form)
    negative, bare = _without_sign(bare)
    canonical = pc.replace_substring_regex(_canonical(bare, form), r'\.0*$', '')
    whole = pc.and_(matches(bare, pattern(form)), matches(canonical, r'[0-9]{1,18}'))
    values = pc.if_else(whole, canonical, None).cast(pa.int64()).fill_null(0)
    array = values.to_numpy(zero_copy_only=False)
    known = whole.to_numpy(zero_copy_only=False).copy()
    array = np.where(negative.to_numpy(zero_copy_only=False), -array, array)
    if not known.all():
        _add_odd_integers(texts, form, array, known)
    return array, known


def _plainly(texts: Texts, form: Form, kind: pa.DataType) -> np.ndarray | None:
    """The values where every text is a bare number as arrow reads it, which is then what `pattern` admits."""
    if form.decimal == ',' and not form.thousands:
        if pc.any(pc.match_substring(texts, '.')).as_py():
            return None
        texts = pc.replace_substring(texts, ',', '.')
    elif form.decimal != '.':
        return None
    try:
        values = pc.cast(texts, kind)
    except pa.ArrowInvalid:
        return None
    if values.null_count:
        return None
    array = np.array(values.to_numpy(zero_copy_only=False))
    # hexadecimal, and words for nothing and infinity, are no bare numbers
    odd = pc.any(pc.match_substring(texts, 'x', ignore_case=True)).as_py() if kind == pa.int64() else False
    return None if odd or not np.isfinite(array).all() else array


def _add_odd_integers(texts: Texts, form: Form, array: np.ndarray, known: np.ndarray) -> None:
    """Whole numbers written as 1e5, or of 19 digits: rare enough to be taken one by one, through `read`."""
    values, numeric = read(texts, form)
    for place in np.flatnonzero(numeric & ~known):
        digits = re.sub(r'[^0-9-]', '', str(texts[place].as_py()).replace('−', '-'))
        if re.fullmatch(r'-?[0-9]{19}', digits) and -(2**63) <= int(digits) < 2**63:
            array[place], known[place] = int(digits), True
        elif np.isfinite(values[place]) and values[place].is_integer() and abs(values[place]) < 2**53:
            array[place], known[place] = int(values[place]), True


def _canonical(bare: Texts, form: Form) -> Texts:
    if form.thousands:
        mark = _mark_of(form.thousands)
        bare = pc.replace_substring_regex(bare, mark, '')
    return bare if form.decimal == '.' else pc.replace_substring(bare, form.decimal, '.')


def _without_sign(texts: Texts) -> tuple[pa.BooleanArray, Texts]:
    bracketed = matches(texts, r'\(.*\)')
    bare = pc.if_else(bracketed, pc.utf8_slice_codeunits(texts, 1, -1), texts)
    minus = pc.fill_null(pc.match_substring_regex(bare, f'^{MINUS}|{MINUS}$'), False)
    bare = pc.replace_substring_regex(bare, f'^(?:{MINUS}|\\+) ?| ?{MINUS}$', '')
    return pc.or_(bracketed, minus), trimmed(bare)


def _without_units(texts: Texts, form: Form) -> tuple[Texts, np.ndarray]:
    """The numbers alone, and the factor of each one's unit. A unit that the form does not name stays where it is."""
    factors = np.ones(len(texts))
    if not form.units:
        return texts, factors
    either = '|'.join(re.escape(unit) for unit in sorted(form.units, key=len, reverse=True))
    lower = pc.utf8_lower(texts)
    for unit, factor in form.factors.items():
        held = pc.match_substring_regex(lower, rf'(?:^|[^a-z]){re.escape(unit)}(?:$|[^a-z])')
        factors[pc.fill_null(held, False).to_numpy(zero_copy_only=False)] = factor
    # a sign may stand before or after the currency: -$5, $-5, ($5)
    bare = pc.replace_substring_regex(lower, rf'^(\(?)({MINUS}?) ?(?:{either}){SPACES}*(.*?)$', r'\1\2\3')
    bare = pc.replace_substring_regex(bare, rf'^(.*?){SPACES}*(?:{either})(\)?{MINUS}?)$', r'\1\2')
    return trimmed(bare), factors
