"""Processes that work side by side, and end in order with whoever waits for them.

Each is begun anew and not forked, for a fork would copy whatever threads there are. Ctrl-C is for
the one who waits; he, or the kernel when he is killed, tells them to end, and what they were doing
is cleared away first.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from types import FrameType

from gwsim.lab.live.linux import die_with


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give so many workers; whatever breaks off the work ends them, and is waited for."""
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, spawn, _begin, (os.getpid(),))
    try:
        yield pool
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        die_with(parent, signal.SIGTERM)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
