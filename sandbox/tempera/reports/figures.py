"""Figures of a report: one style, labels that can be read, one colour for each class."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from .sentences import Sentence, say
from .words import code_text

INK, BLUE, ORANGE, GREY = '#1f2933', '#2f6f9f', '#d9822b', '#9aa5b1'
#: one colour for each class, the same in every figure of a report (Okabe and Ito, told apart by most eyes)
CLASS_COLOURS = ('#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c6bb1', '#7a7a7a')
STYLE: Any = {
    'figure.dpi': 100,
    'savefig.dpi': 100,
    'font.size': 9,
    'axes.spines.top': False,
    'axes.spines.right': False,
    'axes.edgecolor': GREY,
    'axes.titlesize': 10,
    'axes.titleweight': 'bold',
    'text.color': INK,
}
#: axes in a row of a grid
_ACROSS = 4
#: whole numbers that have a bar each
_MOST_BARS = 40


class Gallery:
    """The figures of one report, by name, in the folder `figures` of its stage."""

    def __init__(self, stage: Path) -> None:
        self._folder = stage / 'figures'
        self._captions: dict[str, str] = {}
        self._undrawn: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """Of the figures that were drawn."""
        return sorted(self._captions)

    @contextmanager
    def figure(self, name: str, caption: str, size: tuple[float, float], **layout: Any) -> Iterator[Figure]:
        """A figure to draw on; it is saved afterwards, and shown by `markdown(name)`."""
        with matplotlib.rc_context(STYLE):
            figure = Figure(figsize=size, **layout)
            yield figure
            self._folder.mkdir(parents=True, exist_ok=True)
            figure.savefig(self._folder / f'{name}.png', bbox_inches='tight')
        self._captions[name] = caption

    def markdown(self, name: str) -> str:
        """The figure as a report shows it, empty where it was not drawn; a bracket would end its text."""
        if name not in self._captions:
            return ''
        caption = self._captions[name].replace('[', '(').replace(']', ')')
        return f'![{caption}](figures/{name}.png)'

    def label(self, text: object, length: int = 24) -> str:
        """A label that fits an axis, cut in its middle because names differ at their ends as often as at their starts;
        `$` is escaped because matplotlib reads it as mathematics."""
        label = self._drawable(text)
        if len(label) > length:
            tail = (length - 1) // 2
            label = label[: length - 1 - tail] + '…' + label[-tail:]
        return label.replace('$', r'\$')

    def labels(self, names: Iterable[object], length: int = 24) -> list[str]:
        """A label for each name, no two of them alike."""
        short = [self.label(name, length) for name in names]
        return [
            f'{label} ({short[:place].count(label) + 1})' if short.count(label) > 1 else label
            for place, label in enumerate(short)
        ]

    def bars(
        self,
        axis: Axes,
        names: Iterable[object],
        sizes: Sequence[float] | np.ndarray,
        colour: Any,
        length: int = 24,
        **style: Any,
    ) -> None:
        """One horizontal bar for each name, the first on top, set by place: names that are shortened alike stay two."""
        labels, places = self.labels(names, length), range(len(sizes))
        axis.barh(places, list(sizes), color=colour, **style)
        axis.set_yticks(places, labels)
        axis.set_ylim(len(labels) - 0.4, -0.6)

    def explained(self) -> Sentence | None:
        """What the numbers in the figures stand for, where the font lacks letters of names."""
        if not self._undrawn:
            return None
        notes = ', '.join(f'#{number} is {code_text(name, 40)}' for name, number in self._undrawn.items())
        return say(
            'figures.letters', 'The figures’ font has no letters for some names. In them {said}.', said=notes
        )

    def _drawable(self, text: object) -> str:
        """The text, or a number that `explained` tells: where the font lacks one of its letters, or where it is
        written from right to left, which matplotlib would draw the wrong way round."""
        line = ' '.join(str(text).split())
        if all(
            ord(letter) in _letters() and unicodedata.bidirectional(letter) not in ('R', 'AL')
            for letter in line
        ):
            return line
        return f'#{self._undrawn.setdefault(line, len(self._undrawn) + 1)}'


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def grid(figure: Figure, count: int) -> list[Axes]:
    """`count` axes in rows of four."""
    across = min(_ACROSS, count)
    axes = list(figure.subplots(-(-count // across), across, squeeze=False).flat)
    for spare in axes[count:]:
        spare.set_axis_off()
    return axes[:count]


def grid_size(count: int, width: float = 2.9, height: float = 2.2) -> tuple[float, float]:
    """Of a figure for `grid`."""
    return width * min(_ACROSS, count), height * -(-count // min(_ACROSS, count))


def steps_of(values: Any) -> Any:
    """Edges of a histogram: one bar a whole number where these are few, so that no gap stands for a number."""
    low, high = values.min(), values.max()
    if high - low <= _MOST_BARS and (values == values.round()).all():
        return np.arange(low - 0.5, high + 1)
    return int(min(_MOST_BARS, max(8, len(values) ** 0.5)))


def date_axis(axis: Axes) -> None:
    """Ticks along x as dates: what all of them share is said once, beside the axis."""
    locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def legend_beside(axis: Axes, **style: Any) -> None:
    """A legend at the right of the axes, where it hides nothing."""
    axis.legend(frameon=False, fontsize=7, loc='upper left', bbox_to_anchor=(1.01, 1), **style)


def cross_ticks(axis: Axes, names: list[str]) -> None:
    """The same names along both axes of a matrix."""
    axis.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axis.set_yticks(range(len(names)), names, fontsize=7)
