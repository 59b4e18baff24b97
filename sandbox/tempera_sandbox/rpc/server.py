"""The gRPC server: the service, what the field's tools ask, and the token that all but a few calls need."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from ..generated import sandbox_pb2_grpc
from . import reflection
from .health import METHODS, SERVICE, Health
from .parts import Parts
from .service import SandboxService

_LARGEST_RECEIVED = 64 * 1024 * 1024
_OPEN_METHODS = ('/tempera.v1.Sandbox/Ping', *METHODS)
_OPTIONS = (
    ('grpc.max_receive_message_length', _LARGEST_RECEIVED),
    ('grpc.max_send_message_length', -1),
    ('grpc.so_reuseport', 0),
    # A silent training sends nothing for minutes while its reader pings: no abuse, no reason to end it.
    ('grpc.http2.max_ping_strikes', 0),
    # A caller whose machine is gone says nothing, not even that: its streams end, its executions detach.
    ('grpc.keepalive_time_ms', 20_000),
    ('grpc.keepalive_timeout_ms', 10_000),
)


def make_server(parts: Parts, health: Health, token: str) -> grpc.aio.Server:
    """A server of these parts, without a port yet."""
    server = grpc.aio.server(interceptors=[TokenCheck(token)], options=_OPTIONS)
    sandbox_pb2_grpc.add_SandboxServicer_to_server(SandboxService(parts), server)  # type: ignore[no-untyped-call]
    health.add_to(server)
    reflection.add_to(server, ('tempera.v1.Sandbox', SERVICE))
    return server


class TokenCheck(grpc.aio.ServerInterceptor):
    """`authorization: Bearer TOKEN` on every call but Ping; compared in constant time."""

    def __init__(self, token: str) -> None:
        self._expected = f'Bearer {token}'.encode()

    async def intercept_service(
        self,
        continuation: Callable[[Any], Awaitable[Any]],
        details: grpc.HandlerCallDetails,
    ) -> Any:
        handler = await continuation(details)
        if details.method in _OPEN_METHODS or handler is None:
            return handler
        given = dict(details.invocation_metadata or ()).get('authorization', '')
        given = given if isinstance(given, bytes) else given.encode()
        return handler if hmac.compare_digest(given, self._expected) else _refusing(handler)


def _refusing(handler: Any) -> Any:
    """A handler of the same kind that only refuses."""
    text = (
        'The sandbox host refuses this token: set SANDBOX_TOKEN to the one that it was started with '
        '(metadata `authorization: Bearer TOKEN`).'
    )

    async def refuse(_: Any, context: Any) -> None:
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, text)

    async def refuse_stream(_: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, text)
        yield

    kinds = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    make = kinds[(handler.request_streaming, handler.response_streaming)]
    return make(
        refuse_stream if handler.response_streaming else refuse,
        handler.request_deserializer,
        handler.response_serializer,
    )
