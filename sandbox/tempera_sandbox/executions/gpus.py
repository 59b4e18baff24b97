"""The GPUs of this host as slots: one execution on each, granted as a lease, seen by nobody else.

1. A lease ends when the execution's processes are gone, never by a clock: until then the device's memory is theirs.
2. An execution is shown the nodes of its own device and the driver's common ones, nothing of the others.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path

from .nvml import Found, Nvml, NvmlError, Use
from .slots import Epochs, Slot

_COMMON_NODES = ('nvidiactl', 'nvidia-uvm', 'nvidia-uvm-tools')
_log = logging.getLogger('tempera_sandbox.gpus')


@dataclass
class Gpu:
    found: Found
    nodes: tuple[Path, ...]
    """Device nodes that an execution on it needs; they exist."""
    slot: Slot
    use: Use = field(default_factory=lambda: Use(0, 0, 0))
    problem: str = ''
    """Why it is not granted."""

    @property
    def environment(self) -> dict[str, str]:
        """What makes CUDA see this device and no other."""
        return {'CUDA_VISIBLE_DEVICES': self.found.uuid, 'CUDA_DEVICE_ORDER': 'PCI_BUS_ID'}


class Gpus:
    """Empty on a machine without a driver."""

    def __init__(self, library: str, nodes: Path, epochs: Epochs) -> None:
        self._epochs = epochs
        self._nvml: Nvml | None = None
        self.all: list[Gpu] = []
        try:
            self._nvml = Nvml(library)
            self.all = [_gpu(found, nodes) for found in self._nvml.found()]
        except NvmlError as error:
            _log.info('no GPU is used: %s', error)

    @property
    def has_free(self) -> bool:
        return any(not gpu.slot.execution_id and not gpu.problem for gpu in self.all)

    @property
    def usable(self) -> int:
        return sum(not gpu.problem for gpu in self.all)

    def take(self, execution_id: str, session_id: str) -> Gpu:
        """Grants the first free one; ask `has_free` before."""
        gpu = next(gpu for gpu in self.all if not gpu.slot.execution_id and not gpu.problem)
        gpu.slot.execution_id, gpu.slot.session_id, gpu.slot.epoch = (
            execution_id,
            session_id,
            self._epochs.take(),
        )
        return gpu

    def release(self, gpu: Gpu) -> None:
        """Its processes are gone."""
        gpu.slot.execution_id = gpu.slot.session_id = ''

    async def sampled(self) -> list[Gpu]:
        """All of them with their use now. One that has fallen off its bus gets no work until it answers again."""
        for gpu in self.all:
            await asyncio.to_thread(self._sample, gpu)
        return self.all

    def close(self) -> None:
        if self._nvml:
            self._nvml.close()
            self._nvml = None

    def _sample(self, gpu: Gpu) -> None:
        if self._nvml is None or not gpu.nodes:
            return
        try:
            gpu.use = self._nvml.use(gpu.found.index)
            gpu.problem = ''
        except NvmlError as error:
            gpu.problem = str(error)


def _gpu(found: Found, folder: Path) -> Gpu:
    own = folder / f'nvidia{found.minor}'
    nodes = tuple(node for node in (own, *(folder / name for name in _COMMON_NODES)) if node.exists())
    gpu = Gpu(found, nodes if own in nodes else (), Slot(found.index))
    if not gpu.nodes:
        gpu.problem = f'{own} is not there: give this host the device, or load the driver’s modules.'
    return gpu
