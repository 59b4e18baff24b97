"""How large a table may be, and how much of it is looked at. Every refusal names the limit."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import TooLarge


@dataclass(frozen=True)
class Limits:
    """Of one table; the defaults are those of the product's contract."""

    columns: int = 8_000
    rows: int = 2_000_000
    cells: int = 100_000_000
    #: of an unpacked archive, in bytes
    unpacked_bytes: int = 8 << 30
    #: members of an archive that are looked at
    members: int = 1_000


DEFAULT = Limits()


def check_size(rows: int, columns: int, limits: Limits, name: str) -> None:
    """TooLarge, with the limit that a table of this size is beyond."""
    for what, value, most in (
        ('columns', columns, limits.columns),
        ('rows', rows, limits.rows),
        ('cells', rows * columns, limits.cells),
    ):
        if value > most:
            raise TooLarge(
                f'[{name}] has {value:,} {what}; at most {most:,} can be read (MAX_{what.upper()}). '
                'Give a file with fewer, such as a sample of its rows or a choice of its columns.'
            )
