"""The way of a packet through the gateway: from inside out, from outside in, and to itself.

A gateway forwards between the networks behind it and the outside. What comes out of a tunnel and
is for neither a host behind it nor itself has no route: a hub would send it on, these do not.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from gwsim.esp.dataplane import DataPlane
from gwsim.esp.drops import Drop
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.outcomes import Clear, Dropped, Dummy, Opened, Outgoing, Returned, Sealed, Wanted
from gwsim.esp.selectors import Action, Entry, Spd
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import DropCause
from gwsim.gateway.journal import Journal
from gwsim.gateway.outputs import ClearOut, EspOut, InsideOut, UdpOut
from gwsim.gateway.policy import ChildKey, networks_of
from gwsim.gateway.translation import under_address
from gwsim.ike.endpoint import Endpoint
from gwsim.wire.errors import WireError
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    HEADER_SIZE,
    ICMP,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    SocketAddress,
    build_icmp,
    build_ipv4,
    parse_address,
    parse_icmp,
    parse_ipv4,
)

_FRAGMENT = 0x3FFF
"""More fragments, and the fragment offset, in the seventh and eighth octet of a header."""


HELD = 64
"""Packets that wait for the SAs of a child whose dead peer is waited for."""


class Forwarding:
    """What a gateway does with packets, given its data plane, its negotiator and its books."""

    def __init__(
        self, config: GatewayConfig, plane: DataPlane, journal: Journal, endpoint: Endpoint
    ) -> None:
        self.endpoint = endpoint
        self._plane = plane
        self._journal = journal
        self._queues: dict[ChildKey, deque[tuple[bytes, Inner]]] = {}
        self._held: set[ChildKey] = set()
        self._from_inside = Reassembler()
        self._from_outside = Reassembler()
        self._to_self = Reassembler()
        self.configure(config)

    def configure(self, config: GatewayConfig) -> None:
        """Take over what a configuration says about forwarding."""
        self._config = config
        self._own = parse_address(config.endpoint.address)
        self._networks = networks_of(config)
        self._filters = Spd(
            Entry(Action.DISCARD, rule.local, rule.remote) for rule in config.filters
        )
        self._peers = {c.name: c.remote or "" for c in config.endpoint.connections}

    def reset(self, endpoint: Endpoint) -> None:
        """Lose every packet that is held, and work for another negotiator, as a reboot does."""
        self.endpoint = endpoint
        self._queues.clear()
        self._held.clear()
        self._from_inside = Reassembler()
        self._from_outside = Reassembler()
        self._to_self = Reassembler()

    # outward

    def inside(self, packet: bytes, now: float) -> None:
        """Take an IPv4 packet from a host behind the gateway; fragments wait for their others."""
        try:
            whole = self._join(self._from_inside, packet, now)
            if whole is None:
                return
            inner = read_inner(whole)
        except WireError:
            self._malformed(False, len(packet), now)
            return
        if inner.destination == self._own:
            self._to_itself(whole, inner, now, answer=self._answer_inside)
        elif self.is_inside(inner.destination):
            self._refused(DropCause.NO_ROUTE, False, inner, now)
        elif self._config.translates:
            hidden = under_address(whole, self._config.endpoint.address)
            self._outward(hidden, read_inner(hidden), now)
        else:
            self._outward(whole, inner, now)

    def _outward(self, packet: bytes, inner: Inner, now: float) -> None:
        if not self._journal.link_up:
            self._refused(DropCause.LINK_DOWN, False, inner, now)
            return
        outcomes = self._plane.outbound(packet, now)
        for outcome in outcomes:
            self._handle(outcome, now)
        pieces = [outcome for outcome in outcomes if isinstance(outcome, Sealed)]
        if len(pieces) > 1:
            tally = self._journal.tallies[pieces[0].connection, pieces[0].child]
            tally.prefragmented += 1
            tally.fragments += len(pieces)

    def _handle(self, outcome: Outgoing, now: float) -> None:
        """Carry out one outcome of the data plane."""
        match outcome:
            case Sealed():
                self._send_sealed(outcome, now)
            case Clear(packet, inner):
                self._send_clear(packet, inner, now)
            case Wanted():
                self._want(outcome, now)
            case Returned(packet, connection, child):
                if child:
                    self._journal.tallies[connection, child].too_big_sent += 1
                self._return(packet)
            case Dropped():
                self._journal.dropped(now, outcome, self._peers.get(outcome.connection, ""))

    def _send_sealed(self, sealed: Sealed, now: float) -> None:
        self._journal.tallies[sealed.connection, sealed.child].encapsulated += 1
        tos, df = sealed.tos, sealed.dont_fragment
        if sealed.udp is None:
            output: EspOut | UdpOut = EspOut(
                sealed.source, sealed.destination, sealed.payload, tos, df
            )
        else:
            source = (sealed.source, sealed.udp[0])
            destination = (sealed.destination, sealed.udp[1])
            output = UdpOut(source, destination, sealed.payload, "esp", tos, df)
        self._journal.send(output)
        self._journal.passed(
            now,
            False,
            sealed.inner.summary,
            sealed.inner.length,
            sealed.destination,
            sealed.connection,
            sealed.spi,
        )
        self.endpoint.note_traffic(sealed.destination, False, now)

    def _send_clear(self, packet: bytes, inner: Inner, now: float) -> None:
        if self.is_inside(inner.destination):
            self._refused(DropCause.NO_ROUTE, False, inner, now)
            return
        self._journal.send(ClearOut(packet))
        self._journal.passed(now, False, inner.summary, inner.length)

    def _return(self, packet: bytes) -> None:
        """Give an ICMP error to the host that it is for; one for the gateway itself is moot."""
        if read_inner(packet).destination != self._own:
            self._journal.send(InsideOut(packet))

    # waiting for an SA

    def _want(self, wanted: Wanted, now: float) -> None:
        """Have an SA negotiated; keep the packet if there is room, else it is lost."""
        entry = wanted.entry
        key = (entry.connection, entry.child)
        started = self.endpoint.initiate(*key, now)
        queue = self._queues.setdefault(key, deque())
        places = HELD if key in self._held else self._config.queue
        if started and len(queue) < places:
            queue.append((wanted.packet, wanted.inner))
        else:
            self._no_sa(key, wanted.inner, now)

    def _no_sa(self, key: ChildKey, inner: Inner, now: float) -> None:
        self._journal.tallies[key].send_errors += 1
        self._refused(DropCause.NO_SA, False, inner, now, key)

    def hold(self, key: ChildKey) -> None:
        """Let the packets of a child wait for its next SA, whatever room the vendor gives them."""
        self._held.add(key)

    def release(self, key: ChildKey, now: float) -> None:
        """Send what waited for an SA that is there now."""
        self._held.discard(key)
        for packet, inner in self._queues.pop(key, ()):
            self._outward(packet, inner, now)

    def abandon(self, connection: str, child: str, now: float) -> None:
        """Lose what waited for an SA that will not come; child "" means all of the connection."""
        for key in [k for k in self._queues if k[0] == connection and child in ("", k[1])]:
            for _, inner in self._queues.pop(key):
                self._no_sa(key, inner, now)

    # inward

    def esp(
        self,
        payload: bytes,
        source: str,
        destination: str,
        udp: tuple[int, int] | None,
        tos: int,
        now: float,
    ) -> None:
        """Take an ESP packet, from SPI to ICV."""
        outcome = self._plane.inbound(payload, source, destination, udp, tos)
        match outcome:
            case Opened():
                self._opened(outcome, now)
            case Dummy():
                self.endpoint.note_traffic(source, True, now)
            case Dropped(cause=cause, spi=spi):
                self._journal.dropped(now, outcome, source)
                if cause is Drop.UNKNOWN_SPI:
                    self.endpoint.unknown_spi(source, spi, now)

    def _opened(self, opened: Opened, now: float) -> None:
        self._journal.tallies[opened.connection, opened.child].decapsulated += 1
        self.endpoint.note_traffic(opened.source, True, now)
        if opened.moved_to is not None:
            self._follow(opened.inbound_spi, opened.moved_to, now)
        inner = opened.inner
        if self.is_filtered(inner):
            self._refused(DropCause.DISCARD, True, inner, now)
            return
        if inner.destination == self._own:
            self._to_itself(opened.packet, inner, now, answer=self._outward)
        elif self.is_inside(inner.destination):
            self._journal.send(InsideOut(opened.packet))
        else:
            self._refused(DropCause.NO_ROUTE, True, inner, now)
            return
        self._journal.passed(
            now,
            True,
            inner.summary,
            inner.length,
            opened.source,
            opened.connection,
            opened.inbound_spi,
        )

    def _follow(self, inbound_spi: int, new: SocketAddress, now: float) -> None:
        """Send to where an authentic packet came from (RFC 3948 1, RFC 3947 4)."""
        pair = self._plane.pair(inbound_spi)
        self.endpoint.peer_moved(inbound_spi, new, now)
        if pair is not None:
            self._plane.move(pair.peer, new)

    def outside(self, packet: Ipv4Packet, now: float) -> None:
        """Take a whole packet that came from outside and is neither IKE nor ESP for us."""
        octets = build_ipv4(packet)
        inner = read_inner(octets)
        own = inner.destination == self._own
        if own and packet.protocol == ICMP and self._icmp_error(packet, now):
            return
        entry = self._plane.spd.inbound(inner)
        if entry.action is Action.PROTECT:
            key = (entry.connection, entry.child)
            self._refused(DropCause.CLEAR_TEXT, True, inner, now, key)
        elif entry.action is Action.DISCARD:
            self._refused(DropCause.DISCARD, True, inner, now)
        elif own:
            self._to_itself(octets, inner, now, answer=self._outward)
        elif self.is_inside(inner.destination):
            self._journal.send(InsideOut(octets))
            self._journal.passed(now, True, inner.summary, inner.length)
        else:
            self._refused(DropCause.NO_ROUTE, True, inner, now)

    def join_outside(self, packet: bytes, now: float) -> Ipv4Packet | None:
        """Read a packet from outside; None while fragments of it lack, or when it is malformed."""
        try:
            return self._from_outside.add(parse_ipv4(packet), now)
        except WireError:
            self._malformed(True, len(packet), now)
            return None

    def _icmp_error(self, packet: Ipv4Packet, now: float) -> bool:
        """Take an ICMP error about something of ours; only "too big" has a consequence."""
        try:
            message = parse_icmp(packet.payload)
        except WireError:
            return False
        if not isinstance(message, IcmpError):
            return False
        if message.code == FRAGMENTATION_NEEDED and message.type == DESTINATION_UNREACHABLE:
            key = self._plane.note_too_big(message.original, message.mtu, now)
            if key is not None:
                self._journal.tallies[key].too_big_received += 1
        return True

    # to itself

    def _to_itself(
        self, packet: bytes, inner: Inner, now: float, answer: Callable[[bytes, Inner, float], None]
    ) -> None:
        """Answer an echo; anything else is for the box's own stack, which stands inside."""
        whole = self._join(self._to_self, packet, now)
        if whole is None:
            return
        request = _echo_request(whole) if inner.protocol == ICMP else None
        if request is None:
            self._journal.send(InsideOut(whole))
            return
        echo = build_icmp(replace(request, reply=True))
        to, own, _ = inner.summary
        reply = build_ipv4(Ipv4Packet(own, to, ICMP, echo))
        answer(reply, read_inner(reply), now)

    def _answer_inside(self, packet: bytes, _inner: Inner, _now: float) -> None:
        self._journal.send(InsideOut(packet))

    # small things

    def is_filtered(self, inner: Inner) -> bool:
        """Say whether the access list behind the decryption drops a packet."""
        return self._filters.inbound(inner).action is Action.DISCARD

    @property
    def translates(self) -> bool:
        """Whether hosts inside go out under the gateway's own address."""
        return self._config.translates

    def is_own(self, address: int) -> bool:
        """Say whether an address is the gateway's own."""
        return address == self._own

    def is_inside(self, address: int) -> bool:
        """Say whether an address is in a network behind the gateway."""
        return any(network.contains(address) for network in self._networks)

    def _join(self, reassembler: Reassembler, packet: bytes, now: float) -> bytes | None:
        """Give a whole packet back as it is, and one of fragments when the last has come."""
        if len(packet) >= HEADER_SIZE and not int.from_bytes(packet[6:8], "big") & _FRAGMENT:
            return packet
        whole = reassembler.add(parse_ipv4(packet), now)
        return None if whole is None else build_ipv4(whole)

    def _refused(
        self,
        cause: DropCause,
        inbound: bool,
        inner: Inner,
        now: float,
        child: ChildKey = ("", ""),
    ) -> None:
        peer = self._peers.get(child[0], "")
        self._journal.refused(now, cause, inbound, inner.summary, inner.length, peer, child)

    def _malformed(self, inbound: bool, length: int, now: float) -> None:
        self._journal.refused(now, DropCause.MALFORMED, inbound, ("", "", 0), length)


def _echo_request(packet: bytes) -> IcmpEcho | None:
    try:
        message = parse_icmp(parse_ipv4(packet).payload)
    except WireError:
        return None
    return message if isinstance(message, IcmpEcho) and not message.reply else None
