"""How the packets of a flow cross a NAT in few steps, once the first one of them has crossed it.

Who is behind the NAT is asked of its table for every packet, which keeps the binding alive as any
packet does. What that makes of the octets is the same each time: it is worked out once and then
laid over each packet.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from struct import Struct

from gwsim.path.transit import Transit, change
from gwsim.wire.ip import HEADER_SIZE, ICMP, TCP, UDP, SocketAddress, parse_address

Ask = Callable[[bytes, float], SocketAddress | None]
"""Whose a packet is behind a NAT, or whose it is made to be before it; None for nobody's."""

_PORT = Struct("!H")
_HEADER_CHECKSUM = slice(10, 12)
_CHECKSUM_AT: dict[int, int] = {ICMP: HEADER_SIZE + 2, TCP: HEADER_SIZE + 16, UDP: HEADER_SIZE + 6}
_IDENTIFIER = HEADER_SIZE + 4
_ONES = 0xFFFF


@dataclass(frozen=True, slots=True)
class End:
    """The end of a flow that a NAT changes: its source on the way out, else its destination."""

    is_source: bool

    def of(self, transit: Transit) -> str:
        """Give the address there."""
        return transit.source if self.is_source else transit.destination

    def like(self, transit: Transit, address: str, port: int | None) -> Transit:
        """Give a packet with another address there, and port if it has ports."""
        ported = port is not None and transit.protocol in (TCP, UDP)
        if self.is_source:
            number = port if port is not None and ported else transit.source_port
            return replace(transit, source=address, source_port=number)
        number = port if port is not None and ported else transit.destination_port
        return replace(transit, destination=address, destination_port=number)

    def address_at(self) -> int:
        """Say where in a packet the address is."""
        return 12 if self.is_source else 16

    def port_at(self, protocol: int) -> int:
        """Say where the port is, or what an echo has for one."""
        if protocol == ICMP:
            return _IDENTIFIER
        return HEADER_SIZE if self.is_source else HEADER_SIZE + 2


SOURCE = End(True)
DESTINATION = End(False)


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a NAT says of a flow: whom to ask, and whether ports are changed as well."""

    ask: Ask
    ported: bool


class Patch:
    """Another address, and port if one is given, at one end of every packet of a flow.

    Packets have no options. Checksums are mended as `Rewriting` mends them, to the same octets.
    """

    __slots__ = ("_address", "_at", "_checksum_at", "_header", "_port", "_port_at", "_transport")

    def __init__(self, like: bytes, end: End, address: str, port: int | None) -> None:
        protocol = like[9]
        self._at = at = end.address_at()
        self._address = parse_address(address).to_bytes(4, "big")
        grown = _sum(self._address) - _sum(like[at : at + 4])
        self._header = -grown % _ONES
        transport = grown if protocol in (TCP, UDP) else 0
        self._port = b"" if port is None else _PORT.pack(port)
        self._port_at = where = end.port_at(protocol)
        if port is not None:
            transport += port - _sum(like[where : where + 2])
        self._transport = transport
        touched = protocol in (TCP, UDP) or port is not None
        self._checksum_at = _CHECKSUM_AT.get(protocol, 0) if touched else 0

    def over(self, packet: bytes) -> bytes:
        """Give a packet of the flow with the changes."""
        octets = bytearray(packet)
        at = self._at
        octets[at : at + 4] = self._address
        carried = octets[10] << 8 | octets[11]
        octets[_HEADER_CHECKSUM] = _PORT.pack((carried + self._header) % _ONES)
        if self._port:
            octets[self._port_at : self._port_at + 2] = self._port
        if at := self._checksum_at:
            carried = octets[at] << 8 | octets[at + 1]
            # A UDP datagram without a checksum keeps none.
            if carried or octets[9] != UDP:
                mended = _ONES - ((carried ^ _ONES) + self._transport) % _ONES
                octets[at : at + 2] = _PORT.pack(mended)
        return bytes(octets)


def _sum(octets: bytes) -> int:
    return int.from_bytes(octets, "big") % _ONES


@dataclass(slots=True)
class Aspect:
    """What the packets of a flow have in common at one place on their way.

    `patch` made them so where a NAT did, in the words of `why`. `ruled` says whether a rule may be
    about them, `inward` how they cross the NAT before their other end; None until that is known.
    """

    like: Transit
    patch: Patch | None = None
    why: str = ""
    ruled: bool | None = None
    inward: "Leg | None" = None


class Leg:
    """A flow before a NAT: `cross` gives a packet behind it."""

    def __init__(self, before: Transit, end: End, crossing: Crossing) -> None:
        self._before = before
        self._end = end
        self._crossing = crossing
        self._behind: tuple[SocketAddress, Aspect] | None = None

    def cross(self, data: bytes, now: float) -> tuple[Aspect, bytes] | None:
        """Give a packet as it is behind the NAT, None when it does not pass."""
        end = self._crossing.ask(data, now)
        if end is None:
            return None
        if self._behind is None or self._behind[0] != end:
            self._behind = end, self._aspect(data, end)
        aspect = self._behind[1]
        return aspect, data if aspect.patch is None else aspect.patch.over(data)

    def _aspect(self, data: bytes, end: SocketAddress) -> Aspect:
        address, port = end[0], end[1] if self._crossing.ported else None
        after = self._end.like(self._before, address, port)
        if address == self._end.of(self._before) and port is None:
            return Aspect(after)
        return Aspect(after, Patch(data, self._end, address, port), change(self._before, after))
