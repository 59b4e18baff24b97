"""Run inside an execution: floods every channel that a script has, from a thread each, until it is stopped."""

import json
import os
import threading

from tempera import _channel
from tempera._channel import FRAME, METRICS, RICH


def frame(kind: int, body: bytes) -> bytes:
    return FRAME.pack(len(body) + FRAME.size - 2, kind, 0, 7) + body


def flood(descriptor: int, data: bytes) -> None:
    while True:
        os.write(descriptor, data)


def is_pipe(name: str) -> bool:
    path = f'/proc/self/fd/{name}'
    return int(name) > 2 and os.path.exists(path) and os.readlink(path).startswith('pipe')


channel = _channel._descriptor
controls = [int(name) for name in os.listdir('/proc/self/fd') if is_pipe(name) and int(name) != channel]
point = frame(METRICS, b'[1,"",{"a":1}]')
rows = [['x' * 50]] * 50
table = {'kind': 'table', 'name': 't', 'path': 't.csv', 'data': {'columns': ['a'], 'rows': rows}}
floods = [
    (1, b'x' * 65536),
    (2, b'\n' * 65536),
    (channel, point * (4096 // len(point))),
    (channel, frame(METRICS, b'') * 500),
    (channel, frame(RICH, json.dumps(table).encode())),
]
for control in controls:
    floods += [(control, b'{"event":"started"}\n' * 200), (control, b'{}\n' * 1365), (control, b'x' * 65536)]
threads = [threading.Thread(target=flood, args=pair, daemon=True) for pair in floods]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
