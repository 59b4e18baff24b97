"""Measures a sandbox host of its own over gRPC; run by main.ts. Last line: one JSON object of samples, times in ms.

Clock: from the call of the stub until the first record with output is in the caller's hands; for ipykernel from the
call of `execute` until the first stream message is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
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
from outside import FIT, IMPORTS, Jupyter, NoPeer, cold_starts, fit_outside  # noqa: E402

MEBIBYTE = 1024 * 1024
KERNEL = {'kernel': 'main', 'script_path': ''}
FLOOD = Path(__file__).with_name('flood.py').read_text('utf-8')


def first_bytes(workspace: Workspace, count: int, plant_s: float) -> list[float]:
    """print(1), one at a time, each acknowledged before the next."""
    times = []
    for _ in range(count):
        if plant_s:
            host = workspace.host.process.pid
            os.kill(host, signal.SIGSTOP)
            threading.Timer(plant_s, os.kill, (host, signal.SIGCONT)).start()
        times.append(first_byte(workspace, 'print(1)'))
    return times


def first_byte(workspace: Workspace, code: str, **fields: Any) -> float:
    request = workspace.request(code, **fields)
    begun, first = time.perf_counter(), 0.0
    for chunk in workspace.stream(request):
        if not first and chunk.WhichOneof('payload') == 'output':
            first = time.perf_counter() - begun
        if chunk.WhichOneof('payload') == 'exit':
            assert chunk.exit.status == 'ok', chunk.exit
    workspace.acknowledge(request.execution_id)
    return first * 1000


def kernels(host: Host, peer: Jupyter, starts: int, cells: int) -> dict[str, list[float]]:
    """Starts and cells of both, by turns. A start ends when a first cell imports what the zygote has, and prints."""
    found: dict[str, list[float]] = {'start': [], 'peerReady': [], 'peerStart': [], 'cell': [], 'peerCell': []}
    for number in range(starts):
        workspace = Workspace(host, f'kernel{number}').open()
        started = peer.ask(do='start', imports=IMPORTS)
        found['peerReady'].append(started['ready'])
        found['peerStart'].append(started['imported'])
        found['start'].append(first_byte(workspace, f'{IMPORTS}\nprint(1)', **KERNEL))
        if number < starts - 1:
            peer.ask(do='stop')
            host.call('CleanupSession', pb.CleanupSessionRequest(session_id=workspace.session, epoch=1))
    for _ in range(cells):
        found['cell'].append(first_byte(workspace, 'print(1)', **KERNEL))
        found['peerCell'].append(peer.ask(do='cell')['ms'])
    peer.ask(do='stop')
    return found


def rate(host: Host, count: int, sessions: int) -> float:
    """Executions a second, from several sessions at once."""
    workspaces = [Workspace(host, f'rate{number}').open() for number in range(sessions)]

    def work(workspace: Workspace) -> None:
        for _ in range(count // sessions):
            assert workspace.run('print(1)').exit.status == 'ok'

    threads = [threading.Thread(target=work, args=(workspace,)) for workspace in workspaces]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count // sessions * sessions / (time.perf_counter() - begun)


def large_output(host: Host, size: int) -> float:
    """MiB a second at the client, every byte counted."""
    workspace = Workspace(host, 'large').open()
    code = f'import os\npiece = b"x" * {MEBIBYTE}\nfor _ in range({size}):\n    os.write(1, piece)'
    request = workspace.request(code, limits=pb.Limits(output_bytes=4 * size * MEBIBYTE))
    received, first = 0, 0.0
    for chunk in workspace.stream(request):
        if chunk.WhichOneof('payload') == 'output':
            first = first or time.perf_counter()
            received += len(chunk.output.data)
    ended = time.perf_counter()
    workspace.acknowledge(request.execution_id)
    assert received == size * MEBIBYTE, f'{received} bytes came'
    return size / (ended - first)


def slow_reader(host: Host, chunks: int) -> float:
    """MiB by which the host's memory grew while a reader took 10 records a second of very many, then the rest."""
    workspace = Workspace(host, 'slow').open()
    code = f'import os\nfor _ in range({chunks}):\n    os.write(1, b"x" * 65536)'
    request = workspace.request(code, limits=pb.Limits(output_bytes=4 * chunks * 65536))
    before, most = resident(host.process.pid), 0.0
    for number, _ in enumerate(workspace.stream(request)):
        if number < 30:
            time.sleep(0.1)
        if number % 100 == 0 or number < 30:
            most = max(most, resident(host.process.pid) - before)
    workspace.acknowledge(request.execution_id)
    return most


def beside_a_flood(host: Host, rounds: int) -> dict[str, list[float]]:
    """While one session's script floods every channel: Ping, and another session's print(1) from call to exit."""
    flooding, other = Workspace(host, 'flooding').open(), Workspace(host, 'beside').open()
    found: dict[str, list[float]] = {'ping': [], 'print': []}
    call = flooding.stream(flooding.request(FLOOD, timeout_ms=600_000))
    chunks: list[Any] = []
    begun = threading.Event()

    def read() -> None:
        for chunk in call:
            chunks.append(chunk.WhichOneof('payload'))
            if len(chunks) == 50:
                begun.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(60), 'the flood did not begin'
    for _ in range(rounds):
        started = time.perf_counter()
        host.call('Ping', pb.PingRequest())
        found['ping'].append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        assert other.run('print(1)').text() == '1\n'
        found['print'].append((time.perf_counter() - started) * 1000)
    host.call('Kill', pb.KillRequest(execution_id=f'{flooding.session}-step1/1', epoch=1))
    reader.join(60)
    assert chunks[-1] == 'exit' and chunks.count('started') == 1
    return found


def fits(workspace: Workspace, pairs: int) -> list[list[float]]:
    """[inside, outside] of the same script with the same threads, the order changing from pair to pair."""
    found = []
    for number in range(pairs):
        if number % 2:
            outer = fit_outside()
            found.append([fit_inside(workspace), outer])
        else:
            inner = fit_inside(workspace)
            found.append([inner, fit_outside()])
    return found


def fit_inside(workspace: Workspace) -> float:
    seen = workspace.run(FIT)
    assert seen.exit.status == 'ok', seen.errors
    return float(seen.text().split()[-1])


def upper_bound(ratios: list[float]) -> float:
    """95 % bound of the median, from 2,000 resamples with a fixed seed."""
    draw = random.Random(0)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(2000))
    return medians[1900]


def resident(pid: int) -> float:
    pages = int(Path(f'/proc/{pid}/statm').read_text().split()[1])
    return pages * os.sysconf('SC_PAGE_SIZE') / MEBIBYTE


def measure(host: Host, peer: Jupyter, arguments: argparse.Namespace) -> dict[str, Any]:
    workspace = Workspace(host, 'bench').open()
    for _ in range(5):
        workspace.run('print(1)')
    first = first_bytes(workspace, arguments.executions, 0.1 if arguments.plant else 0.0)
    living = kernels(host, peer, arguments.starts, arguments.cells)
    cold = cold_starts(arguments.cold)
    pairs = fits(workspace, arguments.pairs)
    ratios = [inside / outer for inside, outer in pairs]
    return {
        'firstByte': first, 'kernels': living, 'cold': cold, 'perSecond': rate(host, arguments.rate, 4),
        'mebibytesPerSecond': large_output(host, arguments.mebibytes),
        'slowReaderMebibytes': slow_reader(host, arguments.chunks), 'fits': pairs,
        'beside': beside_a_flood(host, arguments.rounds),
        'fitMedian': statistics.median(ratios), 'fitUpper': upper_bound(ratios),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ('executions', 'cold', 'starts', 'cells', 'rate', 'mebibytes', 'chunks', 'rounds', 'pairs'):
        parser.add_argument(f'--{name}', type=int, required=True)
    parser.add_argument('--jupyter', default='', help='Python with jupyter_client and ipykernel')
    parser.add_argument('--plant', action='store_true')
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix='tempera-bench-') as home,
        # what runs outside has it for its home, and leaves caches there
        tempfile.TemporaryDirectory(prefix='tempera-outside-') as tempfile.tempdir,
    ):
        most = str(4 * max(arguments.mebibytes, arguments.chunks // 16 + 1))
        # With all libraries ahead, as people have it.
        host = Host(Path(home), '--output-mebibytes', most, modules=None)
        peer = Jupyter(arguments.jupyter) if arguments.jupyter else NoPeer()
        try:
            samples = measure(host, peer, arguments)
        finally:
            peer.close()
            host.stop()
    # JSON has no word for what was not measured
    print(json.dumps(samples).replace('NaN', 'null'))


if __name__ == '__main__':
    main()
