"""The host's log: summaries of payloads, never their values; secrets and the texts of exceptions left out.

An exception's text may quote what somebody sent, so a traceback is logged by its places and its class alone.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

_MOST_KEYS = 20
_LONGEST_KEY = 40
_LOOKS_SECRET = re.compile(
    r'(?i)(bearer\s+|(?:api[_-]?key|token|secret|password)["\']?\s*[=:]\s*["\']?)[^\s"\',;]+|\bsk-[A-Za-z0-9_-]{8,}'
)


def summary(value: Any) -> str:
    """`map(keys: [a, b], count: 2)`, `list(len: 3)`, `binary(len: 4)`, `text(len: 5)`; a number's or None's type."""
    if isinstance(value, Mapping):
        keys = [str(key)[:_LONGEST_KEY] for key in list(value)[:_MOST_KEYS]]
        return f'map(keys: [{", ".join(keys)}], count: {len(value)})'
    if isinstance(value, str):
        return f'text(len: {len(value)})'
    if isinstance(value, bytes | bytearray | memoryview):
        return f'binary(len: {len(value)})'
    if isinstance(value, Sequence):
        return f'list(len: {len(value)})'
    return type(value).__name__


def trace_id(trace_context: str) -> str:
    """The trace's id of a W3C traceparent; '-' where there is none."""
    parts = trace_context.split('-')
    return parts[1] if len(parts) == 4 and re.fullmatch('[0-9a-f]{32}', parts[1]) else '-'


class Redacting(logging.Formatter):
    """Leaves the host's token, and what looks like a secret, out of every line."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__('%(asctime)s %(name)s %(message)s')
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, '[redacted]')
        return _LOOKS_SECRET.sub(lambda found: f'{found.group(1) or ""}[redacted]', text)

    def formatException(self, ei: Any) -> str:
        kind: type[BaseException] | None = ei[0]
        frames: TracebackType | None = ei[2]
        places = ''.join(traceback.format_tb(frames))
        return f'{places}{kind.__name__ if kind else "no exception"}'


def configure(token: str) -> None:
    """For the whole process, once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting([token]))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
