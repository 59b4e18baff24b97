"""Columns of numbers: integers, counts, money, percent, years, codes, identifiers, spans in units, epoch times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from . import words
from .cells import numbers
from .cells.durations import SECONDS
from .cells.texts import fold
from .currencies import currencies_of
from .dates.numbers import is_moment, is_serial
from .draft import ENOUGH, Draft, Subject
from .identifiers import FEW_WHOLE, counts_on
from .integers import describe_integers
from .marks import LIMITS, Marks, number_form, read_marks, unit_of
from .missing import sentinels_of, tokens_among_values, zeros_of
from .plan import Choice, Question, Token
from .values import Values, merged

#: numbers with parts of at most so many different values may be codes
_FEW_PARTS = 8
#: a leftover word that stands so often among numbers is no slip of one cell
_LEFTOVER_WORDS = 4


def numeric_draft(subject: Subject) -> Draft | None:
    """The column as numbers, or None where it holds something else."""
    tokens = tokens_among_values(subject.distinct)
    rest = subject.distinct.without({token.text for token in tokens})
    if not rest.filled:
        return None
    marks = read_marks(rest.sample)
    if marks.share < 0.5:
        return None
    form, settled = number_form(marks, subject.locale)
    with_unit = unit_of(marks, form)
    if with_unit is None:
        return None
    form, unit, is_money = with_unit
    values, known = numbers.read(rest.texts, form)
    share = float(rest.counts[known].sum()) / rest.filled
    leftover = _leftover(subject, rest.texts, rest.counts, known)
    if share < ENOUGH and not (share >= 0.5 and leftover and known.sum() >= 5):
        return None
    draft = Draft('number', form, unit=unit)
    draft.with_tokens(tokens)
    draft.with_tokens(leftover)
    draft.found('type', f'{share:.1%} of the filled cells are numbers', share=round(share, 4))
    _say_marks(draft, marks, settled, subject)
    _infinities(draft, values, rest.counts)
    limits = sum(marks.units[sign] for sign in LIMITS)
    if limits:
        draft.found(
            'limits', f'{limits} cells give a limit only (<, >, +); the limit itself is taken', cells=limits
        )
    finite = known & np.isfinite(values)
    held = merged(values[finite], rest.counts[finite])
    _meaning(draft, subject, _Cells(marks, held, rest.texts, is_money))
    return draft


def _leftover(
    subject: Subject, texts: pa.StringArray, counts: np.ndarray, known: np.ndarray
) -> tuple[Token, ...]:
    """Few words that stand again and again among the numbers."""
    places = np.flatnonzero(~known)
    if not len(places) or len(places) > 50:
        return ()
    held: dict[str, int] = {}
    for place in places:
        word = fold(texts[int(place)].as_py())
        held[word] = held.get(word, 0) + int(counts[place])
    if len(held) > _LEFTOVER_WORDS or any(any(letter.isdigit() for letter in word) for word in held):
        return ()
    return tuple(
        Token(word, count, 'the only words in a column of numbers')
        for word, count in held.items()
        if count > 1
    )


def _say_marks(draft: Draft, marks: Marks, settled: bool, subject: Subject) -> None:
    form = draft.form
    thousands = f', thousands by [{form.thousands}]' if form.thousands else ''
    if marks.decimal or marks.thousands or marks.open:
        draft.found(
            'decimal',
            f'decimals are marked by [{form.decimal}]{thousands},'.rstrip(','),
            proven=sum(marks.decimal.values()) + sum(marks.thousands.values()), open=sum(marks.open.values()),
            file=subject.locale.cells if subject.locale.proven else 0,
        )  # fmt: skip
    if not settled:
        mark = marks.open.most_common(1)[0][0]
        draft.questions.append(
            Question(
                f'column.{subject.key}.decimal',
                f'In `{subject.name}` every `{mark}` stands before three digits. Does it mark decimals or thousands?',
                (
                    Choice('decimal', '1.234 is a little more than one.', recommended=form.decimal == mark),
                    Choice(
                        'thousands',
                        '1.234 is one thousand two hundred and thirty-four.',
                        form.decimal != mark,
                    ),
                ),
            )
        )


def _infinities(draft: Draft, values: np.ndarray, counts: np.ndarray) -> None:
    count = int(counts[np.isinf(values)].sum())
    if count:
        spelled = (sign + word for word in numbers.INFINITE for sign in ('', '-', '+'))
        draft.form = replace(draft.form, missing=(*draft.form.missing, *spelled))
        draft.missing += (Token('inf', count, 'no model can use an infinite number'),)


@dataclass(frozen=True)
class _Cells:
    """What the cells of a column of numbers hold: the signs that they are written with, and their values."""

    marks: Marks
    values: Values
    texts: pa.StringArray
    is_money: bool


def _meaning(draft: Draft, subject: Subject, cells: _Cells) -> None:
    values = cells.values
    if _is_code(draft, subject, cells.marks, values):
        return
    if not draft.unit and is_moment(draft, subject, values):
        return
    if not draft.unit and is_serial(draft, subject, values):
        return
    _take_sentinels(draft, subject, values)
    real = ~np.isin(values.numbers, np.array(draft.form.sentinels)) if draft.form.sentinels else slice(None)
    values = Values(values.numbers[real], values.counts[real])
    if not len(values.numbers):
        return
    unit = draft.unit.rstrip('.').lower()
    if unit == '%' or (not unit and words.says(subject.name, words.PERCENT)):
        draft.kind, draft.unit = 'percent', '%'
    elif cells.is_money:
        draft.kind = 'money'
        _ask_about_currencies(draft, subject, currencies_of(cells.marks.units))
    elif (unit in SECONDS and unit not in ('m', 'd', "'", 't')) or (
        unit in ('m', 'd') and words.says(subject.name, words.DURATION)
    ):
        _seconds(draft, unit)
    elif values.whole:
        describe_integers(draft, subject, values, cells.texts)
    _take_levels(draft, values)
    if not draft.unit:
        draft.unit = words.unit_in(subject.name)


def _ask_about_currencies(draft: Draft, subject: Subject, held: dict[str, int]) -> None:
    """Amounts of several currencies are no measure: what one is worth of another stands nowhere in the table."""
    if len(held) < 2:
        return
    draft.unit = ''
    shown = ', '.join(f'{currency} in {cells}' for currency, cells in list(held.items())[:4])
    draft.found('currencies', f'amounts are given in {len(held)} currencies ({shown} of the cells looked at)')
    draft.questions.append(
        Question(
            f'column.{subject.key}.currencies',
            f'In [{subject.name}] amounts stand in {len(held)} currencies. Can they be compared as they stand?',
            (
                Choice('as_they_stand', 'Nothing is converted: 5 of one is 5 of another.', recommended=True),
                Choice('convert', 'Upload the table again with the amounts in one currency.', outside=True),
            ),
        )
    )


def _seconds(draft: Draft, unit: str) -> None:
    factors = {name: SECONDS[name.rstrip('.')] for name in draft.form.units if name.rstrip('.') in SECONDS}
    draft.kind, draft.unit = 'duration', 's'
    draft.form = replace(draft.form, factors=factors, clock='units')
    draft.found('unit', f'spans are given in [{unit}] and kept in seconds', factor=SECONDS[unit])


def _take_sentinels(draft: Draft, subject: Subject, values: Values) -> None:
    found = sentinels_of(values.numbers, values.counts)
    # nothing paid, won or sold is an amount like others
    amount = words.says(subject.name, words.MONEY) or words.says(subject.name, words.PAYOFF)
    zeros = None if amount else zeros_of(values.numbers, values.counts)
    if zeros is not None:
        found = (*found, zeros)
    if found:
        draft.sentinels = found
        draft.form = replace(draft.form, sentinels=tuple(float(token.text) for token in found))


def _is_code(draft: Draft, subject: Subject, marks: Marks, values: Values) -> bool:
    """Digits that are no number: leading zeros, names of codes, more digits than a number holds."""
    plain = sum(marks.widths.values())
    if draft.unit or plain < 0.9 * marks.numbers or not values.whole:
        return False
    widths = [width for width, _ in marks.widths.most_common()]
    fixed = marks.widths.most_common(1)[0][1] >= 0.9 * plain and widths[0] >= 2
    if marks.leading_zeros >= max(2, 0.005 * plain) and (fixed or marks.leading_zeros > 0.3 * plain):
        draft.found('kind', 'cells start with zeros that a number would lose', cells=marks.leading_zeros)
    elif (
        (
            words.says(subject.name, words.CODE)
            or (words.is_code(subject.name) and len(values.numbers) > FEW_WHOLE)
        )
        and max(widths) >= 3
        and len(values.numbers) > 2
        and not values.huge
    ):
        draft.found('kind', f'the name [{subject.name}] is one of codes', width=widths[0])
    elif words.is_place(subject.name) and len(values.numbers) > FEW_WHOLE and counts_on(values):
        draft.found('kind', f'whole numbers under [{subject.name}] name places', distinct=len(values.numbers))
    elif max(widths) > 18:
        draft.found('kind', 'cells have more digits than a number holds exactly', width=max(widths))
        unique = len(values.numbers) / max(1, int(values.counts.sum()))
        draft.kind, draft.form = 'identifier', replace(draft.form, type='text')
        draft.found('distinct', 'share of different cells', share=round(unique, 4))
        return True
    else:
        return False
    draft.kind, draft.form = 'code', replace(draft.form, type='text')
    return True


def _take_levels(draft: Draft, values: Values) -> None:
    """Numbers of few values in many rows may be codes or steps: they are listed, and stay numbers."""
    rows, distinct = int(values.counts.sum()), len(values.numbers)
    most = FEW_WHOLE if draft.form.type == 'integer' else _FEW_PARTS
    if draft.kind not in ('integer', 'count', 'number') or not 2 <= distinct <= min(most, 0.2 * rows):
        measures = draft.kind in ('integer', 'count') and not values.huge
        draft.form = replace(draft.form, parts=measures)
        return
    draft.levels = tuple(f'{number:g}' for number in sorted(values.numbers))
    draft.found(
        'levels',
        f'{distinct} different numbers in {rows} rows: they may be codes or steps',
        distinct=distinct,
    )
