"""`probe`: what this machine's kernel really holds, found by a child that tries to get out.

The attempts run in a small fresh process (`probe_process`), because the caller may have threads and be large; it takes
a few tenths of a second. The answer does not change while the machine runs, so callers keep it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from .model import Layer, Policy
from .spawn import LAYERS, REQUIRED

_PACKAGE_FOLDER = Path(__file__).resolve().parents[2]


def probe(timeout_s: float = 20.0) -> list[Layer]:
    """One row per layer and limit. A probe that itself fails reports every layer missing, with the reason."""
    code = (
        f'import sys; sys.path.insert(0, {str(_PACKAGE_FOLDER)!r}); '
        'from tempera_sandbox.isolation import probe_process; probe_process.main()'
    )
    command = [sys.executable, '-I', '-S', '-c', code]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=timeout_s, check=True, stdin=subprocess.DEVNULL
        )
        return [Layer(**row) for row in json.loads(done.stdout)]
    except subprocess.CalledProcessError as error:
        return _all_missing(
            error.stderr.decode(errors='replace').strip()[-300:] or f'probe ended with {error.returncode}'
        )
    except (subprocess.TimeoutExpired, ValueError, OSError) as error:
        return _all_missing(f'{type(error).__name__}: {error}'[:300])


def given_layers(rows: Iterable[Layer]) -> tuple[str, ...]:
    """The layers to hand to `spawn`: those that the probe saw held."""
    held = {row.name for row in rows if row.level == 'held'}
    return tuple(layer for layer in LAYERS if layer in held)


def missing_layers(rows: Iterable[Layer]) -> tuple[str, ...]:
    """The required layers that this machine lacks."""
    given = given_layers(rows)
    return tuple(layer for layer in REQUIRED if layer not in given)


def agent_code_allowed(policy: Policy, rows: Iterable[Layer]) -> tuple[bool, str]:
    """Whether agent code may run here, and what to tell the person if not (or if it runs less safely)."""
    missing = missing_layers(rows)
    if policy == 'off':
        return True, 'isolation is off: agent code runs with the rights of this user'
    if not missing:
        return True, ''
    names = ', '.join(missing)
    if policy == 'best':
        return True, f'isolation is weak on this machine: {names} missing'
    return (
        False,
        f'agent code is refused: this machine does not give [{names}] and isolation is required. '
        'Run on a Linux that allows user namespaces and Landlock, or set isolation=off to run unprotected.',
    )


def _all_missing(reason: str) -> list[Layer]:
    return [Layer(layer, 'missing', reason) for layer in (*LAYERS, 'memory', 'processes', 'tmp')]
