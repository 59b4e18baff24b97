"""Two trainings in a GPU slot of a host of its own, over gRPC; run by main.ts. Last line: one JSON object.

A training uses torch where the Python has it with CUDA, else xgboost. `--nvml` and `--gpu-nodes` go to the host.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2] / 'sandbox'
sys.path[:0] = [str(ROOT), str(ROOT / 'tests')]

from host_client import Host, Workspace  # noqa: E402
from tempera_sandbox.generated import sandbox_pb2 as pb  # noqa: E402

MEBIBYTE = 1024 * 1024
# Prints: the library, how many devices it sees, when it began and ended on the clock that all processes share.
TRAIN = """
import time
seconds = {seconds}
def by_torch():
    import torch
    if not torch.cuda.is_available():
        raise ImportError('torch sees no CUDA device')
    seen = torch.cuda.device_count()
    begun = time.monotonic()
    x = torch.randn(65536, 1024, device='cuda')
    y = (x[:, :16].sum(1, keepdim=True) > 0).float()
    model = torch.nn.Sequential(torch.nn.Linear(1024, 2048), torch.nn.ReLU(), torch.nn.Linear(2048, 1)).cuda()
    optimiser = torch.optim.Adam(model.parameters())
    first = last = None
    while time.monotonic() - begun < seconds:
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)
        optimiser.zero_grad(); loss.backward(); optimiser.step()
        last = float(loss)
        first = last if first is None else first
    torch.cuda.synchronize()
    assert last < first, (first, last)
    return 'torch', seen, begun
def by_xgboost():
    import os, numpy, xgboost
    if not xgboost.build_info().get('USE_CUDA'):
        raise ImportError('this xgboost was built without CUDA')
    draw = numpy.random.default_rng(0)
    x = draw.normal(size=(400_000, 64)).astype('float32'); y = (x[:, 0] * x[:, 1] > 0).astype(int)
    table = xgboost.DMatrix(x, y)
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        xgboost.train({{'device': 'cuda', 'tree_method': 'hist', 'max_depth': 8}}, table, 50)
    return 'xgboost', len(os.environ['CUDA_VISIBLE_DEVICES'].split(',')), begun
problems = []
for train in (by_torch, by_xgboost):
    try:
        library, seen, begun = train()
        print('trained', library, seen, begun, time.monotonic())
        break
    except ImportError as error:
        problems.append(str(error))
else:
    raise SystemExit('No library can train on a GPU here: ' + '; '.join(problems))
"""
WITHOUT = """
import os
try:
    import torch
    print('sees', torch.cuda.device_count())
except ImportError:
    print('sees', len([name for name in os.listdir('/dev') if name.startswith('nvidia')]))
"""


class Telemetry(threading.Thread):
    """Reads the GPU's memory and its holder until `end`."""

    def __init__(self, host: Host) -> None:
        super().__init__(daemon=True)
        self._host = host
        self._over = threading.Event()
        self.most_used = 0
        self.holders: list[str] = []

    def run(self) -> None:
        while not self._over.is_set():
            gpu = gpus_of(self._host)[0]
            self.most_used = max(self.most_used, gpu.memory_used_bytes)
            if gpu.lease.execution_id and gpu.lease.execution_id not in self.holders:
                self.holders.append(gpu.lease.execution_id)
            self._over.wait(0.05)

    def end(self) -> None:
        self._over.set()
        self.join()


def gpus_of(host: Host) -> list[pb.GpuStatus]:
    return list(host.call('Status', pb.StatusRequest()).gpus)


def train_in_turns(host: Host, seconds: float) -> list[dict[str, Any]]:
    """Two trainings asked for at once."""
    found: list[dict[str, Any]] = []

    def one(name: str) -> None:
        seen = Workspace(host, name).open().run(TRAIN.format(seconds=seconds), gpus=1, timeout_ms=300_000)
        if seen.exit.status != 'ok':
            found.append({'problem': f'{seen.exit.message} {seen.errors[-2000:]}'})
            return
        _, library, devices, begun, ended = seen.text().split()[-5:]
        found.append({'library': library, 'devices': int(devices), 'begun': float(begun), 'ended': float(ended)})

    jobs = [threading.Thread(target=one, args=(name,)) for name in ('first', 'second')]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    return sorted(found, key=lambda job: job.get('begun', 0))


def memory_after(host: Host, before: int) -> int:
    """Bytes used once the driver has taken back what it takes back, five seconds at most."""
    end = time.monotonic() + 5
    while True:
        used = gpus_of(host)[0].memory_used_bytes
        if used <= before or time.monotonic() > end:
            return used
        time.sleep(0.1)


def measure(host: Host, seconds: float) -> dict[str, Any]:
    found = gpus_of(host)
    usable = [gpu for gpu in found if not gpu.problem]
    if not usable:
        why = '; '.join(f'{gpu.name}: {gpu.problem}' for gpu in found) or 'the driver’s library finds none'
        return {'problem': f'No GPU can be used here ({why}).'}
    if len(usable) > 1:
        return {'problem': 'There are several GPUs; this bench looks at a host with one.'}
    before = usable[0].memory_used_bytes
    telemetry = Telemetry(host)
    telemetry.start()
    jobs = train_in_turns(host, seconds)
    telemetry.end()
    problem = next((job['problem'] for job in jobs if 'problem' in job), None)
    if problem:
        return {'problem': problem}
    without = Workspace(host, 'without').open().run(WITHOUT).text().split()
    return {
        'gpu': usable[0].name, 'library': jobs[0]['library'], 'devicesSeen': [job['devices'] for job in jobs],
        'overlapSeconds': max(0.0, jobs[0]['ended'] - jobs[1]['begun']), 'holders': len(telemetry.holders),
        'usedBefore': before / MEBIBYTE, 'usedMost': telemetry.most_used / MEBIBYTE,
        'usedAfter': memory_after(host, before) / MEBIBYTE, 'devicesWithout': int(without[1]),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('--seconds', type=float, default=10)
    parser.add_argument('--nvml', default='libnvidia-ml.so.1')
    parser.add_argument('--gpu-nodes', default='/dev')
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='tempera-bench-gpu-') as folder:
        host = Host(Path(folder) / 'home', '--nvml', arguments.nvml, '--gpu-nodes', arguments.gpu_nodes)
        try:
            print(json.dumps(measure(host, arguments.seconds)))
        finally:
            host.stop()


if __name__ == '__main__':
    main()
