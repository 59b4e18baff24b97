"""An even, bounded sample of a table that streams by: all rows of a table of moderate size, else every n-th.

Whenever the kept rows outgrow a limit, every second one is let go and the step doubles, so that the sample is
spread over the whole file, needs no second pass, and is the same each time.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from . import limits


class TableSample:
    """Collects batches of text columns. `rows` counts all rows seen; `step` is 1 while all of them are kept."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.rows = 0
        self.step = 1
        self._kept: list[pa.Table] = []
        self._kept_rows = 0
        self._kept_bytes = 0
        cells = limits.DETAIL_CELLS // max(len(names), 1)
        self._most_rows = max(min(limits.DETAIL_ROWS, cells), 1_000)
        self.preview: pa.Table | None = None

    def add(self, batch: pa.Table) -> None:
        """Takes the next rows of the table."""
        if batch.num_rows == 0:
            return
        if self.preview is None or self.preview.num_rows < limits.PREVIEW_ROWS:
            head = batch.slice(0, limits.PREVIEW_ROWS)
            joined = head if self.preview is None else pa.concat_tables([self.preview, head])
            self.preview = joined.slice(0, limits.PREVIEW_ROWS)
        first = -self.rows % self.step
        self.rows += batch.num_rows
        kept = batch if self.step == 1 else _every(batch, first, self.step)
        if kept.num_rows:
            self._kept.append(kept)
            self._kept_rows += kept.num_rows
            self._kept_bytes += kept.get_total_buffer_size() if self.step == 1 else kept.nbytes
        while self._kept_rows > self._most_rows or (
            self._kept_bytes > limits.DETAIL_BYTES and self._kept_rows > 1_000
        ):
            self._halve()

    def table(self) -> pa.Table:
        """The sampled rows."""
        schema = pa.schema([(name, pa.string()) for name in self.names])
        return pa.concat_tables(self._kept) if self._kept else schema.empty_table()

    def _halve(self) -> None:
        # take() copies: the batches that were read are let go.
        halved = _every(pa.concat_tables(self._kept), 0, 2).combine_chunks()
        self.step *= 2
        self._kept = [halved]
        self._kept_rows = halved.num_rows
        self._kept_bytes = halved.nbytes


def _every(table: pa.Table, first: int, step: int) -> pa.Table:
    return table.take(pa.array(range(first, table.num_rows, step), type=pa.int64()))


def missing_mask(column: pa.ChunkedArray, tokens: tuple[str, ...]) -> pa.ChunkedArray:
    """True where a text cell is null, blank or a disguise of missing."""
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    return pc.or_(pc.fill_null(pc.is_in(plain, pa.array(tokens)), False), pc.is_null(column))
