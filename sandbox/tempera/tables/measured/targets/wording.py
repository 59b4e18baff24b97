"""What a column's name says of its being the target: the wording of outcomes, and of what a row merely comes with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .. import words

#: points of an outcome's word by how strongly it is one
_STRENGTHS = (40, 22, 10)
#: more for a name that is nothing but the word, less for one that has others beside it
_BARE, _BESIDE = 6, -6
#: off for what a row comes with, and for what names it
_BACKGROUND, _NAMES = 12, 10
#: a logarithm's name is its number's under `l`, `ln` or `log`
_LOGARITHM = re.compile(r'(?:log|ln|l)(?=[a-z]{3})')
_SHORTEST = 3


class Wording:
    """The names of a table's columns. An outcome is named once: a word of several columns tells little."""

    def __init__(self, names: Sequence[str]) -> None:
        self._shared = Counter(word for name in names for word in set(words.words_of(name)))

    def points(self, name: str, is_span: bool = False) -> tuple[float, list[str]]:
        """Of one name, with the reasons. `is_span`: of how long something lasted, `days` say no day."""
        points, because = self._of_outcome(name)
        if words.says(name, words.IDENTIFIER):
            points -= _NAMES
        if not because and not is_span and words.says(name, words.BACKGROUND):
            points -= _BACKGROUND
        return points, because

    def _of_outcome(self, name: str) -> tuple[float, list[str]]:
        found = words.words_of(name)
        joined = ''.join(found)
        for strength, usual in zip(_STRENGTHS, words.TARGET, strict=True):
            if joined in usual or (len(found) == 1 and _is_one_of(joined, usual)):
                return strength + _BARE, [f'columns called `{name}` are usually what is predicted']
            usual_words = [word for word in found if len(word) >= _SHORTEST and _is_one_of(word, usual)]
            if usual_words:
                shared = min(self._shared[word] for word in usual_words)
                return (strength + _BESIDE) / shared, [f'`{name}` sounds like an outcome']
            if _LOGARITHM.match(joined) and _LOGARITHM.sub('', joined, count=1) in usual:
                return strength + _BESIDE, [f'`{name}` sounds like the logarithm of an outcome']
        return 0.0, []


def _is_one_of(word: str, usual: frozenset[str]) -> bool:
    return word in usual or (word.endswith('s') and word[:-1] in usual)
