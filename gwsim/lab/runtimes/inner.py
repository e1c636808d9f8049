"""Between a gateway and its hosts: the router that every gateway of a lab is.

`Inside` stands where a kernel's forwarding would, as `Outside` does for its network stack. A packet
loses one hop on its way from a host into the gateway, and one on its way from the gateway to a
host; what is from or for the gateway itself loses none. What has no hop left ends here, and its
sender is told.
"""

from collections.abc import Iterable

from gwsim.gateway.gateway import Gateway
from gwsim.lab.addressing import own_address
from gwsim.wire.hops import after_hops, has_hops, time_exceeded
from gwsim.wire.ip import HEADER_SIZE, parse_address
from gwsim.wire.selector import Selector

_SOURCE = slice(12, 16)
_DESTINATION = slice(16, 20)


class Inside:
    """The inside interface of one gateway; `hosts` are the addresses of all hosts."""

    def __init__(self, gateway: Gateway, hosts: Iterable[str]) -> None:
        self._gateway = gateway
        self._networks = [(Selector.parse(network), network) for network in gateway.config.inside]
        self._taken = tuple(hosts)

    def receive(self, packet: bytes, now: float) -> bytes | None:
        """Take a packet from a host; gives what is to be answered where it may not go on."""
        if len(packet) < HEADER_SIZE or self._own(packet, _SOURCE, _DESTINATION):
            self._gateway.receive_inside(packet, now)
        elif has_hops(packet):
            self._gateway.receive_inside(after_hops(packet), now)
        elif self._gateway.running:
            return time_exceeded(packet, self._beside(packet))
        return None

    def deliver(self, packet: bytes) -> tuple[bytes | None, bytes | None]:
        """Give a packet of the gateway's as a host gets it, or what its sender is told instead.

        That goes out by the way the sender is, unprotected: its source is the gateway's outside
        address, about which no tunnel has been agreed.
        """
        if self._own(packet, _SOURCE):
            return packet, None
        if has_hops(packet):
            return after_hops(packet), None
        return None, time_exceeded(packet, self._gateway.config.endpoint.address)

    def _own(self, packet: bytes, *ends: slice) -> bool:
        own = parse_address(self._gateway.config.endpoint.address).to_bytes(4, "big")
        return any(packet[end] == own for end in ends)

    def _beside(self, packet: bytes) -> str:
        """Give the gateway's address in the network of a packet's sender."""
        sender = int.from_bytes(packet[_SOURCE], "big")
        for selector, network in self._networks:
            if selector.contains(sender):
                return own_address(network, self._taken)
        return self._gateway.config.endpoint.address
