"""Workers end with whoever waits for them, and clear away what they were doing."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from gwsim.lab.workers import Mortal, workers


def _busy(folder):
    """Leave something behind unless it is cleared away in the end."""
    begun = Path(folder) / str(os.getpid())
    try:
        begun.touch()
        time.sleep(60)
    finally:
        begun.unlink(missing_ok=True)


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


GROUP = """
import sys
from gwsim.cli.signals import ended_in_order
from gwsim.lab.workers import workers
from tests.lab.test_workers import _busy

with ended_in_order(), workers(2) as pool:
    for one in [pool.submit(_busy, sys.argv[1]) for _ in range(2)]:
        one.result()
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_for_all_of_them_is_for_the_one_who_waits(tmp_path, how):
    """As from a terminal: he has them clear away, and nobody complains."""
    command = [sys.executable, "-c", GROUP, str(tmp_path)]
    with subprocess.Popen(
        command,
        start_new_session=True,
        stderr=subprocess.PIPE,
        # Whoever runs tests in the background may have them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as one:
        while len(list(tmp_path.iterdir())) < 2:
            assert one.poll() is None
        os.killpg(one.pid, how)
        _, said = one.communicate()
    assert list(tmp_path.iterdir()) == []
    assert one.returncode in (128 + how, -how)
    assert b"resource_tracker" not in said


def test_work_that_is_done_gives_its_results():
    with workers(2) as pool:
        assert list(pool.map(abs, [-1, -2, -3])) == [1, 2, 3]


def _told_to_end(folder):
    """Be told to end in mid-work, as by the kernel when nobody waits any more."""
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    finally:
        (Path(folder) / str(os.getpid())).touch()


def test_a_worker_that_is_told_to_end_in_mid_work_clears_away_and_ends(tmp_path):
    with workers(1) as pool, pytest.raises(BrokenProcessPool):
        pool.submit(Mortal(_told_to_end), tmp_path).result()
    [process] = tmp_path.iterdir()
    assert not Path("/proc", process.name).exists()
