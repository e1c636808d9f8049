"""The entry of a node of either kind: read its file and run it."""

from functools import partial
from pathlib import Path

from gwsim.daemon.gateway_node import GatewayNode
from gwsim.daemon.internet_node import InternetNode
from gwsim.daemon.nodefile import GatewayFile, NodeFile, read_node
from gwsim.daemon.process import NodeError, run


def run_file(path: Path) -> None:
    """Run the node that a file describes, until SIGTERM or SIGINT; raises NodeError."""
    try:
        node = read_node(path)
    except (OSError, ValueError) as error:
        raise NodeError(f"no node to run: {error}") from None
    run_node(node)


def run_node(node: NodeFile) -> None:
    """Run a node until SIGTERM or SIGINT; raises NodeError when it cannot run here."""
    if isinstance(node, GatewayFile):
        run(node.config.name, node.control, partial(GatewayNode, node))
    else:
        run("internet", node.control, partial(InternetNode, node))
