"""The entry of a node: read its file, run until a signal says stop, leave nothing behind."""

import asyncio
import logging
import signal
from pathlib import Path
from typing import Any, Protocol

from gwsim.daemon.gateway_node import GatewayNode
from gwsim.daemon.internet_node import InternetNode
from gwsim.daemon.journal import open_journal
from gwsim.daemon.nodefile import GatewayFile, NodeFile, read_node
from gwsim.daemon.privileges import drop_privileges
from gwsim.daemon.routing import RoutingError
from gwsim.daemon.sockets import SocketError
from gwsim.daemon.tun import TunError

_journal = logging.getLogger(__name__)


class NodeError(RuntimeError):
    """A node cannot run here; the text is one sentence for people."""


class _Node(Protocol):
    async def open(self) -> None: ...

    async def close(self) -> None: ...


def run_file(path: Path) -> None:
    """Run the node that a file describes, until SIGTERM or SIGINT; raises NodeError."""
    try:
        node = read_node(path)
    except (OSError, ValueError) as error:
        raise NodeError(f"no node to run: {error}") from None
    run_node(node)


def run_node(node: NodeFile) -> None:
    """Run a node until SIGTERM or SIGINT; raises NodeError when it cannot run here."""
    name = node.config.name if isinstance(node, GatewayFile) else "internet"
    open_journal(name)
    try:
        asyncio.run(_run(node))
    except (SocketError, TunError, RoutingError, OSError) as error:
        raise NodeError(f"{name} cannot run here: {error}") from None


async def _run(file: NodeFile) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_failure)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    node: _Node = GatewayNode(file) if isinstance(file, GatewayFile) else InternetNode(file)
    await node.open()
    drop_privileges()
    _journal.info("ready, control door at %s", file.control)
    try:
        await stop.wait()
    finally:
        await node.close()
    _journal.info("ended")


def note_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Write down what went wrong with one packet or timer; the node goes on with the next."""
    _journal.error("%s", context["message"], exc_info=context.get("exception"))
