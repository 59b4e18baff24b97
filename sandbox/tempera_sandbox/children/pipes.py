"""A child's pipes as the host reads them: no faster than its allowance, so that no child holds up the others.

1. What a child's pipes bring in one tick is bounded in bytes and in lines, all its pipes together. Beyond that they
   are left to fill until the next tick, and the child waits in its write: back-pressure, no loss.
2. One read is small enough that a tick's last one cannot exceed it by much.
3. What is left in the pipes of a child that has ended is read by the same allowance.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import struct
import termios
from collections.abc import Callable
from typing import Any

from ..settings import Rates

Feed = Callable[[bytes], int]
"""Takes what was read; returns how many lines or messages it held."""

_LARGEST_READ = 256 * 1024
_READ_OF_LINES = 16 * 1024
"""Lines may be as short as a byte: of so many bytes even those are soon told apart."""


class Allowance:
    """What one child's pipes may still bring in this tick."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._used = 0.0
        self._ends = float('-inf')
        self._pipes: set[Pipe] = set()
        self._timer: asyncio.TimerHandle | None = None

    def join(self, pipe: Pipe) -> None:
        self._pipes.add(pipe)

    def leave(self, pipe: Pipe) -> None:
        self._pipes.discard(pipe)
        if not self._pipes and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def admits(self) -> bool:
        """Whether something may be read now."""
        now = asyncio.get_running_loop().time()
        if now >= self._ends:
            self._ends, self._used = now + self.rates.tick_s, 0.0
        return self._used < 1.0

    def spend(self, size: int, lines: int, most_bytes: int) -> None:
        self._used += size / most_bytes + lines / self.rates.lines

    def rest(self) -> None:
        """Leaves all its pipes alone until the next tick."""
        if self._timer is None:
            for pipe in self._pipes:
                pipe.pause()
            self._timer = asyncio.get_running_loop().call_at(self._ends, self._go_on)

    async def turn(self) -> None:
        """Returns when something may be read."""
        while not self.admits():
            await asyncio.sleep(max(0.0, self._ends - asyncio.get_running_loop().time()))

    def _go_on(self) -> None:
        self._timer = None
        for pipe in self._pipes:
            pipe.resume()


class Pipe:
    """Reads one end of a pipe as data comes; `ended` is set at its end of file."""

    def __init__(self, descriptor: int, feed: Feed, allowance: Allowance, of_lines: bool) -> None:
        self._descriptor = descriptor
        self._feed = feed
        self._allowance = allowance
        self._size = _READ_OF_LINES if of_lines else _LARGEST_READ
        self._most_bytes = allowance.rates.line_bytes if of_lines else allowance.rates.output_bytes
        self._reads = False
        self._is_held = False
        self.ended = asyncio.Event()
        os.set_blocking(descriptor, False)
        allowance.join(self)
        self.resume()

    def pause(self) -> None:
        if self._reads:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._reads = False

    def resume(self) -> None:
        if not (self._reads or self._is_held or self.ended.is_set()):
            asyncio.get_running_loop().add_reader(self._descriptor, self._ready)
            self._reads = True

    def close(self) -> None:
        if not self.ended.is_set():
            self.pause()
            self._allowance.leave(self)
            os.close(self._descriptor)
            self.ended.set()

    async def drain(self) -> None:
        """Reads what is there and closes: for a pipe whose writers are all gone."""
        self._hold()
        await self._allowance.turn()
        while not self.ended.is_set() and self._read(self._size):
            await self._allowance.turn()
        self.close()

    async def catch_up(self) -> None:
        """Reads what is there now and not what comes meanwhile, so that a busy writer cannot keep the reader."""
        if self.ended.is_set():
            return
        (left,) = struct.unpack('i', fcntl.ioctl(self._descriptor, termios.FIONREAD, bytes(4)))
        if left == 0:
            return
        self._hold()
        while left > 0 and not self.ended.is_set():
            await self._allowance.turn()
            size = min(left, self._size)
            left -= size
            if self.ended.is_set() or not self._read(size):
                break
        self._is_held = False
        self.resume()

    def _hold(self) -> None:
        """From here on it is read by its caller alone."""
        self._is_held = True
        self.pause()

    def _ready(self) -> None:
        if self._allowance.admits():
            self._read(self._size)
        else:
            self._allowance.rest()

    def _read(self, size: int) -> bool:
        try:
            data = os.read(self._descriptor, size)
        except BlockingIOError:
            return False
        if not data:
            self.close()
            return False
        self._allowance.spend(len(data), self._feed(data), self._most_bytes)
        return True


class Lines:
    """Splits what a pipe brings into JSON lines. Foreign code may hold the pipe too: what it writes may be anything."""

    def __init__(self, handle: Callable[[dict[str, Any]], None], longest: int) -> None:
        self._handle = handle
        self._longest = longest
        self._pieces: list[bytes] = []
        self._size = 0
        self.dropped = 0
        """Lines that were too long or no JSON object."""

    def feed(self, data: bytes) -> int:
        *whole, rest = data.split(b'\n')
        for piece in whole:
            self._add(piece)
            self._end_line()
        self._add(rest)
        return len(whole)

    def _add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._longest:
            self._pieces.append(piece)
        else:
            self._pieces.clear()  # It must not fill the host's memory.

    def _end_line(self) -> None:
        line, size = b''.join(self._pieces), self._size
        self._pieces.clear()
        self._size = 0
        if size == 0:
            return
        try:
            value = json.loads(line) if size <= self._longest else None
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            self._handle(value)
        else:
            self.dropped += 1
