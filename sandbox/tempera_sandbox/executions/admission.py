"""Whether an execution is taken in at all, and what its caller is told when it is not."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from ..errors import HostError, quota
from ..sessions import Session
from ..settings import Settings
from .execution import Execution, ExecutionRequest

_DISK_FULL = 28


def check_room(
    settings: Settings, request: ExecutionRequest, queued: int, known: Iterable[Execution]
) -> None:
    """HostError RESOURCE_EXHAUSTED {quota, limit} when the host or the session has as many as it may."""
    most = settings.most_queued
    if queued >= most:
        raise quota('queue', most, f'{most} executions wait already; try later or on another host.')
    most = settings.executions_per_session
    if sum(one.request.session_id == request.session_id for one in known) >= most:
        raise quota(
            'executions_per_session',
            most,
            f'The session has {most} executions that wait, run or have not been acknowledged; acknowledge '
            'those that have ended.',
        )


def check_turn(request: ExecutionRequest, turn_now: bool, slots: int) -> None:
    """HostError for a caller that would rather fail than wait."""
    if request.affinity == 'strict_fail_fast' and not turn_now:
        raise quota(
            'slots',
            slots,
            f'[{request.id}] would have to wait: its session is busy, or the host has no free slot.',
        )


def check_base(request: ExecutionRequest, session: Session) -> None:
    """HostError FAILED_PRECONDITION {workspace_at} when the workspace is not at the request's checkpoint."""
    if session.at != request.base:
        raise HostError(
            grpc.StatusCode.FAILED_PRECONDITION,
            'WRONG_BASE',
            f'The workspace of session [{session.id}] stands at [{session.at or "empty"}], not at '
            f'[{request.base or "empty"}]; restore that checkpoint first.',
            {'workspace_at': session.at},
        )


def too_late(execution_id: str, seconds: float) -> HostError:
    return quota(
        'queue_seconds',
        round(seconds),
        f'Execution [{execution_id}] waited {seconds:g} s for its turn and was given up; it never ran.',
    )


def cancelled(execution_id: str) -> HostError:
    return HostError(
        grpc.StatusCode.CANCELLED, 'NEVER_STARTED', f'Execution [{execution_id}] was ended while it waited.'
    )


def failure(execution_id: str, error: Exception) -> HostError:
    """For an execution whose output could not be kept, or that a bug of the host has hit."""
    if isinstance(error, OSError):
        status = grpc.StatusCode.RESOURCE_EXHAUSTED if error.errno == _DISK_FULL else grpc.StatusCode.INTERNAL
        return HostError(
            status,
            'HOST_STORAGE',
            f'The host could not keep the output of [{execution_id}]: {error.strerror}.',
        )
    return HostError(
        grpc.StatusCode.INTERNAL, 'INTERNAL', f'The sandbox host failed over [{execution_id}]; see its log.'
    )
