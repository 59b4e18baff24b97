"""One child from its request to its exit: pipes, group, watchdogs, and the reading of what became of it.

The child's end is its init's end (pidfd): then every process of its namespace is gone and what the pipes still hold is
all there is. It is read by the child's allowance too, so that an end holds up nobody.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..isolation import Confinement, Group, kill, memory_of
from ..isolation.spawn import interrupt
from ..settings import Rates
from . import messages
from .pipes import Allowance, Feed, Lines, Pipe
from .spares import Child, ChildTemplate
from .zygote_client import ZygoteClient

_PIPE_BYTES = 1024 * 1024
_CHANNEL = 2
"""Place of the SDK's channel among the feeds, behind stdout and stderr."""
_LONGEST_REPORT = 64 * 1024
"""Of init's own lines."""


@dataclass
class Ending:
    """What is known of a child that has ended."""

    control: dict[str, Any] = field(default_factory=dict)
    """Its own last line: `ended`, `result`, `refused`, `unwritten`; empty when it was cut off."""
    report: dict[str, Any] = field(default_factory=dict)
    """init's: `exited` or `failed`; empty when init was killed."""
    out_of_memory: bool = False
    peak_bytes: int = 0
    cpu_us: int = 0
    ended_ns: int = 0
    dropped_lines: int = 0
    """Of what was written to its control pipe: too long, or no line of ours."""

    @property
    def is_good(self) -> bool:
        """Whether init saw it end well: without that no word of its own counts as a result."""
        return self.report.get('event') == 'exited' and self.report.get('code') == 0


@dataclass(frozen=True)
class ChildSpec:
    """A child to start. `name` is unique on this host."""

    kind: str
    name: str
    owner: str
    request: dict[str, Any]
    confinement: Confinement
    memory_bytes: int
    processes: int
    memory_interval_s: float
    longest_line: int
    """Of its control lines, in bytes."""
    rates: Rates
    extra: tuple[int, ...] = ()
    """Descriptors that the child gets behind the usual ones; they stay the caller's."""

    @property
    def template(self) -> ChildTemplate:
        return ChildTemplate(self.confinement, self.memory_bytes, self.processes, self.owner)


class ChildProcess:
    """Started by `start`, over when `ended` returns."""

    def __init__(
        self,
        zygote: ZygoteClient,
        spec: ChildSpec,
        feeds: tuple[Feed, ...],
        on_control: Callable[[dict[str, Any]], None],
    ) -> None:
        self._zygote = zygote
        self._spec = spec
        self._feeds = feeds
        self._on_control = on_control
        self._pipes: list[Pipe] = []
        self._child: Child | None = None
        self._group: Group | None = None
        self._allowance = Allowance(spec.rates)
        self._lines = Lines(self._control, spec.longest_line)
        self._has_started = False
        self._is_over = False
        self._gone = asyncio.Event()
        self._ending = Ending()
        self._last: asyncio.Task[None] | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._due: list[Callable[[], None]] = []
        """Asked for before the zygote's answer was here: a child may print before that."""

    async def start(self) -> None:
        """Returns when there is a child; HostError when there can be none."""
        spec = self._spec
        body = messages.memory_file(spec.request)
        writers: list[int] = []
        try:
            writers.append(self._pipe(self._lines.feed, of_lines=True))
            for number, feed in enumerate(self._feeds):
                writers.append(self._pipe(feed, of_lines=number >= _CHANNEL))
            self._child, self._group = await self._zygote.children.start(
                spec.kind, spec.name, spec.template, (body, *writers, *spec.extra)
            )
        except BaseException:
            self._close_pipes()
            raise
        finally:
            for descriptor in (body, *writers):
                os.close(descriptor)
        report = Lines(self._report, _LONGEST_REPORT)
        self._pipes.append(Pipe(self._child.report, report.feed, self._allowance, of_lines=True))
        asyncio.get_running_loop().add_reader(self._child.pidfd, self._over)
        for action in self._due:
            action()
        if self._group is None and spec.memory_bytes:
            self._watchdog = asyncio.create_task(self._watch_memory())

    def interrupt(self) -> None:
        """^C for the user's process group, once its Python has said that it started.

        Sent past init: a signal that reaches init just before it waits would be seen only at its next one.
        """
        if self._child is None:
            self._due.append(self.interrupt)
            return
        if self._is_over:
            return
        try:
            path = f'/proc/{self._child.pid}/task/{self._child.pid}/children'
            with open(path, encoding='ascii') as children:
                user = children.read().split()[0]  # The oldest child is the user process, a group's leader.
            os.killpg(int(user), signal.SIGINT)
        except (OSError, IndexError):
            interrupt(self._child.pidfd)  # A kernel without the list of children, or the process is ending.

    def kill(self) -> None:
        """Ends the whole namespace."""
        if self._child is None:
            self._due.append(self.kill)
        elif not self._is_over:
            kill(self._child.pidfd)

    @property
    def pid(self) -> int:
        """init's, as the host sees it; 0 before the child is there and after its end."""
        return 0 if self._child is None or self._is_over else self._child.pid

    def inits(self) -> list[int]:
        """`pid`, where there is one."""
        return [pid] if (pid := self.pid) else []

    def pidfd_copy(self) -> int:
        """A descriptor of init that is the caller's to close; -1 after its end."""
        return -1 if self._child is None or self._is_over else os.dup(self._child.pidfd)

    async def catch_up(self) -> None:
        """Feeds what the child had written before the control line that was read last."""
        for pipe in self._pipes[1:]:
            await pipe.catch_up()

    def use(self) -> tuple[int | None, int]:
        """CPU microseconds (None: not known from outside) and peak memory in bytes so far."""
        seconds = self._group.cpu_seconds() if self._group else None
        peak = self._group.peak_bytes() if self._group else None
        return None if seconds is None else round(seconds * 1e6), max(self._ending.peak_bytes, peak or 0)

    async def ended(self) -> Ending:
        """Waits for the end; every pipe has then been read to its end."""
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.kill()
            raise
        return self._ending

    async def dispose(self) -> None:
        """Removes the group, whose removal may take the kernel a moment."""
        if self._group is not None:
            await asyncio.to_thread(self._remove_group)

    def _pipe(self, feed: Feed, of_lines: bool) -> int:
        reader, writer = os.pipe2(os.O_CLOEXEC)
        try:
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:
            pass  # Over the user's limit of pipe pages: the default size only costs speed.
        uid = self._spec.confinement.uid
        if uid and os.geteuid() == 0:
            os.fchown(writer, uid, uid)  # So that a process started by the script may open it by its path.
        self._pipes.append(Pipe(reader, feed, self._allowance, of_lines))
        return writer

    def _control(self, message: dict[str, Any]) -> None:
        event = message.get('event')
        if event in ('ended', 'result', 'refused', 'unwritten', 'done'):
            self._ending.control = message
        elif event == 'started' and self._spec.kind == 'script':
            if self._has_started:
                return  # It starts once; foreign code can say so as often as it likes.
            self._has_started = True
            self._zygote.children.prepare(self._spec.template)
        self._on_control(message)

    def _report(self, message: dict[str, Any]) -> None:
        if message.get('event') in ('exited', 'failed'):
            self._ending.report = message

    def _over(self) -> None:
        child = self._child
        if child is None or self._is_over:
            return
        self._is_over = True
        self._ending.ended_ns = time.monotonic_ns()
        asyncio.get_running_loop().remove_reader(child.pidfd)
        os.close(child.pidfd)
        self._last = asyncio.create_task(self._read_rest())

    async def _read_rest(self) -> None:
        try:
            for pipe in self._pipes:
                await pipe.drain()
        finally:  # Whatever a feed raised is the loop's to log; the end must come.
            if self._watchdog:
                self._watchdog.cancel()
            self._ending.dropped_lines = self._lines.dropped
            self._measure()
            self._gone.set()

    def _measure(self) -> None:
        ending, report, group = self._ending, self._ending.report, self._group
        cpu = group.cpu_seconds() if group else None
        if cpu is None:
            cpu = report.get('user_s', 0.0) + report.get('system_s', 0.0)
        ending.cpu_us = round(cpu * 1e6)
        peak = group.peak_bytes() if group else None
        ending.peak_bytes = max(ending.peak_bytes, peak or report.get('peak_rss_bytes', 0))
        ending.out_of_memory = ending.out_of_memory or bool(group and group.out_of_memory())

    async def _watch_memory(self) -> None:
        child = self._child
        while child is not None and not self._is_over:
            use = await asyncio.to_thread(memory_of, child.pid)
            self._ending.peak_bytes = max(self._ending.peak_bytes, use.bytes)
            if use.bytes > self._spec.memory_bytes:
                self._ending.out_of_memory = True
                self.kill()
                return
            await asyncio.sleep(self._spec.memory_interval_s)

    def _close_pipes(self) -> None:
        for pipe in self._pipes:
            pipe.close()

    def _remove_group(self) -> None:
        if self._group is not None:
            self._group.remove()
            self._group = None
