"""Files of the host and of other sessions."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from . import Scene, any_process, attempt, holds_secret


@attempt('read /etc/shadow')
def _(scene: Scene) -> bool:
    with open('/etc/shadow', 'rb') as file:
        return bool(file.read(1))


@attempt("read the host's token file")
def _(scene: Scene) -> bool:
    return holds_secret(scene, scene.token_file)


@attempt("read the host's token file by a path with ..")
def _(scene: Scene) -> bool:
    return holds_secret(scene, '../' * 30 + str(scene.token_file))


@attempt("list the host's home")
def _(scene: Scene) -> list[str]:
    return os.listdir(scene.token_file.parent)


@attempt("read another session's workspace")
def _(scene: Scene) -> str:
    return (scene.ground.other / 'private').read_text()


@attempt(
    "write into another session's workspace", after=lambda scene: (scene.ground.other / 'planted').exists()
)
def _(scene: Scene) -> None:
    (scene.ground.other / 'planted').write_text('x')


@attempt("read another session's dataset")
def _(scene: Scene) -> bool:
    return holds_secret(scene, scene.other_dataset)


@attempt("read another session's output (spool)")
def _(scene: Scene) -> bool:
    return holds_secret(scene, scene.spool_file)


@attempt('change its own dataset', after=lambda scene: (scene.ground.datasets / 'planted').exists())
def _(scene: Scene) -> None:
    for folder in ('/data/datasets/one', scene.ground.datasets):
        if os.path.isdir(folder):
            Path(folder, 'planted').write_text('x')


@attempt('change the Python that the next execution runs')
def _(scene: Scene) -> bool:
    file = Path(sys.prefix, 'lib', f'planted-{scene.secret}')
    file.write_text('x')
    file.unlink()
    return True


@attempt('follow a symbolic link out')
def _(scene: Scene) -> bool:
    os.symlink(scene.token_file, 'link')
    return holds_secret(scene, 'link')


@attempt('make a hard link to a file of the host')
def _(scene: Scene) -> bool:
    os.link(scene.token_file, 'hard')
    return holds_secret(scene, 'hard')


@attempt('reach the host through /proc/*/root')
def _(scene: Scene) -> bool:
    return any_process(lambda pid: holds_secret(scene, f'/proc/{pid}/root{scene.token_file}'))


@attempt('reach the host through /proc/*/cwd')
def _(scene: Scene) -> bool:
    return any_process(lambda pid: holds_secret(scene, f'/proc/{pid}/cwd/{scene.token_file.name}'))


@attempt('read through /proc/*/fd of another process')
def _(scene: Scene) -> bool:
    return holds_secret(scene, f'/proc/{scene.victim}/fd/0')


@attempt('use a descriptor that the host left open')
def _(scene: Scene) -> bool:
    return scene.secret.encode() in os.pread(scene.leaked, 4096, 0)


@attempt('leave its root by chroot')
def _(scene: Scene) -> bool:
    os.chroot('.')
    return True


@attempt('open a file by its handle (open_by_handle_at)')
def _(scene: Scene) -> int:
    import ctypes

    from ..confined import X86, system_call

    handle, mount = ctypes.create_string_buffer(b'\x80\0\0\0' + bytes(132), 136), ctypes.c_int()
    name, opened = (303, 304) if X86 else (264, 265)
    folder = os.open('.', os.O_RDONLY)
    system_call(name, folder, b'', ctypes.addressof(handle), ctypes.addressof(mount), 0x1000)
    return system_call(opened, folder, ctypes.addressof(handle), os.O_RDONLY)


@attempt('make a device node')
def _(scene: Scene) -> bool:
    os.mknod('memory', stat.S_IFCHR | 0o666, os.makedev(1, 1))
    os.unlink('memory')
    return True


@attempt("read the machine's memory or disks by their devices")
def _(scene: Scene) -> list[str]:
    found = []
    for path in (
        '/dev/mem',
        '/dev/kmsg',
        '/dev/port',
        '/dev/vda',
        '/dev/sda',
        '/dev/nvme0n1',
        '/dev/kvm',
        '/dev/fuse',
    ):
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            found.append(path)
        except OSError:
            continue
    return found


def _left_behind(scene: Scene) -> bool:
    file = Path(f'/tmp/left-{scene.secret}')
    found = file.exists()
    file.unlink(missing_ok=True)
    return found


@attempt('leave a file in /tmp for others', after=_left_behind)
def _(scene: Scene) -> None:
    Path(f'/tmp/left-{scene.secret}').write_text('x')


@attempt("read the host's shared memory files")
def _(scene: Scene) -> bool:
    return holds_secret(scene, scene.shared_file)
