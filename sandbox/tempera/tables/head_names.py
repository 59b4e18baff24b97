"""From the rows of names above a table to one name a column: merged heads spread, repeated words said once."""

from __future__ import annotations

from collections.abc import Sequence


def joined_names(heads: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name a column of several rows of names; a merged cell's name holds for the columns to its right."""
    if len(heads) == 1:
        return tuple(' '.join(cell.split()) if '\n' not in cell else cell.strip() for cell in heads[0])
    spread = [_spread(head, heads[place + 1 :]) for place, head in enumerate(heads[:-1])] + [list(heads[-1])]
    names = []
    for place in range(len(heads[-1])):
        parts: list[str] = []
        for head in spread:
            cell = ' '.join(head[place].split())
            if cell and cell not in parts:
                parts.append(cell)
        names.append(' '.join(parts))
    return tuple(names)


def naming_rows(heads: list[list[str]]) -> list[int]:
    """Which rows make the names: one that names every column by itself, the lowest of the shortest; else all."""
    whole = [
        at
        for at, head in enumerate(heads)
        if all(cell.strip() for cell in head) and len(set(head)) == len(head)
    ]
    if not whole:
        return list(range(len(heads)))
    return [min(whole, key=lambda at: (sum(len(cell) for cell in heads[at]), -at))]


def _spread(head: Sequence[str], below: Sequence[Sequence[str]]) -> list[str]:
    """A merged cell's text over every column it covers: those with a name below, up to the next text."""
    spread: list[str] = []
    current = ''
    for place, cell in enumerate(head):
        if cell.strip():
            current = cell
        elif not any(lower[place].strip() for lower in below):
            current = ''
        spread.append(cell if cell.strip() else current)
    return spread
