"""All SAs of a gateway and the policy over them: packets in, outcomes out."""

from collections import Counter
from dataclasses import dataclass

from gwsim.esp.decapsulate import Arrival, Refusal, decapsulate
from gwsim.esp.drops import Drop
from gwsim.esp.encapsulate import encapsulate
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.outcomes import (
    Clear,
    Dropped,
    Dummy,
    Incoming,
    Opened,
    Outgoing,
    Request,
    Returned,
    Wanted,
    Wish,
)
from gwsim.esp.parameters import SaParameters
from gwsim.esp.path_mtu import SMALLEST, PathMtu
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair
from gwsim.esp.selectors import Action, Entry, Spd
from gwsim.esp.too_big import cut, fragmentation_needed
from gwsim.wire.encapsulation import parse_esp
from gwsim.wire.errors import WireError
from gwsim.wire.ip import ESP, UDP, SocketAddress, flow_of, parse_quoted


@dataclass(frozen=True, slots=True)
class Settings:
    """What a data plane is told besides its policy.

    `address` is the gateway's own, the sender of ICMP errors to hosts. `mtu` is the outside
    interface's, octets; `df` the policy for the outer don't-fragment bit: "copy", "clear" or
    "set". `soft` is the fraction of volume or sequence numbers after which a new pair is asked
    for; `last_sequence` None means the protocol's own last number. Raises ValueError for an MTU
    too small to carry a tunnel.
    """

    address: str
    mtu: int = 1500
    df: str = "copy"
    soft: float = 0.9
    last_sequence: int | None = None

    def __post_init__(self) -> None:
        if self.mtu < SMALLEST:
            raise ValueError(f"an MTU is {SMALLEST} octets or more, not {self.mtu}")


class DataPlane:
    """The data plane of one gateway: SAs in pairs, each named by its inbound SPI.

    Of the pairs of a child, the newest one that is active, not retired and made for the packet
    sends; all receive until they are removed. `drops` counts what was refused without an SA to
    count it at. Nothing here ends an SA: `requests` says what the negotiator should do. `revision`
    grows whenever something changes that decides how packets are carried.
    """

    def __init__(self, settings: Settings, spd: Spd) -> None:
        self.settings = settings
        self.spd = spd
        self.drops: Counter[Drop] = Counter()
        self._paths = PathMtu(settings.mtu)
        self._pairs: dict[int, SaPair] = {}
        self._senders: dict[tuple[str, str], list[SaPair]] = {}
        self._requests: list[Request] = []
        self.revision = 0

    # the pairs

    def install(self, inbound: SaParameters, outbound: SaParameters, active: bool = True) -> None:
        """Put a pair of SAs into use; one that is not `active` only receives for the time being.

        Raises ValueError when the inbound SPI is in use already.
        """
        if inbound.spi in self._pairs:
            raise ValueError(f"SPI {inbound.spi:#x} is in use")
        settings = self.settings
        pair = SaPair(
            InboundSa(inbound, settings.soft),
            OutboundSa(outbound, settings.soft, settings.last_sequence),
            active,
        )
        self.revision += 1
        self._pairs[inbound.spi] = pair
        self._senders.setdefault(pair.child, []).insert(0, pair)

    def activate(self, inbound_spi: int) -> None:
        """Allow a pair to send; an unknown one is ignored, as it may be gone by now."""
        pair = self._pairs.get(inbound_spi)
        if pair is not None:
            pair.active = True
            self.revision += 1

    def retire(self, inbound_spi: int) -> None:
        """Stop sending on a pair that a newer one replaces; it goes on receiving."""
        pair = self._pairs.get(inbound_spi)
        if pair is not None:
            pair.retired = True
            self.revision += 1

    def remove(self, inbound_spi: int) -> SaPair | None:
        """Forget a pair, and give it back with what it has counted."""
        pair = self._pairs.pop(inbound_spi, None)
        if pair is not None:
            self._senders[pair.child].remove(pair)
            self.revision += 1
        return pair

    def clear(self) -> None:
        """Forget all pairs, and all paths with them."""
        self.revision += 1
        self._pairs.clear()
        self._senders.clear()
        self._requests.clear()
        self._paths = PathMtu(self.settings.mtu)

    def move(self, old: SocketAddress, new: SocketAddress) -> None:
        """Let all pairs follow a peer to another address or port (RFC 3947 4)."""
        self.revision += 1
        for pair in self._pairs.values():
            if pair.peer in (old, (old[0], 0)):
                pair.move(new)

    def pair(self, inbound_spi: int) -> SaPair | None:
        """Find a pair by its inbound SPI."""
        return self._pairs.get(inbound_spi)

    def pairs(self) -> tuple[SaPair, ...]:
        """Give all pairs, oldest first."""
        return tuple(self._pairs.values())

    def reconfigure(self, settings: Settings, spd: Spd) -> None:
        """Work by other settings and another policy; pairs keep what they were installed with."""
        self.revision += 1
        self.settings = settings
        self.spd = spd
        self._paths.default = settings.mtu

    def requests(self) -> list[Request]:
        """Hand over, once, what the negotiator is asked for."""
        requests, self._requests = self._requests, []
        return requests

    # outbound

    def outbound(self, packet: bytes, now: float) -> list[Outgoing]:
        """Do with a packet from inside what the policy says.

        Several outcomes mean that it was cut into pieces. Fragments should be joined before they
        come here: a piece without ports cannot match an entry that asks for them.
        """
        try:
            inner = read_inner(packet)
        except WireError:
            self.drops[Drop.MALFORMED] += 1
            return [Dropped(Drop.MALFORMED, False, "", "", 0, len(packet))]
        entry = self.spd.outbound(inner)
        if entry.action is Action.PROTECT:
            return self._protect(packet, inner, entry, now)
        if entry.action is Action.DISCARD:
            return [self._refuse(Drop.DISCARD, inner)]
        if inner.length <= self.settings.mtu:
            return [Clear(packet[: inner.length], inner)]
        if inner.dont_fragment:
            return self._too_big(packet, inner, self.settings.mtu, None)
        return [Clear(p, read_inner(p)) for p in cut(packet, self.settings.mtu)]

    def _protect(self, packet: bytes, inner: Inner, entry: Entry, now: float) -> list[Outgoing]:
        pair = self._sender(entry, inner)
        if pair is None:
            return [Wanted(packet[: inner.length], inner, entry)]
        sa, df = pair.outbound, self.settings.df
        room = sa.room(self._paths.to(sa.destination, now))
        if inner.length <= room:
            return [self._seal(pair, packet, inner)]
        if inner.dont_fragment and df != "clear":
            return self._too_big(packet, inner, room, pair)
        # Transport mode takes whole packets only (RFC 4303 3.1.1), and one that must not be cut is
        # not cut even when its outer packet may be: IP cuts what comes out.
        if inner.dont_fragment or sa.parameters.transport:
            return [self._seal(pair, packet, inner)]
        pieces = list(cut(packet, room))
        sa.cut += 1
        sa.pieces += len(pieces)
        return [self._seal(pair, piece, read_inner(piece)) for piece in pieces]

    def carrier(self, inner: Inner, now: float) -> tuple[SaPair, int] | None:
        """Find the pair that would carry a packet out, and the longest packet that fits into it.

        None when it would not be protected, or cannot be at present.
        """
        entry = self.spd.outbound(inner)
        pair = self._sender(entry, inner) if entry.action is Action.PROTECT else None
        if pair is None:
            return None
        return pair, pair.outbound.room(self._paths.to(pair.outbound.destination, now))

    def _sender(self, entry: Entry, inner: Inner) -> SaPair | None:
        for pair in self._senders.get((entry.connection, entry.child), ()):
            if pair.sends(inner):
                return pair
        return None

    def _seal(self, pair: SaPair, packet: bytes, inner: Inner) -> Outgoing:
        sealed = encapsulate(pair, packet, inner, self.settings.df)
        if isinstance(sealed, Drop):
            if sealed is not Drop.TRANSPORT_ENDS:
                self._ask(pair, Wish.EXPIRE)
            return self._refuse(sealed, inner, pair)
        if pair.outbound.ageing:
            self._ask(pair, Wish.REKEY)
        return sealed

    def _too_big(
        self, packet: bytes, inner: Inner, mtu: int, pair: SaPair | None
    ) -> list[Outgoing]:
        outcomes: list[Outgoing] = [self._refuse(Drop.TOO_BIG, inner, pair)]
        error = fragmentation_needed(packet, inner, mtu, self.settings.address)
        if error is not None:
            if pair is not None:
                pair.outbound.too_big_sent += 1
            outcomes.append(Returned(error, *(pair.child if pair else ("", ""))))
        return outcomes

    def _refuse(self, cause: Drop, inner: Inner, pair: SaPair | None = None) -> Dropped:
        source, destination, protocol = inner.summary
        if pair is None:
            self.drops[cause] += 1
            return Dropped(cause, False, source, destination, protocol, inner.length)
        sa = pair.outbound
        sa.errors[cause] += 1
        return Dropped(
            cause,
            False,
            source,
            destination,
            protocol,
            inner.length,
            sa.spi,
            sa.sequence,
            local=str(sa.parameters.local),
            remote=str(sa.parameters.remote),
            connection=pair.child[0],
            child=pair.child[1],
        )

    # inbound

    def inbound(
        self,
        payload: bytes,
        source: str,
        destination: str,
        udp: tuple[int, int] | None = None,
        tos: int = 0,
    ) -> Incoming:
        """Open an ESP packet, SPI to ICV, that came between two addresses.

        `udp` gives its source and destination port when it came in UDP, `tos` that octet of its
        outer header.
        """
        try:
            spi, sequence = parse_esp(payload)
        except WireError:
            self.drops[Drop.MALFORMED] += 1
            protocol = ESP if udp is None else UDP
            return Dropped(Drop.MALFORMED, True, source, destination, protocol, len(payload))
        arrival = Arrival(payload, source, destination, udp, tos, spi, sequence)
        pair = self._pairs.get(spi)
        if pair is None:
            self.drops[Drop.UNKNOWN_SPI] += 1
            return _dropped(Drop.UNKNOWN_SPI, arrival)
        sa = pair.inbound
        if (sa.parameters.udp is None) is not (udp is None):
            sa.errors[Drop.ENCAPSULATION] += 1
            return _dropped(Drop.ENCAPSULATION, arrival, pair)
        content = decapsulate(pair, arrival)
        if isinstance(content, Refusal):
            return self._inbound_refused(pair, arrival, content)
        if sa.ageing:
            self._ask(pair, Wish.REKEY)
        connection, child = pair.child
        moved = _moved(pair, arrival) if content.newest else None
        return Opened(content.packet, content.inner, source, spi, connection, child, moved)

    def _inbound_refused(self, pair: SaPair, arrival: Arrival, refusal: Refusal) -> Incoming:
        sa, cause = pair.inbound, refusal.cause
        if cause is None:
            sa.dummies += 1
            return Dummy(arrival.source, arrival.spi, *pair.child)
        if cause is Drop.EXPIRED:
            self._ask(pair, Wish.EXPIRE)
        sa.errors[cause] += 1
        return _dropped(cause, arrival, pair, refusal.inner)

    def _ask(self, pair: SaPair, wish: Wish) -> None:
        """Ask the negotiator for something, once; a retired pair needs no successor."""
        if wish is Wish.EXPIRE:
            if not pair.expired:
                self._requests.append(Request(wish, pair.inbound.spi))
            pair.expired = True
        elif not pair.asked and not pair.retired:
            self._requests.append(Request(wish, pair.inbound.spi))
            pair.asked = True

    # the path

    def note_too_big(self, original: bytes, mtu: int, now: float) -> tuple[str, str] | None:
        """Take an ICMP "fragmentation needed" from the path, which quotes a packet of ours.

        Gives connection and child whose packet it was, None when it was none of ours: then it is
        forged or very late, and nothing is learned from it.
        """
        try:
            quoted = parse_quoted(original)
        except WireError:
            return None
        for pair in self._pairs.values():
            sa = pair.outbound
            if (quoted.source, quoted.destination) != (sa.source, sa.destination):
                continue
            if sa.udp is None:
                ours = quoted.protocol == ESP and quoted.payload[:4] == sa.spi.to_bytes(4, "big")
            else:
                ours = flow_of(quoted) == (UDP, *sa.udp)
            if ours:
                sa.too_big_received += 1
                self._paths.learn(sa.destination, mtu, now)
                self.revision += 1
                return pair.child
        return None

    def path_mtu(self, destination: str, now: float) -> tuple[int, float]:
        """Give the MTU to another gateway, and for how many seconds yet it is known from the path.

        The time is 0 when it is just the own interface's.
        """
        return self._paths.to(destination, now), self._paths.remaining(destination, now)


def _moved(pair: SaPair, arrival: Arrival) -> SocketAddress | None:
    """Give from where an authentic packet in UDP came, if that is not where its peer was."""
    if arrival.udp is None or not pair.inbound.parameters.suite.icv_length:
        return None
    origin = (arrival.source, arrival.udp[0])
    return origin if origin != pair.peer else None


def _dropped(
    cause: Drop, arrival: Arrival, pair: SaPair | None = None, inner: Inner | None = None
) -> Dropped:
    connection, child = pair.child if pair else ("", "")
    parameters = pair.inbound.parameters if pair else None
    return Dropped(
        cause,
        True,
        arrival.source,
        arrival.destination,
        ESP if arrival.udp is None else UDP,
        len(arrival.payload),
        arrival.spi,
        arrival.sequence,
        inner.summary if inner else None,
        str(parameters.local) if parameters else "",
        str(parameters.remote) if parameters else "",
        connection,
        child,
    )
