"""grpc.reflection: by it grpcurl and its like discover what this host serves. It asks for the token as every call does.

It answers in v1 and v1alpha, whose messages are the same on the wire: which of them a client asks depends on its age.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FileDescriptor

from ..generated import reflection_pb2 as pb

_NAMES = ('grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection')
_LONGEST_SHOWN = 200


def add_to(server: grpc.aio.Server, services: tuple[str, ...]) -> None:
    """`services`: full names of what else the server serves."""
    listed = (*services, _NAMES[0])

    async def info(requests: AsyncIterator[pb.ServerReflectionRequest], context: Any) -> AsyncIterator[Any]:
        async for request in requests:
            yield _answer(request, listed)

    handler = grpc.stream_stream_rpc_method_handler(
        info, pb.ServerReflectionRequest.FromString, pb.ServerReflectionResponse.SerializeToString
    )
    server.add_generic_rpc_handlers(
        tuple(
            grpc.method_handlers_generic_handler(name, {'ServerReflectionInfo': handler}) for name in _NAMES
        )
    )


def _answer(request: pb.ServerReflectionRequest, listed: tuple[str, ...]) -> pb.ServerReflectionResponse:
    kind = request.WhichOneof('message_request')
    pool = descriptor_pool.Default()
    answer = pb.ServerReflectionResponse(valid_host=request.host, original_request=request)
    try:
        if kind == 'list_services':
            answer.list_services_response.service.extend(pb.ServiceResponse(name=name) for name in listed)
        elif kind == 'file_by_filename':
            _tell(answer, pool.FindFileByName(request.file_by_filename))
        elif kind == 'file_containing_symbol':
            _tell(answer, _file_of(pool, request.file_containing_symbol))
        else:  # proto3 has no extensions.
            _refuse(answer, grpc.StatusCode.UNIMPLEMENTED, 'There are no extensions here.')
    except KeyError:
        name = (request.file_by_filename or request.file_containing_symbol)[:_LONGEST_SHOWN]
        _refuse(answer, grpc.StatusCode.NOT_FOUND, f'There is no [{name}] here.')
    return answer


def _file_of(pool: descriptor_pool.DescriptorPool, symbol: str) -> FileDescriptor:
    try:
        return pool.FindFileContainingSymbol(symbol)
    except KeyError:  # The pool does not know methods; their service it does.
        return pool.FindServiceByName(symbol.rpartition('.')[0]).file


def _tell(answer: pb.ServerReflectionResponse, file: FileDescriptor) -> None:
    """The file first, then all that it imports: a client asks no second time."""
    found: dict[str, FileDescriptor] = {}
    waiting = [file]
    while waiting:
        one = waiting.pop()
        if one.name not in found:
            found[one.name] = one
            waiting.extend(one.dependencies)
    answer.file_descriptor_response.file_descriptor_proto.extend(one.serialized_pb for one in found.values())


def _refuse(answer: pb.ServerReflectionResponse, status: grpc.StatusCode, message: str) -> None:
    answer.error_response.error_code = status.value[0]
    answer.error_response.error_message = message
