"""What a report states: sentences made of facts, so that each number in them can be computed again.

    say('rows.repeated', '{repeated} of the rows repeat an earlier one exactly.', repeated=Share(3, 120))

1. A sentence's key names what it says; its template holds no number of its own.
2. `**` in a template is emphasis: `markdown` keeps it, `plain` is without. Facts are filled in afterwards, so that
   nothing in a cell of the table is taken for a mark.
3. A report writes its sentences beside it (`data/report.json`): keys, texts, facts. A test computes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .facts import Fact, Number, Words


@dataclass(frozen=True)
class Sentence:
    """What is said. `key` names it, `facts` are what it rests on, also those that the template does not show."""

    key: str
    template: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def markdown(self) -> str:
        """For a report."""
        return self._filled(self.template)

    @property
    def plain(self) -> str:
        """For a conversation."""
        return self._filled(self.template.replace('**', ''))

    @property
    def words(self) -> str:
        """For a page that reads no Markdown."""
        template = self.template.replace('**', '').replace('`', '')
        return template.format_map(
            {name: getattr(fact, 'words', fact.text) for name, fact in self.facts.items()}
        )

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return {
            'key': self.key,
            'text': self.plain,
            'facts': {name: fact.data for name, fact in self.facts.items()},
        }

    def _filled(self, template: str) -> str:
        return template.format_map({name: fact.text for name, fact in self.facts.items()})


def say(key: str, template: str, **facts: Fact | str | int | float) -> Sentence:
    """A sentence; whole numbers, numbers and words may be given as they are."""
    return Sentence(key, template, {name: as_fact(value) for name, value in facts.items()})


def as_fact(value: Fact | str | int | float) -> Fact:
    """Whole numbers, numbers and words as facts."""
    if isinstance(value, str):
        return Words(value)
    return Number(value) if isinstance(value, (int, float)) else value
