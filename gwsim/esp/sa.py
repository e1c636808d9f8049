"""Security associations in use: keys, sequence numbers, counters, and what is left to carry."""

from collections import Counter

from gwsim.crypto.esp import EspCipher, pad
from gwsim.esp.drops import Drop
from gwsim.esp.inner import Inner
from gwsim.esp.parameters import SaParameters
from gwsim.esp.path_mtu import room
from gwsim.esp.replay import ReplayWindow
from gwsim.esp.selectors import admits
from gwsim.wire.ip import SocketAddress

LAST_SEQUENCE = 0xFFFFFFFF
LAST_EXTENDED_SEQUENCE = 0xFFFFFFFFFFFFFFFF

_KILOBYTE = 1024
_LOW_HALF = 0xFFFFFFFF


class _Sa:
    """What both directions have: `octets` and `packets` of inner traffic, and their limits.

    `soft` octets ask for a new pair, `limit` octets end this one; both are infinite without a
    volume lifetime. `errors` counts packets refused, by cause.
    """

    __slots__ = ("cipher", "errors", "limit", "octets", "packets", "parameters", "soft", "spi")

    def __init__(self, parameters: SaParameters, soft: float) -> None:
        volume = parameters.kilobytes
        self.parameters = parameters
        self.spi = parameters.spi
        self.cipher = EspCipher(parameters.suite, parameters.keymat)
        self.limit = float("inf") if volume is None else float(volume * _KILOBYTE)
        self.soft = self.limit * soft
        self.octets = 0
        self.packets = 0
        self.errors: Counter[Drop] = Counter()

    def count(self, inner: Inner) -> None:
        """Count a packet that was carried."""
        self.packets += 1
        self.octets += inner.length

    def exceeds(self, inner: Inner) -> bool:
        """Say whether a packet is more than what is left of the volume."""
        return self.octets + inner.length > self.limit


class OutboundSa(_Sa):
    """The sending half of a pair: numbers packets from 1 and seals them.

    `source`, `destination` and `udp` are where it sends from and to; they change when the peer
    moves. `last` is the last sequence number that may be used, from `renew_at` on a new pair is
    wanted. `last` can be lowered, to see in a lab what else takes four thousand million packets.
    `cut` packets were too big and became `pieces`; `too_big_sent` counts ICMP "fragmentation
    needed" to their senders, `too_big_received` those from the path.
    """

    __slots__ = (
        "_block_size",
        "_fits",
        "_iv_length",
        "cut",
        "destination",
        "last",
        "pieces",
        "renew_at",
        "sequence",
        "source",
        "too_big_received",
        "too_big_sent",
        "udp",
    )

    def __init__(self, parameters: SaParameters, soft: float, last: int | None) -> None:
        super().__init__(parameters, soft)
        self.source = parameters.outer_source
        self.destination = parameters.outer_destination
        self.udp = parameters.udp
        self.sequence = 0
        self.cut = self.pieces = self.too_big_sent = self.too_big_received = 0
        whole = LAST_EXTENDED_SEQUENCE if parameters.esn else LAST_SEQUENCE
        self.last = whole if last is None else min(last, whole)
        self.renew_at = int(self.last * soft)
        self._fits = (0, 0)
        self._block_size = parameters.suite.block_size
        self._iv_length = parameters.suite.iv_length

    def seal(self, plaintext: bytes, next_header: int) -> bytes:
        """Number and seal what goes under the next header; the caller has asked `exhausted`."""
        self.sequence = sequence = self.sequence + 1
        # The IV needs a source that never repeats, and the sequence number is one.
        length = self._iv_length
        return self.cipher.seal(
            self.spi,
            sequence & _LOW_HALF,
            pad(plaintext, next_header, self._block_size),
            sequence.to_bytes(length, "big") if length else b"",
            sequence >> 32 if self.parameters.esn else None,
        )

    def room(self, mtu: int) -> int:
        """Give the length of the longest packet that fits into `mtu` octets when protected."""
        if mtu != self._fits[0]:
            parameters = self.parameters
            in_udp = self.udp is not None
            self._fits = mtu, room(mtu, parameters.suite, in_udp, parameters.transport)
        return self._fits[1]

    @property
    def exhausted(self) -> bool:
        """Whether no sequence number is left: it must never wrap (RFC 4303 3.3.3)."""
        return self.sequence >= self.last

    @property
    def ageing(self) -> bool:
        """Whether a new pair should take over."""
        return self.octets >= self.soft or self.sequence >= self.renew_at


class InboundSa(_Sa):
    """The receiving half of a pair, with its replay window.

    It asks for a successor later than the sending half, halfway between `soft` and the end: both
    ends count the same packets, and only one of them should ask.

    Without an integrity check a sequence number proves nothing, so there is no window either
    (RFC 4303 3.4.3).
    """

    __slots__ = ("dummies", "window")

    def __init__(self, parameters: SaParameters, soft: float) -> None:
        super().__init__(parameters, (1 + soft) / 2)
        self.window = ReplayWindow(
            parameters.replay_window if parameters.suite.icv_length else 0,
        )
        self.dummies = 0

    @property
    def ageing(self) -> bool:
        """Whether a new pair should take over."""
        return self.octets >= self.soft


class SaPair:
    """Two SAs that were negotiated together, named by the inbound SPI, which is ours.

    `active` turns true when the outbound SA may be used, `retired` when a newer pair sends instead.
    `asked` and `expired` remember that the negotiator has been told.
    """

    __slots__ = ("active", "asked", "expired", "inbound", "outbound", "retired")

    def __init__(self, inbound: InboundSa, outbound: OutboundSa, active: bool) -> None:
        self.inbound = inbound
        self.outbound = outbound
        self.active = active
        self.retired = False
        self.asked = False
        self.expired = False

    @property
    def child(self) -> tuple[str, str]:
        """The names of the connection and of its child."""
        parameters = self.inbound.parameters
        return parameters.connection, parameters.child

    @property
    def peer(self) -> SocketAddress:
        """Address and UDP port of the other gateway; port 0 for protocol 50."""
        outbound = self.outbound
        return outbound.destination, outbound.udp[1] if outbound.udp else 0

    def sends(self, inner: Inner) -> bool:
        """Say whether a packet may leave on this pair."""
        parameters = self.outbound.parameters
        return (
            self.active
            and not self.retired
            and admits(parameters.local, parameters.remote, inner, inbound=False)
        )

    def move(self, new: SocketAddress) -> None:
        """Send to another address, and to another port when packets travel in UDP."""
        outbound = self.outbound
        outbound.destination = new[0]
        if outbound.udp is not None:
            outbound.udp = (outbound.udp[0], new[1])

    @property
    def kilobytes_left(self) -> int | None:
        """Kilobytes until the volume of one direction is used up; None without a limit."""
        if self.inbound.parameters.kilobytes is None:
            return None
        used = max(self.inbound.octets, self.outbound.octets)
        return max(0, self.inbound.parameters.kilobytes - -(-used // _KILOBYTE))
