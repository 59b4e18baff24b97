"""One error convention: a gRPC status with a google.rpc detail, made from one exception.

HostError            what a caller may be told: status, stable reason, sentence, details as text
  └─ quota()         RESOURCE_EXHAUSTED with a QuotaFailure
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

DOMAIN = 'sandbox.tempera'
_LARGEST_VALUE = 1000
_LARGEST_DETAILS = 4000
_LARGEST_MESSAGE = 500

_TOOL_STATUS = {
    'NOT_FOUND': grpc.StatusCode.NOT_FOUND,
    'UNKNOWN_TABLE': grpc.StatusCode.NOT_FOUND,
    'UNKNOWN_TOOL': grpc.StatusCode.NOT_FOUND,
    'QUERY_TIMEOUT': grpc.StatusCode.DEADLINE_EXCEEDED,
    'TOOL_TIMEOUT': grpc.StatusCode.DEADLINE_EXCEEDED,
    'OUT_OF_MEMORY': grpc.StatusCode.RESOURCE_EXHAUSTED,
    'TOOL_FAILED': grpc.StatusCode.INTERNAL,
}


class HostError(Exception):
    """A refusal with a stable `reason`; `message` says what, where and how to mend it."""

    def __init__(
        self,
        status: grpc.StatusCode,
        reason: str,
        message: str,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.metadata = metadata or {}
        self.quota: tuple[str, int] | None = None


def invalid(key: str, why: str) -> HostError:
    """A parameter that cannot be used; `key` names it."""
    return HostError(
        grpc.StatusCode.INVALID_ARGUMENT,
        'INVALID_ARGUMENT',
        f'[{key}] {why}',
        {'key': key, 'reason': why},
    )


def not_found(kind: str, name: str, remedy: str) -> HostError:
    return HostError(
        grpc.StatusCode.NOT_FOUND,
        'NOT_FOUND',
        f'There is no {kind} [{name}] here: {remedy}',
        {'kind': kind, 'name': name},
    )


def superseded(what: str, epoch: int, seen: int) -> HostError:
    """The fence: a later attempt has been here, so this one may change nothing."""
    return HostError(
        grpc.StatusCode.ABORTED,
        'SUPERSEDED',
        f'Epoch {epoch} of {what} is superseded: the host has seen {seen}.',
        {'epoch': epoch, 'seen': seen},
    )


def quota(name: str, limit: int, message: str) -> HostError:
    error = HostError(
        grpc.StatusCode.RESOURCE_EXHAUSTED, 'QUOTA_EXCEEDED', message, {'quota': name, 'limit': limit}
    )
    error.quota = (name, limit)
    return error


def from_tool(code: str, message: str, details: dict[str, Any]) -> HostError:
    """What a built-in tool refused, under the status that its code stands for."""
    return HostError(_TOOL_STATUS.get(code, grpc.StatusCode.INVALID_ARGUMENT), code, message, details)


async def abort(context: grpc.aio.ServicerContext, error: HostError) -> NoReturn:
    """Ends a call with the error's status and details."""
    message = (
        error.message if len(error.message) <= _LARGEST_MESSAGE else error.message[:_LARGEST_MESSAGE] + '…'
    )
    status = status_pb2.Status(code=error.status.value[0], message=message, details=[_detail(error)])
    if error.quota:
        violation = error_details_pb2.QuotaFailure.Violation(subject=error.quota[0], description=message)
        status.details.append(_pack(error_details_pb2.QuotaFailure(violations=[violation])))
    as_status = rpc_status.to_status(status)
    await context.abort(as_status.code, as_status.details, as_status.trailing_metadata)
    raise AssertionError('context.abort always raises')


def _detail(error: HostError) -> any_pb2.Any:
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN)
    left = _LARGEST_DETAILS  # Trailing metadata is limited to 8 KiB by default.
    for key, value in error.metadata.items():
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        text = text if len(text) <= _LARGEST_VALUE else text[:_LARGEST_VALUE] + '…'
        left -= len(key) + len(text.encode())
        if left > 0:
            info.metadata[key] = text
    return _pack(info)


def _pack(message: Any) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
