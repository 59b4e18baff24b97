"""The scores of the Pollock benchmark: how much of a table's head, records and cells was read as its clean version has
them. Computed as the benchmark's evaluation does: success, then precision, recall and F1 of header, records and cells;
the simple score is the sum of the ten, averaged over the files, the weighted one averages by how common a file's fault
is among real ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MEASURES = (
    'success',
    *(
        f'{what}_{measure}'
        for what in ('header', 'record', 'cell')
        for measure in ('precision', 'recall', 'f1')
    ),
)
Rows = Sequence[Sequence[str]]


def measures_of(clean: Rows, loaded: Rows | None) -> dict[str, float]:
    """The ten measures of one file. `loaded` holds the row of names first, as the clean version does; None: refused."""
    if loaded is None:
        return dict.fromkeys(MEASURES, 0.0)
    if not clean:
        return dict.fromkeys(MEASURES, 1.0)
    head = _compared(
        [normalized(cell) for cell in clean[0]], [normalized(cell) for cell in loaded[0]] if loaded else []
    )
    records = _compared(
        [''.join(normalized(cell) for cell in row) for row in clean[1:]],
        [''.join(normalized(cell) for cell in row) for row in loaded[1:]],
    )
    cells = _compared([cell for row in clean for cell in row], [cell for row in loaded for cell in row])
    return dict(zip(MEASURES, (1.0, *head, *records, *cells), strict=True))


def simple(files: dict[str, dict[str, float]]) -> float:
    """Out of 10."""
    return sum(sum(one.values()) for one in files.values()) / max(1, len(files))


def weighted(files: dict[str, dict[str, float]], weights: dict[str, float]) -> float:
    """Out of 10."""
    held = {name: weights.get(name, -1.0) for name in files}
    return sum(sum(one.values()) * held[name] for name, one in files.items()) / sum(held.values())


def _compared(expected: Sequence[str], got: Sequence[str]) -> tuple[float, float, float]:
    if not expected:
        return 1.0, 1.0, 1.0
    both = sum((Counter(expected) & Counter(got)).values())
    if not both:
        return 0.0, 0.0, 0.0
    # named as the benchmark names them: its precision is of the wanted, its recall of those that were read
    precision, recall = both / len(expected), both / len(got)
    return precision, recall, 2 * precision * recall / (precision + recall)


def normalized(cell: str) -> str:
    """Numbers and booleans by value, other texts in lower case."""
    if cell in ('True', 'true', 'False', 'false'):
        return '1' if cell.lower() == 'true' else '0'
    plain = cell.strip()
    if plain and plain[0] in '+-.0123456789' and '_' not in plain:
        try:
            number = float(plain)
        except ValueError:
            return cell.lower()
        return (
            str(int(number))
            if number == number and abs(number) < 2**53 and number.is_integer()
            else str(number)
        )
    return cell.lower()
