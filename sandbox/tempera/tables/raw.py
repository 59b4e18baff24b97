"""A table as it stands in its file: columns of cells, before any cell was parsed.

A column's cells are texts (an arrow array of strings, with gaps where the file itself says that there is nothing), an
arrow array of another type (parquet), or a list of Python values (workbooks, JSON).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

#: pa.Array, pa.ChunkedArray or list[Any]; arrow comes without types
Cells: TypeAlias = Any


@dataclass(frozen=True)
class RawTable:
    """The rows that a plan uses, and where they stood."""

    names: tuple[str, ...]
    columns: tuple[Cells, ...]
    #: position of each row in the file, from 0 below the header
    positions: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)


def whole(cells: Cells) -> Cells:
    """A column in one piece."""
    if not isinstance(cells, pa.ChunkedArray):
        return cells
    return pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], cells.type)


def one_behind_the_other(tables: Sequence[RawTable], rows_before: Sequence[int]) -> RawTable:
    """Parts one after the other; each part's positions go on counting behind `rows_before` it."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0]
    columns = tuple(
        _together([table.columns[place] for table in tables]) for place in range(len(first.names))
    )
    positions = np.concatenate(
        [table.positions + before for table, before in zip(tables, rows_before, strict=True)]
    )
    return RawTable(first.names, columns, positions)


def _together(pieces: Sequence[Cells]) -> Cells:
    pieces = [whole(piece) for piece in pieces]
    if all(isinstance(piece, pa.Array) for piece in pieces):
        types = {piece.type for piece in pieces if isinstance(piece, pa.Array)}
        if len(types) == 1:
            return pa.concat_arrays(list(pieces))
    return [
        cell for piece in pieces for cell in (piece.to_pylist() if isinstance(piece, pa.Array) else piece)
    ]
