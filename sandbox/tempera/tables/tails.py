"""Records below the head that are no rows: blank ones, repeated heads, totals, notes, another table under this one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import numbers
from .cells.texts import BLANKS, fold, matches
from .grid import Grid
from .plan import Form, LeftOut, Reason
from .shapes import shape_of

#: records at the end that may be totals and notes
LONGEST_TAIL = 40
_TOTAL = (
    r'(?:grand |sub|sub-|sub |over)?totals?|sum|sums|all|average|mean|summe|gesamt|gesamtsumme|insgesamt|zwischensumme'
    r'|total général|total general|ensemble|totale|totaal|somma|suma|razem|итого|всего|合計|总计|合计'
)
_IS_TOTAL = re.compile(
    rf'(?:{_TOTAL})\s*[:.]?(?:\s*\(.*\))?|(?:grand |sub|sub-|over)?total\b.{{0,60}}', re.IGNORECASE
)
_TOTAL_LABEL = (
    r'(?:grand |sub|sub-|sub |over)?totals?\s*:?(?: .{0,40})?|zwischensumme|summe|gesamt|sous-total|subtotale'
)
#: columns from the left in which a row may be called a total
_LABEL_COLUMNS = 3
_NOTE = re.compile(
    r'(?:source|sources|note|notes|nb|n\.b\.|quelle|fuente|fonte|anmerkung|hinweis|remark|generated|exported|printed'
    r'|copyright|©|\*|\(\d\)|\[\d\]|[¹²³†‡]|end of|--)', re.IGNORECASE
)  # fmt: skip
#: how exports say how many lines they hold
_COUNTED = re.compile(
    r'\(?\d[\d.,  ]* ?(?:rows?|records?|lines?|entries|results?|observations?'
    r'|zeilen|datensätze|lignes|filas|registros|righe)\b[^\d]{0,30}', re.IGNORECASE
)  # fmt: skip
#: how far a sum may be from the cells above it: rounding of shown cells
_SUM_SHARE = 0.005


@dataclass
class Left:
    """Positions that are left out, by reason."""

    positions: dict[Reason, list[int]] = field(default_factory=dict)
    #: of totals: the columns that add up, as evidence
    sums: int = 0

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

    def told(self, grid: Grid) -> tuple[LeftOut, ...]:
        """As the plan says it, with lines and a sample."""
        return tuple(
            LeftOut(
                reason, len(places), tuple(grid.line(place) for place in sorted(places)[:20]),
                _text(_row(grid.columns, min(places)))[:200],
            )
            for reason, places in self.positions.items()
        )  # fmt: skip


def find_left_out(grid: Grid, head: Sequence[str]) -> Left:
    """What is no row among the grid's records. `head` are the cells of the row of names."""
    left = Left()
    left.add('unaligned', grid.dropped)
    left.add('blank', _blank_rows(grid))
    repeated = _repeated(grid, head)
    left.add('repeated_header', repeated)
    left.add('title', _titles_above(grid, repeated, left))
    other = _other_table(grid, left)
    left.add('other_table', other)
    _from_below(grid, left)
    left.add('total', _totals_inside(grid, left))
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
            filled = sum(1 for cell in _row(grid.columns, above) if cell.strip())
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
        cells = _row(grid.columns, position)
        filled = [cell for cell in cells if cell.strip()]
        if _is_note(filled, fields, usual) or _is_cut_note(cells, usual):
            left.add('footnote', [position])
        elif _is_total(cells, grid, position, left):
            left.add('total', [position])
        else:
            return
        position -= 1
        seen += 1


def _totals_inside(grid: Grid, left: Left) -> list[int]:
    """Subtotals among the rows: named so in one of the first columns, and blank where rows have labels."""
    found: list[int] = []
    taken = left.all
    for column in grid.columns[:_LABEL_COLUMNS]:
        named = matches(pc.utf8_lower(pc.utf8_trim(column, BLANKS)), _TOTAL_LABEL)
        places = [
            int(place) for place in np.flatnonzero(named.to_numpy(zero_copy_only=False)) if place not in taken
        ]
        if not 0 < len(places) <= 0.2 * grid.rows:
            continue
        labels = _label_columns(grid)
        for place in places:
            cells = _row(grid.columns, place)
            blank = [at for at in labels if not cells[at].strip()]
            if blank and any(shape_of(cell) == 'number' for cell in cells):
                found.append(place)
    return found


def _label_columns(grid: Grid) -> list[int]:
    """Columns of words that hardly a row lacks."""
    rows = [_row(grid.columns, place) for place in range(0, grid.rows, max(1, grid.rows // 100))]
    shapes = [[shape_of(cell) for cell in column] for column in zip(*rows, strict=True)]
    return [
        at
        for at, column in enumerate(shapes)
        if column.count('blank') < 0.2 * len(column)
        and column.count('word') + column.count('text') > 0.5 * len(column)
    ]


def _usual_filled(grid: Grid, taken: set[int]) -> float:
    step = max(1, grid.rows // 200)
    counts = [
        sum(1 for cell in _row(grid.columns, place) if cell.strip())
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


def _is_total(cells: list[str], grid: Grid, position: int, left: Left) -> bool:
    labels = [(place, cell.strip()) for place, cell in enumerate(cells) if shape_of(cell) in ('word', 'text')]
    figures = [place for place, cell in enumerate(cells) if shape_of(cell) == 'number']
    if not figures or position < 2:
        return False
    if not labels and cells[0].strip():
        return False
    named = bool(labels) and bool(_IS_TOTAL.fullmatch(labels[0][1]))
    if labels and not named:
        return False
    sums = _adding_up(cells, grid, position, figures, left.all)
    if named:
        column = grid.columns[labels[0][0]]
        alike = pc.sum(
            matches(pc.utf8_lower(pc.utf8_trim(column, BLANKS)), re.escape(fold(labels[0][1])))
        ).as_py()
        if alike > 3 and not sums:
            return False
        left.sums += sums
        return True
    return sums >= 2 and sums == len(figures)


def _adding_up(cells: list[str], grid: Grid, position: int, figures: list[int], taken: set[int]) -> int:
    """In how many columns the number is the sum of those above."""
    keep = np.array([place for place in range(position) if place not in taken], dtype=np.int64)
    count = 0
    for place in figures[:8]:
        above = pc.take(grid.columns[place], pa.array(keep))
        for form in _FORMS:
            value, known = numbers.read(pa.array([cells[place]]), form)
            if not known[0]:
                continue
            values, are = numbers.read(above, form)
            if are.sum() < 0.5 * len(keep):
                continue
            if abs(np.nansum(values) - value[0]) <= _SUM_SHARE * max(1.0, abs(value[0])) and value[0] != 0:
                count += 1
                break
    return count


_UNITS = ('$', '€', '£', '%')
_FORMS = (
    Form(type='float', thousands=',', units=_UNITS),
    Form(type='float', decimal=',', thousands='.', units=_UNITS),
    Form(type='float', decimal=',', thousands=' ', units=_UNITS),
)


def _row(columns: Sequence[pa.StringArray], position: int) -> list[str]:
    return [column[position].as_py() or '' for column in columns]


def _text(cells: list[str]) -> str:
    return ' '.join(cell.strip() for cell in cells if cell.strip())
