"""Processes that work side by side, and end in order with whoever waits for them.

Each is begun anew and not forked, for a fork would copy whatever threads there are. Ctrl-C, and a
terminal that hangs up, are for the one who waits; he, or the kernel when he is killed, tells them
to end, and what they were doing is cleared away first.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from types import FrameType
from typing import Any

from gwsim.lab.live.linux import die_with


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give so many workers; whatever breaks off the work ends them, and is waited for."""
    _protect_tracker()
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


def _protect_tracker() -> None:
    """Have the process that counts semaphores outlive a hang-up, as it does Ctrl-C.

    A new one in its place would complain of semaphores that it never counted.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True, slots=True)
class Mortal:
    """Work for a worker that ends when it is told to while it works.

    The pool would take the end for a result and wait for more, of whom there may be nobody left.
    """

    work: Callable[..., Any]

    def __call__(self, *given: Any) -> Any:
        """Do the work; what it was doing is cleared away when the process ends."""
        try:
            return self.work(*given)
        except SystemExit as end:
            os._exit(int(str(end)))


def _begin(parent: int) -> None:
    for others in (signal.SIGINT, signal.SIGHUP):
        signal.signal(others, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        die_with(parent, signal.SIGTERM)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
