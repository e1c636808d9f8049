"""A packet that does not fit: cut it, or tell its sender (RFC 791 2.3, RFC 1191)."""

from gwsim.esp.inner import Inner
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    ICMP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    format_address,
    parse_ipv4,
    quote,
)

_ECHOES = (0, 8)


def cut(packet: bytes, mtu: int) -> list[bytes]:
    """Cut a packet, which may be cut, into pieces of at most `mtu` octets; options are lost."""
    return [build_ipv4(piece) for piece in fragment(parse_ipv4(packet), mtu)]


def fragmentation_needed(packet: bytes, inner: Inner, mtu: int, address: str) -> bytes | None:
    """Make the ICMP error that tells a sender what would have fitted, from `address`.

    None when there must be no error: about an ICMP error, and about a fragment other than the
    first (RFC 1122 3.2.2).
    """
    about_error = inner.protocol == ICMP and packet[inner.header_length] not in _ECHOES
    if inner.portless or about_error:
        return None
    original = quote(parse_ipv4(packet))
    error = IcmpError(DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, mtu, original)
    to = format_address(inner.source)
    return build_ipv4(Ipv4Packet(address, to, ICMP, build_icmp(error)))
