"""Hides what a requirements file does not bring: what loads here loads anywhere with the same packages."""

from __future__ import annotations

import importlib.abc
import importlib.metadata
import re
from pathlib import Path
from typing import Any

# Needed to read the splits and the pickles at all.
ALWAYS_ALLOWED = ('numpy', 'pandas', 'pyarrow', 'scikit-learn', 'joblib', 'scipy', 'threadpoolctl')


class RequirementsOnly(importlib.abc.MetaPathFinder):
    """Hides installed packages that the requirements file does not bring."""

    def __init__(self, requirements: Path) -> None:
        allowed = _closure([*ALWAYS_ALLOWED, *_names(requirements.read_text('utf-8', 'replace'))])
        owners = importlib.metadata.packages_distributions()
        self.hidden = {
            module: names[0]
            for module, names in owners.items()
            if not any(_plain(name) in allowed for name in names)
        }

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        top = fullname.partition('.')[0]
        if top in self.hidden:
            raise ModuleNotFoundError(
                f'needs the package {self.hidden[top]}, which requirements.txt does not name', name=top
            )


def _plain(name: str) -> str:
    return re.sub(r'[-_.]+', '-', name).lower()


def _names(text: str) -> list[str]:
    found = (re.match(r'^\s*([A-Za-z0-9][A-Za-z0-9._-]*)', line) for line in text.splitlines())
    return [match.group(1) for match in found if match]


def _closure(names: list[str]) -> set[str]:
    """The packages and all that they require."""
    pending, found = [_plain(name) for name in names], set()
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        try:
            required = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        pending.extend(_plain(item) for line in required if 'extra ==' not in line for item in _names(line))
    return found
