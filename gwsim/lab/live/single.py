"""One node of a scenario, in the network in which it is started.

Whoever has a network of his own (namespaces, virtual machines, another lab program) starts each
node where it belongs. Nodes that see the same directory of labs are one lab: they share clock,
doors and logs, whichever of them was first.
"""

from dataclasses import replace
from datetime import datetime

from gwsim.daemon.routing import interfaces
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.container.kinds import container_of
from gwsim.lab.live.linux import NamespaceError, require_tun
from gwsim.lab.live.order import ContainerOrder
from gwsim.lab.live.orders import orders
from gwsim.lab.live.places import NAME, Place, PlaceError, base, sweep
from gwsim.lab.live.state import state_of
from gwsim.lab.load import Loaded

SINGLE = "node"
"""What `State.runtime` says of a lab whose nodes were started one by one."""


def single_order(
    loaded: Loaded, node: str, lab: str, speed: float, played: bool, settled: bool
) -> ContainerOrder:
    """Say what a node is; fields as of `ContainerOrder`.

    Raises RuntimeFailure for a scenario that no real network can be, and for a bad name of a lab.
    """
    if not NAME.fullmatch(lab):
        raise PlaceError(f"{lab!r} is no name for a lab: small letters, digits and -, at most 32")
    plan = plan_for_people(loaded.scenario, datetime.now(), played)
    state = state_of(plan, lab, speed, loaded.name, loaded.source.text, SINGLE)
    every = orders(plan, lab, speed, state, played=played, place=Place(base() / lab))
    return replace(next(one for one in every if one.node == node), settled=settled)


def serve(order: ContainerOrder) -> None:
    """Be this node until SIGTERM or SIGINT; raises RuntimeFailure, in words."""
    if order.file:
        require_tun()
    if order.settled and not order.file:
        _require_address(order)
    sweep()
    try:
        container_of(order).serve()
    finally:
        sweep()


def _require_address(order: ContainerOrder) -> None:
    """Raise NamespaceError unless interfaces have a host's addresses; gateways look themselves."""
    there = {one.address for one in interfaces()}
    wanted = [address.partition("/")[0] for port in order.ports for address in port.addresses]
    missing = [address for address in wanted if address not in there]
    if missing:
        have = ", ".join(sorted(there)) or "none at all"
        raise NamespaceError(
            f"no interface has {missing[0]}, the address of {order.node}; there are {have}."
            " Give it one, or let --set-up do that"
        )
