"""Streams a delimited text of any size into a sample; every row is parsed, so that the count is exact."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.csv as arrow_csv

from . import limits
from .delimited_text import Dialect, detect_dialect
from .table_sample import TableSample
from .text_encoding import open_utf8, read_bytes
from .upload_bytes import ByteSource, invalid

_SHOWN_ROWS = 3


class _RaggedRows:
    """Counts rows with another number of fields; they are left out of the profile."""

    def __init__(self) -> None:
        self.count = 0
        self.examples: list[str] = []

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        self.count += 1
        if len(self.examples) < _SHOWN_ROWS:
            self.examples.append(f"{row.actual_columns} instead of {row.expected_columns}")
        return "skip"


def read_delimited(source: ByteSource, encoding: str, max_columns: int) -> tuple[TableSample, Dialect, list[str]]:
    """The sample, how the text was read, and warnings."""
    with open_utf8(source, encoding) as stream:
        head = read_bytes(stream, limits.HEAD_BYTES)
    text = head.decode("utf-8", "ignore")
    dialect = detect_dialect(text, len(head) < limits.HEAD_BYTES, source.shown, max_columns)
    sample, ragged = TableSample(dialect.names), _RaggedRows()
    with open_utf8(source, encoding) as stream:
        try:
            for batch in _batches(stream, dialect, ragged):
                sample.add(pa.Table.from_batches([batch]))
        except pa.ArrowInvalid as error:
            raise _unreadable(source.shown, str(error), sample.rows) from error
    return sample, dialect, _warnings(source.shown, sample, dialect, ragged)


def _batches(stream: io.RawIOBase, dialect: Dialect, ragged: _RaggedRows) -> arrow_csv.CSVStreamingReader:
    return arrow_csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=arrow_csv.ReadOptions(
            use_threads=False,
            block_size=limits.MAX_ROW_BYTES,
            column_names=dialect.names,
            skip_rows_after_names=1 if dialect.header else 0,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=ragged
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in dialect.names},
            strings_can_be_null=False,
            check_utf8=True,
        ),
    )


def _unreadable(shown: str, why: str, rows: int) -> Exception:
    if "straddling" in why or "block" in why:
        return invalid(
            shown,
            f"after {rows:,} rows a row is longer than {limits.size_text(limits.MAX_ROW_BYTES)} (MAX_ROW_BYTES); "
            "most often a quote is never closed",
            "Close the quote, or shorten the row.",
        )
    if "Empty CSV" in why:
        return invalid(shown, "it holds a header and no rows", "Upload a table with at least 2 rows.")
    return invalid(shown, f"after {rows:,} rows it cannot be read ({why[:200]})", "Export the table again as CSV.")


def _warnings(shown: str, sample: TableSample, dialect: Dialect, ragged: _RaggedRows) -> list[str]:
    warnings = []
    if ragged.count:
        share = ragged.count / (ragged.count + sample.rows)
        said = f"{ragged.count:,} rows have another number of fields than the {len(dialect.names):,} columns ({'; '.join(ragged.examples)})"
        if share > limits.MAX_RAGGED_SHARE:
            limit = f"more than {limits.MAX_RAGGED_SHARE:.0%} of the rows (MAX_RAGGED_SHARE)"
            raise invalid(shown, f"{said}, {limit}", "Quote the cells that hold the delimiter, or export the table again.")
        warnings.append(f"{said}; they are left out of this profile.")
    if dialect.unnamed:
        warnings.append(f"{dialect.unnamed} column(s) had no name and are called by their position, column_N.")
    if not dialect.header:
        warnings.append("The file has no header line: the columns are called column_1, column_2 and so on.")
    return warnings
