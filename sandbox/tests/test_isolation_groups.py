"""Control groups: what confined processes take together, limited and told; and that no group is left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tempera_sandbox import isolation

from .escape.confined import MEBIBYTE, Ground
from .escape.conftest import _machine_isolates as _machine_isolates
from .escape.conftest import ground as ground

needs_group = pytest.mark.skipif(
    isolation.cgroup_level() is None, reason='no writable memory controller here'
)


@needs_group
def test_memory_over_the_limit_is_killed_and_told(ground: Ground) -> None:
    group = isolation.create_group(
        'memory-test', isolation.GroupLimits(memory_bytes=64 * MEBIBYTE), owner='tests'
    )
    assert group is not None
    try:
        outcome = ground.run(lambda: len([bytearray(MEBIBYTE) for _ in range(400)]), group=group)
        assert outcome.value is None
        assert outcome.ended.get('signal') in (signal.SIGKILL, None)
        assert group.out_of_memory()
        peak = group.peak_bytes()
        assert peak is not None and 32 * MEBIBYTE < peak <= 64 * MEBIBYTE
    finally:
        assert group.remove()


@needs_group
def test_scratch_files_count_as_memory(ground: Ground) -> None:
    group = isolation.create_group(
        'scratch-test', isolation.GroupLimits(memory_bytes=48 * MEBIBYTE), owner='tests'
    )
    assert group is not None
    try:
        ground.run(
            lambda: Path('/tmp/large').write_bytes(bytes(4 * MEBIBYTE) * 30),
            group=group,
            tmp_bytes=512 * MEBIBYTE,
        )
        assert group.out_of_memory()
    finally:
        assert group.remove()


@needs_group
def test_processes_of_a_group_are_limited(ground: Ground) -> None:
    group = isolation.create_group('process-test', isolation.GroupLimits(processes=8), owner='tests')
    assert group is not None

    def attempt() -> int:
        for count in range(100):
            try:
                if os.fork() == 0:
                    signal.pause()
            except BlockingIOError:
                return count
        return 100

    try:
        assert ground.run(attempt, group=group).value <= 8
    finally:
        assert group.remove()


@needs_group
def test_leftover_groups_are_found_and_removed_by_owner() -> None:
    own = isolation.create_group('one', isolation.GroupLimits(), owner='tests-alive')
    left = isolation.create_group('two', isolation.GroupLimits(), owner='tests-dead')
    assert own is not None and left is not None
    left.close()
    try:
        assert isolation.remove_leftover_groups(owner='tests-dead') == ['tempera-tests-dead-two']
    finally:
        assert own.remove()
