"""Which message a packet is: its label, and to which packet a fragment belongs.

A sender that is one of ours says what it sends; what others send is named from its octets by a
`Labeller`, which also listens to what has a name, so that it can follow both ends of an exchange.
"""

from collections import OrderedDict
from dataclasses import replace

from gwsim.path.transit import Transit
from gwsim.wire.ip import ESP, UDP, Ipv4Packet
from gwsim.wire.labels import Labeller
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

MAX_FRAGMENTED = 1024
"""How many packets that came in fragments are remembered by their first one."""

_IKE_PORTS = (IKE_PORT, NAT_T_PORT)
_UDP_HEADER = 8


class Naming:
    """Names every packet that enters a path."""

    def __init__(self) -> None:
        self._labeller = Labeller()
        self._first_pieces: OrderedDict[tuple[str, str, int, int], Transit] = OrderedDict()

    def recognise(self, packet: Ipv4Packet, transit: Transit, given: str) -> Transit:
        """Give the transit its label: the `given` one, or what the octets say if that is "".

        A later fragment becomes part of the packet whose first one has been seen: it gets that
        one's number, label and ports.
        """
        key = packet.source, packet.destination, packet.protocol, packet.identification
        first = self._first_pieces.get(key) if packet.fragment_offset else None
        if first is not None:
            return replace(
                first, data=transit.data, dont_fragment=transit.dont_fragment, is_fragment=True
            )
        named = replace(transit, label=self._label(packet, transit, given))
        if packet.more_fragments and not packet.fragment_offset:
            self._first_pieces[key] = named
            if len(self._first_pieces) > MAX_FRAGMENTED:
                self._first_pieces.popitem(last=False)
        return named

    def _label(self, packet: Ipv4Packet, transit: Transit, given: str) -> str:
        ports = transit.source_port, transit.destination_port
        if packet.protocol == ESP:
            return given or "esp"
        if packet.protocol != UDP or not any(port in _IKE_PORTS for port in ports):
            return given
        # Of ESP there is nothing to follow, and there is much of it.
        if given != "esp":
            seen = self._labeller.label(packet.payload[_UDP_HEADER:], *ports, transit.side_in)
            return given or seen
        return given
