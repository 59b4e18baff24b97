"""An execution's records on disk: what it printed and logged, kept until the caller has committed them.

1. Records are numbered from 0 without a gap; a record never changes once appended.
2. Frame: 4 bytes little-endian length, then a serialised ExecutionChunk.
3. Any number of readers read by number, each with its own position; the writer never waits for one.
4. The last record is `exit`; a file that ends with one outlives its host.
"""

from __future__ import annotations

import asyncio
import os
import struct
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

from ..generated.sandbox_pb2 import ExecutionChunk

_LENGTH = struct.Struct('<I')
_LARGEST_FRAME = 64 * 1024 * 1024


class Spool:
    """One file; written by the event loop only, so appending needs no lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._starts = array('Q')
        self._size = 0
        self._ended = False
        self._dropped = False
        self._changed = asyncio.Event()

    @classmethod
    def recover(cls, path: Path) -> Spool | None:
        """A spool that a former host left, or None when it has no `exit` (its execution died with that host)."""
        spool = cls(path)
        spool._index()
        if spool._ended:
            return spool
        spool.remove()
        return None

    @property
    def length(self) -> int:
        return len(self._starts)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._size

    @property
    def ended(self) -> bool:
        return self._ended

    def append(self, chunk: ExecutionChunk) -> None:
        """Numbers the chunk and writes it; OSError when the disk is full."""
        chunk.offset = len(self._starts)
        body = chunk.SerializeToString()
        frame = _LENGTH.pack(len(body)) + body
        written = 0
        while written < len(frame):
            written += os.write(self._file, frame[written:])
        self._starts.append(self._size)
        self._size += len(frame)
        self._ended = chunk.WhichOneof('payload') == 'exit'
        self._changed.set()
        self._changed = asyncio.Event()

    def read(self, offset: int) -> ExecutionChunk:
        header = os.pread(self._file, _LENGTH.size, self._starts[offset])
        (length,) = _LENGTH.unpack(header)
        frame = os.pread(self._file, length, self._starts[offset] + _LENGTH.size)
        chunk: ExecutionChunk = ExecutionChunk.FromString(frame)
        return chunk

    async def follow(self, offset: int) -> AsyncIterator[ExecutionChunk]:
        """Every record from `offset` on, waiting for those to come, to the `exit`; ends early when dropped."""
        position = offset
        while not self._dropped:
            changed = self._changed
            while position < len(self._starts) and not self._dropped:
                yield self.read(position)
                position += 1
            if self._ended and position >= len(self._starts):
                return
            await changed.wait()

    def last(self) -> ExecutionChunk:
        return self.read(len(self._starts) - 1)

    def remove(self) -> None:
        """Readers still following end; the file goes."""
        if self._dropped:
            return
        self._dropped = True
        self._changed.set()
        os.close(self._file)
        self._path.unlink(missing_ok=True)

    def _index(self) -> None:
        size = os.fstat(self._file).st_size
        position = 0
        while position + _LENGTH.size <= size:
            (length,) = _LENGTH.unpack(os.pread(self._file, _LENGTH.size, position))
            if length > _LARGEST_FRAME or position + _LENGTH.size + length > size:
                break
            self._starts.append(position)
            position += _LENGTH.size + length
        self._size = position
        if self._starts:
            self._ended = self.last().WhichOneof('payload') == 'exit'
