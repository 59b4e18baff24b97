"""Why a table cannot be read. Each says what was tried, where, and how to mend it.

TableError                 the family; `code` is stable
  EmptyTable               nothing in it that is a table
  UnreadableTable          damaged, locked, or of no kind that is known
  TooLarge                 beyond a limit, which is named
"""

from __future__ import annotations


class TableError(Exception):
    """A file that cannot be understood as a table, or read by a plan."""

    code = 'TABLE_UNREADABLE'


class EmptyTable(TableError):
    """There is no cell to read."""

    code = 'TABLE_EMPTY'


class UnreadableTable(TableError):
    """The bytes are not what their kind promises."""

    code = 'TABLE_UNREADABLE'


class TooLarge(TableError):
    """More rows, columns or cells than the limits allow."""

    code = 'TABLE_TOO_LARGE'
