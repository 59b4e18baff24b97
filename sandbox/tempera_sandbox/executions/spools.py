"""What a host keeps on disk of its executions: the spool, and beside it a note of whose it is and under which epoch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ..settings import ExecutionLimits, Settings
from .execution import Execution, ExecutionRequest
from .spool import Spool


def recovered_executions(settings: Settings) -> list[tuple[Execution, int]]:
    """Ended ones that a former host left and nobody acknowledged, each with its epoch; cut-off ones are forgotten."""
    found = []
    for file in sorted(settings.spools.glob('*.json')):
        try:
            note = json.loads(file.read_text(encoding='utf-8'))
            spool = Spool.recover(file.with_suffix('.spool'))
        except (OSError, ValueError):
            spool = None
        if spool is None:
            file.unlink(missing_ok=True)
            continue
        request = ExecutionRequest(note['id'], note['session_id'], '', '', '', 0, ExecutionLimits(), {})
        execution = Execution(request, spool, 'ended')
        execution.settled.set()
        found.append((execution, note['epoch']))
    for file in settings.spools.glob('*.spool'):
        if not file.with_suffix('.json').exists():
            file.unlink()
    return found


def new_spool(settings: Settings, request: ExecutionRequest, epoch: int) -> Spool:
    """An empty spool with its note."""
    spool = Spool(_file(settings, request.id, '.spool'))
    note = json.dumps({'id': request.id, 'session_id': request.session_id, 'epoch': epoch})
    _file(settings, request.id, '.json').write_text(note, encoding='utf-8')
    return spool


def forget_spool(settings: Settings, execution_id: str) -> None:
    """Removes the note: the spool counts no more, should the host end before that is removed too."""
    _file(settings, execution_id, '.json').unlink(missing_ok=True)


def _file(settings: Settings, execution_id: str, suffix: str) -> Path:
    name = hashlib.sha256(execution_id.encode()).hexdigest()[:32]
    return settings.spools / (name + suffix)
