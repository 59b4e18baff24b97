"""ipykernel under jupyter_client, driven by measure.py: one JSON line in, one JSON line with milliseconds out.

Its kernel runs in the same Python as the sandbox's (its first argument), with this environment's packages before it.
{"do": "start"}: until the kernel is ready, and until a first cell has imported `imports` and printed.
{"do": "cell"}: from the request of print(1) to its first output. {"do": "stop"}.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client import KernelManager


def main() -> None:
    python = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        os.environ['JUPYTER_PATH'] = os.environ['JUPYTER_RUNTIME_DIR'] = os.environ['IPYTHONDIR'] = folder
        spec = Path(folder, 'kernels', 'bench')
        spec.mkdir(parents=True)
        (spec / 'kernel.json').write_text(json.dumps({
            'argv': [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'], 'display_name': 'bench',
            'language': 'python', 'env': {'PYTHONPATH': f'{sysconfig.get_path("purelib")}:{os.environ["PRODUCT"]}'},
        }))
        peer = Peer()
        for line in sys.stdin:
            request = json.loads(line)
            print(json.dumps(getattr(peer, request.pop('do'))(**request)), flush=True)


class Peer:
    """One kernel at a time."""

    def start(self, imports: str) -> dict[str, float]:
        begun = time.perf_counter()
        self._manager = KernelManager(kernel_name='bench')
        self._manager.start_kernel()
        self._client = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=120)
        ready = time.perf_counter()
        self._first_output(f'{imports}\nprint(1)')
        return {'ready': (ready - begun) * 1000, 'imported': (time.perf_counter() - begun) * 1000}

    def cell(self) -> dict[str, float]:
        begun = time.perf_counter()
        return {'ms': (self._first_output('print(1)') - begun) * 1000}

    def stop(self) -> dict[str, float]:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        return {}

    def _first_output(self, code: str) -> float:
        """When the first output came; returns once the kernel is idle again."""
        asked = self._client.execute(code)
        first = 0.0
        while True:
            message: dict[str, Any] = self._client.get_iopub_msg(timeout=120)
            if message['parent_header'].get('msg_id') != asked:
                continue
            if message['msg_type'] == 'stream' and not first:
                first = time.perf_counter()
            if message['msg_type'] == 'error':
                raise RuntimeError('\n'.join(message['content']['traceback']))
            if message['msg_type'] == 'status' and message['content']['execution_state'] == 'idle':
                self._client.get_shell_msg(timeout=120)
                return first


if __name__ == '__main__':
    main()
