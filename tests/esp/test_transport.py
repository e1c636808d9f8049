import pytest

from gwsim.esp.transport import payload_of, rebuild
from gwsim.wire.ip import (
    TCP,
    UDP,
    UdpDatagram,
    build_udp,
    checksum,
    parse_address,
    parse_ipv4,
    parse_udp,
)
from tests.esp.planes import BRANCH, HQ, datagram, inner

PRIVATE = "192.168.1.2"
"""The address of the sender before the NAT."""


def tcp(source: str, destination: str) -> bytes:
    """A segment whose checksum goes with these addresses (RFC 793 3.1)."""
    segment = bytearray(b"\x04\xd2\x00\x50" + bytes(8) + b"\x50\x02" + bytes(6) + b"data")
    pseudo = b"".join(parse_address(a).to_bytes(4, "big") for a in (source, destination))
    pseudo += b"\0\x06" + len(segment).to_bytes(2, "big")
    segment[16:18] = checksum(pseudo + bytes(segment)).to_bytes(2, "big")
    return bytes(segment)


def test_what_is_protected_is_everything_after_the_header():
    content = datagram(1, 2)
    assert payload_of(content + b"padding", inner(content)) == content[20:]


def test_without_a_nat_the_payload_is_left_alone():
    payload = build_udp(UdpDatagram(1, 2, b"x"), PRIVATE, HQ)
    packet = parse_ipv4(rebuild(payload, UDP, BRANCH, HQ, nat=False))
    assert (packet.source, packet.destination, packet.protocol) == (BRANCH, HQ, UDP)
    assert packet.payload == payload


@pytest.mark.parametrize("data", [b"", b"x"])
def test_behind_a_nat_the_checksum_of_udp_is_left_out(data):
    payload = build_udp(UdpDatagram(1, 2, data), PRIVATE, HQ)
    packet = parse_ipv4(rebuild(payload, UDP, BRANCH, HQ, nat=True))
    assert packet.payload[6:8] == b"\0\0"
    assert parse_udp(packet.payload, BRANCH, HQ) == UdpDatagram(1, 2, data)


def test_behind_a_nat_the_checksum_of_tcp_is_computed_anew():
    packet = parse_ipv4(rebuild(tcp(PRIVATE, HQ), TCP, BRANCH, HQ, nat=True))
    assert packet.payload == tcp(BRANCH, HQ) != tcp(PRIVATE, HQ)


@pytest.mark.parametrize(("protocol", "payload"), [(1, b"ping" * 8), (UDP, b"x"), (TCP, b"x" * 19)])
def test_what_has_no_such_checksum_is_left_alone(protocol, payload):
    assert parse_ipv4(rebuild(payload, protocol, BRANCH, HQ, nat=True)).payload == payload


def test_a_payload_too_long_for_a_packet_is_refused():
    with pytest.raises(ValueError, match="IPv4 header"):
        rebuild(bytes(65520), UDP, BRANCH, HQ, nat=False)
