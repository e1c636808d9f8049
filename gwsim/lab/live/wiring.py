"""A topology made real: interfaces, addresses and routes in namespaces that are held open."""

from collections.abc import Mapping
from pathlib import Path
from socket import AF_INET
from typing import Any

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from gwsim.lab.live.linux import CLONE_NEWNET, NamespaceError, setns
from gwsim.lab.live.ports import Port
from gwsim.lab.live.topology import Topology


def wire(topology: Topology, networks: Mapping[str, int]) -> None:
    """Lay all cables and set up every node; `networks` are descriptors of nodes' namespaces.

    Leaves the process in the last of them. Raises NamespaceError, in words.
    """
    try:
        with IPRoute() as ipr:
            for one, other in topology.cables:
                _lay(ipr, one, other, networks)
        for node in topology.nodes:
            setns(networks[node], CLONE_NEWNET)
            _set_up(topology, node)
    except NetlinkError as error:
        raise NamespaceError(f"the kernel refused to make the lab's network: {error}") from None


def _lay(ipr: Any, one: Port, other: Port, networks: Mapping[str, int]) -> None:
    far = {"ifname": other.name, "net_ns_fd": networks[other.node]}
    near = networks[one.node]
    ipr.link("add", ifname=one.name, kind="veth", peer=far, net_ns_fd=near)


def _set_up(topology: Topology, node: str) -> None:
    """Give a node its addresses and routes, with the namespace entered already."""
    for name in ("all", "default"):
        # A link-local address would send neighbour discovery into every capture.
        ipv6 = Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6")
        if ipv6.exists():
            ipv6.write_text("1", encoding="ascii")
    with IPRoute() as ipr:
        ipr.link("set", index=1, state="up")
        ports = topology.ports(node)
        for port in ports:
            if port in topology.bridges:
                ipr.link("add", ifname=port.name, kind="bridge")
        for port in ports:
            _set_up_port(ipr, port)
        for name, gateway in topology.defaults:
            if name == node:
                ipr.route("add", dst="0.0.0.0/0", gateway=gateway, family=AF_INET)


def _set_up_port(ipr: Any, port: Port) -> None:
    index = ipr.link_lookup(ifname=port.name)[0]
    settings: dict[str, Any] = {**port.link, "state": "up"}
    if port.bridge:
        settings["master"] = ipr.link_lookup(ifname=port.bridge)[0]
    for address in port.addresses:
        text, _, prefix = address.partition("/")
        ipr.addr("add", index=index, address=text, prefixlen=int(prefix))
    ipr.link("set", index=index, **settings)
