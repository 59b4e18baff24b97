"""One ground per test, and a skip with the reason where the machine lacks the layers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tempera_sandbox import isolation

from .confined import Ground


@pytest.fixture(scope='session', autouse=True)
def _machine_isolates() -> None:
    missing = isolation.missing_layers(isolation.probe())
    if missing:
        pytest.skip(f'this machine does not give {", ".join(missing)}')


@pytest.fixture
def ground() -> Iterator[Ground]:
    made = Ground()
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)
