"""Totals at the end of a table and among its rows: named so, or figures that are the sums of those above."""

from __future__ import annotations

import re
from collections.abc import Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .cells import numbers
from .cells.texts import BLANKS, fold, matches
from .grid import Grid
from .plan import Form
from .shapes import shape_of

_TOTAL = (
    r'(?:grand |sub|sub-|sub |over)?totals?|sum|sums|all|average|mean|summe|gesamt|gesamtsumme|insgesamt|zwischensumme'
    r'|total g[ée]n[ée]ral|total geral|suma total|totale(?: generale)?|ensemble|totaal|eindtotaal|somma|suma|soma|razem'
    r'|итого|всего|общий итог|合計|総計|小計|总计|合计|小计'
)
_IS_TOTAL = re.compile(
    rf'(?:{_TOTAL})\s*[:.]?(?:\s*\(.*\))?|(?:grand |sub|sub-|over)?total\b.{{0,60}}', re.IGNORECASE
)
_TOTAL_LABEL = (
    r'(?:grand |sub|sub-|sub |over|sous-|tussen)?tota(?:ls?|le|al)\s*:?(?: .{0,40})?'
    r'|(?:zwischensumme|summe|gesamt|suma parcial|suma|somma|промежуточный итог|итого|всего|小計|小计|合計)'
    r'\s*:?(?: .{0,40})?'
    r'|.{1,40}[ :-]+(?:sub|sub-|grand )?(?:totals?|summe|gesamt|ergebnis)'
)
#: columns from the left in which a row may be called a total
_LABEL_COLUMNS = 3
#: how far a sum may be from the cells above it: rounding of shown cells
_SUM_SHARE = 0.005
#: rows above a lone figure without a name, from which on it is hardly their sum by chance
_ROWS_OF_A_SUM = 10
#: columns of a record whose sums are looked at
_MOST_FIGURES = 8
_UNITS = ('$', '€', '£', '%')
_FORMS = (
    Form(type='float', thousands=',', units=_UNITS),
    Form(type='float', decimal=',', thousands='.', units=_UNITS),
    Form(type='float', decimal=',', thousands=' ', units=_UNITS),
)


def totals_on_top(grid: Grid, taken: Set[int]) -> list[int]:
    """A first record that is called a total and holds the sums of all that follow."""
    first = next((position for position in range(grid.rows) if position not in taken), grid.rows)
    if grid.rows - first <= _ROWS_OF_A_SUM:
        return []
    cells = grid.row(first)
    label = next((cell.strip() for cell in cells if shape_of(cell) in ('word', 'text')), '')
    figures = [place for place, cell in enumerate(cells) if shape_of(cell) == 'number']
    if not figures or not _IS_TOTAL.fullmatch(label):
        return []
    rest = [position for position in range(first + 1, grid.rows) if position not in taken]
    return [first] if _adding_up(cells, grid, rest, figures) == min(len(figures), _MOST_FIGURES) else []


def totals_inside(grid: Grid, taken: Set[int]) -> list[int]:
    """Subtotals among the rows: named so in one of the first columns, and blank where rows have labels."""
    found: list[int] = []
    for column in grid.columns[:_LABEL_COLUMNS]:
        named = matches(pc.utf8_lower(pc.utf8_trim(column, BLANKS)), _TOTAL_LABEL)
        places = [
            int(place) for place in np.flatnonzero(named.to_numpy(zero_copy_only=False)) if place not in taken
        ]
        if not 0 < len(places) <= 0.2 * grid.rows:
            continue
        labels = _label_columns(grid)
        for place in places:
            cells = grid.row(place)
            blank = [at for at in labels if not cells[at].strip()]
            if blank and any(shape_of(cell) == 'number' for cell in cells):
                found.append(place)
    return found


def _label_columns(grid: Grid) -> list[int]:
    """Columns of words that hardly a row lacks."""
    rows = [grid.row(place) for place in range(0, grid.rows, max(1, grid.rows // 100))]
    shapes = [[shape_of(cell) for cell in column] for column in zip(*rows, strict=True)]
    return [
        at
        for at, column in enumerate(shapes)
        if column.count('blank') < 0.2 * len(column)
        and column.count('word') + column.count('text') > 0.5 * len(column)
    ]


def is_total(cells: list[str], grid: Grid, position: int, taken: Set[int]) -> bool:
    """Whether a record is called a total, or its figures are the sums of those above it that are not `taken`."""
    labels = [(place, cell.strip()) for place, cell in enumerate(cells) if shape_of(cell) in ('word', 'text')]
    figures = [place for place, cell in enumerate(cells) if shape_of(cell) == 'number']
    if not figures or position < 2:
        return False
    if not labels and cells[0].strip():
        return False
    named = bool(labels) and bool(_IS_TOTAL.fullmatch(labels[0][1]))
    if labels and not named:
        return False
    above = [place for place in range(position) if place not in taken]
    sums = _adding_up(cells, grid, above, figures)
    if named:
        column = grid.columns[labels[0][0]]
        alike = pc.sum(
            matches(pc.utf8_lower(pc.utf8_trim(column, BLANKS)), re.escape(fold(labels[0][1])))
        ).as_py()
        return alike <= 3 or bool(sums)
    blank = sum(1 for cell in cells if not cell.strip())
    return sums == len(figures) and (sums >= 2 or (blank >= 2 and position >= _ROWS_OF_A_SUM))


def _adding_up(cells: list[str], grid: Grid, rows: list[int], figures: list[int]) -> int:
    """In how many columns the number is the sum of those in these rows."""
    keep = np.array(rows, dtype=np.int64)
    count = 0
    for place in figures[:_MOST_FIGURES]:
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
