"""Where the rows of a table stand: its file, the parts of that, tables that are joined, lines that are no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .findings import Evidence, LeftOut, Question, Reason

FileKind = Literal['delimited', 'workbook', 'json', 'jsonl', 'parquet']


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is cut into cells. `quote` and `escape` are empty where there is none."""

    delimiter: str = ','
    quote: str = '"'
    escape: str = ''
    comment: str = ''
    #: blanks beside the delimiter are no part of a cell; where a blank is the delimiter, several are one
    skip_spaces: bool = False
    #: each line is quoted as a whole, around its cells
    wrapped: bool = False
    #: the delimiter stands at both ends of a line too, as around printed tables
    edged: bool = False


@dataclass(frozen=True)
class PartPlan:
    """One stretch of rows: a file, one member of an archive, or one sheet."""

    #: the member's name in its archive, or the file's among several; empty for a file by itself
    member: str = ''
    #: where it is another than the file's, as in an archive of texts and workbooks
    kind: FileKind | None = None
    #: `train`, `validation` or `test` where rows are given apart by purpose; else empty
    role: str = ''
    #: names of its columns in order, where they are not just the table's; those it lacks are gaps
    names: tuple[str, ...] = ()
    encoding: str = ''
    #: the bytes do not prove the encoding; it is the likeliest
    encoding_is_guess: bool = False
    dialect: Dialect | None = None
    sheet: str = ''
    #: the sheets that were not taken, with why
    other_sheets: Mapping[str, str] = field(default_factory=dict)
    #: the path to the list of records in a JSON document: `data.items`
    records_at: str = ''
    #: the lines, or rows of the sheet, that hold the columns' names; none without a header
    header: tuple[int, ...] = ()
    #: the line, or row of the sheet, on which the data starts
    first: int = 1
    #: first field of the table, where titles or blank columns stand before it
    first_field: int = 0
    fields: int = 0
    #: positions (from 0 among the records from `first`) that are left out, as [start, count]
    dropped: tuple[tuple[int, int], ...] = ()
    #: rows in the file, used or not
    rows: int = 0
    rows_used: int = 0
    left_out: tuple[LeftOut, ...] = ()
    #: rows that had fewer or more fields than the header, and were aligned
    short_rows: int = 0
    long_rows: int = 0


@dataclass(frozen=True)
class JoinPlan:
    """Another table whose columns stand beside each row that has its key: one row of it for each, or none."""

    #: where it stands, with the names of its columns there
    part: PartPlan
    #: the key's columns in the rows' table, and in the other one
    key: tuple[str, ...]
    other_key: tuple[str, ...]
    #: what its columns are called in the table, the key's among them although they are not taken
    columns: tuple[str, ...]
    #: rows of the table that found theirs, of those whose key holds something
    matched: int = 0
    keyed: int = 0

    @property
    def taken(self) -> tuple[str, ...]:
        """The names of the columns that it adds."""
        pairs = zip(self.part.names, self.columns, strict=True)
        return tuple(name for there, name in pairs if there not in self.other_key)


@dataclass(frozen=True)
class FilePlan:
    """Where the rows of a table stand."""

    name: str
    kind: FileKind
    parts: tuple[PartPlan, ...]
    bytes: int = 0
    #: what the file is packed in, from outside: `gzip`, `zip`, `bzip2`, `xz`, `zstd`
    packed: tuple[str, ...] = ()
    has_header: bool = True
    #: tables of the archive that are joined to the rows by a key
    joins: tuple[JoinPlan, ...] = ()
    #: members of an archive, or files beside this one, that were not taken, with why
    others: Mapping[str, str] = field(default_factory=dict)
    #: columns that were the index of a stored frame
    index: tuple[str, ...] = ()
    rows: int = 0
    rows_used: int = 0
    #: names as they were in the file, where they had to be changed (repeated, empty): {name now: name then}
    renamed: Mapping[str, str] = field(default_factory=dict)
    #: lines that look like no data and are rows because somebody has decided so
    restored: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def encoding(self) -> str:
        """The first part's."""
        return self.parts[0].encoding

    @property
    def encoding_is_guess(self) -> bool:
        """Whether a part's encoding is not proven."""
        return any(part.encoding_is_guess for part in self.parts)

    @property
    def delimiter(self) -> str:
        """The first part's; empty in files that have none."""
        dialect = self.parts[0].dialect
        return dialect.delimiter if dialect else ''

    @property
    def left_out(self) -> Mapping[str, int]:
        """Lines that are no data, by reason, over all parts."""
        counts: dict[str, int] = {}
        for part in self.parts:
            for one in part.left_out:
                counts[one.reason] = counts.get(one.reason, 0) + one.count
        return counts
