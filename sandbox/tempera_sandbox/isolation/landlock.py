"""Landlock: a second wall under the mount tree that no right inside any namespace can lift."""

from __future__ import annotations

import os
import struct

from . import system_calls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
READ = _EXECUTE | _READ_FILE | _READ_DIR
LIST = _READ_DIR
DEVICE = _READ_FILE | _WRITE_FILE | _TRUNCATE
GPU = DEVICE | _IOCTL_DEVICE
WRITE = (1 << 15) - 1
_TCP_BIND_AND_CONNECT = 3
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_NEWEST_KNOWN = 7


def abi() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    try:
        return min(system_calls.call('landlock_create_ruleset', None, 0, 1), _NEWEST_KNOWN)
    except OSError:
        return 0


def restrict(rules: dict[str, int], deny_tcp: bool) -> int:
    """Confines this process and all it starts to `rules` (path -> rights); returns the version used.

    Paths that do not exist or cannot be reached are left out: there is nothing to allow. no_new_privs must be set.
    """
    version = abi()
    if version < 1:
        raise OSError(95, 'Landlock is not available')
    ruleset = _create(version, deny_tcp)
    try:
        for path, rights in rules.items():
            _allow(ruleset, path, rights & _handled(version))
        system_calls.call('landlock_restrict_self', ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _handled(version: int) -> int:
    if version < 2:
        return _REFER - 1
    if version < 3:
        return _TRUNCATE - 1
    return (_IOCTL_DEVICE << 1) - 1 if version >= 5 else _IOCTL_DEVICE - 1


def _create(version: int, deny_tcp: bool) -> int:
    fields = [_handled(version)]
    if version >= 4:
        fields.append(_TCP_BIND_AND_CONNECT if deny_tcp else 0)
    if version >= 6:
        fields.append(_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f'={len(fields)}Q', *fields)
    return system_calls.call('landlock_create_ruleset', attributes, len(attributes), 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        granted = rights if os.path.isdir(path) else rights & _FILE_RIGHTS
        system_calls.call('landlock_add_rule', ruleset, 1, struct.pack('=Qi', granted, descriptor), 0)
    finally:
        os.close(descriptor)
