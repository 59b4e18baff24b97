"""Runs a command as a user without rights, on a machine where the tests are root.

Python may lie below a folder that only root may enter: in a mount namespace of its own such a folder is replaced by an
empty one in which only Python's own trees are seen.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from tempera_sandbox.isolation import system_calls

from .confined import python_paths

USER = 64_321
"""An id that no account has."""


def run_as_user(
    command: list[str], environment: dict[str, str], timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """Waits for the command's end; needs to be root and of a single thread."""
    with tempfile.TemporaryDirectory(prefix='tempera-as-user-') as places_folder:
        return subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            cwd='/',
            preexec_fn=lambda: _become_user(Path(places_folder)),
            stdin=subprocess.DEVNULL,
        )


def closed_folders(paths: tuple[Path, ...]) -> dict[Path, list[Path]]:
    """Folder that others may not enter -> the paths below it."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & 0o001:
                found.setdefault(folder, []).append(path)
                break
    return found


def _become_user(places_folder: Path) -> None:
    system_calls.call('unshare', system_calls.CLONE_NEWNS)
    system_calls.mount('none', '/', None, system_calls.MS_REC | system_calls.MS_PRIVATE)
    for folder, paths in closed_folders(python_paths()).items():
        places = []
        for number, path in enumerate(paths):
            places.append(places_folder / f'{len(str(folder))}-{number}')
            places[-1].mkdir()
            system_calls.mount(str(path), str(places[-1]), None, system_calls.MS_BIND | system_calls.MS_REC)
        system_calls.mount('closed', str(folder), 'tmpfs', system_calls.MS_NOSUID, 'mode=755')
        for path, place in zip(paths, places, strict=True):
            path.mkdir(parents=True, exist_ok=True)
            system_calls.mount(str(place), str(path), None, system_calls.MS_BIND | system_calls.MS_REC)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
