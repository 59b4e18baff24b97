"""Scripts whose end is itself an attack: on what is told of it, on the host that tells it, on what comes next."""

from __future__ import annotations

import pytest
from host_client import Workspace

SCRIPTS: dict[str, tuple[str, str, str]] = {
    'a message of 100 MB': ('raise ValueError("x" * 100_000_000)', 'error', 'ValueError'),
    'a message that is no text': ('raise ValueError("a\\ud800b\\0c")', 'error', 'ValueError'),
    'an exception that cannot be said': (
        'class Odd(Exception):\n    def __str__(self): raise RuntimeError\nraise Odd()',
        'error',
        'Odd',
    ),
    'an exception that ends the script as it is said': (
        'class Odd(Exception):\n    def __str__(self): raise SystemExit(0)\nraise Odd()',
        'error',
        'Odd',
    ),
    'a class with a name of 1 MB': ('raise type("E" * 1_000_000, (Exception,), {})("x")', 'error', 'E' * 200),
    'exceptions in exceptions in exceptions': (
        'e = ValueError("x")\nfor i in range(20000): e = ExceptionGroup("g", [e])\nraise e',
        'error',
        'ExceptionGroup',
    ),
    'streams that are gone': (
        'import sys\nsys.excepthook = lambda *a: 1 / 0\nsys.stdout = sys.stderr = None\nraise ValueError("x")',
        'error',
        'ValueError',
    ),
    'an exit code that cannot be said': (
        'class Odd:\n    def __str__(self): raise KeyError\nraise SystemExit(Odd())',
        'error',
        '',
    ),
    'all its processes stopped': ('import os, signal\nos.kill(0, signal.SIGSTOP)', 'timeout', ''),
    'a folder that nobody may enter': (
        'import os\nos.makedirs("eda/x/y")\nopen("eda/x/y/z", "w").write("1")\nos.chmod("eda/x", '
        '0)\nos.chmod(".", 0)',
        'ok',
        '',
    ),
    'its own folder removed': (
        'import os, shutil\nfor name in os.listdir("."): shutil.rmtree(name, ignore_errors=True)',
        'ok',
        '',
    ),
    'file names made to mislead': (
        'import os\nos.makedirs("eda", exist_ok=True)\nopen(b"eda/\\xff\\n\\x1b[2J", '
        '"w")\nopen("eda/\\u202etxt.exe", "w")',
        'ok',
        '',
    ),
    'frames of impossible numbers': (
        'import json, os, tempera._channel as c\nfrom tempera import log\n'
        'for value in (10**400, -10**400, 1e308, True, None, [1], "x"):\n'
        '    body = json.dumps([1, "", {"a": value}]).encode()\n'
        '    for fd in range(3, 20):\n        try: os.write(fd, c.FRAME.pack(len(body) + '
        'c.FRAME.size - 2, c.METRICS, 0, 1)'
        ' + body)\n        except OSError: pass\nlog(1, {"loss": 0.5})',
        'ok',
        '',
    ),
}


@pytest.mark.parametrize('what', SCRIPTS)
def test_its_end_is_told_and_the_session_goes_on(workspace: Workspace, what: str) -> None:
    code, status, name = SCRIPTS[what]
    seen = workspace.run(code, timeout_ms=2_000 if status == 'timeout' else 60_000)
    assert seen.exit.status == status
    assert seen.exit.error_name.startswith(name) and len(seen.exit.SerializeToString()) < 256 * 1024
    workspace.checkpoint()
    assert workspace.run('print("on")').text() == 'on\n'
