"""What a plan says beside its facts: why something was found, what is to be asked, which lines are no data.

Each is data, as the plan is, and is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal[
    'comment',
    'blank',
    'title',
    'merged_head',
    'header',
    'units',
    'separator',
    'repeated_header',
    'total',
    'footnote',
    'other_table',
    'unaligned',
]
Scalar = str | int | float | bool | None
#: lines that may be rows after all: a person may have them read
KEEPABLE: tuple[Reason, ...] = ('footnote', 'total', 'unaligned')


@dataclass(frozen=True)
class Evidence:
    """Why something was found: `finding` names the field, `because` is a sentence, `numbers` what it rests on."""

    finding: str
    because: str
    numbers: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One answer to a question, and what follows from it."""

    value: Scalar
    consequence: str
    recommended: bool = False
    #: it is done to the table itself, which is then given again: no decision here can do it
    outside: bool = False


@dataclass(frozen=True)
class Question:
    """What the data cannot settle. `key` is the ledger's (`column.age.kind`); until it is answered the recommended
    choice holds, and is marked as to be confirmed."""

    key: str
    text: str
    choices: tuple[Choice, ...] = ()
    #: the cell's text that it is about, where it is about one
    cell: str = ''
    #: rows that have it
    rows: int = 0

    @property
    def taken(self) -> Choice:
        """The choice that holds until a person says otherwise, of a question that has some."""
        return next((one for one in self.choices if one.recommended), self.choices[0])


@dataclass(frozen=True)
class LeftOut:
    """Lines that are no data. `lines` are the first of them, as an editor counts; `sample` is the first one's text.
    `places` are their positions among the records, as [start, count], where they may be rows after all."""

    reason: Reason
    count: int
    lines: tuple[int, ...] = ()
    sample: str = ''
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Token:
    """A cell's text that stands for no value, with how often it stands there and why it is taken for that."""

    text: str
    count: int = 0
    because: str = ''
