"""grpc.health.v1: what load balancers and orchestrators ask. Needs no token and tells nothing but serving or not."""

from __future__ import annotations

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from ..background import BackgroundTasks

SERVICE = health.SERVICE_NAME
METHODS = (f'/{SERVICE}/Check', f'/{SERVICE}/Watch')
_SERVICES = ('', 'tempera.v1.Sandbox')


class Health:
    """Not serving, until it is said to be."""

    def __init__(self) -> None:
        self._servicer = health.aio.HealthServicer()
        self._background = BackgroundTasks()
        self.set(False)

    def add_to(self, server: grpc.aio.Server) -> None:
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    def set(self, serves: bool) -> None:
        """`serves`: whether executions can be started now. Calls take effect in their order."""
        states = health_pb2.HealthCheckResponse.ServingStatus
        for service in _SERVICES:
            self._background.start(
                self._servicer.set(service, states.SERVING if serves else states.NOT_SERVING)
            )
