"""Transport mode: the payload of a packet is protected and its header stays (RFC 4303 3.1.1).

Behind a NAT the header changes on the way, and with it the checksum that TCP and UDP compute over
the addresses. The packet was authenticated by then, so the receiver may make the checksum fit:
it leaves UDP's out and computes TCP's anew (RFC 3948 3.1.2 b and c).
"""

from struct import Struct

from gwsim.esp.inner import Inner
from gwsim.wire.ip import TCP, UDP, Ipv4Packet, build_ipv4, checksum, parse_address

_PSEUDO = Struct("!IIHH").pack
_UDP_CHECKSUM = slice(6, 8)
_TCP_CHECKSUM = slice(16, 18)
_LEAST = {UDP: 8, TCP: 20}


def payload_of(packet: bytes, inner: Inner) -> bytes:
    """Give what transport mode protects of a packet: everything after its header."""
    return packet[inner.header_length : inner.length]


def rebuild(payload: bytes, protocol: int, source: str, destination: str, nat: bool) -> bytes:
    """Make a packet again of a payload that came protected between two addresses.

    `nat` says that the addresses may not be those the sender computed its checksum over. Raises
    ValueError for a payload too long for a packet.
    """
    if nat:
        payload = _with_fitting_checksum(payload, protocol, source, destination)
    return build_ipv4(Ipv4Packet(source, destination, protocol, payload))


def _with_fitting_checksum(payload: bytes, protocol: int, source: str, destination: str) -> bytes:
    if protocol not in _LEAST or len(payload) < _LEAST[protocol]:
        return payload
    data = bytearray(payload)
    if protocol == UDP:
        data[_UDP_CHECKSUM] = b"\0\0"
        return bytes(data)
    data[_TCP_CHECKSUM] = b"\0\0"
    ends = parse_address(source), parse_address(destination)
    total = checksum(_PSEUDO(*ends, protocol, len(data)) + bytes(data))
    data[_TCP_CHECKSUM] = total.to_bytes(2, "big")
    return bytes(data)
