"""Rows with another number of fields than the table: which of their cells belong to which column.

A short row lacks cells at its end. A long row has something that is no cell: blanks at its end, an empty cell too
many, a delimiter inside an unquoted text. The one way that fits the columns is taken; a row that fits in no way, or in
several that differ, or has something behind its last column, is left out and told.
"""

from __future__ import annotations

from collections.abc import Sequence

from .shapes import Profile

#: a way whose worst cells fit less than this, on average over the cells that can tell, is no way
_ENOUGH = 0.75
#: ways that are nearer than this to the best one are as good
_AS_GOOD = 0.02
#: what speaks for an empty cell being the one too many
_BLANK = 0.05
#: what speaks for a delimiter being part of a text when a blank follows it
_SENTENCE = 0.35


def aligned(cells: list[str], columns: Sequence[Profile], delimiter: str) -> list[str] | None:
    """The row's cells, one for each column, or None."""
    fields = len(columns)
    if len(cells) <= fields:
        return [*cells, *[''] * (fields - len(cells))]
    while len(cells) > fields and not cells[-1].strip():
        if _fit(cells[:fields], columns) >= _ENOUGH or len(cells) > fields + 1:
            cells = cells[:-1]
        else:
            break
    if len(cells) == fields:
        return cells
    if fields > 200:
        return cells[:fields] if _fit(cells[:fields], columns) > 0.95 else None
    ways = [(_fit(way, columns) + bonus, way) for way, bonus in _ways(cells, fields, delimiter)]
    best = max(fit for fit, _ in ways)
    if best < _ENOUGH:
        return None
    good = [way for fit, way in ways if fit >= best - _AS_GOOD]
    if good[0] == cells[:fields]:
        # something stands behind the last column: what it is nobody can tell
        return None
    return good[0] if all(way == good[0] for way in good) or _only_blanks_moved(cells, good) else None


def _ways(cells: list[str], fields: int, delimiter: str) -> list[tuple[list[str], float]]:
    """Each way to make the row's cells fit, and what speaks for it beside the fit."""
    extra = len(cells) - fields
    ways = [(cells[:fields], 0.0)]
    for place in range(fields):
        if not any(cell.strip() for cell in cells[place : place + extra]):
            ways.append(([*cells[:place], *cells[place + extra :]], _BLANK))
        pieces = cells[place : place + extra + 1]
        # a comma inside a sentence is followed by a blank
        sentence = all(piece.startswith(' ') for piece in pieces[1:])
        merged = [*cells[:place], delimiter.join(pieces), *cells[place + extra + 1 :]]
        ways.append((merged, _SENTENCE if sentence else 0.0))
    return ways


def _only_blanks_moved(cells: list[str], ways: list[list[str]]) -> bool:
    """Whether the ways differ in nothing but which of several empty cells is the one too many."""
    filled = [cell for cell in cells if cell.strip()]
    return all([cell for cell in way if cell.strip()] == filled for way in ways) and len(ways) <= 2


def _fit(cells: Sequence[str], columns: Sequence[Profile]) -> float:
    fits = [column.fit(cell) for cell, column in zip(cells, columns, strict=True)]
    if any(fit == 0.0 for fit in fits):
        return 0.0
    return sum(fits) / len(fits)
