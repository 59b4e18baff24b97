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


@dataclass(frozen=True)
class Question:
    """What the data cannot settle. `key` is the ledger's (`column.age.kind`); until it is answered the recommended
    choice holds, and is marked as to be confirmed."""

    key: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Lines that are no data. `lines` are the first of them, as an editor counts; `sample` is the first one's text."""

    reason: Reason
    count: int
    lines: tuple[int, ...] = ()
    sample: str = ''


@dataclass(frozen=True)
class Token:
    """A cell's text that stands for no value, with how often it stands there and why it is taken for that."""

    text: str
    count: int = 0
    because: str = ''
