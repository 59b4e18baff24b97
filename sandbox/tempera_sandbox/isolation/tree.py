"""The file tree of an execution: a tmpfs root that holds binds of what may be seen, and nothing else of the host.

Built inside a new mount namespace: the empty root is pivoted to first and the host's tree hangs at /.host until every
bind is made from it; then it is detached, so no path leads back.
"""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

from . import system_calls
from .identity import INNER_ID
from .model import Confinement

_HOST = '/.host'
_SYSTEM = ('/usr', '/bin', '/sbin', '/lib', '/lib64', '/lib32', '/libx32')
_ETC = ('ld.so.cache', 'localtime', 'fonts', 'alternatives', 'mime.types', 'ssl/openssl.cnf')
_PROCESSORS = '/sys/devices/system/cpu'
_DEVICES = ('null', 'zero', 'full', 'random', 'urandom')
# Readable by everybody as they come; the rest of /proc's secrets are root's, and the lease is not.
_HIDDEN_PROC = ('keys', 'key-users', 'kallsyms', 'config.gz', 'kcore', 'sysrq-trigger')
_READ_ONLY = system_calls.MOUNT_ATTR_RDONLY | system_calls.MOUNT_ATTR_NOSUID | system_calls.MOUNT_ATTR_NODEV
_OWN = system_calls.MOUNT_ATTR_NOSUID | system_calls.MOUNT_ATTR_NODEV
_SCRATCH = system_calls.MS_NOSUID | system_calls.MS_NODEV


def build(confinement: Confinement, fresh_proc: bool) -> None:
    """Makes the tree and enters it. Needs a new mount namespace and the rights over it."""
    _pivot()
    _system()
    _etc(confinement.hostname)
    _devices(confinement)
    _proc(fresh_proc)
    if os.path.isdir(_HOST + _PROCESSORS):
        _bind(_PROCESSORS, _PROCESSORS, _READ_ONLY)
    _scratch('/tmp', confinement.tmp_bytes, confinement.tmp_inodes)
    for path in outermost(confinement.read_only_paths):
        _bind(str(path), str(path), _READ_ONLY)
    if confinement.datasets and confinement.datasets_target:
        _bind(str(confinement.datasets), confinement.datasets_target, _READ_ONLY)
    _bind(
        str(confinement.workspace),
        confinement.workspace_target,
        _READ_ONLY if confinement.read_only_workspace else _OWN,
    )
    system_calls.unmount(_HOST)
    os.rmdir(_HOST)
    system_calls.set_mount_attributes('/', _READ_ONLY, recursive=False)
    os.chdir(confinement.workspace_target)


def resolved(confinement: Confinement) -> Confinement:
    """The confinement with host paths without symbolic links: an absolute one would lead into the new tree."""
    return replace(
        confinement,
        workspace=confinement.workspace.resolve(strict=True),
        datasets=confinement.datasets.resolve(strict=True) if confinement.datasets else None,
    )


def outermost(paths: tuple[Path, ...]) -> list[Path]:
    """The given trees without those that lie inside another or below /usr."""
    needed: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(other) for other in (Path('/usr'), *needed)):
            needed.append(path)
    return needed


def _pivot() -> None:
    os.umask(0o022)
    system_calls.mount('none', '/', None, system_calls.MS_REC | system_calls.MS_PRIVATE)
    system_calls.mount('sandbox', '/tmp', 'tmpfs', _SCRATCH, 'size=4m,nr_inodes=4096,mode=755')
    os.mkdir(f'/tmp{_HOST}')
    system_calls.call('pivot_root', b'/tmp', f'/tmp{_HOST}'.encode())
    os.chdir('/')


def _system() -> None:
    for path in _SYSTEM:
        try:
            state = os.lstat(_HOST + path)
        except FileNotFoundError:
            continue
        if stat.S_ISLNK(state.st_mode):
            os.symlink(os.readlink(_HOST + path), path)
        else:
            _bind(path, path, _READ_ONLY)


def _etc(hostname: str) -> None:
    os.mkdir('/etc')
    for name in _ETC:
        if os.path.exists(f'{_HOST}/etc/{name}'):
            source = os.path.realpath(f'{_HOST}/etc/{name}').removeprefix(_HOST)
            if os.path.exists(_HOST + source):
                _bind(source, f'/etc/{name}', _READ_ONLY)
    files = {
        'passwd': f'sandbox:x:{INNER_ID}:{INNER_ID}:sandbox:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
        'group': f'sandbox:x:{INNER_ID}:\nnogroup:x:65534:\n',
        'hosts': f'127.0.0.1 localhost {hostname}\n::1 localhost\n',
        'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
        'hostname': f'{hostname}\n',
    }
    for name, text in files.items():
        descriptor = os.open(f'/etc/{name}', os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(descriptor, text.encode())
        os.close(descriptor)


def _devices(confinement: Confinement) -> None:
    os.mkdir('/dev')
    for device in (*(f'/dev/{name}' for name in _DEVICES), *map(str, confinement.devices)):
        _bind(device, device, system_calls.MOUNT_ATTR_NOSUID | system_calls.MOUNT_ATTR_NOEXEC)
    os.symlink('/proc/self/fd', '/dev/fd')
    for number, name in enumerate(('stdin', 'stdout', 'stderr')):
        os.symlink(f'/proc/self/fd/{number}', f'/dev/{name}')
    _scratch('/dev/shm', confinement.shm_bytes, confinement.tmp_inodes)


def _proc(fresh: bool) -> None:
    if not fresh:
        return
    os.mkdir('/proc')
    system_calls.mount('proc', '/proc', 'proc', _SCRATCH | system_calls.MS_NOEXEC, None)
    for name in _HIDDEN_PROC:
        if os.path.exists(f'/proc/{name}'):
            system_calls.mount('/dev/null', f'/proc/{name}', None, system_calls.MS_BIND)
    system_calls.mount('/proc/sys', '/proc/sys', None, system_calls.MS_BIND | system_calls.MS_REC)
    system_calls.set_mount_attributes('/proc/sys', _READ_ONLY)


def _scratch(target: str, size: int, inodes: int) -> None:
    os.makedirs(target, mode=0o755, exist_ok=True)
    system_calls.mount('scratch', target, 'tmpfs', _SCRATCH, f'size={size},nr_inodes={inodes},mode=1777')


def _bind(source: str, target: str, attributes: int) -> None:
    if os.path.isdir(_HOST + source):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        if not os.path.lexists(target):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o644))
    system_calls.mount(_HOST + source, target, None, system_calls.MS_BIND | system_calls.MS_REC)
    system_calls.set_mount_attributes(target, attributes)
