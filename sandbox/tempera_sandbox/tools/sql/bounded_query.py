"""Runs work on a DuckDB connection within a time limit, and turns its errors into refusals.

The work runs on a thread of its own: a query that does not react to the interrupt is left behind, and the
confined child that it runs in ends with the tool's answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import duckdb

from .. import ToolError
from .session_tables import TableSource, first_line

_Result = TypeVar('_Result')
_GRACE_S = 2.0


def one_row(
    connection: duckdb.DuckDBPyConnection, text: str, parameters: list[Any] | None = None
) -> tuple[Any, ...]:
    """The single row that a query gives which always gives one, such as an aggregate."""
    row = connection.execute(text, parameters).fetchone()
    assert row is not None, text
    return row


class TimeLimit:
    """A deadline that interrupts whichever connection is in use."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._connection: duckdb.DuckDBPyConnection | None = None

    def use(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Names the connection that a timeout interrupts."""
        self._connection = connection

    def run(self, work: Callable[[], _Result], tables: list[TableSource]) -> _Result:
        """The result of `work`. Raises QUERY_TIMEOUT, INVALID_SQL, or what the work raised."""
        outcome: dict[str, Any] = {}

        def target() -> None:
            try:
                outcome['result'] = work()
            except BaseException as error:  # handed to the caller's thread
                outcome['error'] = error

        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        thread.join(self.seconds)
        if thread.is_alive():
            if self._connection is not None:
                self._connection.interrupt()
            thread.join(_GRACE_S)
            raise self._timed_out()
        if 'error' in outcome:
            raise self._refusal(outcome['error'], tables)
        result: _Result = outcome['result']
        return result

    def _timed_out(self) -> ToolError:
        return ToolError(
            'QUERY_TIMEOUT',
            f'The query did not end within {self.seconds:g} s (timeout_s) and was stopped. Narrow it: '
            'fewer rows, an end to '
            'the recursion, or an aggregate.',
        )

    def _refusal(self, error: BaseException, tables: list[TableSource]) -> BaseException:
        if isinstance(error, MemoryError):
            return ToolError(
                'INVALID_SQL', 'The query needs more memory than its process may have. Narrow it.'
            )
        if not isinstance(error, duckdb.Error):
            return error
        message = first_line(error)
        if isinstance(error, duckdb.InterruptException):
            return self._timed_out()
        if isinstance(error, duckdb.OutOfMemoryException):
            return ToolError(
                'INVALID_SQL', f'The query needs more memory than memory_mb allows ({message}). Narrow it.'
            )
        if isinstance(error, duckdb.PermissionException):
            return ToolError(
                'INVALID_SQL',
                "Files cannot be read or written by SQL: only the session's tables are there. "
                + _listed(tables),
            )
        if isinstance(error, duckdb.CatalogException) and 'Table' in message:
            return ToolError('INVALID_SQL', f'{message} {_listed(tables)}')
        return ToolError('INVALID_SQL', f'The statement is not valid: {message}')


def _listed(tables: list[TableSource]) -> str:
    return 'The tables are: ' + (', '.join(table.name for table in tables[:20]) or 'none yet') + '.'
