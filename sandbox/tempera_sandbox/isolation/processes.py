"""Processes as /proc shows them, from outside their namespace."""

from __future__ import annotations

import os


def processes_of(init_pid: int) -> list[int]:
    """init and all below it, by the kernel's lists of children; those that end meanwhile are left out."""
    found, queue = [], [init_pid]
    while queue:
        pid = queue.pop()
        try:
            tasks = os.listdir(f'/proc/{pid}/task')
        except OSError:
            continue
        found.append(pid)
        for task in tasks:
            try:
                with open(f'/proc/{pid}/task/{task}/children', encoding='ascii') as listing:
                    queue.extend(int(word) for word in listing.read().split())
            except OSError:
                continue
    return found


def stat_fields(place: str) -> list[str]:
    """The fields of /proc/PLACE/stat behind the command's name; the first is the state. OSError: it has ended."""
    with open(f'/proc/{place}/stat', encoding='utf-8', errors='replace') as stat:
        return stat.read().rpartition(')')[2].split()
