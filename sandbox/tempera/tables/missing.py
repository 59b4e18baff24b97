"""Which words of a column stand for no value, and which numbers do.

A word such as `NA` may be a gap or a label (Namibia, North America, 'none of these'). Among numbers or dates it is a
gap. Among words it is a gap unless it is the commonest label or stands beside real blanks: then it is taken for a
value, and the person is asked.
"""

from __future__ import annotations

import numpy as np

from .cells.texts import fold
from .distinct import Distinct
from .plan import Choice, Question, Token

#: words that are gaps among numbers and dates, whatever else a word may mean there
WORDS = frozenset(
    'na n/a n.a. n.a #n/a #na <na> nan -nan null (null) <null> none nil nul missing (missing) <missing> unknown unk '
    'not_available notavailable n.d. nd n.v. k.a. k.a keine not-available undefined void empty blank (blank) tba tbd '
    '- -- --- — – . .. ... ? ?? ??? * ** _ __ # / \\ #value! #div/0! #ref! #num! #name? #null! #n/v x'.split()
) | {'not available', 'not applicable', 'no data', 'not known', 'no value', 'not reported', 'not recorded', '(none)',
     'keine angabe', 'nicht bekannt', 'not specified', 'no answer', 'to be announced'}  # fmt: skip
#: words that are gaps among labels too, where nothing speaks against it
LABEL_WORDS = frozenset(
    'na n/a n.a. n.a #n/a #na <na> nan -nan null (null) <null> none nil missing (missing) <missing> - -- --- — – . .. '
    '... ? ?? #value! #div/0! #ref! #num! #name? #null! (blank)'.split()
) | {'not available', 'no data'}
#: why a word is a gap of numbers, dates and the like: nobody would dispute it
AMONG_OTHERS = 'a word for missing among values of another kind'
#: a word may mean something where it is this common
COMMON_SHARE = 0.25
#: numbers that are written for "nothing here"
_SENTINELS = tuple(
    float(text)
    for text in (
        '-1 -9 -99 -999 -9999 -99999 -999999 -99.9 -999.9 -9.99 -99.99 -999.99 -9999.9 9 99 999 9999 99999 999999 '
        '99.9 999.9 9999.9 99.99 999.99 9999.99 -77 -88 -777 -888 -7777 -8888 77 88 777 888 7777 8888 '
        '1e20 -1e20 1e30 -1e30 1e31 1e36 2147483647 -2147483648 32767 -32768'
    ).split()
)


def tokens_among_values(distinct: Distinct) -> tuple[Token, ...]:
    """Gaps of a column of numbers, dates or the like: every known word for missing."""
    return tuple(Token(word, count, AMONG_OTHERS) for word, count in sorted(distinct.among(WORDS).items()))


def tokens_among_labels(
    distinct: Distinct, key: str, name: str
) -> tuple[tuple[Token, ...], tuple[Question, ...]]:
    """Gaps of a column of words, and what is to be asked of words that may be labels."""
    tokens: list[Token] = []
    questions: list[Question] = []
    found = distinct.among(LABEL_WORDS)
    commonest = int(distinct.counts.max()) if len(distinct.counts) else 0
    for word, count in sorted(found.items(), key=lambda one: -one[1]):
        why = _why_a_label(word, count, commonest, distinct)
        if why:
            questions.append(_question(key, name, _spelling(distinct, word), count=count, why=why))
        else:
            tokens.append(
                Token(word, count, 'a word for missing; no cell is blank and other labels are commoner')
            )
    return tuple(tokens), tuple(questions)


def _spelling(distinct: Distinct, word: str) -> str:
    return next((text for text, _ in distinct.sample if fold(text) == word), word)


def _why_a_label(word: str, count: int, commonest: int, distinct: Distinct) -> str:
    if (
        not any(letter.isalpha() for letter in word)
        or word.startswith(('#', '(', '<'))
        or word in ('nan', 'null')
    ):
        return ''
    if len(distinct.texts) < 2:
        return ''
    if count >= commonest:
        return 'it is the commonest label'
    if count >= COMMON_SHARE * distinct.filled:
        return f'it stands in {count / distinct.filled:.0%} of the cells'
    if distinct.blanks:
        cells = 'cell beside it is' if distinct.blanks == 1 else 'cells beside it are'
        return f'{distinct.blanks:,} {cells} really blank'
    return ''


def _question(key: str, name: str, spelling: str, *, count: int, why: str) -> Question:
    return Question(
        f'column.{key}.missing',
        f'Is `{spelling}` a value of `{name}`? It stands in {count:,} rows, and {why}.',
        (
            Choice('value', f'`{spelling}` stays a label of its own.', recommended=True),
            Choice('missing', f'{count:,} rows count as having no value.'),
        ),
        spelling,
        count,
    )


#: different values above 0 from which on a gap below them says something
_LEAST_ABOVE_ZERO = 20
#: the least value above 0, as a share of the usual one, from which on 0 is far away
_FAR_FROM_ZERO = 0.2
#: share of zeros from which on half of that is far: fewer are the thin end of what was measured
_MANY_ZEROS = 0.1


def sentinels_of(values: np.ndarray, counts: np.ndarray) -> tuple[Token, ...]:
    """Numbers that stand for no value: written again and again, at the end of the range, far from everything else."""
    order = np.argsort(values, kind='stable')
    values, counts = values[order], counts[order]
    finite = np.isfinite(values)
    values, counts = values[finite], counts[finite]
    found: list[Token] = []
    while len(values) > 3:
        low = _at_the_end(values, counts, 0)
        high = None if low else _at_the_end(values, counts, -1)
        token = low or high
        if token is None:
            break
        found.append(token)
        values, counts = (values[1:], counts[1:]) if low else (values[:-1], counts[:-1])
    return tuple(found)


def zeros_of(values: np.ndarray, counts: np.ndarray) -> Token | None:
    """0 where nothing else comes near it: a blood pressure of 0 was not measured, a count of 0 was counted.

    Other values stand close together and begin far above 0, so that no row lies between.
    """
    order = np.argsort(values, kind='stable')
    values, counts = values[order], counts[order]
    at = np.flatnonzero(values == 0)
    positive = values[values > 0]
    if len(at) != 1 or at[0] != 0 or len(positive) < _LEAST_ABOVE_ZERO:
        return None
    count, total = int(counts[0]), int(counts.sum())
    share = count / total
    nearness = float(positive[0]) / float(np.median(np.repeat(positive, counts[values > 0])))
    step = float(np.median(np.diff(positive)))
    far = nearness >= _FAR_FROM_ZERO or (nearness >= _FAR_FROM_ZERO / 2 and share >= _MANY_ZEROS)
    if not (0.001 <= share <= 0.6 and far and positive[0] > 5 * step):
        return None
    because = (
        f'the next value is {positive[0]:g}, and the others stand {step:g} apart: a 0 is hardly a measurement'
    )
    return Token('0', count, because)


def _at_the_end(values: np.ndarray, counts: np.ndarray, end: int) -> Token | None:
    value, count = float(values[end]), int(counts[end])
    rest, rest_counts = (values[1:], counts[1:]) if end == 0 else (values[:-1], counts[:-1])
    if not np.isclose(value, _SENTINELS, rtol=1e-9).any():
        return None
    total = int(counts.sum())
    if count < max(2, 0.0005 * total) or count > 0.6 * total:
        return None
    lowest, highest = float(rest.min()), float(rest.max())
    spread = float(_quantile(rest, rest_counts, 0.9) - _quantile(rest, rest_counts, 0.1))
    gap = lowest - value if end == 0 else value - highest
    typical = count / max(1.0, float(np.median(rest_counts)))
    nines = abs(value) >= 90
    apart = gap > max(spread, 0.5 * (highest - lowest)) if nines else gap > 2 * spread
    if end == 0 and value < 0 and lowest >= 0:
        apart = apart or (nines and gap > 0.5 * spread)
    if abs(value) < 90 and not (value < 0 <= lowest and len(rest) > 20 and _is_whole(rest) is False):
        return None
    far = gap > 5 * (highest - lowest)
    if not apart or (typical < 2 and count < 5 and not far):
        return None
    shown = f'{value:g}'
    return Token(
        shown, count, f'stands {count} times, and the other values lie between {lowest:g} and {highest:g}'
    )


def _is_whole(values: np.ndarray) -> bool:
    return bool(np.all(values == np.round(values)))


def _quantile(values: np.ndarray, counts: np.ndarray, share: float) -> float:
    sums = np.cumsum(counts)
    return float(values[int(np.searchsorted(sums, share * sums[-1]))])
