"""What an engine makes of a lab: a volume, networks and containers, all with the lab's labels."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from gwsim.lab.live.contained import ITSELF_LABEL, LABEL, NODE_LABEL, at_once, full_name
from gwsim.lab.live.order import IMAGE, SHARED, ContainerOrder, container_name, order_to_json
from gwsim.lab.live.ports import ETHERNET, INSIDE, OUTSIDE
from gwsim.lab.live.subnets import make_network
from gwsim.lab.live.topology import Topology

TUN = "/dev/net/tun"
"""The device of the engine's machine that every node needs."""

RIGHTS = ["NET_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "SETUID", "SETGID"]
"""What a node may do; as in docker-compose.yml."""

FORWARDING = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.default.accept_local": "1",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
}
"""How the kernel of a gateway or the internet routes; as in docker-compose.yml."""

WIRE = {
    "com.docker.network.bridge.inhibit_ipv4": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "false",
}
"""What makes a network no more than a wire; as in docker-compose.yml.

The engine's machine has no address there. Nor does it masquerade for the network's own subnet,
which may hold addresses of a scenario: where it filters bridges, it would for them too, in any lab.
"""

_MTU = "com.docker.network.driver.mtu"
_CLAIM = "gwsim.claim"
_TIMEOUT = 90.0


def claim(client: Any, labels: dict[str, str]) -> bool:
    """Make the volume of a lab; False when somebody else has, whose lab of this name it is then.

    An engine makes a volume once and gives the same to whoever asks for its name again, so of two
    who start at the same moment one finds the other's claim on it.
    """
    mine = uuid4().hex
    volume = client.volumes.create(
        full_name(labels[LABEL], "shared"),
        driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "mode=0755"},
        labels={**labels, _CLAIM: mine},
    )
    found: dict[str, str] = volume.attrs["Labels"] or {}
    return found.get(_CLAIM) == mine


def make_lab(
    client: Any, topology: Topology, told: tuple[ContainerOrder, ...], labels: dict[str, str]
) -> None:
    """Make the networks and the containers of a lab, and start them."""
    lab = labels[LABEL]
    plugs = list(_plugs(topology))
    for name, mtu in {name: mtu for name, _, _, mtu in plugs}.items():
        options = {**WIRE, **({_MTU: str(mtu)} if mtu > ETHERNET else {})}
        make_network(client, full_name(lab, name), options=options, labels=labels)
    by_node: dict[str, list[tuple[str, str]]] = {}
    for network, node, alias, _ in plugs:
        by_node.setdefault(node, []).append((full_name(lab, network), alias))

    def make(order: ContainerOrder) -> None:
        container = _container(client, labels, order, by_node[order.node])
        _start(client, container, order)

    at_once(make, told)


def _plugs(topology: Topology) -> Iterator[tuple[str, str, str, int]]:
    """Give network, node, name of the interface and MTU for each end of a cable, each once."""
    seen = set()
    for near, far in topology.cables:
        outside = near.name == OUTSIDE
        network = f"{near.node}-{OUTSIDE if outside else INSIDE}"
        ends = ((near.node, OUTSIDE if outside else INSIDE), (far.node, far.name))
        for node, alias in ends:
            if (network, node) not in seen:
                seen.add((network, node))
                yield network, node, alias, near.mtu
    for bridge in topology.bridges:
        network = f"{bridge.node}-{INSIDE}"
        if (network, bridge.node) not in seen:
            seen.add((network, bridge.node))
            yield network, bridge.node, INSIDE, bridge.mtu


def _container(
    client: Any, labels: dict[str, str], order: ContainerOrder, plugs: list[tuple[str, str]]
) -> Any:
    """Make a container, on its networks."""
    lab = order.lab
    (first, alias), *others = plugs
    endpoint = client.api.create_endpoint_config(aliases=[alias])
    forwards = bool(order.file)
    container = client.containers.create(
        IMAGE,
        name=full_name(lab, order.node),
        hostname=container_name(order.node),
        entrypoint=["python", "-m", "gwsim.lab.live.container"],
        command=[],
        stdin_open=True,
        user="root",
        environment={"GWSIM_NODE": order.node},
        labels={**labels, NODE_LABEL: order.node, ITSELF_LABEL: " ".join(order.itself)},
        cap_drop=["ALL"],
        cap_add=RIGHTS,
        security_opt=["no-new-privileges:true"],
        devices=[TUN] if forwards else [],
        sysctls=FORWARDING if forwards else {},
        volumes={full_name(lab, "shared"): {"bind": SHARED, "mode": "rw"}},
        network=first,
        networking_config={first: endpoint},
    )
    for network, name in others:
        client.networks.get(network).connect(container, aliases=[name])
    return container


def _start(client: Any, container: Any, order: ContainerOrder) -> None:
    """Start a container and tell it what it is, as the first line of its input.

    So its order is not in its environment, nor in a file unless it puts it there itself.
    """
    stream = client.api.attach_socket(container.id, params={"stdin": 1, "stream": 1})
    line = getattr(stream, "_sock", stream)
    try:
        container.start()
        line.settimeout(_TIMEOUT)
        line.sendall(order_to_json(order).encode() + b"\n")
    finally:
        stream.close()
        line.close()
