"""`python -m tempera_sandbox.isolation.doctor [--format json]`: which protections this machine gives."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from .model import Layer
from .probe import agent_code_allowed, probe

# What is open where a layer is missing and the policy lets code run all the same; by attempts in docs/sandbox.md.
_WITHOUT = {
    'user': 'sessions run as one user and may touch what that user may',
    'mount': 'processes, sockets and shared memory of the host that anybody may open by a path',
    'pid': 'processes of the same user are seen',
    'network': 'datagrams leave to anywhere, interfaces are seen',
    'ipc': "shared memory of the host's programs is seen",
    'landlock': 'one wall instead of two around files, signals and TCP',
    'seccomp': 'rarely used doors of the kernel: keyrings, io_uring, namespaces, netlink, vsock',
}
_WORDS = {'held': 'held by the kernel', 'watched': 'watched by the host', 'missing': 'MISSING'}


def main() -> int:
    """Prints the table; exit status 1 if agent code would be refused here."""
    parser = argparse.ArgumentParser(prog='doctor', description=__doc__)
    parser.add_argument('--format', choices=('text', 'json'), default='text')
    arguments = parser.parse_args()
    rows = probe()
    allowed, message = agent_code_allowed('required', rows)
    if arguments.format == 'json':
        print(json.dumps({'layers': [asdict(row) for row in rows], 'allowed': allowed, 'message': message}))
    else:
        print(table(rows))
        print(f'\nisolation=required: {"agent code runs here" if allowed else message}')
    return 0 if allowed else 1


def table(rows: list[Layer]) -> str:
    """The rows as aligned text."""
    widest = max((len(row.name) for row in rows), default=0)
    return '\n'.join(
        f'{row.name.ljust(widest)}  {_WORDS[row.level].ljust(19)}  {row.detail}{_lost(row)}' for row in rows
    )


def _lost(row: Layer) -> str:
    return f' (open: {_WITHOUT[row.name]})' if row.level == 'missing' and row.name in _WITHOUT else ''


if __name__ == '__main__':
    sys.exit(main())
