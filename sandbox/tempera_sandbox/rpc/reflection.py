"""grpc.reflection: by it grpcurl and its like discover what this host serves. It asks for the token as every call does.

It answers in v1 and v1alpha, whose messages are the same on the wire: which of them a client asks depends on its age.
"""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf import descriptor_pool
from grpc_reflection.v1alpha import reflection, reflection_pb2

_NEWER_NAME = 'grpc.reflection.v1.ServerReflection'


class _Pool:
    """What is known here. The library's own pool finds no methods, of which grpcurl asks; their service it finds."""

    def __init__(self) -> None:
        self._pool = descriptor_pool.Default()

    def FindFileContainingSymbol(self, symbol: str) -> Any:
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            return self._pool.FindServiceByName(symbol.rpartition('.')[0]).file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)


def add_to(server: grpc.aio.Server, services: tuple[str, ...]) -> None:
    """`services`: full names of what else the server serves."""
    servicer = reflection.aio.ReflectionServicer((*services, _NEWER_NAME), pool=_Pool())
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        reflection_pb2.ServerReflectionRequest.FromString,
        reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        tuple(
            grpc.method_handlers_generic_handler(name, {'ServerReflectionInfo': handler})
            for name in (_NEWER_NAME, reflection.SERVICE_NAME)
        )
    )
