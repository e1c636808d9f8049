"""The time to live of an IPv4 packet: what each router takes of it, and what one says at its end.

A router sends on what has more than one hop left, one fewer (RFC 1812 5.3.1), and tells the
sender of anything else (5.2.7.3). All functions take whole packets with a right header checksum.
"""

from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    ICMP,
    TIME_EXCEEDED,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_ipv4,
)

_TTL = 8
_CHECKSUM = slice(10, 12)
_MOST = 255
_INTERNETWORK_CONTROL = 0xC0
_QUOTED = 8
_ASKING = frozenset({0, 8, 13, 14, 15, 16, 17, 18})


def has_hops(packet: bytes) -> bool:
    """Say whether a router may send a packet on."""
    return packet[_TTL] > 1


def after_hops(packet: bytes, hops: int = 1) -> bytes:
    """Give a packet as it is so many hops later, or with a negative number earlier.

    The header checksum is mended (RFC 1141). The time to live stays between 0 and 255.
    """
    ttl = min(max(packet[_TTL] - hops, 0), _MOST)
    octets = bytearray(packet)
    carried = int.from_bytes(octets[_CHECKSUM], "big")
    mended = (carried + (packet[_TTL] - ttl << 8)) % 0xFFFF
    octets[_TTL] = ttl
    octets[_CHECKSUM] = mended.to_bytes(2, "big")
    return bytes(octets)


def icmp_about(
    packet: bytes, source: str, kind: int, code: int = 0, mtu: int = 0
) -> Ipv4Packet | None:
    """Make the ICMP error that tells the sender of a packet what became of it, from `source`.

    None where there must be none: about an ICMP error, about a fragment other than the first, and
    about what does not come from one host (RFC 1122 3.2.2). It quotes the header, options and all,
    and 8 octets more (RFC 792).
    """
    try:
        about = parse_ipv4(packet)
    except WireError:
        return None
    is_error = about.protocol == ICMP and about.payload[:1] not in map(_octet, _ASKING)
    if about.fragment_offset or is_error or not _is_host(packet[12:16]):
        return None
    end = (packet[0] & 15) * 4 + _QUOTED
    error = build_icmp(IcmpError(kind, code, mtu, packet[:end]))
    return Ipv4Packet(source, about.source, ICMP, error, tos=about.tos | _INTERNETWORK_CONTROL)


def time_exceeded(packet: bytes, source: str) -> bytes | None:
    """Make the ICMP error of a router at `source` where a packet's time to live ended, if any."""
    error = icmp_about(packet, source, TIME_EXCEEDED)
    return None if error is None else build_ipv4(error)


def _octet(number: int) -> bytes:
    return number.to_bytes(1, "big")


def _is_host(address: bytes) -> bool:
    return 0 < address[0] < 224 and address[0] != 127
