"""Attempts to get out or to do harm, by name. Each runs confined, once a level (`survey.py`), and says what it got.

An attempt returns something true when it got out; a refusal (OSError) or nothing says that it was held. It must be
harmless where nothing confines it: most do get out there, which shows that they prove something elsewhere.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tempera_sandbox.isolation import seccomp

from ..confined import X86, Ground, system_call

_COLUMN = 0 if X86 else 1


@dataclass(frozen=True)
class Scene:
    """What the host side has laid out to be reached. Everything that holds `secret` is readable by everybody."""

    ground: Ground
    secret: str
    token_file: Path
    spool_file: Path
    other_dataset: Path
    victim: int
    """Pid of a process of the host with the secret in its environment, its arguments and its memory."""
    victim_address: int
    """Where in its memory."""
    leaked: int
    """Descriptor of `token_file`, inheritable, of the process that starts the attempt."""
    tcp_port: int
    tcp6_port: int
    udp_port: int
    abstract_name: str
    socket_path: str
    shared_key: int
    """System V segment of the host that begins with the secret; 0: none could be made."""
    shared_file: Path
    """In the host's /dev/shm."""
    network: str
    """The host's network namespace."""


@dataclass(frozen=True)
class Attempt:
    name: str
    run: Callable[[Scene], Any]
    after: Callable[[Scene], Any] | None
    """Looks from the host's side, once it is over; something true: it got out."""


ATTEMPTS: list[Attempt] = []


def attempt(
    name: str,
    after: Callable[[Scene], Any] | None = None,
) -> Callable[[Callable[[Scene], Any]], Callable[[Scene], Any]]:
    """Puts a function on the list; `name` completes the sentence "the code tries to …"."""

    def put(function: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
        ATTEMPTS.append(Attempt(name, function, after))
        return function

    return put


def denied(name: str, *arguments: int | bytes | None) -> int:
    """A system call of the deny list by its name."""
    number = seccomp._DENIED[name][_COLUMN]
    if number is None:
        raise OSError(errno.ENOSYS, 'not of this architecture')
    return system_call(number, *arguments)


def passes_the_check(action: Callable[[], Any], *beyond: int) -> bool:
    """True when the call was allowed, or refused only for its nonsense arguments, which come after the rights."""
    try:
        action()
    except OSError as error:
        if error.errno in beyond:
            return True
        raise
    return True


def holds_secret(scene: Scene, path: str | Path) -> bool:
    with open(path, 'rb') as file:
        return scene.secret.encode() in file.read(1_000_000)


def any_process(check: Callable[[int], bool]) -> bool:
    """Whether `look` is true of any process that can be seen; refusals of single ones are passed over."""
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                if check(int(name)):
                    return True
            except OSError:
                continue
    return False


from . import files, interfaces, network, processes, resources  # noqa: E402, F401  (they fill the list)
