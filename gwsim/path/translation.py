"""The two kinds of address translation: one-to-one, and port translation.

Both change a packet by a `Rewriting` of its octets, or raise `Refusal`. In an ICMP error the
quotation is translated too, since it speaks of a packet as the other side of the NAT saw it.
"""

from contextlib import suppress
from random import Random

from gwsim.path.bindings import Binding, Bindings
from gwsim.path.config import Nat
from gwsim.path.esp_passage import EspPassage
from gwsim.path.passage import Crossing
from gwsim.path.rewriting import Rewriting
from gwsim.path.transit import Transit
from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    ESP,
    ICMP,
    TCP,
    TIME_EXCEEDED,
    UDP,
    Ipv4Packet,
    SocketAddress,
    flow_of,
    parse_ipv4,
    parse_quoted,
)

_ECHO_REPLY = 0
_ECHO_REQUEST = 8
_ICMP_HEADER = 8
_QUOTED = 8  # octets of payload that every ICMP error quotes (RFC 792)
_ERRORS = (DESTINATION_UNREACHABLE, TIME_EXCEEDED)
_HEADER: dict[int, int] = {UDP: 8, TCP: 20}


class Refusal(Exception):
    """A packet cannot cross the NAT; the text says why."""


def quoted_by(packet: Ipv4Packet) -> Ipv4Packet | None:
    """Give the packet an ICMP error is about, None for no error or one that quotes too little."""
    if packet.protocol != ICMP or len(packet.payload) < _ICMP_HEADER:
        return None
    if packet.payload[0] not in _ERRORS:
        return None
    try:
        quoted = parse_quoted(packet.payload[_ICMP_HEADER:])
    except WireError:
        return None
    return quoted if len(quoted.payload) >= _QUOTED else None


def ports_of(packet: Ipv4Packet) -> tuple[int, int]:
    """Give source and destination port; of an ICMP echo, its identifier at the side that asks."""
    if packet.protocol == ICMP and len(packet.payload) >= _ICMP_HEADER:
        identifier = int.from_bytes(packet.payload[4:6], "big")
        if packet.payload[0] == _ECHO_REQUEST:
            return identifier, 0
        if packet.payload[0] == _ECHO_REPLY:
            return 0, identifier
        return 0, 0
    _, source, destination = flow_of(packet)
    return source, destination


class OneToOne:
    """One public address in place of one private one, for every protocol and both ways."""

    def __init__(self, public: str, inside: str) -> None:
        self._public = public
        self._inside = inside

    def outward(self, packet: Ipv4Packet, rewriting: Rewriting, now: float) -> None:
        """Make the source public, whatever the time; what other addresses send stays as it is."""
        quoted = quoted_by(packet)
        if quoted is not None and quoted.destination == self._inside:
            inner = rewriting.quoted()
            inner.destination(self._public)
            rewriting.quote(inner)
        if packet.source == self._inside:
            rewriting.source(self._public)

    def inward(self, packet: Ipv4Packet, rewriting: Rewriting, now: float) -> None:
        """Make the destination private, whatever the time."""
        quoted = quoted_by(packet)
        if quoted is not None and quoted.source == self._public:
            inner = rewriting.quoted()
            inner.source(self._inside)
            rewriting.quote(inner)
        rewriting.destination(self._inside)

    def crossing(self, packet: Ipv4Packet, outward: bool) -> Crossing | None:
        """Say how packets like this one cross in few steps, None when none is like another."""
        if quoted_by(packet) is not None:
            return None
        end = self._inside, 0
        if outward:
            end = (self._public if packet.source == self._inside else packet.source), 0
        return Crossing(lambda _data, _now: end, False)


class PortTranslation:
    """One public address for all private ones, told apart by port, identifier or SPI."""

    def __init__(self, nat: Nat, inside: str, rng: Random) -> None:
        self._nat = nat
        self._inside = inside
        self._bindings = Bindings(nat, rng)
        self._esp = EspPassage(nat)

    def reconfigure(self, nat: Nat, inside: str) -> None:
        """Go by other settings from now on, and keep the bindings."""
        self._nat = self._bindings.nat = self._esp.nat = nat
        self._inside = inside

    def forget(self) -> None:
        """Lose all bindings."""
        self._bindings.forget()
        self._esp.forget()

    def bindings(self, now: float) -> tuple[Binding, ...]:
        """Give the bindings that are alive."""
        return self._bindings.alive(now)

    def owner(self, transit: Transit, now: float) -> str | None:
        """Say for whom inside a packet from outside is, None for nobody; the table stays as it is.

        Later fragments bear no more than the addresses, and the ports that `transit` remembers.
        """
        packet = parse_ipv4(transit.data)
        quoted = quoted_by(packet)
        if quoted is not None and not transit.is_fragment:
            with suppress(Refusal):
                return self._sender(quoted, now)[0]
            return None
        protocol, port = packet.protocol, transit.destination_port
        remote = packet.source, transit.source_port
        if protocol == ICMP:
            remote, port = (packet.source, 0), ports_of(packet)[1]
        if self._forwards(self._inside, protocol, port):
            return self._inside
        if protocol == ESP:
            spi = 0 if transit.is_fragment else int.from_bytes(packet.payload[:4], "big")
            return self._esp.owner(packet.source, spi, now)
        found = self._bindings.owner(protocol, port, remote, now)
        return None if found is None else found[0]

    def outward(self, packet: Ipv4Packet, rewriting: Rewriting, now: float) -> None:
        """Make the source public and choose its port."""
        _require_whole_header(packet)
        quoted = quoted_by(packet)
        source, destination = ports_of(packet)
        if quoted is not None:
            self._quote_outward(quoted, rewriting, now)
            rewriting.source(self._nat.public)
        elif self._forwards(packet.source, packet.protocol, source):
            rewriting.source(self._nat.public)
        elif packet.protocol in (UDP, TCP) or _is_icmp(packet, _ECHO_REQUEST):
            inside, remote = (packet.source, source), (packet.destination, destination)
            port = self._bindings.outward(packet.protocol, inside, remote, now)
            _set_source(rewriting, packet.protocol, self._nat.public, port)
        elif packet.protocol == ESP and self._nat.esp_helper:
            self._esp.outward(packet.source, packet.destination, now)
            rewriting.source(self._nat.public)
        else:
            raise Refusal(_no_way(packet))

    def inward(self, packet: Ipv4Packet, rewriting: Rewriting, now: float) -> None:
        """Make the destination private, if anybody behind it asked for this packet."""
        _require_whole_header(packet)
        quoted = quoted_by(packet)
        source, destination = ports_of(packet)
        if quoted is not None:
            rewriting.destination(self._quote_inward(quoted, rewriting, now))
        elif self._forwards(self._inside, packet.protocol, destination):
            rewriting.destination(self._inside)
        elif packet.protocol in (UDP, TCP) or _is_icmp(packet, _ECHO_REPLY):
            remote = packet.source, source
            inside = self._bindings.inward(packet.protocol, destination, remote, now)
            if inside is None:
                raise Refusal(f"no binding of port {destination} lets {remote[0]}:{source} in")
            _set_destination(rewriting, packet.protocol, *inside)
        elif packet.protocol == ESP and self._nat.esp_helper:
            rewriting.destination(self._esp_inward(packet, now))
        else:
            raise Refusal(_no_way(packet))

    def crossing(self, packet: Ipv4Packet, outward: bool) -> Crossing | None:
        """Say how packets like this one cross in few steps, None when none is like another."""
        protocol, needed = packet.protocol, _HEADER.get(packet.protocol, _ICMP_HEADER)
        if quoted_by(packet) is not None or len(packet.payload) < needed:
            return None
        here, there = ports_of(packet) if outward else ports_of(packet)[::-1]
        inside = packet.source if outward else self._inside
        if self._forwards(inside, protocol, here):
            end = (self._nat.public if outward else self._inside), here
            return Crossing(lambda _data, _now: end, False)
        remote = (packet.destination if outward else packet.source), there
        if protocol == ESP and self._nat.esp_helper:
            return self._esp_crossing(packet, outward)
        if protocol in (UDP, TCP) or _is_icmp(packet, _ECHO_REQUEST if outward else _ECHO_REPLY):
            return self._bound(protocol, (inside, here), remote, outward)
        return None

    def _bound(
        self, protocol: int, near: SocketAddress, remote: SocketAddress, outward: bool
    ) -> Crossing:
        """Say how a flow with a binding crosses; every packet of it is one for the binding."""
        table, public = self._bindings, self._nat.public
        if outward:
            return Crossing(
                lambda _, now: (public, table.outward(protocol, near, remote, now)), True
            )
        return Crossing(lambda _, now: table.inward(protocol, near[1], remote, now), True)

    def _esp_crossing(self, packet: Ipv4Packet, outward: bool) -> Crossing:
        inside, remote, public = packet.source, packet.destination, self._nat.public

        def leaves(_: bytes, now: float) -> SocketAddress:
            self._esp.outward(inside, remote, now)
            return public, 0

        def enters(data: bytes, now: float) -> SocketAddress | None:
            found = self._esp.inward(packet.source, int.from_bytes(data[20:24], "big"), now)
            return None if found is None else (found, 0)

        return Crossing(leaves if outward else enters, False)

    def _esp_inward(self, packet: Ipv4Packet, now: float) -> str:
        spi = int.from_bytes(packet.payload[:4], "big")
        inside = self._esp.inward(packet.source, spi, now)
        if inside is None:
            raise Refusal(f"nobody behind the NAT sends ESP to {packet.source}")
        return inside

    def _forwards(self, inside: str, protocol: int, port: int) -> bool:
        """Say whether traffic of an inside endpoint is forwarded, its port left alone."""
        if inside != self._inside:
            return False
        number = port if protocol in (UDP, TCP) else 0
        return (protocol, number) in self._nat.forward

    def _quote_outward(self, quoted: Ipv4Packet, rewriting: Rewriting, now: float) -> None:
        """The inside complains of a packet it received: make that packet's destination public."""
        address, port = quoted.destination, ports_of(quoted)[1]
        inner = rewriting.quoted()
        if quoted.protocol == ESP or self._forwards(address, quoted.protocol, port):
            inner.destination(self._nat.public)
        else:
            public = self._bindings.port_of(quoted.protocol, (address, port), now)
            if public is None:
                raise Refusal("the packet this ICMP error is about belongs to no binding")
            _set_destination(inner, quoted.protocol, self._nat.public, public)
        rewriting.quote(inner)

    def _quote_inward(self, quoted: Ipv4Packet, rewriting: Rewriting, now: float) -> str:
        """Somebody complains of a packet the inside sent: make that packet's source private."""
        inner = rewriting.quoted()
        address, port = self._sender(quoted, now)
        if quoted.protocol in (UDP, TCP, ICMP):
            _set_source(inner, quoted.protocol, address, port)
        else:
            inner.source(address)
        rewriting.quote(inner)
        return address

    def _sender(self, quoted: Ipv4Packet, now: float) -> SocketAddress:
        """Find who behind the NAT sent a packet that is quoted as it left."""
        port, remote_port = ports_of(quoted)
        found: SocketAddress | None = None
        if quoted.source != self._nat.public:
            found = None
        elif self._forwards(self._inside, quoted.protocol, port):
            found = self._inside, port
        elif quoted.protocol == ESP:
            address = self._esp.last_sender(quoted.destination, now)
            found = None if address is None else (address, 0)
        else:
            remote = quoted.destination, remote_port
            found = self._bindings.owner(quoted.protocol, port, remote, now)
        if found is None:
            raise Refusal("the packet this ICMP error is about belongs to no binding")
        return found


def _is_icmp(packet: Ipv4Packet, kind: int) -> bool:
    return packet.protocol == ICMP and packet.payload[0] == kind


def _require_whole_header(packet: Ipv4Packet) -> None:
    needed = _ICMP_HEADER if packet.protocol == ICMP else _HEADER.get(packet.protocol, 0)
    if len(packet.payload) < needed:
        raise Refusal("its transport header is cut off")


def _set_source(rewriting: Rewriting, protocol: int, address: str, port: int) -> None:
    if protocol == ICMP:
        rewriting.source(address)
        rewriting.identifier(port)
    else:
        rewriting.source(address, port)


def _set_destination(rewriting: Rewriting, protocol: int, address: str, port: int) -> None:
    if protocol == ICMP:
        rewriting.destination(address)
        rewriting.identifier(port)
    else:
        rewriting.destination(address, port)


def _no_way(packet: Ipv4Packet) -> str:
    if packet.protocol == ICMP:
        return "this ICMP message belongs to no binding"
    return f"protocol {packet.protocol} does not cross a port-translating NAT"
