"""A report as it grows: headings, sentences, tables and figures, in Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .facts import Fact, Name
from .findings import rounded
from .sentences import Sentence, as_fact
from .words import cell_text

if TYPE_CHECKING:
    from .figures import Gallery  # it draws, which takes long to import


class Report:
    """Markdown made of parts. A heading below which nothing comes is left out, so is a figure that was not drawn."""

    def __init__(self, title: str, gallery: Gallery | None = None) -> None:
        self._gallery = gallery
        self._blocks: list[str] = []
        self._headings: list[tuple[int, str]] = []
        self._facts: list[dict[str, Any]] = []
        self.section(title, level=1)

    def section(self, heading: str, level: int = 2) -> None:
        """Begins a section."""
        self._headings = [(above, text) for above, text in self._headings if above < level]
        self._headings.append((level, heading))

    def say(self, *sentences: Sentence | None) -> None:
        """One paragraph."""
        present = self._keep(sentences)
        if present:
            self._add(' '.join(sentence.markdown for sentence in present))

    def points(self, sentences: Iterable[Sentence | None]) -> None:
        """A list, a sentence a point."""
        self._list(sentences, lambda _: '-')

    def steps(self, sentences: Iterable[Sentence | None]) -> None:
        """A numbered list."""
        self._list(sentences, lambda place: f'{place}.')

    def table(
        self, key: str, header: Sequence[str], rows: Sequence[Sequence[Fact | str | int | float]]
    ) -> None:
        """Cells are escaped; nothing where there is no row. `key` names it among the report's facts."""
        if not rows:
            return
        facts = [[as_fact(cell) for cell in row] for row in rows]
        data = [[fact.data for fact in row] for row in facts]
        self._facts.append({'key': key, 'columns': list(header), 'rows': data})
        cells = [
            [fact.text if isinstance(fact, Name) else cell_text(fact.text) for fact in row] for row in facts
        ]
        lines = [list(header), ['---'] * len(header), *cells]
        self._add('\n'.join('| ' + ' | '.join(line) + ' |' for line in lines))

    def show(self, *names: str) -> None:
        """Figures of the gallery, each with its caption."""
        for name in names:
            shown = self._gallery.markdown(name) if self._gallery else ''
            if shown:
                self._add(shown)

    @property
    def markdown(self) -> str:
        """All of it."""
        return '\n\n'.join(self._blocks) + '\n'

    def write(self, stage: Path) -> None:
        """`report.md` in the stage's folder, and the sentences with their facts in `data/report.json`."""
        (stage / 'data').mkdir(parents=True, exist_ok=True)
        (stage / 'report.md').write_text(self.markdown, encoding='utf-8')
        facts = json.dumps(rounded(self._facts), ensure_ascii=False, indent=1)
        (stage / 'data/report.json').write_text(facts, encoding='utf-8')

    def _list(self, sentences: Iterable[Sentence | None], mark: Callable[[int], str]) -> None:
        present = self._keep(sentences)
        if present:
            lines = [f'{mark(place)} {sentence.markdown}' for place, sentence in enumerate(present, 1)]
            self._add('\n'.join(lines))

    def _keep(self, sentences: Iterable[Sentence | None]) -> list[Sentence]:
        present = [sentence for sentence in sentences if sentence is not None]
        self._facts += [sentence.to_json() for sentence in present]
        return present

    def _add(self, block: str) -> None:
        self._blocks += [f'{"#" * level} {heading}' for level, heading in self._headings]
        self._headings = []
        self._blocks.append(block)
