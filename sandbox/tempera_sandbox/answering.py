"""What every rpc does: an error becomes a status, JSON a value."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import grpc

from .errors import HostError, abort, invalid

_log = logging.getLogger('tempera_sandbox.service')


@contextlib.asynccontextmanager
async def told(context: Any) -> AsyncIterator[None]:
    """Turns what a call raised into its status; a bug becomes INTERNAL without its text."""
    try:
        yield
    except HostError as error:
        await abort(context, error)
    except (asyncio.CancelledError, GeneratorExit, grpc.aio.AbortError):
        raise
    except Exception:  # A bug: logged here in full, told in short, the host goes on.
        _log.exception('a call failed')
        await abort(context, HostError(grpc.StatusCode.INTERNAL, 'INTERNAL', 'The sandbox host failed; see its log.'))


def json_object(key: str, text: str) -> dict[str, Any]:
    """HostError INVALID_ARGUMENT when it is none."""
    try:
        value = json.loads(text or '{}')
    except ValueError as error:
        raise invalid(key, f'is no JSON: {error}') from error
    if not isinstance(value, dict):
        raise invalid(key, 'must be a JSON object')
    return value
