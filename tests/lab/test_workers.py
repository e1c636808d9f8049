"""Workers end with whoever waits for them, and clear away what they were doing."""

import os
import time
from pathlib import Path

import pytest

from gwsim.lab.workers import workers


def _busy(folder):
    """Leave something behind unless it is cleared away in the end."""
    begun = Path(folder) / str(os.getpid())
    begun.touch()
    try:
        time.sleep(60)
    finally:
        begun.unlink()


def _broken_off(folder):
    with workers(2) as pool:
        running = [pool.submit(_busy, folder) for _ in range(2)]
        while len(list(Path(folder).iterdir())) < 2:
            assert not any(one.done() for one in running)
        raise KeyboardInterrupt


def test_work_that_is_broken_off_is_cleared_away(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        _broken_off(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_work_that_is_done_gives_its_results():
    with workers(2) as pool:
        assert list(pool.map(abs, [-1, -2, -3])) == [1, 2, 3]
