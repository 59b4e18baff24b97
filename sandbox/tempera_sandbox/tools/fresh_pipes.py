"""What a process says on its pipes until it ends, bounded in time and size."""

from __future__ import annotations

import os
import select
import time

from . import limits

_READ_SIZE = 1 << 20


class Received:
    """What came on one pipe."""

    def __init__(self, descriptor: int, last_bytes: int = 0) -> None:
        self.descriptor = descriptor
        self.data = bytearray()
        self.is_open = True
        self._last_bytes = last_bytes
        """Bytes of its end that are enough; 0: all are kept."""

    @property
    def is_full(self) -> bool:
        return len(self.data) > limits.MAX_FRESH_ANSWER_BYTES

    def take(self) -> None:
        piece = os.read(self.descriptor, _READ_SIZE)
        self.is_open = bool(piece)
        self.data += piece
        if self._last_bytes:
            del self.data[: -self._last_bytes]

    def take_what_is_there(self) -> None:
        """All who wrote have ended."""
        while self.is_open and not self.is_full and select.select([self.descriptor], [], [], 0)[0]:
            self.take()


def read_until_end(watched: int, pipes: tuple[Received, ...], seconds: float) -> bool:
    """Whether the process ended, or said too much, in time."""
    end = time.monotonic() + seconds
    while not any(pipe.is_full for pipe in pipes):
        left = end - time.monotonic()
        if left <= 0:
            return False
        still = [pipe for pipe in pipes if pipe.is_open]
        ready = select.select([watched, *(pipe.descriptor for pipe in still)], [], [], left)[0]
        for pipe in still:
            if pipe.descriptor in ready:
                pipe.take()
        if watched in ready:
            return True
    return True
