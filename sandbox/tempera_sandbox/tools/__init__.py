"""The host's built-in tools: each is a module here with `run(params, context) -> dict`.

They run in a confined child, because their inputs are hostile: files that people upload and scripts' outputs.
1. A tool changes nothing in the workspace; what it must write goes to the system's temporary folder.
2. A clear refusal is a `ToolError` with a stable code and a sentence that names the file and the remedy.
3. What it returns is JSON: no NaN, no bytes, bounded in size.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOOL_NAMES = (
    'profile_upload',
    'sample_columns',
    'label_columns',
    'query_sql',
    'list_tables',
    'column_summary',
    'validate_stage',
    'read_file',
    'list_files',
    'predict',
)


class ToolError(Exception):
    """A clear refusal: `code` is stable, `message` says what, where and how to mend it."""

    def __init__(self, code: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details or {}


@dataclass(frozen=True)
class Context:
    """Where a tool may look: the session's folder and the experiment's dataset folder, both read only."""

    workspace: Path
    datasets: Path


def run_tool(name: str, params: dict[str, Any], context: Context) -> dict[str, Any]:
    """Runs a built-in tool by name. Raises ToolError for every refusal that the tool foresees."""
    if name not in TOOL_NAMES:
        raise ToolError(
            'UNKNOWN_TOOL', f'There is no built-in tool [{name}]. The tools are: {", ".join(TOOL_NAMES)}.'
        )
    if not isinstance(params, dict):
        raise ToolError('INVALID_ARGUMENT', f'The parameters of [{name}] must be a JSON object.')
    result: dict[str, Any] = importlib.import_module(f'{__name__}.{name}').run(params, context)
    return result
