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

_NOT_FOR_WORKERS = (signal.SIGINT, signal.SIGHUP)


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give so many workers; whatever breaks off the work ends them, and is waited for."""
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    with _deaf():
        pool = ProcessPoolExecutor(count, spawn, _begin, (os.getpid(),))
    try:
        with _deaf():
            for _ in range(count):
                pool.submit(os.getpid)
        yield pool
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Begin processes that do not hear what is for the one who waits, from their birth on.

    Among them is the one that counts semaphores: another in its place would complain of those that
    it never counted.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_FOR_WORKERS)
    try:
        resource_tracker.ensure_running()  # after which Ctrl-C is heard again
        signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_FOR_WORKERS)
        yield
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
    for number in _NOT_FOR_WORKERS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _NOT_FOR_WORKERS)
    signal.signal(signal.SIGTERM, _end)
    if sys.platform == "linux":
        die_with(parent, signal.SIGTERM)


def _end(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
