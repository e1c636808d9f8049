"""The interfaces of nodes, and the names they bear in every lab."""

from dataclasses import dataclass

INTERNET = "internet"
"""The name of the node between the gateways."""

INSIDE = "inside"
OUTSIDE = "outside"
HOST_PORT = "eth0"

ETHERNET = 1500
"""Octets that a packet may have where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Port:
    """An interface of a node; `addresses` are written `10.1.0.1/24`, `bridge` is whose port it is.

    A bridge is a port of its own, that no cable goes to.
    """

    node: str
    name: str
    addresses: tuple[str, ...] = ()
    mtu: int = ETHERNET
    bridge: str = ""
