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

    @property
    def link(self) -> dict[str, int]:
        """What the kernel is to know of the interface, in netlink's words.

        On the lines between gateways each packet is sent as itself. Sent many at a time, as a
        gateway hands them over, a capture would take them for one long packet.
        """
        is_between = self.name == OUTSIDE or self.node == INTERNET
        return {"mtu": self.mtu, "gso_max_segs": 1} if is_between else {"mtu": self.mtu}
