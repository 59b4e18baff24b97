"""What every rpc does: an error becomes a status, JSON a value."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

import grpc

from ..errors import HostError, abort, invalid

Message = TypeVar('Message')
_LONGEST_SHOWN = 100
_log = logging.getLogger('tempera_sandbox.service')


@contextlib.asynccontextmanager
async def errors_as_status(context: Any) -> AsyncIterator[None]:
    """Turns what a call raised into its status; a bug becomes INTERNAL without its text."""
    try:
        yield
    except HostError as error:
        await abort(context, error)
    except (asyncio.CancelledError, GeneratorExit, grpc.aio.AbortError):
        raise
    except Exception:  # A bug: logged here in full, told in short, the host goes on.
        _log.exception('a call failed')
        await abort(
            context, HostError(grpc.StatusCode.INTERNAL, 'INTERNAL', 'The sandbox host failed; see its log.')
        )


def json_object(key: str, text: str) -> dict[str, Any]:
    """HostError INVALID_ARGUMENT when it is none."""
    try:
        value = json.loads(text or '{}')
    except (ValueError, RecursionError) as error:
        raise invalid(key, f'is no JSON: {error}') from error
    if not isinstance(value, dict):
        raise invalid(key, 'must be a JSON object')
    return value


def check_environment(variables: Mapping[str, str]) -> None:
    """HostError for a variable that no process can have."""
    for key, value in variables.items():
        if not key or '=' in key or '\0' in key or '\0' in value:
            raise invalid(
                'environment',
                f'holds [{key[:_LONGEST_SHOWN]}], which no process can have: a name is not '
                'empty and holds no "=", and neither it nor its value a NUL',
            )


async def paced(requests: AsyncIterator[Message], idle_s: float) -> AsyncIterator[Message]:
    """A caller's stream. One that falls silent half-way would hold the session's lock for ever: it is ended."""
    messages = aiter(requests)
    while True:
        try:
            yield await asyncio.wait_for(anext(messages), idle_s)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise HostError(
                grpc.StatusCode.DEADLINE_EXCEEDED,
                'SILENT_CALLER',
                f'Nothing came for {idle_s:g} s in the middle of a stream; send it again.',
            ) from None


async def first_with_header(requests: AsyncIterator[Message]) -> Any:
    """The first message of a caller's stream. HostError INVALID_ARGUMENT for one without a header."""
    first: Any = await anext(aiter(requests), None)
    if first is None or not first.HasField('header'):
        raise invalid('header', 'must be in the first message')
    return first


async def data_of(first: Any, requests: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    """The bytes of a caller's stream: some may have come with its header."""
    if first.data:
        yield first.data
    async for request in requests:
        yield request.data
