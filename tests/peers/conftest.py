"""Worlds with real peers. One stands for all cases of a worker; some need one of their own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.stage import Stage


@pytest.fixture(scope="session")
def peers_folder() -> Iterator[Path]:
    """A folder whose name is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def stage(peers_folder: Path) -> Iterator[Stage]:
    """The world that cases share."""
    made = Stage(new_folder(peers_folder))
    try:
        made.open()
        yield made
    finally:
        made.close()


def new_folder(folder: Path) -> Path:
    """Make a folder for one world."""
    return Path(tempfile.mkdtemp(dir=folder))
