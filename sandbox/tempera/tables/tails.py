"""Records below the head that are no rows: blank ones, repeated heads, totals, notes, another table under this one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells.texts import BLANKS, matches
from .findings import KEEPABLE
from .grid import Grid
from .layout import ranges
from .plan import LeftOut, Reason
from .shapes import shape_of
from .totals import is_total, totals_inside, totals_on_top

#: records at the end that may be totals and notes
LONGEST_TAIL = 40
_NOTE = re.compile(
    r'(?:source|sources|note|notes|nb|n\.b\.|quelle|fuente|fonte|anmerkung|hinweis|remark|generated|exported|printed'
    r'|copyright|©|\*|\(\d\)|\[\d\]|[¹²³†‡]|end of|--)', re.IGNORECASE
)  # fmt: skip
#: how exports say how many lines they hold
_COUNTED = re.compile(
    r'\(?\d[\d.,  ]* ?(?:rows?|records?|lines?|entries|results?|observations?'
    r'|zeilen|datensätze|lignes|filas|registros|righe)\b[^\d]{0,30}', re.IGNORECASE
)  # fmt: skip
#: a line that is drawn below or between rows, and how many of them are looked for
_RULE = r' *[-=_+]{3}[-=_+|: ]*'
_MOST_RULES = 10_000


@dataclass
class Left:
    """Positions that are left out, by reason."""

    positions: dict[Reason, list[int]] = field(default_factory=dict)

    def add(self, reason: Reason, positions: Sequence[int]) -> None:
        """Those positions are left out for that reason, unless they already are."""
        taken = self.all
        fresh = [position for position in positions if position not in taken]
        if fresh:
            self.positions.setdefault(reason, []).extend(fresh)

    @property
    def all(self) -> set[int]:
        """Every position that is left out."""
        return {position for positions in self.positions.values() for position in positions}

    def left_out(self, grid: Grid) -> tuple[LeftOut, ...]:
        """As the plan says it, with lines and a sample."""
        return tuple(
            LeftOut(
                reason, len(places), tuple(grid.line(place) for place in sorted(places)[:20]),
                _text(grid.row(min(places)))[:200],
                ranges(sorted(places)) if reason in KEEPABLE else (),
            )
            for reason, places in self.positions.items()
        )  # fmt: skip


def find_left_out(grid: Grid, head: Sequence[str]) -> Left:
    """What is no row among the grid's records. `head` are the cells of the row of names."""
    left = Left()
    left.add('unaligned', grid.dropped)
    left.add('blank', _blank_rows(grid))
    left.add('separator', _rules(grid))
    repeated = _repeated(grid, head)
    left.add('repeated_header', repeated)
    left.add('title', _titles_above(grid, repeated, left))
    other = _other_table(grid, left)
    left.add('other_table', other)
    left.add('total', totals_on_top(grid, left.all))
    _from_below(grid, left)
    left.add('total', totals_inside(grid, left.all))
    return left


def _blank_rows(grid: Grid) -> list[int]:
    """Records all of whose cells are blank; a table of one column has none, as each would be a gap."""
    places = np.arange(grid.rows)
    for column in grid.columns:
        if not len(places):
            return []
        blank = pc.equal(pc.utf8_trim(pc.take(column, pa.array(places)), BLANKS), '')
        places = places[blank.to_numpy(zero_copy_only=False)]
    return [int(place) for place in places]


def _rules(grid: Grid) -> list[int]:
    """Records of nothing but lines: `+------+`, `=====`."""
    drawn = matches(grid.columns[0], _RULE)
    places = np.flatnonzero(drawn.to_numpy(zero_copy_only=False))
    return [
        int(place)
        for place in places[:_MOST_RULES]
        if all(not cell.strip() or re.fullmatch(_RULE, cell) for cell in grid.row(int(place)))
    ]


def _repeated(grid: Grid, head: Sequence[str]) -> list[int]:
    """Records that repeat the names: files put one behind the other, or printed in pages."""
    if not any(cell.strip() for cell in head):
        return []
    places = np.arange(grid.rows)
    for column, name in zip(grid.columns, head, strict=False):
        if not len(places):
            return []
        same = pc.equal(pc.utf8_trim(pc.take(column, pa.array(places)), BLANKS), name.strip(BLANKS))
        places = places[same.to_numpy(zero_copy_only=False)]
    return [int(place) for place in places]


def _titles_above(grid: Grid, repeated: list[int], left: Left) -> list[int]:
    """Nearly blank records right above repeated heads: the next stretch's title."""
    taken, found = left.all, []
    fields = len(grid.columns)
    for position in repeated:
        above = position - 1
        while above >= 0 and position - above <= 4:
            filled = sum(1 for cell in grid.row(above) if cell.strip())
            if above not in taken and filled > max(1, fields // 5):
                break
            if filled and above not in taken:
                found.append(above)
            above -= 1
    return found


def _other_table(grid: Grid, left: Left) -> list[int]:
    """From a row of other names on, when all below it was of another width: a second table."""
    wrong = sorted(grid.dropped)
    if len(wrong) < 3 or wrong[-1] < grid.rows - 1 - LONGEST_TAIL:
        return []
    start = wrong[-1]
    for position in reversed(wrong):
        if start - position > 1:
            break
        start = position
    run = grid.rows - start
    if run < 3 or run < 0.8 * len(wrong):
        return []
    left.positions.pop('unaligned', None)
    left.add('unaligned', [position for position in wrong if position < start])
    return list(range(start, grid.rows))


def _from_below(grid: Grid, left: Left) -> None:
    """Notes and totals at the end, read from the last record upwards."""
    fields = len(grid.columns)
    taken = left.all
    usual = _usual_filled(grid, taken)
    position, seen = grid.rows - 1, 0
    while position > 0 and seen < LONGEST_TAIL:
        if position in taken:
            position -= 1
            continue
        cells = grid.row(position)
        filled = [cell for cell in cells if cell.strip()]
        if _is_note(filled, fields, usual) or _is_cut_note(cells, usual):
            left.add('footnote', [position])
        elif is_total(cells, grid, position, left.all):
            left.add('total', [position])
        else:
            return
        position -= 1
        seen += 1


def _usual_filled(grid: Grid, taken: set[int]) -> float:
    step = max(1, grid.rows // 200)
    counts = [
        sum(1 for cell in grid.row(place) if cell.strip())
        for place in range(0, grid.rows, step)
        if place not in taken
    ]
    return float(np.median(counts)) if counts else 0.0


def _is_note(filled: list[str], fields: int, usual: float) -> bool:
    if not filled or len(filled) > max(1, fields // 5) or usual < 2 or len(filled) > 0.4 * usual:
        return False
    text = filled[0].strip()
    if usual >= 3 and len(filled) == 1 and _COUNTED.fullmatch(text):
        return True
    if shape_of(text) in ('number', 'moment'):
        return False
    if _NOTE.match(text) or len(text) > 40:
        return True
    return usual >= 3 and len(filled) == 1 and ' ' in text


def _is_cut_note(cells: list[str], usual: float) -> bool:
    """A note that its own commas cut: it fills the first cells alone, says what it is, and is no row's beginning."""
    filled = sum(1 for cell in cells if cell.strip())
    in_front = all(cell.strip() for cell in cells[:filled])
    if not in_front or not 2 <= filled < usual or not _NOTE.match(cells[0].strip()):
        return False
    return ' ' in cells[0].strip() and shape_of(cells[0]) not in ('number', 'moment')


def _text(cells: list[str]) -> str:
    return ' '.join(cell.strip() for cell in cells if cell.strip())
