"""Escapes by files: attempts to reach those of the host or of other sessions are denied."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tempera_sandbox import isolation

from .confined import MEBIBYTE, Ground


def read(path: str) -> str:
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()


def write(path: str) -> None:
    with open(path, 'w', encoding='ascii') as file:
        file.write('x')


@pytest.mark.parametrize(
    'path',
    [
        '/etc/shadow',
        '/root/.bashrc',
        '/home',
        '/var/run/docker.sock',
        '/run',
        '/etc/hostname.host',
        '/boot',
        '/mnt',
        '/sys/fs/cgroup',
        '/dev/vda',
        '/dev/mem',
        '/dev/kmsg',
        '/dev/tty',
        '/dev/pts',
        '/.host',
    ],
)
def test_host_paths_do_not_exist(ground: Ground, path: str) -> None:
    assert ground.run(lambda: os.stat(path)).refused == 'ENOENT'


def test_a_world_readable_file_of_the_host_is_not_there(ground: Ground) -> None:
    secret = ground.folder / 'secret'
    secret.write_text('secret', encoding='ascii')
    assert ground.run(lambda: read(str(secret))).refused == 'ENOENT'
    assert ground.run(lambda: read('../' * 20 + str(secret))).refused == 'ENOENT'


def test_another_sessions_workspace_is_not_there(ground: Ground) -> None:
    assert ground.run(lambda: read(str(ground.other / 'private'))).refused == 'ENOENT'
    assert ground.run(lambda: read('/data/sessions/other/private')).refused == 'ENOENT'
    assert ground.run(lambda: read('../other/private')).refused == 'ENOENT'
    assert ground.run(lambda: os.listdir('/data/sessions')).value == ['own']


def test_a_symbolic_link_out_leads_nowhere(ground: Ground) -> None:
    def attempt() -> str:
        os.symlink(ground.other / 'private', 'link')
        return read('link')

    assert ground.run(attempt).refused == 'ENOENT'


def test_a_symbolic_link_planted_by_the_host_side_leads_nowhere(ground: Ground) -> None:
    (ground.workspace / 'planted').symlink_to('/etc/shadow')
    assert ground.run(lambda: read('planted')).refused == 'ENOENT'


def test_hard_links_do_not_cross_out_of_the_workspace(ground: Ground) -> None:
    assert ground.run(lambda: os.link('/usr/bin/env', 'env')).refused in ('EXDEV', 'EPERM')
    assert ground.run(lambda: os.link('/data/datasets/one/data.csv', 'data.csv')).refused == 'EXDEV'


@pytest.mark.parametrize(
    'path',
    [
        '/data/datasets/one/data.csv',
        '/data/datasets/one/new',
        '/usr/new',
        '/etc/passwd',
        '/new',
        '/data/new',
        '/data/sessions/new',
        f'{sys.prefix}/new',
    ],
)
def test_what_is_not_its_own_is_read_only(ground: Ground, path: str) -> None:
    assert ground.run(lambda: write(path)).refused in ('EROFS', 'EACCES')
    assert not os.path.exists(ground.datasets / 'new')


def test_a_read_only_workspace_cannot_be_written(ground: Ground) -> None:
    assert ground.run(lambda: write('new'), read_only_workspace=True).refused == 'EROFS'
    assert list(ground.workspace.iterdir()) == []


def test_the_workspace_can_be_written_and_its_files_belong_to_the_lease(ground: Ground) -> None:
    assert ground.run(lambda: write('new')).refused is None
    assert (ground.workspace / 'new').stat().st_uid == (ground.uid or os.geteuid())


@pytest.mark.parametrize('kind', [stat.S_IFCHR, stat.S_IFBLK])
def test_device_nodes_cannot_be_made(ground: Ground, kind: int) -> None:
    assert ground.run(lambda: os.mknod('device', kind | 0o666, os.makedev(1, 3))).refused == 'EPERM'


def test_dev_holds_only_harmless_devices(ground: Ground) -> None:
    assert sorted(ground.run(lambda: os.listdir('/dev')).value) == [
        'fd',
        'full',
        'null',
        'random',
        'shm',
        'stderr',
        'stdin',
        'stdout',
        'urandom',
        'zero',
    ]


def test_the_root_holds_only_what_was_put_there(ground: Ground) -> None:
    found = set(ground.run(lambda: os.listdir('/')).value)
    tops = {path.parts[1] for path in ground.confinement.read_only_paths}
    assert (
        found
        <= {
            'bin',
            'sbin',
            'lib',
            'lib32',
            'lib64',
            'libx32',
            'usr',
            'etc',
            'dev',
            'proc',
            'sys',
            'tmp',
            'data',
        }
        | tops
    )


def test_folders_on_the_way_to_a_bound_path_hold_nothing_else(ground: Ground) -> None:
    prefix = Path(sys.base_prefix).resolve()
    if prefix.is_relative_to('/usr'):
        pytest.skip('this Python lies in /usr, which is bound whole')
    beside = {
        path.relative_to(prefix.parent).parts[0]
        for path in ground.confinement.read_only_paths
        if path.is_relative_to(prefix.parent)
    }
    assert set(ground.run(lambda: os.listdir(prefix.parent)).value) == beside


def test_tmp_is_limited_in_bytes(ground: Ground) -> None:
    def attempt() -> None:
        Path('/tmp/large').write_bytes(bytes(9 * MEBIBYTE))

    assert ground.run(attempt).refused == 'ENOSPC'


def test_tmp_is_limited_in_files(ground: Ground) -> None:
    def attempt() -> None:
        for number in range(100_000):
            os.close(os.open(f'/tmp/{number}', os.O_CREAT | os.O_WRONLY))

    assert ground.run(attempt).refused == 'ENOSPC'


def test_shared_memory_is_limited(ground: Ground) -> None:
    assert (
        ground.run(lambda: Path('/dev/shm/large').write_bytes(bytes(9 * MEBIBYTE)) and None).refused
        == 'ENOSPC'
    )


def test_one_file_is_limited(ground: Ground) -> None:
    assert ground.run(lambda: Path('large').write_bytes(bytes(65 * MEBIBYTE)) and None).refused == 'EFBIG'


def test_two_executions_do_not_share_tmp(ground: Ground) -> None:
    assert ground.run(lambda: write('/tmp/left')).refused is None
    assert 'left' not in ground.run(lambda: os.listdir('/tmp')).value


def test_only_the_kept_descriptors_are_open(ground: Ground) -> None:
    leaked = os.open('/etc/passwd', os.O_RDONLY)
    os.set_inheritable(leaked, True)
    try:
        kinds = ground.run(
            lambda: {
                number: os.readlink(f'/proc/self/fd/{number}')
                for number in os.listdir('/proc/self/fd')
                if int(number) > 2 and os.path.lexists(f'/proc/self/fd/{number}')
            }
        ).value
    finally:
        os.close(leaked)
    assert [target for target in kinds.values() if not target.startswith('pipe:')] == []
    assert len(kinds) == 1


def test_the_environment_of_the_host_is_gone_from_proc_as_well(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('SANDBOX_TOKEN', 'planted')

    def attempt() -> list[str]:
        isolation.apply_environment(isolation.clean_environment())
        return [os.environ.get('SANDBOX_TOKEN', ''), read('/proc/self/environ').strip('\0')]

    assert ground.run(attempt).value == ['', '']


def test_setuid_bits_give_nothing(ground: Ground) -> None:
    def attempt() -> list[int]:
        import shutil
        import subprocess

        shutil.copy('/usr/bin/id', 'id')
        os.chmod('id', 0o6755)
        return [int(subprocess.check_output([command, '-u'])) for command in ('./id', '/usr/bin/id')]

    assert ground.run(attempt).value == [1000, 1000]
    assert ground.run(lambda: os.setuid(0)).refused in ('EINVAL', 'EPERM')
    assert ground.run(lambda: os.setgroups([0])).refused == 'EPERM'


def test_no_path_of_the_host_shows_in_the_mounts(ground: Ground) -> None:
    targets = ground.run(
        lambda: [line.split()[4] for line in read('/proc/self/mountinfo').splitlines()]
    ).value
    assert [target for target in targets if target.startswith(('/.host', '/mnt', '/run', '/sys/fs'))] == []
