"""Fixtures of the host's tests: one host for all of a run, a fresh session for each test."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from host_client import Host, Workspace  # noqa: E402

_numbers = itertools.count(1)


@pytest.fixture(scope='session')
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    running = Host(tmp_path_factory.mktemp('home'))
    yield running
    running.stop()


@pytest.fixture
def workspace(host: Host) -> Workspace:
    return Workspace(host, f's{next(_numbers)}').open()
