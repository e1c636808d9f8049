"""Hosts that go out under the gateway's own address: a NAT that exempts nothing.

Only the way out is here. What it is for is to show that such packets want no tunnel any more.
"""

from dataclasses import replace

from gwsim.wire.errors import WireError
from gwsim.wire.ip import UDP, build_ipv4, build_udp, parse_ipv4, parse_udp


def under_address(packet: bytes, address: str) -> bytes:
    """Give a whole IPv4 packet another source address; UDP gets a checksum that fits.

    Ports stay what they are: nothing of one host can be confused with that of another here.
    """
    before = parse_ipv4(packet)
    after = replace(before, source=address)
    if before.protocol == UDP:
        try:
            datagram = parse_udp(before.payload, before.source, before.destination)
        except WireError:
            return build_ipv4(after)
        after = replace(after, payload=build_udp(datagram, address, before.destination))
    return build_ipv4(after)
