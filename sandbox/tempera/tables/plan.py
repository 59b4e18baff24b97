"""What a plan says of a table. All of it is data: frozen dataclasses that go to JSON and come back the same.

    TablePlan
      file: FilePlan            where the rows stand: kind, parts, encoding, delimiter, header, lines that are no data
      columns: ColumnPlan, …    what each column is, and how its cells are parsed

1. Lists and rows have fixed numbers. A line or sheet row is counted from 1, as an editor or a spreadsheet shows it; a
   row's position is counted from 0 among the records below the header, parts after parts, rows that are left out
   included. Blank lines and comments are no records.
2. `rows` = rows used + rows left out by reason, in each part and in the file.
3. A column's `form` alone says how a cell becomes a value; nothing else of the plan is needed for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .file_plan import Dialect, FileKind, FilePlan, JoinPlan, PartPlan
from .findings import Choice, Evidence, LeftOut, Question, Reason, Scalar, Token
from .record import from_json, to_json

__all__ = [
    'VERSION',
    'Choice',
    'ColumnPlan',
    'Dialect',
    'Evidence',
    'FileKind',
    'FilePlan',
    'Form',
    'JoinPlan',
    'Kind',
    'LeftOut',
    'PartPlan',
    'Question',
    'Reason',
    'Scalar',
    'TablePlan',
    'Token',
    'ValueType',
]
VERSION = 1

Kind = Literal[
    'integer',
    'number',
    'count',
    'money',
    'percent',
    'duration',
    'date',
    'datetime',
    'time',
    'year',
    'boolean',
    'category',
    'ordinal',
    'identifier',
    'code',
    'text',
    'list',
    'record',
    'coordinates',
    'constant',
    'empty',
]
ValueType = Literal['integer', 'float', 'boolean', 'moment', 'text', 'list', 'record', 'pair']


@dataclass(frozen=True)
class Form:
    """How a cell becomes a value: nothing but this and the cell is asked.

    What is no value (`missing`, `sentinels`, and what does not parse) becomes a gap of the type.
    """

    type: ValueType = 'text'
    #: the decimal and thousands marks of numbers; `thousands` is empty where none may stand
    decimal: str = '.'
    thousands: str = ''
    #: of whole numbers that measure: numbers with parts are values too, should any come
    parts: bool = False
    #: a unit or currency that may stand beside the number, lower case: `$`, `km`, `%`
    units: tuple[str, ...] = ()
    #: factor of each unit where a column mixes units of one kind: {'min': 60, 'h': 3600}
    factors: Mapping[str, float] = field(default_factory=dict)
    #: what each unit is worth where a cell adds several up: {'ft': 12, 'in': 1}
    pieces: Mapping[str, float] = field(default_factory=dict)
    #: how durations and hours are written beside plain numbers: `clock` (1:30:00), `iso` (PT1H), `units` (1h 30m); or
    #: how digits alone are times of day: `hhmm` (930), `hhmmss`
    clock: str = ''
    #: forms of dates and times, as strptime names them; each cell fits at most one of them. Of integers: of years
    formats: tuple[str, ...] = ()
    #: of numbers that are moments: `s`, `ms`, `us`, `ns`, `days` (a spreadsheet's serial), `yyyymmdd`,
    #: `yyyymm`, `ordinal` (days since the year 1)
    epoch: str = ''
    #: moments carry a zone or offset and are kept as UTC
    zoned: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    #: labels whose spellings differ only in case or blanks are one: {folded: label}
    labels: Mapping[str, str] = field(default_factory=dict)
    #: between the items of a list written in a cell; `json` for JSON or Python text
    separator: str = ''
    items: Form | None = None
    #: of a record: name and form of each field
    fields: Mapping[str, Form] = field(default_factory=dict)
    #: texts that stand for no value, trimmed and in lower case
    missing: tuple[str, ...] = ('',)
    #: numbers that stand for no value: -999, 9999
    sentinels: tuple[float, ...] = ()


@dataclass(frozen=True)
class ColumnPlan:
    """One column: what it is, how its cells are parsed, and why."""

    #: unique in the table; as in the file, where that was unique and not empty
    name: str
    #: safe in a decision's key and in code: letters, digits and underscores; unique
    key: str
    #: field of the file that it stands in, from 0
    position: int
    kind: Kind
    form: Form = field(default_factory=Form)
    missing: tuple[Token, ...] = ()
    sentinels: tuple[Token, ...] = ()
    #: of all its cells: `$`, `%`, `kg`, `s` for durations; empty where there is none
    unit: str = ''
    #: of moments: `UTC` where cells carry an offset or zone, else empty
    zone: str = ''
    #: labels of an ordinal in order, or of a category (at most 200, by frequency); of numbers with few different
    #: values, which may be codes or steps, these values
    levels: tuple[str, ...] = ()
    rows: int = 0
    #: cells without a value: blank, missing tokens, sentinels
    gaps: int = 0
    #: distinct values
    distinct: int = 0
    #: share of the cells with something in them that do not parse; they become gaps
    unparsed: float = 0.0
    unparsed_examples: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def unit_factor(self) -> float:
        """What a cell in the column's own unit is multiplied with."""
        return self.form.factors.get(self.unit, 1.0)


@dataclass(frozen=True)
class TablePlan:
    """One understanding of a table. `read(file, plan)` gives its typed frame."""

    file: FilePlan
    columns: tuple[ColumnPlan, ...]
    version: int = VERSION

    def column(self, name: str) -> ColumnPlan:
        """The column of that name or key. KeyError names those that are alike."""
        for one in self.columns:
            if one.name == name:
                return one
        for one in self.columns:
            if one.key == name:
                return one
        raise KeyError(f'The table has no column [{name}]; it has {", ".join(self.names[:20])}.')

    @property
    def names(self) -> tuple[str, ...]:
        """Of all columns, in the file's order."""
        return tuple(one.name for one in self.columns)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything that the data cannot settle: of the file, then of each column."""
        return self.file.questions + tuple(asked for column in self.columns for asked in column.questions)

    def with_column(self, column: ColumnPlan) -> TablePlan:
        """The plan with the column of that name replaced."""
        return replace(
            self, columns=tuple(column if one.name == column.name else one for one in self.columns)
        )

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        data = to_json(self)
        assert isinstance(data, dict)
        return {'version': self.version, **data}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str | bytes) -> TablePlan:
        """Of `to_json`, or its text. ValueError for a plan of another version."""
        parsed: Mapping[str, Any] = json.loads(data) if isinstance(data, str | bytes) else data
        if parsed.get('version') != VERSION:
            raise ValueError(
                f'This plan is of version {parsed.get("version")}, and this tempera reads version {VERSION}; '
                'understand the file again.'
            )
        return from_json(cls, parsed)
