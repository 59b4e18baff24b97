"""What the host asks of the zygote: one datagram of JSON with descriptors beside it, and one back."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..isolation import Confinement, Limits

LARGEST_MESSAGE = 128 * 1024
_MOST_DESCRIPTORS = 8
SPARE = 'spare'
"""The kind of a child that learns its true kind later, by a datagram on its only descriptor."""
_PATH_FIELDS = ('workspace', 'datasets')


def send(endpoint: socket.socket, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
    socket.send_fds(endpoint, [json.dumps(message).encode()], list(descriptors))


def receive(endpoint: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and its descriptors (close-on-exec), or None at the end of the other side."""
    body, descriptors, _, _ = socket.recv_fds(
        endpoint, LARGEST_MESSAGE, _MOST_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
    )
    if not body:
        return None
    return json.loads(body), list(descriptors)


def pack_confinement(confinement: Confinement) -> dict[str, Any]:
    """A confinement as JSON; its group is made anew by the zygote from the same name and limits."""
    fields = {
        name: getattr(confinement, name) for name in Confinement.__dataclass_fields__ if name != 'group'
    }
    fields['limits'] = asdict(confinement.limits)
    for name in _PATH_FIELDS:
        fields[name] = None if fields[name] is None else str(fields[name])
    fields['read_only_paths'] = [str(path) for path in confinement.read_only_paths]
    fields['devices'] = [str(path) for path in confinement.devices]
    return fields


def unpack_confinement(fields: dict[str, Any], **extra: Any) -> Confinement:
    values = dict(fields)
    values['limits'] = Limits(**values['limits'])
    for name in _PATH_FIELDS:
        values[name] = None if values[name] is None else Path(values[name])
    values['read_only_paths'] = tuple(Path(path) for path in values['read_only_paths'])
    values['devices'] = tuple(Path(path) for path in values['devices'])
    return Confinement(**values, **extra)


def memory_file(payload: Any) -> int:
    """JSON in an anonymous file, for what may be larger than a message."""
    descriptor = os.memfd_create('tempera-request', os.MFD_CLOEXEC)
    body = json.dumps(payload).encode()
    written = 0
    while written < len(body):
        written += os.write(descriptor, body[written:])
    return descriptor


def read_memory_file(descriptor: int) -> Any:
    size = os.fstat(descriptor).st_size
    pieces, position = [], 0
    while position < size:
        piece = os.pread(descriptor, size - position, position)
        pieces.append(piece)
        position += len(piece)
    os.close(descriptor)
    return json.loads(b''.join(pieces))
