"""Using up what others need."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ..confined import MEBIBYTE
from . import Scene, attempt


@attempt('fork without an end')
def _(scene: Scene) -> bool:
    most, children = scene.ground.confinement.limits.processes, []
    try:
        for _ in range(most + 40):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return len(children) > most


def _fill(folder: str, size: int) -> bool:
    file = Path(folder, f'filling-{os.getpid()}')
    try:
        return file.write_bytes(bytes(size)) == size
    finally:
        file.unlink(missing_ok=True)


@attempt('fill /tmp')
def _(scene: Scene) -> bool:
    return _fill('/tmp', scene.ground.confinement.tmp_bytes + MEBIBYTE)


@attempt('fill /dev/shm')
def _(scene: Scene) -> bool:
    return _fill('/dev/shm', scene.ground.confinement.shm_bytes + MEBIBYTE)


@attempt('use up the inodes of /tmp')
def _(scene: Scene) -> bool:
    made = []
    try:
        for number in range(scene.ground.confinement.tmp_inodes + 50):
            path = f'/tmp/inode-{os.getpid()}-{number}'
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            made.append(path)
    finally:
        for path in made:
            os.unlink(path)
    return True


@attempt('write one huge file')
def _(scene: Scene) -> bool:
    return _fill('.', scene.ground.confinement.limits.file_bytes + MEBIBYTE)


@attempt('make a sparse file of a terabyte')
def _(scene: Scene) -> bool:
    with open('sparse', 'wb') as file:
        file.truncate(1 << 40)
    os.unlink('sparse')
    return True


@attempt('open files without an end')
def _(scene: Scene) -> bool:
    most = scene.ground.confinement.limits.open_files
    return len([os.dup(0) for _ in range(most + 10)]) > most


@attempt('dump its memory to a file when it crashes')
def _(scene: Scene) -> bool:
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
