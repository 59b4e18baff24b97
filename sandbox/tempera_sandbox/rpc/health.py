"""grpc.health.v1: what load balancers and orchestrators ask. Needs no token and tells nothing but serving or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc

from ..generated import health_pb2 as pb
from ..generated import health_pb2_grpc

SERVICE = 'grpc.health.v1.Health'
METHODS = (f'/{SERVICE}/Check', f'/{SERVICE}/Watch')
_KNOWN = ('', 'tempera.v1.Sandbox')
_LOOK_S = 0.5


def add_to(server: grpc.aio.Server, serves: Callable[[], bool]) -> None:
    """`serves`: whether executions can be started now."""
    health_pb2_grpc.add_HealthServicer_to_server(_Health(serves), server)  # type: ignore[no-untyped-call]


class _Health(health_pb2_grpc.HealthServicer):
    def __init__(self, serves: Callable[[], bool]) -> None:
        self._serves = serves

    async def Check(self, request: pb.HealthCheckRequest, context: Any) -> pb.HealthCheckResponse:
        if request.service not in _KNOWN:
            await context.abort(
                grpc.StatusCode.NOT_FOUND, f'There is no service [{request.service[:200]}] here.'
            )
        return self._state()

    async def Watch(
        self, request: pb.HealthCheckRequest, context: Any
    ) -> AsyncIterator[pb.HealthCheckResponse]:
        last = None
        while True:
            now = (
                self._state()
                if request.service in _KNOWN
                else pb.HealthCheckResponse(status=pb.HealthCheckResponse.SERVICE_UNKNOWN)
            )
            if now != last:
                last = now
                yield now
            await asyncio.sleep(_LOOK_S)

    def _state(self) -> pb.HealthCheckResponse:
        status = pb.HealthCheckResponse.SERVING if self._serves() else pb.HealthCheckResponse.NOT_SERVING
        return pb.HealthCheckResponse(status=status)
