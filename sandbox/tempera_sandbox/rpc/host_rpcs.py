"""The rpcs about the host itself: how it does, how busy it is, and that it is to be emptied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from .. import VERSION
from ..executions.gpus import Gpu
from ..executions.slots import Slot
from ..generated import sandbox_pb2 as pb
from ..generated import sandbox_pb2_grpc
from .parts import Parts

_WATCH_S = 0.5


class HostRpcs(sandbox_pb2_grpc.SandboxServicer):
    _parts: Parts

    async def Status(self, request: pb.StatusRequest, context: Any) -> pb.StatusResponse:
        """Waits for what the host finds out about its kernel at start."""
        parts, executions = self._parts, self._parts.executions
        await parts.isolation.known()
        layers = [
            pb.IsolationLayer(name=layer.name, level=layer.level, detail=layer.detail)
            for layer in parts.isolation.layers
        ]
        return pb.StatusResponse(
            host_id=parts.host_id,
            version=VERSION,
            sessions=len(parts.sessions),
            running=executions.running,
            queued=executions.queued,
            slots=parts.settings.execution_slots,
            zygote_ready=parts.zygote.is_ready,
            isolation=layers,
            isolation_policy=parts.settings.policy,
            runs_agent_code=parts.isolation.runs_agent_code,
            draining=parts.draining.is_on,
            slot_list=[_slot(slot) for slot in parts.slots.held_by(executions.held(on_gpu=False))],
            gpus=[_gpu(gpu) for gpu in await parts.gpus.sampled()],
        )

    async def WatchStatus(self, request: pb.StatusRequest, context: Any) -> AsyncIterator[pb.StatusResponse]:
        """The present status, then each that differs."""
        last = None
        while True:
            now = await self.Status(request, context)
            if now != last:
                last = now
                yield now
            await asyncio.sleep(_WATCH_S)

    async def GetLoad(self, request: pb.GetLoadRequest, context: Any) -> pb.GetLoadResponse:
        """Answers at once, also while the host still looks at its kernel or imports."""
        parts, executions = self._parts, self._parts.executions
        return pb.GetLoadResponse(
            host_id=parts.host_id,
            version=VERSION,
            slots=parts.settings.execution_slots,
            running=executions.running,
            queued=executions.queued,
            sessions=len(parts.sessions),
            draining=parts.draining.is_on,
            gpus=parts.gpus.usable,
            gpus_queued=executions.on_gpu,
            refuses_agent_code=bool(parts.isolation.layers) and not parts.isolation.runs_agent_code,
        )

    async def Drain(self, request: pb.DrainRequest, context: Any) -> pb.DrainResponse:
        self._parts.draining.set(request.on)
        return pb.DrainResponse(running=self._parts.executions.running)


def _slot(slot: Slot) -> pb.SlotStatus:
    return pb.SlotStatus(
        slot=slot.number, execution_id=slot.execution_id, session_id=slot.session_id, epoch=slot.epoch
    )


def _gpu(gpu: Gpu) -> pb.GpuStatus:
    return pb.GpuStatus(
        index=gpu.found.index,
        uuid=gpu.found.uuid,
        name=gpu.found.name,
        memory_total_bytes=gpu.use.memory_total_bytes,
        memory_used_bytes=gpu.use.memory_used_bytes,
        utilisation_percent=gpu.use.utilisation_percent,
        lease=_slot(gpu.slot),
        problem=gpu.problem,
    )
