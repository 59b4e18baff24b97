"""What a workspace takes of its disk, measured at the disk: it counts whoever holds bytes, not names.

The host's home lies on a file system of its own, so that what is free there is what these sessions have left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from disk_takers import BEFORE, TAKERS
from escape.as_user import USER, run_as_user
from host_client import ROOT, Host, Workspace, refusal, until

from tempera_sandbox.generated import sandbox_pb2 as pb

MEBIBYTE = 1024 * 1024
_GIVEN = 'TEMPERA_TESTS_DISK'
"""A disk that root has made for the user who runs these tests."""
LIMIT = 64 * MEBIBYTE
# A host that is no root cannot look before what it watches: where others take the processors, it looks late.
MOST = (96 if os.geteuid() == 0 else 192) * MEBIBYTE

_LONG = os.environ.get('TEMPERA_TEST_LONG') == '1'
_FEW = (
    'deleted files that are still open',
    'files that never had a name',
    'mappings that are written',
    'files on their way through a socket',
    'folders that are shut behind what goes in',
    'processes side by side',
)
"""Those whose bytes are found each in another way. Root's host meets all takers with scripts; a kernel is watched by
the same thread, and a host without rights looks at the same: these are for them, and all in the long form."""
CASES = [
    (taker, kernel)
    for kernel in ('', 'main')
    for taker in TAKERS
    if _LONG or taker in _FEW or (kernel == '' and os.geteuid() == 0)
]

# What else runs on the machine may hold the watch up once; it does not thrice.
TRIES = 3


@dataclass
class Disk:
    """A small file system."""

    folder: Path

    def used(self) -> int:
        state = os.statvfs(self.folder)
        return (state.f_blocks - state.f_bfree) * state.f_frsize


class Peak:
    """The most that was used of a disk since the start, looked at all the time."""

    def __init__(self, disk: Disk) -> None:
        self._disk, self._before, self._most = disk, disk.used(), 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.002):
            self._most = max(self._most, self._disk.used() - self._before)

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self._most


@pytest.fixture(scope='module')
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    if _GIVEN in os.environ:
        yield Disk(Path(os.environ[_GIVEN]))
        return
    if os.geteuid() != 0:
        pytest.skip('Only root makes a file system; its run of these tests has one of a user too.')
    # Below a folder that a user may enter too.
    folder, image = Path(tempfile.mkdtemp(prefix='disk-')), tmp_path_factory.mktemp('image') / 'image'
    with image.open('wb') as file:
        file.truncate(3 << 30)
    subprocess.run(['mkfs.ext4', '-q', '-N', '400000', '-m', '0', str(image)], check=True)
    subprocess.run(['mount', '-o', 'loop', str(image), str(folder)], check=True)
    folder.chmod(0o755)
    yield Disk(folder)
    subprocess.run(['umount', str(folder)], check=True)
    folder.rmdir()


@pytest.fixture(scope='module')
def small(disk: Disk) -> Iterator[Host]:
    running = Host(disk.folder / 'home')
    yield running
    running.stop()


@pytest.mark.parametrize(('taker', 'kernel'), CASES)
def test_a_workspace_never_holds_half_as_much_again_as_it_may(
    small: Host, disk: Disk, taker: str, kernel: str
) -> None:
    peaks = []
    while not peaks or (peaks[-1] > MOST and len(peaks) < TRIES):
        name = f'taker-{len(peaks)}'
        workspace = Workspace(small, name).open()
        peak = Peak(disk)
        try:
            limits = pb.Limits(workspace_bytes=LIMIT, workspace_files=100_000)
            seen = workspace.run(f'{BEFORE}{TAKERS[taker]}\ntime.sleep(60)', limits=limits, kernel=kernel)
        finally:
            peaks.append(peak.end())
            small.call('CleanupSession', pb.CleanupSessionRequest(session_id=name, epoch=1))
        assert seen.exit.status == 'quota', (seen.exit, seen.errors)
        assert 'Delete what is not needed' in seen.exit.message
    assert LIMIT // 2 < peaks[-1] <= MOST, peaks


def test_what_allocates_without_writing_is_told_that_it_cannot(small: Host) -> None:
    code = """
import ctypes, errno, fcntl, os, struct
libc = ctypes.CDLL(None, use_errno=True)
file = os.open('f', os.O_RDWR | os.O_CREAT)
os.write(file, b'x' * 8192)
size = ctypes.c_long
for mode in (0, 1, 0x10, 0x20, 0x40):
    assert libc.fallocate(file, mode, size(0), size(1 << 20)) == -1, mode
    assert ctypes.get_errno() in (errno.EOPNOTSUPP, errno.EINVAL), (mode, ctypes.get_errno())
for request in (0x40305828, 0x4030582A, 0x40305839):
    try:
        fcntl.ioctl(file, request, struct.pack('hhqqiI16x', 0, 0, 0, 1 << 20, 0, 0))
        print('allocated', hex(request))
    except OSError as error:
        assert error.errno == errno.EOPNOTSUPP, error
assert os.fstat(file).st_blocks * 512 == 8192
assert libc.fallocate(file, 3, size(0), size(4096)) == 0
print(os.fstat(file).st_blocks * 512)
"""
    seen = Workspace(small, 'allocating').open().run(code)
    assert seen.text() == '4096\n', seen.errors


def test_the_host_is_served_before_the_code_that_it_watches(small: Host) -> None:
    seen = Workspace(small, 'nice').open().run('import os\nprint(os.nice(0))')
    assert seen.text() == '10\n'
    assert os.getpriority(os.PRIO_PROCESS, small.process.pid) == (-10 if os.geteuid() == 0 else 0)


def test_a_hole_costs_nothing(small: Host, disk: Disk) -> None:
    workspace = Workspace(small, 'sparse').open()
    before = disk.used()
    seen = workspace.run('open("holes", "wb").truncate(48 << 20)', limits=pb.Limits(workspace_bytes=LIMIT))
    again = workspace.run(
        'for i in range(5): open(f"holes{i}", "wb").truncate(48 << 20)',
        limits=pb.Limits(workspace_bytes=LIMIT),
    )
    assert (seen.exit.status, again.exit.status) == ('ok', 'ok')
    assert disk.used() - before < MEBIBYTE


def test_what_a_script_leaves_too_large_is_said_and_may_be_tidied_up(small: Host) -> None:
    workspace = Workspace(small, 'untidy').open()
    workspace.run('for i in range(20): open(f"f{i}", "wb").write(bytes(1 << 20))')
    limits = pb.Limits(workspace_bytes=8 * MEBIBYTE)
    assert workspace.run('import os; os.unlink("f0"); print("on")', limits=limits).exit.status == 'ok'
    grows = workspace.run('open("more", "wb").write(bytes(16 << 20))', limits=limits).exit
    assert grows.status == 'quota' and '8,388,608 bytes' in grows.message
    tidied = workspace.run('import glob, os\nfor name in glob.glob("f*"): os.unlink(name)', limits=limits)
    assert tidied.exit.status == 'ok'


def test_a_disk_at_its_floor_ends_who_fills_it_and_begins_nothing(small: Host, disk: Disk) -> None:
    calm = Workspace(small, 'calm').open()
    quiet = calm.stream(calm.request('import time\nprint("on", flush=True)\ntime.sleep(8)\nprint("through")'))
    next(quiet)
    # The others on this disk, who write what they like.
    ballast = disk.folder / 'ballast'
    state = os.statvfs(disk.folder)
    floor = min(1 << 30, state.f_blocks * state.f_frsize // 20)
    with ballast.open('wb') as file:
        os.posix_fallocate(file.fileno(), 0, state.f_bfree * state.f_frsize - floor - 64 * MEBIBYTE)
    filling = Workspace(small, 'filling').open()
    try:
        ended = filling.run(
            # at the pace of a disk, which leaves a busy machine its time to look
            f'{BEFORE}\nfor i in range(400):\n    open(f"f{{i}}", "wb").write(block); time.sleep(.005)\ntime.sleep(60)'
        ).exit
        assert ended.status == 'quota' and 'least_free_bytes' in ended.message
        assert os.statvfs(disk.folder).f_bfree * state.f_frsize > floor // 2
        with pytest.raises(grpc.RpcError) as refused:
            filling.run('print(1)')
        assert refusal(refused.value)[:2] == (grpc.StatusCode.UNAVAILABLE, 'DISK_FLOOR')
    finally:
        ballast.unlink()
    until(lambda: os.statvfs(disk.folder).f_bfree * state.f_frsize > floor, 'the ballast is gone')
    assert filling.run('print("on")').exit.status == 'ok'
    rest = list(quiet)
    assert rest[-1].exit.status == 'ok' and any(b'through' in chunk.output.data for chunk in rest)


def test_all_of_this_holds_for_a_host_without_rights(disk: Disk) -> None:
    if os.geteuid() != 0:
        pytest.skip('This is that run.')
    folder = disk.folder / 'of a user'
    folder.mkdir()
    os.chown(folder, USER, USER)
    command = [sys.executable, '-m', 'pytest', '-p', 'no:cacheprovider', '-q', '-x', __file__]
    if not _LONG:
        command += [
            '-k',
            'not main',
        ]  # A kernel is watched by the same thread, whose rights root's run has shown.
    environment = {
        'PATH': os.environ['PATH'],
        _GIVEN: str(folder),
        'HOME': str(folder),
        'PYTHONPATH': str(ROOT),
        **({'TEMPERA_TEST_LONG': '1'} if _LONG else {}),
    }
    ended = run_as_user(command, environment, 600)
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-2000:]
    assert ended.stdout.count('.') > 10 and 's ' in ended.stdout
