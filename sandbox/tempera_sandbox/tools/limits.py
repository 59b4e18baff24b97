"""Every limit of the built-in tools, under the name that messages show, and how parameters are read."""

from __future__ import annotations

from typing import Any

from . import ToolError

MIB = 1024 * 1024

# Uploads
MAX_COLUMNS = 8_000
MIN_COLUMNS = 2
MAX_COLUMN_NAME_CHARS = 500
MIN_ROWS = 2
MAX_UNCOMPRESSED_BYTES = 2048 * MIB
MAX_COMPRESSION_RATIO = 200
# Below this size any ratio is harmless: a short file of equal rows packs very well.
RATIO_CHECKED_FROM_BYTES = 64 * MIB
MAX_ARCHIVE_ENTRIES = 1_000
MAX_ROW_BYTES = 8 * MIB
MAX_CELL_BYTES = 1 * MIB
MAX_WORKBOOK_BYTES = 512 * MIB
MAX_WORKBOOK_CELLS = 20_000_000
MAX_JSON_DOCUMENT_BYTES = 64 * MIB
MAX_PARQUET_FOOTER_BYTES = 64 * MIB
MAX_PARQUET_CHUNK_BYTES = 1024 * MIB

# Profiles: tables up to these sizes are looked at whole, larger ones by an even sample of their rows.
DETAIL_ROWS = 250_000
DETAIL_CELLS = 25_000_000
PREVIEW_ROWS = 20
PREVIEW_CELL_CHARS = 200
PREVIEW_CELLS = 40_000

# Samples of columns: what is larger than MAX_SAMPLED_WHOLE_BYTES is looked at here and there.
MAX_SAMPLED_WHOLE_BYTES = 64 * MIB
SAMPLED_HEAD_BYTES = 8 * MIB
MAX_SAMPLED_TABLES = 10_000
MAX_SAMPLED_COLUMNS = 20_000
MAX_SAMPLED_ROWS = 67_108_864
MAX_SAMPLED_CELLS = 268_435_456
MAX_SAMPLE_SIZE = 1_000
# Characters of one value, and bytes of all values of a table.
MAX_SAMPLED_VALUE_CHARS = 1_000
MAX_SAMPLED_BYTES = 16 * MIB
# Seconds that one table of a database file may take; columns that are not reached stand without values.
MAX_SAMPLED_DATABASE_S = 120.0
# Sentences about what was left out.
MAX_LEFT_OUT = 100

# Columns that members learn terms from, and those that they are asked about.
MAX_COLUMN_LINE_BYTES = 4 * MIB
MAX_CODE_CHARS = 200
MAX_LEARNED_COLUMNS = 4_000
MAX_LEARNED_OF_TERM = 100
MAX_LEARNED_VALUES = 50
MAX_LEARNED_VALUE_CHARS = 200
MAX_ANSWERED_COLUMNS = 100_000

# Predictions
MAX_PREDICT_ROWS = 1_000
MAX_PREDICT_FILE_ROWS = 20_000
# What the process that loads a model or pipeline may answer.
MAX_FRESH_ANSWER_BYTES = 256 * MIB

# SQL
MAX_SQL_CHARS = 100_000
MAX_SQL_ROWS = 10_000
DEFAULT_SQL_ROWS = 1_000
DEFAULT_SQL_TIMEOUT_S = 20.0
MAX_SQL_TIMEOUT_S = 600.0
DEFAULT_SQL_MEMORY_MB = 512
MAX_SQL_MEMORY_MB = 8_192
MAX_RESULT_BYTES = 4 * MIB
MAX_RESULT_CELL_CHARS = 10_000
MAX_TABLES = 500

# Files
DEFAULT_READ_BYTES = 64 * 1024
MAX_READ_BYTES = 1 * MIB
MAX_LISTED_FILES = 2_000


def whole_number(params: dict[str, Any], name: str, default: int, lowest: int, highest: int) -> int:
    """Reads a whole number parameter; refuses one outside [lowest, highest]."""
    value = params.get(name)
    if value is None:
        return default
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ToolError(
            'INVALID_ARGUMENT',
            f'{name} must be a whole number from {lowest} to {highest}, not {value!r:.80}.',
        )
    return value


def number(params: dict[str, Any], name: str, default: float, lowest: float, highest: float) -> float:
    """Reads a number parameter; refuses one outside [lowest, highest]."""
    value = params.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not lowest <= value <= highest:
        raise ToolError(
            'INVALID_ARGUMENT', f'{name} must be a number from {lowest:g} to {highest:g}, not {value!r:.80}.'
        )
    return float(value)


def text(params: dict[str, Any], name: str, longest: int = 4_096) -> str:
    """Reads a text parameter that must be there."""
    value = params.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ToolError('INVALID_ARGUMENT', f'{name} is missing: it must be a text.')
    if len(value) > longest:
        raise ToolError(
            'INVALID_ARGUMENT', f'{name} is {len(value):,} characters long; the limit is {longest:,}.'
        )
    return value


def size_text(size: float) -> str:
    """A size as people say it: 512 MiB, 2 GiB."""
    for unit in ('bytes', 'KiB', 'MiB', 'GiB'):
        if size < 1024 or unit == 'GiB':
            break
        size /= 1024
    return f'{size:,.0f} {unit}' if size >= 100 or float(size).is_integer() else f'{size:,.1f} {unit}'
