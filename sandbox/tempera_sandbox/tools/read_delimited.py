"""Streams a delimited text of any size into a sample; every row is parsed, so that the count is exact."""

from __future__ import annotations

import io
import re

import pyarrow as pa
import pyarrow.csv as arrow_csv

from . import ToolError, limits
from .delimited_text import Dialect, detect_dialect
from .table_sample import TableSample
from .text_encoding import open_utf8, read_bytes
from .text_places import refuse_other_form, unclosed_quote, uneven_rows
from .upload_bytes import ByteSource, invalid

_SHOWN_ROWS = 3
_CHUNK_BYTES = 1 << 20
_JSON_BEGINS = re.compile(r'\{\s*"[^"\n]*"\s*:|\[\s*(\{\s*"|\[)')
_ENDS_OF_CELLS = (b',', b'\t', b';', b'|', b'\n', b'\r')
# Runs of what says nothing count as one.
_TELLING = re.compile(rb'["\n\r,;|\t]|[^"\n\r,;|\t]+')


class _RaggedRows:
    """Counts rows with another number of fields; they are left out of the profile."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        self.count += 1
        return 'skip'


def read_delimited(
    source: ByteSource, encoding: str, max_columns: int
) -> tuple[TableSample, Dialect, list[str]]:
    """The sample, how the text was read, and warnings. Raises INVALID_DATASET, with the line where there is one."""
    with open_utf8(source, encoding) as stream:
        head = read_bytes(stream, limits.HEAD_BYTES)
    text = head.decode('utf-8', 'ignore')
    refuse_other_form(text[:8_192], source.shown)
    try:
        dialect = detect_dialect(text, len(head) < limits.HEAD_BYTES, source.shown, max_columns)
    except ToolError as error:
        # An open quote makes one cell of all that follows: whatever else seems wrong comes of it.
        raise (unclosed_quote(source, encoding) if b'"' in head else None) or error from error
    sample, ragged, last = TableSample(dialect.names), _RaggedRows(), None
    with open_utf8(source, encoding) as stream:
        try:
            for batch in _batches(stream, dialect, ragged):
                last = batch if batch.num_rows else last
                sample.add(pa.Table.from_batches([batch]))
        except pa.ArrowInvalid as error:
            raise unclosed_quote(source, encoding) or _unreadable(
                source.shown, str(error), sample.rows
            ) from error
    if (ragged.count or _ends_in_long_cell(last)) and (refusal := unclosed_quote(source, encoding)):
        raise refusal
    return sample, dialect, _warnings(source, encoding, sample, dialect, ragged)


def _ends_in_long_cell(batch: pa.RecordBatch | None) -> bool:
    """True when a cell of the last row goes over several lines, as it does when its quote is never closed."""
    if batch is None:
        return False
    return any('\n' in (cell or '') for cell in batch.slice(batch.num_rows - 1).to_pylist()[0].values())


def _batches(stream: io.RawIOBase, dialect: Dialect, ragged: _RaggedRows) -> arrow_csv.CSVStreamingReader:
    return arrow_csv.open_csv(
        pa.PythonFile(stream, mode='r'),
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
    if 'straddling' in why or 'block' in why:
        return invalid(
            shown,
            f'after {rows:,} rows a row is longer than {limits.size_text(limits.MAX_ROW_BYTES)} (MAX_ROW_BYTES); '
            'most often a quote is never closed',
            'Close the quote, or shorten the row.',
        )
    if 'Empty CSV' in why:
        return invalid(shown, 'it holds a header and no rows', 'Upload a table with at least 2 rows.')
    return invalid(
        shown, f'after {rows:,} rows it cannot be read ({why[:200]})', 'Export the table again as CSV.'
    )


def _warnings(
    source: ByteSource, encoding: str, sample: TableSample, dialect: Dialect, ragged: _RaggedRows
) -> list[str]:
    warnings = []
    if ragged.count:
        said, remedy = _ragged(source, encoding, dialect, ragged.count)
        if ragged.count / (ragged.count + sample.rows) > limits.MAX_RAGGED_SHARE:
            limit = f'more than {limits.MAX_RAGGED_SHARE:.0%} of the rows (MAX_RAGGED_SHARE)'
            raise invalid(source.shown, f'{said}, {limit}', remedy)
        warnings.append(
            f'{said[0].upper()}{said[1:]}; {"it is" if ragged.count == 1 else "they are"} left out of this profile.'
        )
    if dialect.unnamed:
        named = (
            '1 column had no name and is called by its position'
            if dialect.unnamed == 1
            else f'{dialect.unnamed:,} columns had no name and are called by their position'
        )
        warnings.append(f'{named}, column_N.')
    if not dialect.header:
        warnings.append('The file has no header line: the columns are called column_1, column_2 and so on.')
    return warnings


def _ragged(source: ByteSource, encoding: str, dialect: Dialect, count: int) -> tuple[str, str]:
    """Which rows have another number of fields, and what to do about it."""
    width = len(dialect.names)
    uneven = uneven_rows(source, encoding, dialect.delimiter, width, _SHOWN_ROWS, dialect.header)
    places = '; '.join(f'line {line:,} has {fields:,} instead of {width:,}' for line, fields in uneven)
    rows = '1 row has' if count == 1 else f'{count:,} rows have'
    said = f'{rows} another number of fields than the {width:,} columns' + (
        f' ({places}{"; …" if count > len(uneven) else ""})' if places else ''
    )
    remedy = 'Quote the cells that hold the delimiter, or export the table again.'
    if uneven and all(fields < width for _, fields in uneven):
        remedy = 'Fill the short rows with empty fields, or export the table again.'
    return said, remedy
