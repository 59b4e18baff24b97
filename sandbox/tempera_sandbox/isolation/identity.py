"""Who an execution is: an outer uid of its own where the host is root, else the user's own, mapped in a namespace."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from . import system_calls

INNER_ID = 1000
_FIRST_LEASE_UID = 1_880_000_000
_LEASE_UIDS = 10_000_000


def lease_uid(index: int) -> int:
    """Outer uid number `index` of a range that no account and no usual subordinate range uses."""
    if not 0 <= index < _LEASE_UIDS:
        raise ValueError(f'lease index [{index}] is outside 0 to {_LEASE_UIDS - 1}')
    uid = _FIRST_LEASE_UID + index
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return uid
    raise ValueError(f'lease uid [{uid}] belongs to an account of this machine')


def hand_over(folder: Path, uid: int, gid: int | None = None) -> None:
    """Gives a tree to a lease without following symbolic links; no effect unless the host is root."""
    if os.geteuid() != 0:
        return
    group = uid if gid is None else gid
    os.chown(folder, uid, group, follow_symlinks=False)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), uid, group, follow_symlinks=False)


def become(uid: int, gid: int) -> None:
    """Root gives up root for the lease's outer ids; they stay the owner of the namespaces' files."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    # The change made /proc/self root's; the maps below are written through it.
    system_calls.prctl(system_calls.PR_SET_DUMPABLE, 1)


def map_self(uid: int, gid: int) -> None:
    """In a new user namespace: the only known id is INNER_ID, which is `uid` outside."""
    for name, text in (
        ('setgroups', 'deny'),
        ('uid_map', f'{INNER_ID} {uid} 1'),
        ('gid_map', f'{INNER_ID} {gid} 1'),
    ):
        descriptor = os.open(f'/proc/self/{name}', os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
