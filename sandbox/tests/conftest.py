"""Fixtures of the host's tests: one host for all of a run, a fresh session for each test, one temporary folder."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Tools that are tried in this process fork, as they do in a child of their own, where there is no gRPC: what it would
# start anew in a fork meets descriptors that the fork has closed, and ends it. Set before gRPC is loaded.
os.environ['GRPC_ENABLE_FORK_SUPPORT'] = 'false'

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from host_client import Host, Workspace

_numbers = itertools.count(1)
_temporary = pytest.StashKey[str]()
_made_by: dict[str, str] = {}
"""Of each name in the temporary folder the file of tests during which it came."""


def pytest_configure(config: pytest.Config) -> None:
    """What tests, tools and hosts leave in the temporary folder goes with the run. Set before any is asked for."""
    folder = config.stash[_temporary] = tempfile.mkdtemp(prefix='tempera-tests-')
    os.chmod(folder, 0o755)  # Sandboxes, which have other uids, work below it.
    os.environ['TMPDIR'] = tempfile.tempdir = folder


def pytest_runtest_logfinish(nodeid: str, location: tuple[str, int | None, str]) -> None:
    """What is new in the temporary folder is laid to the file of tests that just ran."""
    for name in os.listdir(tempfile.gettempdir()):
        _made_by.setdefault(name, nodeid.split('::')[0])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A file of tests that has left something is named, and a failure. pytest's own folder goes with the run."""
    there = set(os.listdir(tempfile.gettempdir()))
    left = {
        name: maker for name, maker in _made_by.items() if name in there and not name.startswith('pytest-of-')
    }
    for name, maker in left.items():
        print(f'\nIn the temporary folder: {maker} left {name}', file=sys.stderr)
    if left and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_temporary], ignore_errors=True)


@pytest.fixture(scope='session')
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    running = Host(tmp_path_factory.mktemp('home'), modules=None)
    yield running
    running.stop()


@pytest.fixture
def workspace(host: Host) -> Workspace:
    return Workspace(host, f's{next(_numbers)}').open()


@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    """Hosts that a test starts and puts here are stopped after it."""
    started: list[Host] = []
    yield started
    for host in started:
        host.stop()
