"""Child processes made by forking: quick, for everything is imported, and sure to end."""

import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gwsim.lab.live.linux import NamespaceError, die_with

_LARGEST_DESCRIPTOR = 1 << 20
_PAUSE = 0.02
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE)


def fork(work: Callable[[], None]) -> int:
    """Run `work` in a child that never comes back from it; gives the child's process ID.

    The child exits with 0, or with 1 after it has said on standard error what went wrong.
    """
    # A signal that comes meanwhile waits until the child is somebody who ends by it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns where other threads are about; the child uses nothing they may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            _forget_signals()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def do_in_child(work: Callable[[], None]) -> None:
    """Do some work in a child and wait for it; its NamespaceError is raised here."""
    reader, writer = os.pipe()
    parent = os.getpid()

    def told() -> None:
        die_with(parent)
        try:
            work()
        except NamespaceError as error:
            os.write(writer, str(error).encode())

    child = fork(told)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        text = said.read().decode()
    _, status = os.waitpid(child, 0)
    if text or status:
        raise NamespaceError(text or "the lab's network could not be made; see the journal")


def end_processes(find: Callable[[], list[int]], seconds: float) -> None:
    """End processes of others as a terminal that hangs up does, and after so many seconds for good.

    `find` lists those that are still there.
    """
    _signal(find(), signal.SIGHUP)
    until = time.monotonic() + seconds
    while (left := find()) and time.monotonic() < until:
        time.sleep(_PAUSE)
    _signal(left, signal.SIGKILL)


def _signal(processes: Iterable[int], number: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


@contextmanager
def undivided() -> Iterator[None]:
    """Do something wholly or not at all: who wants to end this process has to wait until then."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def settle_in(journal: Path, keep: Iterable[int] = ()) -> None:
    """Begin a life of one's own after a fork: no descriptors but these, and words to a file."""
    null = os.open(os.devnull, os.O_RDWR)
    said = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((null, 0), (said, 1), (said, 2)):
        os.dup2(source, target)
    before = 3
    for descriptor in sorted(keep):
        os.closerange(before, descriptor)
        before = descriptor + 1
    os.closerange(before, _LARGEST_DESCRIPTOR)
    # Whatever stood for these in the parent may write to descriptors that are no longer ours.
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(0),
        os.fdopen(1, "w", buffering=1, closefd=False),
        os.fdopen(2, "w", buffering=1, closefd=False),
    )
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    os.chdir("/")
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _forget_signals() -> None:
    """Do at signals what any process does."""
    signal.set_wakeup_fd(-1)
    for number in _HANDLED:
        signal.signal(number, signal.SIG_DFL)


def wait_for(sock: socket.socket, seconds: float) -> None:
    """Wait until a socket has something to read, but not longer than so many seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        selector.select(max(0.0, seconds))


def last_words(journal: Path) -> str:
    """Give what a process said last, "" for one that said nothing."""
    try:
        lines = journal.read_text(encoding="utf-8").strip().splitlines()
        return str(json.loads(lines[-1])["text"])
    except (OSError, IndexError):
        return ""
    except (ValueError, TypeError, KeyError):
        return lines[-1]  # a sentence for people, or the end of a traceback
