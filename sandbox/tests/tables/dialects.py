"""Tables written the ways that people and programs write them: twelve dialects, each by its own little writer.

None of them uses the library under test. `write` takes typed columns and gives the bytes of a file.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import openpyxl

Value = str | int | float | bool | dt.date | dt.datetime | None


@dataclass(frozen=True)
class Column:
    """A column of one type: `number`, `integer`, `label`, `date`, `moment`, `boolean`, `money`."""

    name: str
    type: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    name: str
    delimiter: str = ','
    encoding: str = 'utf-8'
    decimal: str = '.'
    thousands: str = ''
    quote_all: bool = False
    quote: str = '"'
    newline: str = '\n'
    date: str = '%Y-%m-%d'
    moment: str = '%Y-%m-%d %H:%M:%S'
    missing: str = ''
    true: str = 'true'
    false: str = 'false'
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    total: bool = False
    final_newline: bool = True
    workbook: bool = False


_GERMANY = Dialect(
    'excel in Germany', ';', 'cp1252', ',', '.', newline='\r\n', date='%d.%m.%Y', moment='%d.%m.%Y %H:%M:%S'
)
_FRANCE = Dialect(
    'excel in France',
    ';',
    'cp1252',
    ',',
    '\u00a0',
    newline='\r\n',
    date='%d/%m/%Y',
    moment='%d/%m/%Y %H:%M:%S',
)
_AMERICA = Dialect(
    'excel in America',
    ',',
    'utf-8-sig',
    '.',
    ',',
    newline='\r\n',
    date='%m/%d/%Y',
    moment='%m/%d/%Y %I:%M:%S %p',
)
DIALECTS = (
    Dialect('plain'),
    replace(_GERMANY, true='WAHR', false='FALSCH'),
    replace(_FRANCE, true='VRAI', false='FAUX'),
    replace(_AMERICA, true='TRUE', false='FALSE'),
    Dialect('tabs', '\t', 'utf-8', missing='NA', true='yes', false='no'),
    Dialect('pipes, all quoted', '|', 'utf-8', quote_all=True, missing='NULL', true='Y', false='N'),
    Dialect('utf-16 with mark', '\t', 'utf-16', newline='\r\n', moment='%Y-%m-%dT%H:%M:%S'),
    Dialect('utf-16 without mark', ',', 'utf-16-le', date='%d-%b-%Y'),
    Dialect('comments above', ',', above=('# by the station', '# second line of a comment'), missing='n/a'),
    Dialect(
        'title, note and total', ',', above=('Report of the north',), below=('Source: own audit',), total=True
    ),
    Dialect('apostrophes', ',', quote="'", missing='?', date='%Y/%m/%d'),
    Dialect('no newline at the end', ';', 'utf-8', ',', final_newline=False, missing='-', date='%d.%m.%Y'),
)
WORKBOOK = Dialect('workbook', workbook=True)


def write(columns: Sequence[Column], dialect: Dialect) -> bytes:
    """The file's bytes."""
    if dialect.workbook:
        return _workbook(columns)
    rows = [[column.name for column in columns]]
    count = len(columns[0].values)
    for place in range(count):
        rows.append([_cell(column.type, column.values[place], dialect) for column in columns])
    if dialect.total:
        rows.append(_total(columns, dialect))
    lines = [*dialect.above, *(_line(row, dialect) for row in rows), *dialect.below]
    text = dialect.newline.join(lines) + (dialect.newline if dialect.final_newline else '')
    return text.encode(dialect.encoding)


def _cell(kind: str, value: Value, dialect: Dialect) -> str:
    if value is None:
        return dialect.missing
    writers: dict[str, Callable[[], str]] = {
        'label': lambda: str(value),
        'boolean': lambda: dialect.true if value else dialect.false,
        'date': lambda: value.strftime(dialect.date),  # type: ignore[union-attr]
        'moment': lambda: value.strftime(dialect.moment),  # type: ignore[union-attr]
        'integer': lambda: _grouped(f'{value}', dialect),
        'number': lambda: _number(f'{value!r}', dialect),
        'money': lambda: (
            f'${value:,.2f}' if dialect.decimal == '.' else f'{_number(f"{value:.2f}", dialect)} €'
        ),
    }
    return writers[kind]()


def _number(text: str, dialect: Dialect) -> str:
    whole, mark, part = text.partition('.')
    return _grouped(whole, dialect) + (dialect.decimal + part if mark else '')


def _grouped(digits: str, dialect: Dialect) -> str:
    sign, bare = ('-', digits[1:]) if digits.startswith('-') else ('', digits)
    if not dialect.thousands:
        return digits
    return sign + f'{int(bare):,}'.replace(',', dialect.thousands)


def _line(cells: Sequence[str], dialect: Dialect) -> str:
    return dialect.delimiter.join(_quoted(cell, dialect) for cell in cells)


def _quoted(cell: str, dialect: Dialect) -> str:
    mark = dialect.quote
    if dialect.quote_all or any(one in cell for one in (dialect.delimiter, mark, '\n', '\r')):
        return mark + cell.replace(mark, mark * 2) + mark
    return cell


def _total(columns: Sequence[Column], dialect: Dialect) -> list[str]:
    cells = ['Total']
    for column in columns[1:]:
        held = [
            value for value in column.values if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        cells.append(
            _cell('number', round(sum(held), 6), dialect) if column.type in ('number', 'integer') else ''
        )
    return cells


def _workbook(columns: Sequence[Column]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([column.name for column in columns])
    for row in zip(*(column.values for column in columns), strict=True):
        sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def renamed(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """The columns under other names."""
    return [replace(column, name=name) for column, name in zip(columns, names, strict=True)]
