"""Which message a packet is: its label, and to which packet a fragment belongs.

A sender that is one of ours says what it sends; what others send is named from its octets by a
`Labeller`, which also listens to what has a name, so that it can follow both ends of an exchange.
"""

from collections import OrderedDict

from gwsim.path.transit import Transit, read
from gwsim.wire.ip import ESP, UDP, Ipv4Packet, flow_of
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

    def recognise(
        self, packet: Ipv4Packet, data: bytes, number: int, side: str, now: float, given: str
    ) -> Transit:
        """Make a transit of a packet that enters, with the label `given` or seen in its octets.

        A later fragment becomes part of the packet whose first one has been seen: it gets that
        one's number, label and ports.
        """
        if not packet.is_fragment:
            return read(packet, data, number, side, now, self._label(packet, side, given))
        key = packet.source, packet.destination, packet.protocol, packet.identification
        first = self._first_pieces.get(key) if packet.fragment_offset else None
        if first is not None:
            later = read(packet, data, first.number, side, now, first.label)
            later.source_port, later.destination_port = first.source_port, first.destination_port
            later.copies = first.copies
            return later
        piece = read(packet, data, number, side, now, self._label(packet, side, given))
        if not packet.fragment_offset:
            self._first_pieces[key] = piece
            if len(self._first_pieces) > MAX_FRAGMENTED:
                self._first_pieces.popitem(last=False)
        return piece

    def _label(self, packet: Ipv4Packet, side: str, given: str) -> str:
        if packet.protocol == ESP:
            return given or "esp"
        # Of ESP there is nothing to follow, and there is much of it.
        if given == "esp" or packet.protocol != UDP:
            return given
        _, source, destination = flow_of(packet)
        if source not in _IKE_PORTS and destination not in _IKE_PORTS:
            return given
        seen = self._labeller.label(packet.payload[_UDP_HEADER:], source, destination, side)
        return given or seen
