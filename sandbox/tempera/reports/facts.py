"""What sentences of a report rest on: each fact is so, as words and as data that it can be checked by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .words import (
    as_clause,
    code_text,
    counted,
    cut,
    listed,
    number_text,
    percent_text,
    score_text,
    share_text,
)


class Fact(Protocol):
    """Something that is so: as words, and as data that it can be checked by."""

    @property
    def text(self) -> str:
        """As the sentence has it."""

    @property
    def data(self) -> Any:
        """As JSON has it."""


@dataclass(frozen=True)
class Number:
    """A number of no certain form."""

    value: float | None

    @property
    def text(self) -> str:
        return number_text(self.value)

    @property
    def data(self) -> float | None:
        return self.value


@dataclass(frozen=True)
class Count:
    """So many of something."""

    value: int
    noun: str

    @property
    def text(self) -> str:
        return counted(self.value, self.noun)

    @property
    def data(self) -> int:
        return self.value


@dataclass(frozen=True)
class Share:
    """A part of a whole, with its per cent."""

    part: int
    whole: int

    @property
    def text(self) -> str:
        return share_text(self.part, self.whole)

    @property
    def data(self) -> dict[str, int]:
        return {'part': self.part, 'whole': self.whole}


@dataclass(frozen=True)
class Percent:
    """A share between 0 and 1, as per cent."""

    value: float
    digits: int = 1

    @property
    def text(self) -> str:
        return percent_text(self.value, self.digits)

    @property
    def data(self) -> float:
        return self.value


@dataclass(frozen=True)
class Score:
    """A metric's value."""

    value: float
    digits: int = 3

    @property
    def text(self) -> str:
        return score_text(self.value, self.digits)

    @property
    def data(self) -> float:
        return self.value


@dataclass(frozen=True)
class Name:
    """A column's name, or a value of a cell."""

    value: object
    most: int = 120

    @property
    def text(self) -> str:
        return code_text(self.value, self.most)

    @property
    def words(self) -> str:
        return cut(self.value, self.most)

    @property
    def data(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Names:
    """Several of them; the first `most` are named, the others counted."""

    values: Sequence[object]
    most: int = 6

    @property
    def words(self) -> str:
        shown = ', '.join(cut(value) for value in self.values[: self.most])
        return _and_more(shown, len(self.values) - self.most)

    @property
    def text(self) -> str:
        return listed(self.values, self.most)

    @property
    def data(self) -> list[str]:
        return [str(value) for value in self.values]


@dataclass(frozen=True)
class Cell:
    """What stands in the file, as it is written."""

    value: str
    most: int = 120
    quoted: bool = True

    @property
    def text(self) -> str:
        return code_text(self.value, self.most)

    @property
    def words(self) -> str:
        shown = cut(self.value, self.most)
        return repr(shown) if self.quoted else shown

    @property
    def data(self) -> str:
        return self.value


@dataclass(frozen=True)
class Renamed:
    """Names as they are, with what they were."""

    values: Mapping[str, str]
    most: int = 8

    @property
    def text(self) -> str:
        return self._listed(code_text, code_text)

    @property
    def words(self) -> str:
        return self._listed(cut, lambda was: repr(cut(was)))

    @property
    def data(self) -> dict[str, str]:
        return dict(self.values)

    def _listed(self, now: Callable[[str], str], then: Callable[[str], str]) -> str:
        shown = [f'{now(one)} (was {then(was)})' for one, was in list(self.values.items())[: self.most]]
        return _and_more(', '.join(shown), len(self.values) - self.most)


@dataclass(frozen=True)
class Pairs:
    """Names, each with its reason."""

    values: Mapping[str, str]
    most: int = 8

    @property
    def text(self) -> str:
        return self._listed(code_text)

    @property
    def words(self) -> str:
        return self._listed(cut)

    @property
    def data(self) -> dict[str, str]:
        return dict(self.values)

    def _listed(self, name: Callable[[str], str]) -> str:
        shown = [f'{name(one)} ({cut(why, 200)})' for one, why in list(self.values.items())[: self.most]]
        return _and_more('; '.join(shown), len(self.values) - self.most)


@dataclass(frozen=True)
class Words:
    """Words that are no fact of the table: a metric's name, a file's form."""

    value: str

    @property
    def text(self) -> str:
        return self.value

    @property
    def data(self) -> str:
        return self.value


@dataclass(frozen=True)
class Because:
    """A reason that was found or given elsewhere, with its own numbers: it goes on a sentence."""

    value: str

    @property
    def text(self) -> str:
        return as_clause(self.value)

    @property
    def data(self) -> str:
        return self.value


def _and_more(shown: str, more: int) -> str:
    return f'{shown} and {more:,} more' if more > 0 else shown
