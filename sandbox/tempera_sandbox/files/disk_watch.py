"""Keeps one execution within its workspace's share of the disk, and the disk above its floor.

No file system here holds a quota for a folder, so this counts. A tree is too slow to walk often; the free space of its
disk is asked in a microsecond, and no workspace can have grown by more than the disk has lost:

1. A count is due when the disk has lost half of what the workspace may still take (at least a sixteenth of all it may).
   The pause between two looks is shorter than the fastest writer needs for that.
2. A count that decides stops every process of the session first: nobody writes while it is made, however long it takes.
3. Who cannot be stopped is in the middle of one long call, and is killed when the disk has by then lost more than
   MOST_OVER allows: a kill ends such a call, a stop does not.
4. What cannot be measured (disk_use.py) counts as what the disk has lost since the start and nothing else explains.

The steps that allocate without writing are denied by seccomp, so each byte takes its writer time.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

from ..isolation.stillness import let_go_on, stop_moving
from ..priority import favour_watch
from ..settings import ExecutionLimits, Settings
from .disk_floor import floor_of, room_of
from .disk_use import Use, held_without_name, use_of
from .scanner import DEEPEST

MOST_OVER = 1.5
"""No workspace ever holds more than so many times what it may."""
_FASTEST_WRITER = 4 << 30
"""Bytes a second."""
_FASTEST_MAKER = 400_000
"""Files a second."""
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.05
_SLOWEST_WATCH = 20
_STOP_WITHIN_S = 0.25
"""Longer takes a stop only for who waits in the kernel, as a parent does for its vfork: that one writes nothing."""
_ENDS_WITHIN_S = 1
"""For so long who was killed is waited for before the session's others go on."""
_LOW_WATCH_S = 0.25
_NOTHING = 1 << 20
"""Bytes of growth for which nobody is blamed."""


def excess(use: Use, limits: ExecutionLimits) -> str:
    """The sentence for a workspace that holds more than it may; '' for others."""
    if use.too_deep:
        text = f'folders deeper than the {DEEPEST} levels'
    elif use.bytes > limits.workspace_bytes:
        text = f'{use.bytes:,} bytes, more than the {limits.workspace_bytes:,} bytes'
    elif use.files > limits.workspace_files:
        text = f'{use.files:,} files, more than the {limits.workspace_files:,} files'
    else:
        return ''
    return (
        f'Stopped: the workspace holds {text} it may hold. Files that are deleted and still open or mapped count too. '
        'Delete what is not needed or write less.'
    )


class DiskWatch:
    """Made before an execution's first instruction; a thread from `start` to `end`."""

    def __init__(
        self,
        root: Path,
        limits: ExecutionLimits,
        settings: Settings,
        before: Use,
        on_excess: Callable[[str], None],
    ) -> None:
        self._root = root
        self._settings = settings
        self._on_excess = on_excess
        self._before = self._use = before
        # What an execution finds too full it may still tidy up, as long as it does not grow. A little is the disk's
        # own: what the last one wrote can take some blocks more when it is put there.
        full = before.bytes > limits.workspace_bytes
        self._bytes = before.bytes + _NOTHING if full else limits.workspace_bytes
        self._files = max(limits.workspace_files, before.files)
        self._limits = limits
        self._floor = floor_of(settings)
        self._room = self._room_before = room_of(root)
        self._lost_bytes = self._lost_files = 0
        self._next_count = time.monotonic() + settings.quota_interval_s
        self._next_low = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name='disk-watch', daemon=True)
        self._inits: Callable[[], Collection[int]] = tuple
        self._pidfd = -1

    def start(self, inits: Callable[[], Collection[int]], pidfd: int) -> None:
        """`inits` tells the inits of all that runs in the workspace; `pidfd` is of the one that is killed for it, and
        this object's to close; -1: it has ended already."""
        if pidfd < 0:
            return
        self._inits, self._pidfd = inits, pidfd
        self._thread.start()

    def end(self) -> None:
        """Returns when the thread has ended and holds nothing up any more. Blocks for as long as a count takes."""
        self._over.set()
        if self._pidfd >= 0:
            self._thread.join()
            os.close(self._pidfd)
            self._pidfd = -1

    def final(self, use: Use) -> str:
        """The sentence for what is there when nothing runs any more."""
        return self._sentence(use)

    def _run(self) -> None:
        favour_watch()
        while not self._over.wait(self._pause()):
            self._sample()
            if self._room.bytes < self._floor and time.monotonic() >= self._next_low:
                self._keep_floor()
            elif self._is_due():
                self._count(stopped=True)
            elif time.monotonic() >= self._next_count:
                self._count(stopped=False)

    def _sample(self) -> None:
        room = room_of(self._root)
        self._lost_bytes += max(0, self._room.bytes - room.bytes)
        self._lost_files += max(0, self._room.files - room.files)
        self._room = room

    def _is_due(self) -> bool:
        return self._lost_bytes >= self._step_bytes() or self._lost_files >= self._step_files()

    def _step_bytes(self) -> int:
        return max((self._bytes - self._use.bytes) // 2, self._bytes // 16)

    def _step_files(self) -> int:
        return max((self._files - self._use.files) // 2, self._files // 16, 16)

    def _pause(self) -> float:
        """Seconds in which nobody can do more than what is left to the next count, or pass the disk's floor by much."""
        left = self._step_bytes() - self._lost_bytes
        if self._room.bytes >= self._floor:
            left = min(left, self._room.bytes - self._floor * 3 // 4)
        bytes_s = left / _FASTEST_WRITER
        files_s = (self._step_files() - self._lost_files) / _FASTEST_MAKER
        return min(max(bytes_s, _SHORTEST_PAUSE_S), max(files_s, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)

    def _count(self, stopped: bool) -> None:
        begun = time.monotonic()
        still = _Standstill(self._inits)
        try:
            if stopped and not still.reach(self._is_surely_over):
                self._kill(self._sentence(Use(self._use.bytes + self._lost_bytes, self._use.files)))
                return
            # What is written from here on may be missed by the count, so it is taken for lost after it.
            room = room_of(self._root)
            use = self._measured(self._heed if not stopped else lambda: None)
            if stopped or not self._sentence(use):
                self._use, self._room, self._lost_bytes, self._lost_files = use, room, 0, 0
                self._kill(self._sentence(use))
            else:
                self._count(stopped=True)  # Files may have moved under the look: again, while nothing moves.
        except _DueError:
            self._count(stopped=True)
        except OSError:
            return  # The workspace is going: so is what runs in it.
        finally:
            still.end()
            ended = time.monotonic()
            pause_s = max(self._settings.quota_interval_s, _SLOWEST_WATCH * (ended - begun))
            self._next_count = ended + pause_s

    def _heed(self) -> None:
        """A count beside which others write ends when one is due that nobody writes beside."""
        self._sample()
        if self._is_due():
            raise _DueError

    def _measured(self, heed: Callable[[], None]) -> Use:
        named = use_of(self._root, heed)
        held = held_without_name(self._inits(), self._root)
        size = named.bytes + held.use.bytes
        if held.unseen or named.unseen:
            lost = self._room_before.bytes - room_of(self._root).bytes
            size += max(0, lost - (size - self._before.bytes))
        return Use(size, named.files + held.use.files, named.too_deep)

    def _sentence(self, use: Use) -> str:
        if use.bytes <= self._bytes and use.files <= self._files and not use.too_deep:
            return ''
        return excess(use, self._limits)

    def _is_surely_over(self) -> bool:
        """While it does not stand still: whether the disk has lost more than the workspace may ever hold."""
        self._sample()
        return self._use.bytes + self._lost_bytes > self._bytes * (1 + (MOST_OVER - 1) / 4)

    def _keep_floor(self) -> None:
        """Ends this execution if it is one of those that fill the disk."""
        begun = time.monotonic()
        self._count(stopped=True)
        self._next_low = time.monotonic() + max(_LOW_WATCH_S, 4 * (time.monotonic() - begun))
        grown = self._use.bytes - self._before.bytes
        if grown > _NOTHING:
            self._kill(
                f'Stopped: the disk of the sandbox host has less than {self._floor:,} bytes free '
                f'(least_free_bytes), and this execution had written {grown:,} more. The code is not to blame: '
                'somebody has to make room on that disk. Until then, write less.'
            )

    def _kill(self, sentence: str) -> None:
        if sentence and not self._over.is_set():
            self._over.set()
            self._on_excess(sentence)
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            except ProcessLookupError:
                return  # It ended by itself.
            # An init ends behind all that is below it: until then they are to stand still, or they would write on.
            ending = select.poll()
            ending.register(self._pidfd, select.POLLIN)
            ending.poll(_ENDS_WITHIN_S * 1000)


class _DueError(Exception):
    """The disk has lost too much to go on looking."""


class _Standstill:
    """Every process of a session stopped, from the first call of `reach` to `end`."""

    def __init__(self, inits: Callable[[], Collection[int]]) -> None:
        self._inits = inits
        self._stopped: set[int] = set()

    def reach(self, given_up: Callable[[], bool]) -> bool:
        """False when `given_up` said so before nothing moved any more."""
        end = time.monotonic() + _STOP_WITHIN_S
        while moved := [pid for init in self._inits() for pid in stop_moving(init)]:
            self._stopped.update(moved)
            if given_up():
                return False
            if time.monotonic() > end:
                break
            time.sleep(_SHORTEST_PAUSE_S)
        return True

    def end(self) -> None:
        let_go_on(self._stopped)
