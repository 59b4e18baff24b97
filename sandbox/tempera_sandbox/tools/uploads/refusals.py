"""How an upload is refused."""

from __future__ import annotations

from tempera.tables import TableError

from .. import ToolError

NESTED = 'its JSON is nested too deeply'
NESTED_REMEDY = 'Give records whose values are no documents.'


def invalid(name: str, problem: str, remedy: str) -> ToolError:
    """The refusal of an upload: names the file, what is wrong, and how to mend it."""
    return ToolError('INVALID_DATASET', f'{name}: {problem}. {remedy}', {'file': name})


def unreadable(error: TableError, file: str, shown: str) -> ToolError:
    """The refusal of what is no table, in the reader's own sentence; the file is called as people know it."""
    message = str(error).replace(f'[{file}]', f'[{shown}]')
    return ToolError('INVALID_DATASET', message, {'file': shown, 'reason': error.code})
