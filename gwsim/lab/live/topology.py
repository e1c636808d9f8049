"""A plan as a network: which nodes there are, what joins them, who has which address.

::

    host -- inside: gateway :outside -- to-gateway: internet :to-other -- outside: other ...

Several hosts behind a gateway share a bridge, `inside`. Addresses that the scenario does not name
are those of `lab.addressing`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gwsim.gateway.config import GatewayConfig
from gwsim.lab.addressing import neighbour, own_address
from gwsim.lab.host import Host
from gwsim.lab.live.ports import ETHERNET, HOST_PORT, INSIDE, INTERNET, OUTSIDE, Port
from gwsim.lab.plan import Plan
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.wire.ip import parse_address
from gwsim.wire.selector import Selector

_LONGEST = 15


class TopologyError(RuntimeFailure):
    """A scenario's addresses leave no room for what a real network needs; the text says where."""


@dataclass(frozen=True, slots=True)
class Topology:
    """Nodes, bridges, cables between ports, and each node's way to everywhere else.

    `itself` lists hosts that are no nodes of their own: they have the address of their gateway,
    and are the gateway itself.
    """

    nodes: tuple[str, ...]
    bridges: tuple[Port, ...]
    cables: tuple[tuple[Port, Port], ...]
    defaults: tuple[tuple[str, str], ...]
    itself: tuple[tuple[str, str], ...] = ()

    def ports(self, node: str) -> tuple[Port, ...]:
        """Give the interfaces of a node, bridges first."""
        node = dict(self.itself).get(node, node)
        ends = (port for cable in self.cables for port in cable)
        return tuple(port for port in (*self.bridges, *ends) if port.node == node)

    def main_port(self, node: str) -> str:
        """Name the interface of a node on which there is most to see."""
        names = [port.name for port in self.ports(node)]
        return OUTSIDE if OUTSIDE in names else names[0]


def topology_of(plan: Plan) -> Topology:
    """Draw the network of a plan. Raises TopologyError where addresses leave no room."""
    if INTERNET in (config.name for config in plan.gateways):
        raise TopologyError(f"a gateway cannot be called {INTERNET}: the node between them is")
    bridges: list[Port] = []
    cables: list[tuple[Port, Port]] = []
    defaults: list[tuple[str, str]] = []
    itself = {host.name: host.gateway for host in plan.hosts if _is_gateway(host, plan)}
    for number, config in enumerate(plan.gateways):
        hosts = [h for h in plan.hosts if h.gateway == config.name and h.name not in itself]
        alone = f"{config.endpoint.address}/32"
        own = {net: _own_address(net, plan.hosts) for net in config.inside if net != alone}
        inside = tuple(f"{address}/{_prefix(network)}" for network, address in own.items())
        bridge, joined = _inside(config.name, inside, hosts, own)
        bridges += bridge
        cables += joined
        defaults += [(host.name, own[_network_of(host, own)]) for host in hosts]
        cable, gateway = _outside(config, number, plan.gateways)
        cables.append(cable)
        defaults.append((config.name, gateway))
    names = [config.name for config in plan.gateways]
    nodes = (INTERNET, *names, *(host.name for host in plan.hosts if host.name not in itself))
    return Topology(nodes, tuple(bridges), tuple(cables), tuple(defaults), tuple(itself.items()))


def _is_gateway(host: Host, plan: Plan) -> bool:
    return any(
        config.name == host.gateway and config.endpoint.address == host.address
        for config in plan.gateways
    )


def _inside(
    gateway: str, addresses: tuple[str, ...], hosts: list[Host], own: dict[str, str]
) -> tuple[list[Port], list[tuple[Port, Port]]]:
    """Join hosts to their gateway: one directly, several by a bridge."""
    ports = [Port(host.name, HOST_PORT, (_with_prefix(host, own),)) for host in hosts]
    if len(ports) == 1:
        return [], [(Port(gateway, INSIDE, addresses), ports[0])]
    bridge = Port(gateway, INSIDE, addresses)
    cables = [
        (Port(gateway, f"{INSIDE}{number}", bridge=INSIDE), port)
        for number, port in enumerate(ports, 1)
    ]
    return [bridge], cables


def _outside(
    config: GatewayConfig, number: int, gateways: Iterable[GatewayConfig]
) -> tuple[tuple[Port, Port], str]:
    """Join a gateway to the internet, whose address there it gets told."""
    address = config.endpoint.address
    try:
        far, prefix = neighbour(address, (other.endpoint.address for other in gateways))
    except ValueError as error:
        raise TopologyError(str(error)) from None
    mtu = max(ETHERNET, config.mtu)
    name = f"to-{config.name}"
    if len(name) > _LONGEST:
        name = f"to-{number + 1}"
    near = Port(config.name, OUTSIDE, (f"{address}/{prefix}",), mtu)
    return (near, Port(INTERNET, name, (f"{far}/{prefix}",), mtu)), far


def _own_address(network: str, hosts: Iterable[Host]) -> str:
    """Choose the gateway's address in a network behind it."""
    try:
        return own_address(network, (host.address for host in hosts))
    except ValueError as error:
        raise TopologyError(str(error)) from None


def _network_of(host: Host, networks: Iterable[str]) -> str:
    """Give the network a host is in; the loader has seen to it that there is one."""
    number = parse_address(host.address)
    return next(name for name in networks if Selector.parse(name).contains(number))


def _with_prefix(host: Host, networks: Iterable[str]) -> str:
    return f"{host.address}/{_prefix(_network_of(host, networks))}"


def _prefix(network: str) -> int:
    return int(network.partition("/")[2])
