"""The orders of a plan, one for each container of a lab, and the ways in which they get there.

Whoever starts a container tells it on its standard input. In the training lab each container makes
its own order from the scenario: all compile the same file, so all agree.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.daemon.clock import Timing
from gwsim.daemon.nodefile import GatewayFile, InternetFile, NodeFile, node_to_json
from gwsim.lab.live.order import ContainerOrder, place_of
from gwsim.lab.live.places import HINTS, Place, State
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.state import state_of
from gwsim.lab.live.topology import topology_of
from gwsim.lab.plan import Plan


def orders(
    plan: Plan,
    lab: str,
    speed: float,
    state: State | None = None,
    gather: bool = False,
    played: bool = False,
    place: Place | None = None,
    capture: Wanted = NOTHING,
    secret: bool = False,
) -> Iterator[ContainerOrder]:
    """Give the order of every node of a plan; raises TopologyError where one has no room.

    With a `state` the internet does the acts that the plan has, without one somebody else does.
    `place` is where the nodes meet, not said: in the directory that containers share. `capture`
    is what they keep for captures.
    """
    topology = topology_of(plan)
    ways = dict(topology.defaults)
    for node in topology.nodes:
        internet = node == INTERNET
        yield ContainerOrder(
            lab=lab,
            node=node,
            ports=tuple(port for port in topology.ports(node) if not port.bridge),
            default=ways.get(node, ""),
            speed=speed,
            file=_file(plan, place or place_of(lab), node, speed, capture),
            hosts=plan.hosts,
            gather=topology.nodes if gather else (),
            state=json.dumps(asdict(state or state_of(plan, lab, speed))),
            played=played,
            begins=state is not None and internet,
            acts=state is not None and internet and bool(plan.acts),
            secret=secret,
            itself=tuple(host for host, own in topology.itself if own == node),
        )


def _file(plan: Plan, place: Place, node: str, speed: float, capture: Wanted) -> str:
    """Give the node file of a gateway or the internet; it has no epoch yet."""
    who = "path" if node == INTERNET else node
    timing = Timing(plan.epoch, None, speed, f"{plan.seed}/{who}")
    door, hints = str(place.door(node)), str(place.door(HINTS))
    made: NodeFile
    if node == INTERNET:
        made = InternetFile(plan.path, timing, door, hints, capture=capture)
        return node_to_json(made)
    config = next((one for one in plan.gateways if one.name == node), None)
    if config is None:
        return ""
    made = GatewayFile(config, timing, door, str(place.log(node)), hints, capture=capture)
    return node_to_json(made)
