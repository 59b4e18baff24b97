"""Resolves the paths that people and models name, and keeps them inside the session's or the dataset's folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..files.path_text import path_of, path_text
from . import Context, ToolError

# The layout that code in the sandbox sees.
_DATASETS_PREFIXES = ('/data/datasets', 'datasets')


def refuse(path: str, why: str) -> ToolError:
    """The refusal of a path."""
    return ToolError(
        'INVALID_PATH',
        f"{path!r:.300}: {why}. Name a file inside the session's folder (such as eda/report.md) or "
        'a file of the dataset.',
    )


def resolve(path: str, context: Context) -> Path:
    """The real path of `path`, which must lie inside the workspace or the datasets; relative ones are
    looked up in the workspace first. Raises INVALID_PATH or NOT_FOUND."""
    path = path_of(path)
    if '\0' in path:
        raise refuse(path, 'a path cannot hold a NUL byte')
    if _leads_up(path):
        raise refuse(path, "'..' is not taken")
    outside = False
    for candidate in _candidates(path, context):
        if not candidate.exists() and not candidate.is_symlink():
            continue
        real = Path(os.path.realpath(candidate))
        if is_inside(real, context) and real.exists():
            return real
        outside = True
    if outside:
        raise refuse(path, "it leads out of the session's folder")
    if os.path.isabs(path) and not is_inside(Path(path), context) and not path.startswith('/data/'):
        raise refuse(path, "it lies outside the session's folder")
    raise ToolError(
        'NOT_FOUND', f'{path!r:.300}: there is no such file. Call list_files to see what is there.'
    )


def _leads_up(path: str) -> bool:
    """By '..', or by what others would take for it; a name that only looks like that is no part of these."""
    forms = (
        path,
        path.replace('\\', '/'),
        re.sub('%2f', '/', re.sub('%2e', '.', path, flags=re.I), flags=re.I),
    )
    return any('..' in Path(form).parts for form in forms)


def is_inside(real: Path, context: Context) -> bool:
    """True when a real path lies in the workspace or in the datasets."""
    return any(
        real == root or root in real.parents
        for root in (Path(os.path.realpath(context.workspace)), Path(os.path.realpath(context.datasets)))
    )


def shown(real: Path, context: Context) -> str:
    """How a real path is shown: relative to the workspace, or `datasets/…`."""
    workspace = Path(os.path.realpath(context.workspace))
    if real == workspace or workspace in real.parents:
        return path_text(str(real.relative_to(workspace)))
    datasets = Path(os.path.realpath(context.datasets))
    return path_text(str(Path('datasets') / real.relative_to(datasets)))


def _candidates(path: str, context: Context) -> list[Path]:
    """Where a path may be meant; nothing is decided about safety here."""
    if os.path.isabs(path):
        direct = Path(path)
        if is_inside(Path(os.path.realpath(direct)), context) or path in ('/data/datasets',):
            found = [direct] if direct.exists() or direct.is_symlink() else []
        else:
            found = []
            # A link inside the workspace that leads out must be refused, not called missing.
            if any(_lexically_inside(direct, root) for root in (context.workspace, context.datasets)):
                found = [direct]
        return found + _dataset_forms(path, context)
    return [context.workspace / path, context.datasets / path, *_dataset_forms(path, context)]


def _lexically_inside(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def _dataset_forms(path: str, context: Context) -> list[Path]:
    """`datasets/x.csv` and `/data/datasets/{experiment}/x.csv` name files of the dataset."""
    for prefix in _DATASETS_PREFIXES:
        if path == prefix or path.startswith(prefix + '/'):
            rest = path[len(prefix) :].strip('/')
            forms = [context.datasets / rest]
            parts = rest.split('/', 1)
            if parts[0] == context.datasets.name:
                forms.append(context.datasets / (parts[1] if len(parts) > 1 else ''))
            return forms
    return []
