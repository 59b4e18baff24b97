"""The other half of a pair: the same script forked from a process that has imported what the zygote imports.

No host, no gRPC, no namespaces, no limits, no rows: a fork, the script, its end. Libraries, the size of their thread
pools, their environment and the niceness are the sandbox's, because the pair is to show the platform's cost and not
that of other settings. Reads {"script", "folder"} a line, answers {"seconds", "cpu_seconds", "code"}.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

NICENESS = 10
THREADS = len(os.sched_getaffinity(0))
THREAD_VARIABLES = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS')


def main() -> None:
    from tempera_sandbox.children.zygote import PRELOADED

    for name in PRELOADED:
        importlib.import_module(name)
    import threadpoolctl

    pools = threadpoolctl.ThreadpoolController()
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(run(pools, order['script'], order['folder'])), flush=True)


def run(pools: Any, script: str, folder: str) -> dict[str, float]:
    begun = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            execute(pools, script, folder)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status, use = os.wait4(pid, 0)
    return {'seconds': time.monotonic() - begun, 'cpu_seconds': use.ru_utime + use.ru_stime,
            'code': os.waitstatus_to_exitcode(status)}


def execute(pools: Any, script: str, folder: str) -> None:
    os.setsid()  # As in the sandbox: a kernel that groups by session gives both a group of their own.
    os.nice(NICENESS)
    os.chdir(folder)
    os.dup2(2, 1)  # stdout carries the answers.
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(THREADS)))
    pools.limit(limits=THREADS)
    exec(compile(script, 'training.py', 'exec', dont_inherit=True), {'__name__': '__main__'})


if __name__ == '__main__':
    main()
