"""What is being found out about one column, before it is a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .distinct import Distinct
from .marks import Locale
from .plan import Evidence, Form, Kind, Question, Scalar, Token

#: share of the filled cells that must parse for a column to be of a type
ENOUGH = 0.9


@dataclass(frozen=True)
class Subject:
    """A column to be understood."""

    name: str
    key: str
    distinct: Distinct
    locale: Locale
    #: how the file's other dates are written, where they tell: `%d`, `%m` or nothing
    first_of_date: str = ''

    @property
    def rows(self) -> int:
        """Of the table."""
        return self.distinct.rows


@dataclass
class Draft:
    """Findings, as they are made."""

    kind: Kind
    form: Form
    missing: tuple[Token, ...] = ()
    sentinels: tuple[Token, ...] = ()
    unit: str = ''
    levels: tuple[str, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    #: the cells that are no values, with how often they stand there, where the draft was made by parsing all of them
    stray: Mapping[str, int] | None = None

    def found(self, finding: str, because: str, **numbers: Scalar) -> None:
        """Adds to the evidence."""
        held: Mapping[str, Scalar] = numbers
        self.evidence.append(Evidence(finding, because, held))

    def with_tokens(self, tokens: tuple[Token, ...]) -> None:
        """Those words are gaps from now on."""
        known = {token.text for token in self.missing}
        self.missing += tuple(token for token in tokens if token.text not in known and token.count)
        self.form = replace(
            self.form, missing=tuple(dict.fromkeys((*self.form.missing, *(token.text for token in tokens))))
        )
