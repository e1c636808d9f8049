"""Cutting an IPv4 packet into fragments, and joining them again (RFC 791 2.3).

Whoever joins keeps memory for strangers, so it is bounded in packets, octets and time.
"""

from dataclasses import dataclass, field, replace

from gwsim.wire.ip import HEADER_SIZE, Ipv4Packet

MAX_SETS = 64
TIMEOUT = 30.0
"""Seconds from the first fragment of a packet to come until the others come too late."""

_LONGEST_PAYLOAD = 0xFFFF - HEADER_SIZE
_Key = tuple[str, str, int, int]


def fragment(packet: Ipv4Packet, mtu: int) -> list[Ipv4Packet]:
    """Cut a packet into pieces of at most `mtu` octets each, header included (RFC 791 2.3).

    A packet that fits comes back alone. Raises ValueError for one that must not be cut, and for
    an MTU below 28, in which no piece of eight octets has room.
    """
    room = (mtu - HEADER_SIZE) // 8 * 8
    if room < 8:
        raise ValueError(f"an MTU of {mtu} leaves no room for a fragment")
    payload = packet.payload
    if HEADER_SIZE + len(payload) <= mtu:
        return [packet]
    if packet.dont_fragment:
        raise ValueError("the packet has its don't fragment bit set")
    return [
        replace(
            packet,
            payload=payload[at : at + room],
            more_fragments=packet.more_fragments or at + room < len(payload),
            fragment_offset=packet.fragment_offset + at,
        )
        for at in range(0, len(payload), room)
    ]


@dataclass(slots=True)
class _Pieces:
    """What is here of one packet: its pieces by offset, and its length once the last is known."""

    since: float
    by_offset: dict[int, Ipv4Packet] = field(default_factory=dict)
    held: int = 0
    total: int | None = None

    @property
    def complete(self) -> bool:
        return self.total is not None and self.held >= self.total

    def take(self, packet: Ipv4Packet) -> bool:
        """Keep a piece, or say that it contradicts another one or breaks the rules."""
        start, size = packet.fragment_offset, len(packet.payload)
        twin = self.by_offset.get(start)
        if twin is not None:
            return (twin.payload, twin.more_fragments) == (packet.payload, packet.more_fragments)
        if packet.more_fragments:
            if not size or size % 8:
                return False
        elif self.total is None:
            self.total = start + size
        else:
            return False
        self.by_offset[start] = packet
        self.held += size
        return max(start + size, self.held) <= _LONGEST_PAYLOAD

    def join(self) -> Ipv4Packet | None:
        """Give the packet; None when pieces that are long enough together leave a gap."""
        parts: list[bytes] = []
        expected = 0
        for start in sorted(self.by_offset):
            if start != expected:
                return None
            parts.append(self.by_offset[start].payload)
            expected += len(parts[-1])
        if expected != self.total:
            return None
        first = self.by_offset[0]
        return replace(first, payload=b"".join(parts), more_fragments=False)


class Reassembler:
    """Holds fragments until their packet is whole, for at most `TIMEOUT` seconds.

    At most `MAX_SETS` packets are held; a new one pushes the oldest out. A fragment that comes
    again unchanged is ignored. Overlaps, two different ends and pieces that are no multiple of
    eight octets cost the whole packet. `rejected` counts those packets, `expired` the ones that
    were given up incomplete.
    """

    def __init__(self) -> None:
        self.expired = 0
        self.rejected = 0
        self._sets: dict[_Key, _Pieces] = {}

    def add(self, packet: Ipv4Packet, now: float) -> Ipv4Packet | None:
        """Take a packet or a piece of one; give the whole packet, or None while pieces lack."""
        self._expire(now)
        if not packet.is_fragment:
            return packet
        key = (packet.source, packet.destination, packet.protocol, packet.identification)
        pieces = self._sets.get(key)
        if pieces is None:
            pieces = self._open(key, now)
        sound = pieces.take(packet)
        if sound and not pieces.complete:
            return None
        del self._sets[key]
        whole = pieces.join() if sound else None
        if whole is None:
            self.rejected += 1
        return whole

    def _open(self, key: _Key, now: float) -> _Pieces:
        if len(self._sets) == MAX_SETS:
            del self._sets[next(iter(self._sets))]
            self.expired += 1
        pieces = self._sets[key] = _Pieces(now)
        return pieces

    def _expire(self, now: float) -> None:
        # Sets stand in the order of their first fragment, so the oldest is the first.
        while self._sets:
            oldest = next(iter(self._sets))
            if now - self._sets[oldest].since < TIMEOUT:
                return
            del self._sets[oldest]
            self.expired += 1
