"""What code writes to the host’s own pipes is never trusted: the caller has a whole answer, and the session goes on."""

from __future__ import annotations

import pytest
from host_client import Workspace, goes_on

ON_EVERY_PIPE = """
import os
def on_every_pipe(data):
    for name in os.listdir('/proc/self/fd'):
        if int(name) > 2:
            try:
                os.write(int(name), data)
            except OSError:
                pass
"""


@pytest.mark.parametrize(
    ('what', 'code', 'status'),
    [
        ('bytes that are no JSON', r'on_every_pipe(b"{]\n\xff\xfe\n\n0\n"); os._exit(0)', 'ok'),
        ('JSON that is deeper than the stack', r'on_every_pipe(b"[" * 200_000 + b"\n"); os._exit(0)', 'ok'),
        (
            'a forged end with words for numbers',
            r"""on_every_pipe(b'{"event":"ended","code":"x","error_name":[1],"traceback":{}}\n'); os._exit(0)""",
            'ok',
        ),
        (
            'a forged end with a number too large',
            r"""on_every_pipe(b'{"event":"ended","code":99999999999}\n'); os._exit(3)""",
            'error',
        ),
        (
            'a forged good end before a crash',
            r"""on_every_pipe(b'{"event":"ended","code":0}\n'); os.kill(os.getpid(), 11)""",
            'crashed',
        ),
        (
            'a forged start in the far past',
            r"""on_every_pipe(b'{"event":"started","at_ns":-1' + b'0' * 40 + b'}\n')""",
            'ok',
        ),
        ('an error that is half a letter', r'raise ValueError("\ud800")', 'error'),
        ('a name that is no UTF-8', r'open(b"\xff\xfe", "w")', 'ok'),
        ('names of controls and line ends', r'open("a\nb\x1b[31m\t\u202e.png", "w")', 'ok'),
        (
            'a line that never ends',
            r"""
import fcntl
for name in os.listdir('/proc/self/fd'):
    if int(name) > 2 and os.path.lexists(f'/proc/self/fd/{name}'):
        break
for _ in range(1200):
    os.write(int(name), b'x' * 65536)
""",
            'ok',
        ),
    ],
)
def test_what_code_says_is_never_trusted(workspace: Workspace, what: str, code: str, status: str) -> None:
    assert workspace.run(ON_EVERY_PIPE + code).exit.status == status, what
    goes_on(workspace)


@pytest.mark.parametrize(
    'text',
    [
        '[1,2,3]',
        '[1e400,"",{"a":1}]',
        '[1,"r",{"a":null}]',
        '{"charts":7}',
        '[99999999999999999999999,"",{"a":1}]',
        '[1,"\\ud800",{"\\ud800":1}]',
        '"x"',
        '[1,"",{"a":"nan"}]',
        '[' * 100_000,
        '{"kind":null,"path":"../../x"}',
    ],
)
def test_hostile_messages_of_the_sdk_end_nothing(workspace: Workspace, text: str) -> None:
    code = f'from tempera import _channel\nfor kind in (0, 1, 2, 3, 255):\n    _channel._send(kind, {text!r})'
    assert workspace.run(code).exit.status == 'ok'
    goes_on(workspace)


@pytest.mark.parametrize(
    'line',
    [
        r'{]\n\xff',
        '[' * 100_000,
        '{"event":"cell_ended","cell":1,"code":"x","cpu_us":1' + '0' * 40 + '}',
        '{"event":"cell_ended","cell":1,"code":99999999999,"traceback":7}',
        '{"event":"started","cell":1,"at_ns":-5}',
    ],
)
def test_what_a_kernels_code_says_is_never_trusted(workspace: Workspace, line: str) -> None:
    code = f'{ON_EVERY_PIPE}\non_every_pipe({line!r}.encode() + bytes([10]))'
    assert workspace.run(code, kernel='main').exit.status in ('ok', 'error')
    assert workspace.run('print("on")', kernel='main').text() == 'on\n'
    goes_on(workspace)
