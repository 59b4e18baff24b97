"""The records that an execution's output becomes."""

from __future__ import annotations

import asyncio

from tempera_sandbox.executions.capture import LARGEST_RECORD, STDOUT, OutputCapture
from tempera_sandbox.generated.sandbox_pb2 import ExecutionChunk

_MEBIBYTE = 1024 * 1024


def _records(sizes: list[int]) -> list[ExecutionChunk]:
    """What comes of a burst of reads of those sizes."""
    found: list[ExecutionChunk] = []

    async def burst() -> None:
        capture = OutputCapture(found.append, 8 * _MEBIBYTE)
        capture.feed(STDOUT, b'.')  # is sent at once; what follows comes within the cadence
        for size in sizes:
            capture.feed(STDOUT, b'x' * size)
        capture.finish()

    asyncio.run(burst())
    return found


def test_a_record_carries_256_kib_when_there_is_that_much() -> None:
    first, *records = _records([_MEBIBYTE])
    assert LARGEST_RECORD >= 256 * 1024
    assert [len(record.output.data) for record in records] == [LARGEST_RECORD] * (_MEBIBYTE // LARGEST_RECORD)
    assert [record.output.byte_offset for record in records] == [
        1 + at * LARGEST_RECORD for at in range(len(records))
    ]
    assert len(first.output.data) == 1


def test_small_reads_are_joined() -> None:
    _, *records = _records([4096] * 64)
    assert [len(record.output.data) for record in records] == [64 * 4096]
