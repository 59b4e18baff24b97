"""Memory of one namespace, from /proc, for machines whose memory controller is not writable."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

from .processes import processes_of

_HUGE_PAGE = 2 * 1024 * 1024
_MADV_COLLAPSE = 25
_RESERVED = 60 * 1024 * 1024
"""A little less than what the imports' Python objects take."""
_BLOCK, _BYTES_HEADER = 512, 33
_BLOCKS_A_HELD_ONE = 1000


@dataclass(frozen=True)
class MemoryUse:
    """Proportional memory of all processes below an init (shared pages counted once), and how many there are."""

    bytes: int
    processes: int


def memory_of(init_pid: int) -> MemoryUse:
    """Asked every 100 ms by the watchdog. Pages shared with the zygote count in part only (PSS)."""
    total, count = 0, 0
    for pid in processes_of(init_pid):
        count += 1
        total += _proportional(pid)
    return MemoryUse(total, count)


def _proportional(pid: int) -> int:
    try:
        with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as rollup:
            for line in rollup:
                if line.startswith('Pss:'):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass  # Ended, or not ours to read: count what statm shows.
    try:
        with open(f'/proc/{pid}/statm', encoding='ascii') as sizes:
            resident, shared = (int(word) for word in sizes.read().split()[1:3])
            return (resident - shared) * os.sysconf('SC_PAGE_SIZE')
    except OSError:
        return 0


def reserve_memory() -> list[bytes]:
    """Makes Python's allocator take its arenas in one piece, in the zygote before its imports; keep the result.

    Arenas of 1 MiB, scattered between the libraries' mappings, can never become huge pages. One block is kept of every
    few hundred, so that the arenas stay; the others are what the imports fill.
    """
    blocks: list[bytes | None] = [None] * (_RESERVED // _BLOCK)
    for index in range(len(blocks)):
        blocks[index] = bytes(_BLOCK - _BYTES_HEADER)
    return [block for block in blocks[::_BLOCKS_A_HELD_ONE] if block is not None]


def compact_memory() -> int:
    """Gathers this process's private memory into huge pages, once, in the zygote after its imports; bytes gathered.

    A fork copies one entry for a huge page instead of 512. A kernel that will not do it is left alone.
    """
    library = ctypes.CDLL(None, use_errno=True)
    library.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    gathered = 0
    with open('/proc/self/maps', encoding='utf-8') as listing:
        lines = listing.read().splitlines()
    for line in lines:
        span, rights, _, _, inode, *name = line.split()
        if not rights.startswith('rw-p') or inode != '0' or (name and name[0] != '[heap]'):
            continue
        first, last = (int(word, 16) for word in span.split('-'))
        for start in range(-(-first // _HUGE_PAGE) * _HUGE_PAGE, last - _HUGE_PAGE + 1, _HUGE_PAGE):
            if library.madvise(start, _HUGE_PAGE, _MADV_COLLAPSE) == 0:
                gathered += _HUGE_PAGE
    return gathered
