"""What the host's disk has free, and what executions leave of it: they are stopped before anything else runs short."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import grpc

from ..errors import HostError
from ..settings import Settings


@dataclass(frozen=True)
class Room:
    """What a file system has left."""

    bytes: int
    files: int


def room_of(folder: Path) -> Room:
    """Free bytes and inodes; what is written and not yet on the disk is gone already."""
    state = os.statvfs(folder)
    return Room(state.f_bfree * state.f_frsize, state.f_ffree)


def floor_of(settings: Settings) -> int:
    """Bytes of the host's disk that executions leave free: `least_free_bytes`, a twentieth of it at most."""
    state = os.statvfs(settings.home)
    return min(settings.least_free_bytes, state.f_blocks * state.f_frsize // 20)


def check_floor(settings: Settings, what: str) -> None:
    """HostError UNAVAILABLE below the floor: `what` waits, or goes to another host."""
    floor, free = floor_of(settings), room_of(settings.home).bytes
    if free >= floor:
        return
    raise HostError(
        grpc.StatusCode.UNAVAILABLE,
        'DISK_FLOOR',
        f'{what} does not begin: the disk of this sandbox host has {free:,} bytes free, less than the {floor:,} that '
        'are left to everything else (least_free_bytes). Make room on it; the work goes on then.',
        {'free': free, 'least_free_bytes': floor},
    )
