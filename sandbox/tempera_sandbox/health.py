"""grpc.health.v1: what load balancers and orchestrators ask. Needs no token and tells nothing but serving or not.

Its two messages have one field each, with the number and the wire form of a well-known wrapper, which stands for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
from google.protobuf.wrappers_pb2 import Int32Value, StringValue

_SERVICE = 'grpc.health.v1.Health'
METHODS = (f'/{_SERVICE}/Check', f'/{_SERVICE}/Watch')
_KNOWN = ('', 'tempera.v1.Sandbox')
_SERVING, _NOT_SERVING, _SERVICE_UNKNOWN = 1, 2, 3
_LOOK_S = 0.5


def add_to(server: grpc.aio.Server, serves: Callable[[], bool]) -> None:
    """`serves`: whether executions can be started now."""
    def state() -> int:
        return _SERVING if serves() else _NOT_SERVING

    async def check(request: StringValue, context: Any) -> Int32Value:
        if request.value not in _KNOWN:
            await context.abort(grpc.StatusCode.NOT_FOUND, f'There is no service [{request.value[:200]}] here.')
        return Int32Value(value=state())

    async def watch(request: StringValue, context: Any) -> AsyncIterator[Int32Value]:
        told = None
        while True:
            now = state() if request.value in _KNOWN else _SERVICE_UNKNOWN
            if now != told:
                told = now
                yield Int32Value(value=now)
            await asyncio.sleep(_LOOK_S)

    forms = {'request_deserializer': StringValue.FromString, 'response_serializer': Int32Value.SerializeToString}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, {
        'Check': grpc.unary_unary_rpc_method_handler(check, **forms),
        'Watch': grpc.unary_stream_rpc_method_handler(watch, **forms),
    }),))
