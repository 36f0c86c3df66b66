"""What is costly to make is made once for all scenarios of a run, whichever process they run in, and copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import world


@pytest.fixture(scope="session", autouse=True)
def shared_by_all(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Path]:
    own = tmp_path_factory.getbasetemp()
    world.shared = own if worker_id == "master" else own.parent
    yield world.shared
    world.shared = None
