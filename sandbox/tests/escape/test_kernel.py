"""Attempts through system calls: other namespaces, other processes, the kernel's rarely used doors."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

import pytest

from tempera_sandbox.isolation import seccomp

from .confined import X86, Ground, system_call

_COLUMN = 0 if X86 else 1
_DENIED = {
    name: numbers[_COLUMN] for name, numbers in seccomp._DENIED.items() if numbers[_COLUMN] is not None
}


@pytest.mark.parametrize('name', sorted(_DENIED))
def test_a_denied_system_call_is_refused(ground: Ground, name: str) -> None:
    outcome = ground.run(lambda: system_call(_DENIED[name], 0, 0, 0, 0, 0, 0))
    assert outcome.refused == 'EPERM', outcome


@pytest.mark.parametrize(
    'flag', [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
)
def test_no_new_namespace_by_clone(ground: Ground, flag: int) -> None:
    assert (
        ground.run(lambda: system_call(56 if X86 else 220, flag | signal.SIGCHLD, 0, 0, 0, 0)).refused
        == 'EPERM'
    )


def test_clone3_is_absent_so_that_libraries_fall_back(ground: Ground) -> None:
    assert ground.run(lambda: system_call(435, bytes(88), 88)).refused == 'ENOSYS'


@pytest.mark.parametrize('number', [423, 470, 471, 500, 1023, 2**30 - 1])
def test_a_call_of_a_newer_kernel_is_absent_until_somebody_has_looked_at_it(
    ground: Ground, number: int
) -> None:
    assert ground.run(lambda: system_call(number, 0, 0, 0, 0, 0, 0)).refused == 'ENOSYS'


@pytest.mark.skipif(not X86, reason='x32 is an x86_64 interface')
def test_the_x32_interface_is_refused(ground: Ground) -> None:
    assert ground.run(lambda: system_call(0x40000000 + 39)).refused == 'EPERM'


@pytest.mark.skipif(not X86, reason='int 0x80 is an x86 instruction')
def test_the_32_bit_entry_kills(ground: Ground) -> None:
    def attempt() -> int:
        import mmap

        code = b'\xb8\x14\x00\x00\x00\xcd\x80\xc3'  # mov eax, 20 (getpid); int 0x80; ret
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()

    assert ground.run(attempt).ended['signal'] in (signal.SIGSYS, signal.SIGSEGV)


def test_no_capability_is_left(ground: Ground) -> None:
    def attempt() -> dict[str, str]:
        with open('/proc/self/status', encoding='ascii') as status:
            return dict(
                line.split(':\t')
                for line in status.read().splitlines()
                if line.startswith(('Cap', 'NoNew', 'Secc'))
            )

    found = ground.run(attempt).value
    assert {found[name] for name in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb')} == {'0' * 16}
    assert (found['NoNewPrivs'], found['Seccomp']) == ('1', '2')


def test_chroot_is_refused(ground: Ground) -> None:
    assert ground.run(lambda: os.chroot('.')).refused == 'EPERM'


def test_terminal_input_cannot_be_forged(ground: Ground) -> None:
    import fcntl

    assert ground.run(lambda: fcntl.ioctl(0, 0x5412, b'x')).refused == 'EPERM'


@pytest.mark.parametrize('name', ['environ', 'mem', 'maps', 'root', 'cwd', 'fd', 'exe', 'ns/net'])
def test_the_init_process_cannot_be_looked_into(ground: Ground, name: str) -> None:
    def attempt() -> object:
        path = f'/proc/1/{name}'
        if name in ('root', 'cwd', 'exe', 'ns/net'):
            return os.readlink(path)
        return os.listdir(path) if name == 'fd' else open(path, 'rb').read(1)

    assert ground.run(attempt).refused in ('EACCES', 'EPERM')


@pytest.mark.parametrize(
    'path', ['/proc/self/mem', '/proc/self/oom_score_adj', '/proc/self/uid_map', '/proc/self/comm']
)
def test_its_own_proc_files_cannot_be_written(ground: Ground, path: str) -> None:
    assert ground.run(lambda: os.open(path, os.O_WRONLY)).refused in ('EACCES', 'EPERM')


@pytest.mark.parametrize(
    'path', ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger']
)
def test_the_kernel_cannot_be_tuned(ground: Ground, path: str) -> None:
    assert ground.run(lambda: os.open(path, os.O_WRONLY)).refused in ('EROFS', 'EACCES', 'EPERM', 'ENOENT')


@pytest.mark.parametrize('name', ['kallsyms', 'keys', 'key-users', 'config.gz'])
def test_readable_secrets_of_proc_are_hidden(ground: Ground, name: str) -> None:
    if not os.path.exists(f'/proc/{name}'):
        pytest.skip('this kernel has none')
    assert ground.run(lambda: len(open(f'/proc/{name}', 'rb').read())).value == 0


def test_processes_of_the_host_are_neither_seen_nor_signalled(ground: Ground) -> None:
    host = os.getpid()
    assert sorted(
        ground.run(lambda: [int(name) for name in os.listdir('/proc') if name.isdigit()]).value
    ) == [1, 2]
    assert ground.run(lambda: os.kill(host, 0)).refused == ('ESRCH' if host > 2 else 'EPERM')


@pytest.mark.parametrize('number', [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT])
def test_init_cannot_be_signalled(ground: Ground, number: signal.Signals) -> None:
    outcome = ground.run(lambda: os.kill(1, number))
    assert outcome.refused == 'EPERM'
    assert outcome.ended['code'] == 0


def test_memory_of_processes_of_the_host_shared_by_system_v_is_not_seen(ground: Ground) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    segment = library.shmget(0x74656D70, 4096, 0o1666)
    try:
        assert ground.run(lambda: ctypes.CDLL(None).shmget(0x74656D70, 4096, 0)).value == -1
    finally:
        library.shmctl(segment, 0, None)


def test_limits_cannot_be_raised(ground: Ground) -> None:
    most = ground.confinement.limits.processes
    assert ground.run(lambda: resource.setrlimit(resource.RLIMIT_NPROC, (most * 2, most * 2))).refused in (
        'ValueError',
        'EPERM',
    )
    assert ground.run(lambda: os.nice(-5)).refused == 'EPERM'


def test_a_fork_bomb_stops_at_the_limit(ground: Ground) -> None:
    def attempt() -> int:
        count = 0
        try:
            while count < 5000:
                if os.fork() == 0:
                    signal.pause()
                count += 1
        except BlockingIOError:
            return count
        return count

    outcome = ground.run(attempt)
    assert 0 < outcome.value <= ground.confinement.limits.processes
    assert outcome.ended['code'] == 0


def test_open_files_are_limited(ground: Ground) -> None:
    assert ground.run(lambda: [os.dup(1) for _ in range(1000)]).refused == 'EMFILE'


def test_no_core_file_is_written(ground: Ground) -> None:
    outcome = ground.run(os.abort)
    assert outcome.ended['signal'] == signal.SIGABRT
    assert not os.WCOREDUMP(outcome.ended['wait_status'])
    assert list(ground.workspace.iterdir()) == []
