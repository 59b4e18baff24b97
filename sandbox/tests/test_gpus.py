"""GPUs as slots of a host, with a driver made for the tests at NVML's own C interface (fake_nvml.c)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from host_client import Host, Seen, Workspace, refusal, until

from tempera_sandbox.executions.nvml import Nvml, NvmlError
from tempera_sandbox.generated import sandbox_pb2 as pb

GIBIBYTE = 1 << 30
LISTING = """
import os, pathlib
folder = pathlib.Path({folder!r})
nodes = sorted(one.name for one in folder.iterdir()) if folder.exists() else []
print(os.environ['CUDA_VISIBLE_DEVICES'] or 'none', *nodes)
"""
HOLD = (
    'import pathlib, time\nprint("on", flush=True)\nwhile not pathlib.Path("go").exists(): time.sleep(0.01)'
)


@dataclass
class Driver:
    """The file that the library reads, and the folder with the device nodes."""

    library: Path
    state: Path
    nodes: Path

    def tell(self, *gpus: tuple[int, int]) -> None:
        """(GiB used, utilisation) of each GPU."""
        lines = [
            f'GPU-{index} Fake-H{index} {index} {8 * GIBIBYTE} {used * GIBIBYTE if used >= 0 else -1} {rate}'
            for index, (used, rate) in enumerate(gpus)
        ]
        part = self.state.with_suffix('.part')
        part.write_text('\n'.join(lines))
        part.replace(self.state)


@pytest.fixture(scope='module')
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    folder = tmp_path_factory.mktemp('nvml')
    library = folder / 'libfake-nvml.so'
    source = Path(__file__).with_name('fake_nvml.c')
    subprocess.run(['cc', '-shared', '-fPIC', '-O1', '-o', str(library), str(source)], check=True)
    # Not below /tmp: a sandbox has one of its own there, over whatever is shown at such a path.
    nodes = Path(tempfile.mkdtemp(prefix='tempera-nodes-', dir='/var/tmp'))
    nodes.chmod(0o755)
    for name in ('nvidia0', 'nvidia1', 'nvidiactl', 'nvidia-uvm'):
        (nodes / name).touch()
    yield Driver(library, folder / 'gpus', nodes)
    shutil.rmtree(nodes)


@pytest.fixture
def start(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts a host with so many GPUs; `again` starts its successor."""
    monkeypatch.setenv('FAKE_NVML', str(driver.state))
    hosts: list[Host] = []

    def begin(gpus: int) -> Host:
        driver.tell(*[(1, 7 * index) for index in range(gpus)])
        hosts.append(_host(driver, tmp_path / 'home'))
        return hosts[-1]

    yield begin
    for host in hosts:
        host.stop()


@pytest.fixture(scope='module')
def single(driver: Driver) -> Driver:
    """The driver with one GPU."""
    return replace(driver, state=driver.state.with_name('single'))


@pytest.fixture(scope='module')
def lasting(single: Driver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    single.tell((1, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('FAKE_NVML', str(single.state))
        host = _host(single, tmp_path_factory.mktemp('single'))
    yield host
    host.stop()


@pytest.fixture
def one(lasting: Host) -> Iterator[Host]:
    """A host with one GPU, which is left without a session."""
    yield lasting
    lasting.end_sessions()


def test_the_driver_is_read_by_its_c_interface(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('FAKE_NVML', str(driver.state))
    driver.tell((1, 0), (3, 42))
    nvml = Nvml(str(driver.library))
    found = [(one.uuid, one.name, one.minor) for one in nvml.found()]
    assert found == [('GPU-0', 'Fake-H0', 0), ('GPU-1', 'Fake-H1', 1)]
    use = nvml.use(1)
    assert (use.memory_total_bytes, use.memory_used_bytes, use.utilisation_percent) == (
        8 * GIBIBYTE,
        3 * GIBIBYTE,
        42,
    )
    driver.tell((1, 0), (-1, 0))
    with pytest.raises(NvmlError, match='GPU is lost'):
        nvml.use(1)
    nvml.close()
    with pytest.raises(NvmlError, match='cannot be loaded'):
        Nvml('libnothing.so.1')


def test_an_execution_sees_its_gpu_alone_and_without_one_none(start: Any, driver: Driver) -> None:
    host = start(2)
    looking = LISTING.format(folder=str(driver.nodes))
    holder, other, plain = (Workspace(host, name).open() for name in ('holder', 'other', 'plain'))
    request = holder.request(HOLD, gpus=1)
    call = holder.stream(request)
    assert next(chunk for chunk in call if chunk.WhichOneof('payload') == 'output')
    assert other.run(looking, gpus=1).text() == 'GPU-1 nvidia-uvm nvidia1 nvidiactl\n'
    assert plain.run(looking).text() == 'none\n'
    held, free = _gpus(host)
    assert (held.lease.execution_id, held.lease.session_id) == (request.execution_id, 'holder')
    assert (held.name, held.memory_used_bytes, free.utilisation_percent) == ('Fake-H0', GIBIBYTE, 7)
    assert free.lease.execution_id == '' and free.lease.epoch > held.lease.epoch > 0
    (holder.folder / 'go').touch()
    assert Seen(list(call)).exit.status == 'ok'
    until(lambda: _gpus(host)[0].lease.execution_id == '', 'the GPU is free')


def test_two_jobs_take_turns_on_one_gpu_and_others_need_not_wait(one: Host) -> None:
    host = one
    first, second, plain = (Workspace(host, name).open() for name in ('first', 'second', 'plain'))
    call = first.stream(first.request(HOLD, gpus=1))
    assert next(chunk for chunk in call if chunk.WhichOneof('payload') == 'output')
    epoch = _gpus(host)[0].lease.epoch
    waiting = second.stream(second.request('print("mine")', gpus=1))
    until(lambda: host.call('GetLoad', pb.GetLoadRequest()).gpus_queued == 2, 'the second waits for the GPU')
    assert plain.run('print(1)').text() == '1\n'
    load = host.call('GetLoad', pb.GetLoadRequest())
    assert (load.gpus, load.gpus_queued, load.queued) == (1, 2, 1)
    (first.folder / 'go').touch()
    assert Seen(list(call)).exit.status == 'ok'
    assert Seen(list(waiting)).text() == 'mine\n'
    assert _gpus(host)[0].lease.epoch > epoch


def test_a_lease_ends_with_its_processes_and_epochs_grow_over_a_restart(start: Any) -> None:
    host = start(1)
    workspace = Workspace(host, 's').open()
    request = workspace.request(HOLD, gpus=1)
    call = workspace.stream(request)
    assert next(chunk for chunk in call if chunk.WhichOneof('payload') == 'output')
    epoch = _gpus(host)[0].lease.epoch
    host.call('Kill', pb.KillRequest(execution_id=request.execution_id, epoch=1))
    assert Seen(list(call)).exit.status == 'killed'
    until(lambda: _gpus(host)[0].lease.execution_id == '', 'the GPU is free')
    host.kill()
    again = start(1)
    other = Workspace(again, 'other').open()
    assert other.run('print("on")', gpus=1).text() == 'on\n'
    assert _gpus(again)[0].lease.epoch > epoch


def test_a_gpu_that_is_lost_gets_no_work_until_it_answers_again(one: Host, single: Driver) -> None:
    host = one
    workspace = Workspace(host, 'loses').open()
    single.tell((-1, 0))
    assert 'GPU is lost' in _gpus(host)[0].problem
    with pytest.raises(grpc.RpcError) as error:
        workspace.run('print(1)', gpus=1)
    assert refusal(error.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, 'NO_GPU')
    single.tell((1, 0))
    assert _gpus(host)[0].problem == ''
    assert workspace.run('print(1)', gpus=1).text() == '1\n'


def test_a_gpu_without_its_device_node_is_said_and_not_granted(start: Any, driver: Driver) -> None:
    (driver.nodes / 'nvidia1').rename(driver.nodes / 'kept')
    try:
        problems = [gpu.problem for gpu in _gpus(start(2))]
    finally:
        (driver.nodes / 'kept').rename(driver.nodes / 'nvidia1')
    assert problems[0] == '' and 'nvidia1 is not there' in problems[1]


def test_what_no_gpu_can_be_had_for_is_refused_by_name(host: Host, one: Host) -> None:
    plain = Workspace(host, 'asks-for-a-gpu').open()
    with pytest.raises(grpc.RpcError) as error:
        plain.run('print(1)', gpus=1)
    assert refusal(error.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, 'NO_GPU')
    workspace = Workspace(one, 'asks-for-too-much').open()
    for wrong in ({'gpus': 2}, {'gpus': 1, 'kernel': 'main'}):
        with pytest.raises(grpc.RpcError) as error:
            workspace.run('print(1)', **wrong)
        code, _, metadata = refusal(error.value)
        assert (code, metadata['key']) == (grpc.StatusCode.INVALID_ARGUMENT, 'gpus')


def _host(driver: Driver, home: Path) -> Host:
    return Host(home, '--nvml', str(driver.library), '--gpu-nodes', str(driver.nodes), '--slots', '1')


def _gpus(host: Host) -> list[pb.GpuStatus]:
    return list(host.call('Status', pb.StatusRequest()).gpus)
