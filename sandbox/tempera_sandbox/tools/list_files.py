"""Lists the files of the session, or below a path: {path, files: [{path, size, kind}], truncated}.

Links are named and not followed. Without a path the dataset's files are listed too, as `datasets/…`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import Context, ToolError, limits
from .read_file import file_kind
from .workspace_paths import resolve, shown

_LEFT_OUT = {'__pycache__', '.cache', '.git'}


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool. Raises ToolError INVALID_PATH or NOT_FOUND."""
    asked = params.get('path')
    if asked is not None and not isinstance(asked, str):
        raise ToolError('INVALID_ARGUMENT', 'path must be a text.')
    asked = (asked or '').strip()
    at_root = asked in ('', '.', './', '/data')
    roots = [context.workspace, context.datasets] if at_root else [resolve(asked, context)]
    files: list[dict[str, Any]] = []
    truncated = False
    for root in roots:
        base = Path(os.path.realpath(root))
        for entry in [base] if base.is_file() else _walk(base):
            if len(files) >= limits.MAX_LISTED_FILES:
                truncated = True
                break
            files.append(_row(entry, context))
    return {'path': asked or '.', 'files': files, 'truncated': truncated}


def _walk(folder: Path) -> Iterator[Path]:
    """Every entry below a folder, in the order of names; folders themselves only when empty."""
    for here, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if os.path.islink(os.path.join(here, name))]
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and name not in linked)
        for name in sorted([*names, *linked]):
            yield Path(here) / name
        if not folders and not names and not linked and Path(here) != folder:
            yield Path(here)


def _row(entry: Path, context: Context) -> dict[str, Any]:
    kind = file_kind(entry)
    # A link is shown by its own place, not by what it points to.
    real = Path(os.path.realpath(entry.parent)) / entry.name
    size = entry.lstat().st_size if kind == 'file' else None
    return {'path': shown(real, context), 'size': size, 'kind': kind}
