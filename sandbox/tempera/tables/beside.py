"""Cells that hold several numbers beside one another: `126/83`, `1920x1080`; and marks out of so many: `8/10`."""

from __future__ import annotations

from collections import Counter

from . import words
from .cells import lists
from .distinct import Distinct
from .draft import ENOUGH, Draft, Subject
from .missing import tokens_among_values
from .plan import Form

#: fewer different cells prove nothing
_FEWEST = 4
#: digits of a number from which on it is a part of a code
_CODE_DIGITS = 5
#: a score of a game is written with a dash, which elsewhere stands for a range
_SCORE = frozenset('score scores result results ergebnis resultado resultat record sets'.split())


def beside_draft(subject: Subject) -> Draft | None:
    """The column as numbers beside one another, or as the first of them where the last is always the same."""
    tokens = tokens_among_values(subject.distinct)
    rest = subject.distinct.without({token.text for token in tokens})
    if len(rest.texts) < _FEWEST or words.says(subject.name, words.CODE | words.STRICT_IDENTIFIER):
        return None
    separators = (*lists.BESIDE, '-') if words.says(subject.name, _SCORE) else lists.BESIDE
    for separator in separators:
        counts = _counts(rest, separator)
        if not counts:
            continue
        places, cells = counts.most_common(1)[0]
        if cells >= ENOUGH * sum(count for _, count in rest.sample):
            draft = _draft(rest, separator, places)
            draft.with_tokens(tokens)
            return draft
    return None


def _counts(rest: Distinct, separator: str) -> Counter[int]:
    """How many cells have how many numbers; none where they are parts of a code."""
    held: Counter[int] = Counter()
    for text, count in rest.sample:
        numbers = lists.beside(text, separator)
        if numbers and any(len(piece.split('.')[0]) >= _CODE_DIGITS for piece in numbers):
            return Counter()
        if numbers:
            held[len(numbers)] += count
    return held


def _draft(rest: Distinct, separator: str, places: int) -> Draft:
    read = [lists.beside(text, separator) for text, _ in rest.sample]
    lasts = {numbers[-1] for numbers in read if numbers}
    if places == 2 and separator == '/' and len(lasts) == 1:
        most = lasts.pop()
        draft = Draft('number', Form(type='float', units=(f'/{most}', f'/ {most}')), unit=f'of {most}')
        draft.found('unit', f'every cell gives a number out of {most}')
        return draft
    fields = {name: Form(type='float') for name in lists.PLACES[:places]}
    draft = Draft('record', Form(type='record', separator=separator, fields=fields))
    draft.found('kind', f'cells hold {places} numbers with [{separator}] between', numbers=places)
    return draft
