"""What a session registers in test_host_tools.py; read there as a text."""

import asyncio
import os
import threading
import time
from typing import Literal

from tempera import Chunk, progress, time_left, tool

calls = 0
chunks = 0
together = threading.Barrier(3)


@tool
def count(to: int, kind: Literal['short', 'long'] = 'short', rows: list[int] | None = None):
    """Counts to a number."""
    for step in range(1, to + 1):
        yield progress(step, to, kind)


@tool
async def later(words: list[str]):
    for word in words:
        await asyncio.sleep(0)
        yield word


@tool
def bits():
    yield bytes([255, 0, 254])
    yield Chunk([1, 2], final=True, metadata={'unit': 'm'})
    yield 'never sent'


@tool
def plain(x: float) -> dict:
    return {'double': 2 * x}


@tool
def several():
    return iter(['a', 'b'])


@tool
def flood(size: int):
    while True:
        yield 'x' * size


@tool(mode='threaded')
def pours(size: int):
    global chunks
    while True:
        chunks += 1
        yield 'x' * size


@tool(mode='threaded')
def poured():
    return {'chunks': chunks}


@tool
def garbles():
    for number in range(3, 30):
        try:
            os.write(number, bytes([255] * 64))
        except OSError:
            pass
    time.sleep(60)


@tool
def fails():
    yield 'before'
    raise ValueError('as it should')


@tool
def ends():
    os._exit(3)


@tool
def left():
    return {'seconds': time_left()}


@tool
def slow():
    time.sleep(60)


@tool
def writes():
    open('/data/sessions/x', 'w')


@tool(mode='threaded')
def shared():
    global calls
    calls += 1
    return {'calls': calls, 'pid': os.getpid()}


@tool(mode='threaded')
def meets():
    together.wait(20)
    return {'met': True}
