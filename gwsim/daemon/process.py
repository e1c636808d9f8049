"""The process of a node: it runs until a signal says stop, and leaves nothing behind."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from typing import Any, Protocol

from gwsim.daemon.journal import open_journal
from gwsim.daemon.privileges import drop_privileges
from gwsim.daemon.routing import RoutingError
from gwsim.daemon.sockets import SocketError
from gwsim.daemon.tun import TunError

_journal = logging.getLogger(__name__)


class NodeError(RuntimeError):
    """A node cannot run here; the text is one sentence for people."""


class Node(Protocol):
    """A box on this machine's interfaces."""

    async def open(self) -> None:
        """Take what it needs, and begin."""

    async def close(self) -> None:
        """Give everything back."""


def run(name: str, door: str, make: Callable[[], Node]) -> None:
    """Make a node, inside the loop that it lives in, and run it until SIGTERM or SIGINT.

    `door` is where it answers. Raises NodeError when it cannot run here.
    """
    open_journal(name)
    try:
        asyncio.run(_run(door, make))
    except (SocketError, TunError, RoutingError, OSError) as error:
        raise NodeError(f"{name} cannot run here: {error}") from None


async def _run(door: str, make: Callable[[], Node]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_failure)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    node = make()
    await node.open()
    drop_privileges()
    gc.freeze()  # what exists now stays, and need not be looked at while packets pass
    _journal.info("ready, control door at %s", door)
    try:
        await stop.wait()
    finally:
        await node.close()
    _journal.info("ended")


def note_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Write down what went wrong with one packet or timer; the node goes on with the next."""
    _journal.error("%s", context["message"], exc_info=context.get("exception"))
