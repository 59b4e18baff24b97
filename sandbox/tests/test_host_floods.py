"""What a script writes to the host's pipes: taken no faster than its allowance, bounded, told where it is dropped.

What of its messages is taken: test_logged.py. How long others wait while one floods every channel:
`npm run bench -- sandbox`.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from host_client import Host, Seen, Workspace

from tempera import _channel
from tempera_sandbox.children.pipes import Allowance, Lines, Pipe
from tempera_sandbox.settings import Rates

MEBIBYTE = 1024 * 1024
ONE_TICK = Rates(tick_s=3600, lines=100, line_bytes=256 * 1024, output_bytes=MEBIBYTE)
"""A tick that does not end: what is read is what one tick brings."""
SEND = """
import json, os
from tempera import _channel
def send(kind, value):
    _channel._send(kind, json.dumps(value))
"""
ON_CONTROL = """
import os
pipes = [int(name) for name in os.listdir('/proc/self/fd') if int(name) > 2 and
         os.path.exists(f'/proc/self/fd/{name}') and os.readlink(f'/proc/self/fd/{name}').startswith('pipe')]
control = min(pipes)
"""


@pytest.mark.parametrize(
    ('of_lines', 'data', 'most_lines', 'most_bytes'),
    [
        # Whatever a line looks like, a tick takes its share and what one more read brings.
        (True, b'{}\n', 100 + 16 * 1024, 256 * 1024),
        (True, b'\n', 100 + 16 * 1024, 256 * 1024),
        (True, b'x' * 1000, 0, 256 * 1024 + 16 * 1024),
        (False, b'x' * 1000, 0, MEBIBYTE + 256 * 1024),
    ],
)
def test_a_tick_takes_only_its_share_and_the_writer_waits(
    of_lines: bool, data: bytes, most_lines: int, most_bytes: int
) -> None:
    taken = {'lines': 0, 'bytes': 0}
    lines = Lines(lambda message: None, 128 * 1024)

    def feed(piece: bytes) -> int:
        found = lines.feed(piece) if of_lines else 0
        taken['lines'] += found
        taken['bytes'] += len(piece)
        return found

    async def flood() -> bool:
        reader, writer = os.pipe()
        pipe = Pipe(reader, feed, Allowance(ONE_TICK), of_lines)
        os.set_blocking(writer, False)
        written = 0
        while written < 8 * MEBIBYTE:  # Far more than a tick and a pipe hold together.
            try:
                written += os.write(writer, data * (4096 // len(data)))
            except BlockingIOError:
                before = taken['bytes']
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                if taken['bytes'] == before:
                    break
        pipe.close()
        os.close(writer)
        return written < 8 * MEBIBYTE

    assert asyncio.run(flood()), 'the writer never had to wait'
    assert taken['lines'] <= most_lines and taken['bytes'] <= most_bytes


def test_the_pipes_of_one_child_share_its_tick() -> None:
    taken = [0, 0]

    def feeds(number: int) -> object:
        def feed(piece: bytes) -> int:
            taken[number] += 1
            return 100

        return feed

    async def both() -> None:
        allowance = Allowance(ONE_TICK)
        ends = [os.pipe(), os.pipe()]
        pipes = [
            Pipe(reader, feeds(at), allowance, True)  # type: ignore[arg-type]
            for at, (reader, _) in enumerate(ends)
        ]
        for _, writer in ends:
            os.write(writer, b'x')
        for _ in range(4):
            await asyncio.sleep(0)
        for pipe, (_, writer) in zip(pipes, ends, strict=True):
            pipe.close()
            os.close(writer)

    asyncio.run(both())
    assert sum(taken) == 1


def test_what_is_left_of_an_ended_child_is_read_whole() -> None:
    seen: list[bytes] = []

    def feed(piece: bytes) -> int:
        seen.append(piece)
        return 1000

    async def drain() -> None:
        reader, writer = os.pipe()
        os.write(writer, b'x' * 65536)
        os.close(writer)
        await Pipe(reader, feed, Allowance(Rates(tick_s=0.001, lines=100)), True).drain()

    asyncio.run(drain())
    assert b''.join(seen) == b'x' * 65536 and len(seen) > 1


def test_lines_are_bounded_and_the_next_one_counts() -> None:
    found: list[dict[str, object]] = []
    lines = Lines(found.append, 100)
    for piece in (b'{"a":"' + b'x' * 200, b'x' * 200 + b'"}', b'\n{"b":', b'1}\n[1]\n{]\n\n'):
        lines.feed(piece)
    assert found == [{'b': 1}] and lines.dropped == 3


def test_every_kind_that_the_sdk_sends_is_taken(workspace: Workspace) -> None:
    seen = workspace.run(
        'from tempera import *\nlog(2**53 - 1, {"x" * 200: 1}, run="r" * 200)\nlog(-(2**53 - 1), {"a": 10**300})\n'
        'log(0, {f"metric number {n}": n for n in range(20_000)})\n'
        'configure_dashboard([{"metrics": ["a" * 150, "b" * 150]}])\n'
        'log_table("wide", [["é" * 5000] * 300] * 60)\nlog_table("none", [])\n'
        'log_confusion_matrix("many", range(300), range(300))\n'
        'log_confusion_matrix("long", ["z" * 5000, "y"], ["y", "y"])\nprint("on")'
    )
    assert seen.exit.status == 'ok' and 'dropped' not in seen.errors, seen.errors
    assert len(seen.metrics) == 20_002 and len(seen.of('chart_config_json')) == 1
    tables = [json.loads(chunk.rich_log_json) for chunk in seen.of('rich_log_json')]
    assert [table['name'] for table in tables] == ['wide', 'none', 'many', 'long']
    assert all(
        len(chunk.rich_log_json.encode()) <= _channel.LARGEST_MESSAGE for chunk in seen.of('rich_log_json')
    )


@pytest.mark.parametrize(
    ('call', 'words'),
    [
        ('log(0.5, {"a": 1})', 'the step must be a whole number, not 0.5'),
        ('log(float("nan"), {"a": 1})', 'the step must be a whole number, not nan'),
        ('log(float("inf"), {"a": 1})', 'the step must be a whole number, not inf'),
        ('import time; log(time.time_ns(), {"a": 1})', 'lies beyond ±9,007,199,254,740,991'),
        ('log(-2**53, {"a": 1})', 'lies beyond'),
        ('log(10**5000, {"a": 1})', 'lies beyond'),
        ('log(1e300, {"a": 1})', 'lies beyond'),
        ('log("first", {"a": 1})', 'the step is no number but str'),
        ('log(None, {"a": 1})', 'the step is no number but NoneType'),
        ('log(1, {"a": 10**400})', '[a] is no number'),
        ('log(1, {"a": 1j})', '[a] is no number'),
        ('log(1, {"a" * 201: 1})', 'use at most 200'),
        ('log(1, {"a": 1}, run="r" * 201)', 'use at most 200'),
        ('configure_dashboard([{"title": "t" * 201, "metrics": ["a"]}])', 'use at most 200'),
        ('configure_dashboard([{"metrics": ["a"]}] * 101)', '101 charts are too many'),
        ('configure_dashboard([{"metrics": ["a"] * 101}])', '101 metrics'),
        ('log_table("t" * 201, [])', 'use at most 200'),
        ('log_image("t" * 201, "x.png")', 'use at most 200'),
        ('log_confusion_matrix("t" * 201, [], [])', 'use at most 200'),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(workspace: Workspace, call: str, words: str) -> None:
    seen = workspace.run(f'from tempera import *\n{call}')
    assert seen.exit.error_name in ('TypeError', 'ValueError') and words in seen.exit.error_value
    assert words in seen.errors


def test_what_was_dropped_stands_at_the_end_of_the_output(workspace: Workspace) -> None:
    code = SEND + (
        'send(1, [2**60, "", {"a": 1}])\nsend(1, [1, "", {"a": "x"}])\nsend(3, {"kind": "x"})\nprint("on")'
    )
    seen = workspace.run(code)
    assert (seen.text(), seen.exit.status, seen.metrics) == ('on\n', 'ok', [])
    assert seen.errors.startswith('tempera: dropped 1 metric point (the step is no whole number within')
    assert (
        '1 metric point (the value is no number)' in seen.errors and '1 logged message (not in' in seen.errors
    )
    again = workspace.run(code, kernel='main')
    assert again.errors == seen.errors


def test_a_script_starts_once_whatever_it_says(workspace: Workspace) -> None:
    line = b'{"event":"started","at_ns":1}\n'
    code = f'{ON_CONTROL}\nfor _ in range(5000):\n    os.write(control, {line!r})\nprint("on")'
    for fields in ({}, {'kernel': 'main'}):
        seen = workspace.run(code, **fields)
        assert (seen.text(), seen.exit.status) == ('on\n', 'ok')
        assert len(seen.of('started')) == 1 and seen.exit.duration_us < 60_000_000


def test_control_lines_are_at_most_128_kib_and_told(workspace: Workspace) -> None:
    line = b'{"event":"ended","code":0,"x":"%b"}\n' % (b'x' * 140_000)
    seen = workspace.run(f'{ON_CONTROL}\nos.write(control, {line!r})\nraise ValueError("own")')
    assert seen.exit.error_name == 'ValueError' and seen.exit.code == 1
    assert '1 logged message (not written by tempera)' in seen.errors


def test_an_error_of_wide_letters_is_told_within_its_line(workspace: Workspace) -> None:
    for letter in ('"😀"', '"\\0"', '"\\ud800"', '"é"'):
        seen = workspace.run(f'raise ValueError({letter} * 100_000)')
        assert seen.exit.error_name == 'ValueError' and seen.exit.traceback, letter
        assert 'dropped' not in seen.errors[-300:]


def test_a_flood_of_tables_is_stopped_with_its_reason(tmp_path: Path) -> None:
    host = Host(tmp_path, '--set', 'most_spooled=2000000')
    try:
        workspace = Workspace(host, 'flood').open()
        code = 'from tempera import log_table\nwhile True:\n    log_table("t", [["x" * 200] * 20] * 50)'
        result = workspace.run(code).exit
        assert result.status == 'quota' and 'Log once' in result.message
        assert workspace.run('print("on")').text() == 'on\n'
    finally:
        host.stop()


def test_everything_flooded_at_once_ends_with_its_time_and_others_are_served(workspace: Workspace) -> None:
    other = Workspace(workspace.host, f'{workspace.session}o').open()
    seen = Seen()
    stream = workspace.stream(workspace.request(FLOOD_EVERYTHING, timeout_ms=3000))
    for chunk in stream:
        seen.chunks.append(chunk)
        if len(seen.chunks) == 20:
            assert other.run('print("served")').text() == 'served\n'
    assert len(seen.chunks) > 20 and seen.exit.status in ('timeout', 'killed')
    assert 'tempera: dropped' in seen.errors and len(seen.of('started')) == 1


FLOOD_EVERYTHING = (Path(__file__).resolve().parents[2] / 'bench/sandbox/flood.py').read_text('utf-8')
