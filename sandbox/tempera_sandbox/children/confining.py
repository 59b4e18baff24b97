"""What every child of this host is given: its groups' owner, its environment, its confinement."""

from __future__ import annotations

import os
import sys
import zlib

from ..isolation import Confinement, Limits
from ..sessions import Session, Sessions
from ..settings import ExecutionLimits, Settings
from .spares import ChildTemplate


def owner_of(settings: Settings) -> str:
    """Whose groups these are: a host's home, so that its successor finds them."""
    return f'{os.path.basename(settings.home)[:20]}{zlib.crc32(str(settings.home.resolve()).encode()):08x}'


def environment_of(settings: Settings, session: Session | None, extra: dict[str, str]) -> dict[str, str]:
    """What an execution's environment has beside the sandbox's own."""
    threads = str(settings.cores)
    names = (
        'OMP_NUM_THREADS',
        'OPENBLAS_NUM_THREADS',
        'MKL_NUM_THREADS',
        'NUMEXPR_NUM_THREADS',
        'LOKY_MAX_CPU_COUNT',
    )
    return {
        **dict.fromkeys(names, threads),
        'PATH': f'{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin',
        'PYTHONPATH': str(settings.package_root),
        'TEMPERA_DATA': '/data',
        'TEMPERA_SESSION': session.id if session else '',
        'TEMPERA_EXPERIMENT': session.experiment_id if session else '',
        **extra,
    }


def template_of(settings: Settings, sessions: Sessions, session: Session) -> ChildTemplate:
    """What an execution with the session's own limits needs of its child."""
    limits = session.limits
    return ChildTemplate(
        confinement_of(settings, sessions, session, limits, read_only=False),
        limits.memory_bytes,
        limits.processes,
        owner_of(settings),
    )


def confinement_of(
    settings: Settings,
    sessions: Sessions,
    session: Session,
    limits: ExecutionLimits,
    read_only: bool,
) -> Confinement:
    """How an execution, tool or scan over a session's workspace is confined."""
    return Confinement(
        workspace=sessions.workspace(session.id),
        workspace_target=f'/data/sessions/{session.id}',
        datasets=sessions.dataset_folder(session.experiment_id),
        datasets_target=f'/data/datasets/{session.experiment_id}',
        read_only_workspace=read_only,
        read_only_paths=settings.python_paths(),
        uid=session.uid if os.geteuid() == 0 else None,
        tmp_bytes=limits.tmp_bytes,
        limits=Limits(processes=limits.processes, file_bytes=limits.workspace_bytes),
        policy=settings.policy,
    )
