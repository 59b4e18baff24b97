"""Closes a socket on which another process of ours listens and which none of its settings closes.

    python close_listener.py PID PORT

The process keeps running: its next accept fails. It takes the right to trace the process, which root has, and others
where the kernel lets processes of one user trace each other (kernel.yama.ptrace_scope is 0).
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from pathlib import Path

PIDFD_GETFD = 438
LISTENS = "0A"


def inode_of(pid: int, port: int) -> str | None:
    """The inode of the listening socket, as the process's network has it."""
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
            return fields[9]
    return None


def descriptor_of(pid: int, inode: str) -> int | None:
    """The number under which the process holds the socket."""
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            if os.readlink(f"/proc/{pid}/fd/{name}") == f"socket:[{inode}]":
                return int(name)
        except FileNotFoundError:
            continue  # closed meanwhile
    return None


def close_listener(pid: int, port: int) -> None:
    """Returns when nobody can connect any more. Raises OSError where it may not."""
    inode = inode_of(pid, port)
    number = None if inode is None else descriptor_of(pid, inode)
    if number is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    taken = libc.syscall(PIDFD_GETFD, os.pidfd_open(pid), number, 0)
    if taken < 0:
        raise OSError(
            ctypes.get_errno(),
            "the socket cannot be had: " + os.strerror(ctypes.get_errno()),
        )
    with socket.socket(fileno=taken) as listener:
        listener.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    close_listener(int(sys.argv[1]), int(sys.argv[2]))
