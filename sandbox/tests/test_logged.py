"""What a script says on the SDK's channel: what nobody can keep is dropped and counted, the rest is taken."""

from __future__ import annotations

import asyncio
import json

import pytest

from tempera import _channel
from tempera_sandbox.executions.capture import ChannelCapture
from tempera_sandbox.executions.logged import Dropped
from tempera_sandbox.generated.sandbox_pb2 import ExecutionChunk

LONG = _channel.LONGEST_NAME + 1


def frame(kind: int, body: bytes, more: int = 0, number: int = 1) -> bytes:
    return _channel.FRAME.pack(len(body) + _channel.FRAME.size - 2, kind, more, number) + body


def captured(data: bytes, piece: int = 4096) -> tuple[list[ExecutionChunk], Dropped]:
    """What comes of the bytes on an SDK's channel, read in pieces."""
    chunks: list[ExecutionChunk] = []

    async def feed() -> Dropped:
        capture = ChannelCapture(chunks.append)
        for start in range(0, len(data), piece):
            capture.feed(data[start : start + piece])
        capture.finish()
        return capture.dropped

    return chunks, asyncio.run(feed())


POINTS = [
    ('a step that is too large', [2**53, '', {'a': 1}], 1),
    ('a step of time.time_ns()', [1_764_444_444_000_000_000, '', {'a': 1, 'b': 2}], 2),
    ('a step that is far too large', [10**40, '', {'a': 1}], 1),
    ('a fractional step', [0.5, '', {'a': 1}], 1),
    ('a whole step that is no integer', [1.0, '', {'a': 1}], 1),
    ('a step of text', ['1', '', {'a': 1}], 1),
    ('a step of truth', [True, '', {'a': 1}], 1),
    ('no step', [None, '', {'a': 1}], 1),
    ('a long name', [1, '', {'x' * LONG: 1}], 1),
    ('a name with NUL', [1, '', {'a\0b': 1}], 1),
    ('a name of half a letter', [1, '', {'\ud800': 1}], 1),
    ('a long run', [1, 'x' * LONG, {'a': 1}], 1),
    ('a run of half a letter', [1, '\udfff', {'a': 1}], 1),
    ('a run that is no text', [1, 7, {'a': 1}], 1),
    ('a value of text', [1, '', {'a': 'nan'}], 1),
    ('a value of nothing', [1, '', {'a': None}], 1),
    ('a value of truth', [1, '', {'a': True}], 1),
    ('a value too large', [1, '', {'a': 10**400}], 1),
    ('a value of values', [1, '', {'a': [1]}], 1),
]
DECIDED = {
    'key': 'a',
    'value': 1,
    'reason': '',
    'alternatives': [],
    'evidence': None,
    'confidence': None,
    'basis': 'rule',
}
MESSAGES = [
    ('a list that is too short', _channel.METRICS, [1, '']),
    ('values that are no object', _channel.METRICS, [1, '', [1]]),
    ('a number for metrics', _channel.METRICS, 7),
    ('charts that are a number', _channel.CHARTS, {'charts': 7}),
    ('charts without their list', _channel.CHARTS, [1]),
    ('a chart that is text', _channel.CHARTS, {'charts': ['x']}),
    ('a chart without a title', _channel.CHARTS, {'charts': [{'metrics': ['a'], 'type': 'line'}]}),
    ('a chart of numbers', _channel.CHARTS, {'charts': [{'title': 't', 'metrics': [1], 'type': 'line'}]}),
    ('a long title', _channel.CHARTS, {'charts': [{'title': 'x' * LONG, 'metrics': ['a'], 'type': 'line'}]}),
    (
        'too many charts',
        _channel.CHARTS,
        {'charts': [{'title': 't', 'metrics': ['a'], 'type': 'line'}] * (_channel.MOST_CHARTS + 1)},
    ),
    ('a kind that there is not', _channel.RICH, {'kind': 'page', 'name': 'a', 'path': 'a'}),
    ('a kind that cannot be one', _channel.RICH, {'kind': None, 'name': 'a', 'path': 'a'}),
    ('no name', _channel.RICH, {'kind': 'image', 'path': 'a.png'}),
    ('a long name', _channel.RICH, {'kind': 'image', 'name': 'x' * LONG, 'path': 'a.png'}),
    ('a path that leads out', _channel.RICH, {'kind': 'image', 'name': 'a', 'path': '../../x'}),
    ('a path from the root', _channel.RICH, {'kind': 'image', 'name': 'a', 'path': '/etc/passwd'}),
    ('an image with data', _channel.RICH, {'kind': 'image', 'name': 'a', 'path': 'a', 'data': {}}),
    (
        'a table of no rows',
        _channel.RICH,
        {'kind': 'table', 'name': 'a', 'path': 'a', 'data': {'columns': []}},
    ),
    (
        'a table of objects',
        _channel.RICH,
        {'kind': 'table', 'name': 'a', 'path': 'a', 'data': {'columns': ['x'], 'rows': [[{}]]}},
    ),
    (
        'NUL in a cell',
        _channel.RICH,
        {'kind': 'table', 'name': 'a', 'path': 'a', 'data': {'columns': ['x'], 'rows': [['a\0']]}},
    ),
    (
        'NaN in a cell',
        _channel.RICH,
        {'kind': 'table', 'name': 'a', 'path': 'a', 'data': {'columns': ['x'], 'rows': [[float('nan')]]}},
    ),
    (
        'half a letter in a cell',
        _channel.RICH,
        {'kind': 'table', 'name': 'a', 'path': 'a', 'data': {'columns': ['x'], 'rows': [['\ud800']]}},
    ),
    (
        'a matrix that is not square',
        _channel.RICH,
        {'kind': 'confusion_matrix', 'name': 'a', 'path': 'a', 'data': {'labels': ['x'], 'matrix': [[1, 2]]}},
    ),
    ('a kind of message that there is not', 9, {}),
    ('a decision without its parts', _channel.DECISION, {'key': 'a', 'value': 1}),
    ('a decision with more parts', _channel.DECISION, {**DECIDED, 'by': 'person'}),
    ('a decision that a person is said to have made', _channel.DECISION, {**DECIDED, 'basis': 'person'}),
    ('a decision that is a list', _channel.DECISION, [DECIDED]),
    ('a key with a blank', _channel.DECISION, {**DECIDED, 'key': 'a b'}),
    ('a long key', _channel.DECISION, {**DECIDED, 'key': 'a' * 201}),
    ('a key that is a number', _channel.DECISION, {**DECIDED, 'key': 7}),
    ('a long reason', _channel.DECISION, {**DECIDED, 'reason': 'x' * 1001}),
    ('a reason with NUL', _channel.DECISION, {**DECIDED, 'reason': '\0'}),
    ('a value of half a letter', _channel.DECISION, {**DECIDED, 'value': '\ud800'}),
    ('a value with NUL', _channel.DECISION, {**DECIDED, 'value': ['\0']}),
    ('a value of NaN', _channel.DECISION, {**DECIDED, 'value': float('nan')}),
    ('a large value', _channel.DECISION, {**DECIDED, 'value': 'x' * 9000}),
    ('large evidence', _channel.DECISION, {**DECIDED, 'evidence': {'x': 'y' * 40_000}}),
    ('evidence that is a number', _channel.DECISION, {**DECIDED, 'evidence': 1}),
    ('a confidence beyond 1', _channel.DECISION, {**DECIDED, 'confidence': 2}),
    ('a confidence of text', _channel.DECISION, {**DECIDED, 'confidence': '1'}),
    ('alternatives that are no list', _channel.DECISION, {**DECIDED, 'alternatives': {}}),
    ('an alternative without changes', _channel.DECISION, {**DECIDED, 'alternatives': [{'value': 1}]}),
    (
        'too many alternatives',
        _channel.DECISION,
        {**DECIDED, 'alternatives': [{'value': 1, 'changes': ''}] * 21},
    ),
]
GOOD = frame(_channel.METRICS, b'[1,"r",{"a":0.5}]', number=2)


@pytest.mark.parametrize(('what', 'value', 'count'), POINTS, ids=[point[0] for point in POINTS])
def test_a_point_that_nobody_could_keep_is_dropped_and_counted(what: str, value: object, count: int) -> None:
    chunks, dropped = captured(GOOD + frame(_channel.METRICS, json.dumps(value).encode()) + GOOD)
    items = [
        (item.step, item.run_tag, item.name, item.value) for chunk in chunks for item in chunk.metrics.items
    ]
    assert items == [(1, 'r', 'a', 0.5)] * 2, what
    assert dropped.points.total() == count and not dropped.messages
    assert f'dropped {count} metric point' in dropped.note().decode()


@pytest.mark.parametrize(('what', 'kind', 'value'), MESSAGES, ids=[message[0] for message in MESSAGES])
def test_a_message_in_another_form_is_dropped_and_counted(what: str, kind: int, value: object) -> None:
    body = json.dumps(value).encode()
    pieces = [body[at : at + 4000] for at in range(0, len(body), 4000)]
    frames = [frame(kind, piece, int(piece is not pieces[-1])) for piece in pieces]
    chunks, dropped = captured(GOOD + b''.join(frames) + GOOD)
    assert [chunk.WhichOneof('payload') for chunk in chunks] == ['metrics'] * len(chunks), what
    assert sum(len(chunk.metrics.items) for chunk in chunks) == 2
    assert dropped.messages.total() == 1 and not dropped.points


@pytest.mark.parametrize('piece', [1, 7, 4096, 65536])
def test_a_broken_message_between_good_ones_takes_none_with_it(piece: int) -> None:
    bodies = [b'[1,"",{"a":1}],[2', b'"",{"a":2}]', b'[' * 4000, b'{]', b'']
    chunks, dropped = captured(GOOD.join(frame(_channel.METRICS, body) for body in bodies), piece)
    assert sum(len(chunk.metrics.items) for chunk in chunks) == len(bodies) - 1
    assert dropped.messages.total() == len(bodies)


def test_a_message_is_at_most_128_kib_and_unfinished_ones_do_not_pile_up() -> None:
    piece = b' ' * 4000
    long = [frame(_channel.METRICS, piece, more=1, number=7)] * 40 + [
        frame(_channel.METRICS, b'[]', number=7)
    ]
    chunks, dropped = captured(b''.join(long) + GOOD)
    assert dropped.messages.total() == 1 and '131,072' in dropped.note().decode()
    assert len(chunks) == 1
    unfinished = b''.join(frame(_channel.RICH, piece, more=1, number=number) for number in range(10, 1010))
    chunks, dropped = captured(unfinished + GOOD)
    assert len(chunks) == 1 and dropped.messages.total() > 900
