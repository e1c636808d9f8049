"""What a container of a lab is told, and the ways in which it is told.

For a run the caller puts the order into the container before it starts. In the training lab each
container makes its own from the scenario: all compile the same file, so all agree.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gwsim.capture.sighted import NOTHING, Wanted
from gwsim.daemon.nodefile import GatewayFile, InternetFile, NodeFile, Timing, node_to_json
from gwsim.gateway.jsonform import decode, encode
from gwsim.lab.live.places import DOCKER, HINTS, Place, State
from gwsim.lab.live.topology import INTERNET, Port, Topology, topology_of
from gwsim.lab.plan import Host, Plan

SHARED = "/run/lab"
"""Where all containers of a lab have the same directory, gone with the last of them."""

ORDER_FILE = "/etc/gwsim-order.json"
"""Where a container finds what it is, if somebody has told it."""

IMAGE = "gwsim"
"""The image, as the Dockerfile of this project makes it."""


@dataclass(frozen=True, slots=True)
class ContainerOrder:
    """One container: `node` of `lab`, its interfaces, and the address that leads elsewhere.

    `file` is the node file of a gateway or the internet, "" for a host; its clock is set when the
    lab begins, at once or when all of `gather` are there. `hosts` are the lab's, `state` is what
    it is, for those who look for it. The internet does the `acts` of the scenario in there, those
    of its timeline if `played`. Interfaces that are `settled` have their addresses already.
    """

    lab: str
    node: str
    ports: tuple[Port, ...]
    default: str
    speed: float
    file: str
    hosts: tuple[Host, ...]
    gather: tuple[str, ...] = ()
    state: str = ""
    played: bool = False
    acts: bool = False
    settled: bool = False


def order_to_json(order: ContainerOrder) -> str:
    """Give the JSON form of an order; there are pre-shared keys in it."""
    return json.dumps(encode(order))


def order_from_json(text: str) -> ContainerOrder:
    """Read an order back, equal to what it was; raises ValueError for anything else."""
    found: ContainerOrder = decode(ContainerOrder, json.loads(text), "order")
    return found


def place_of(lab: str) -> Place:
    """Give the directory of a lab as its containers see it."""
    return Place(Path(SHARED) / "gwsim" / lab)


def container_name(node: str) -> str:
    """Give the name that a node has as a container or service: a host's dot is a dash there."""
    return node.replace(".", "-")


def orders(
    plan: Plan,
    lab: str,
    speed: float,
    state: State | None = None,
    gather: bool = False,
    played: bool = False,
    place: Place | None = None,
    capture: Wanted = NOTHING,
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
            state=json.dumps(asdict(state or _state(plan, topology, lab, speed))),
            played=played,
            acts=state is not None and internet,
        )


def state_of(
    plan: Plan, lab: str, speed: float, scenario: str, text: str, runtime: str = DOCKER
) -> State:
    """Say what a lab is, for those who look for it there."""
    state = _state(plan, topology_of(plan), lab, speed, scenario, text)
    return replace(state, runtime=runtime)


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


def _state(
    plan: Plan, topology: Topology, lab: str, speed: float, scenario: str = "", text: str = ""
) -> State:
    gateways = {config.name: config for config in plan.gateways}
    hosts = {host.name: host for host in plan.hosts}
    kinds = {INTERNET: "internet"}
    kinds |= dict.fromkeys(gateways, "gateway") | dict.fromkeys(hosts, "host")
    addresses = {name: config.endpoint.address for name, config in gateways.items()}
    return State(
        name=lab,
        title=plan.title,
        runtime=DOCKER,
        keeper=0,
        speed=speed,
        epoch=plan.epoch.isoformat(),
        started=0.0,
        networks={},
        kinds=kinds,
        ports={node: topology.main_port(node) for node in topology.nodes},
        vendors={name: config.vendor for name, config in gateways.items()},
        addresses=addresses | {name: host.address for name, host in hosts.items()},
        scenario=scenario,
        text=text,
    )
