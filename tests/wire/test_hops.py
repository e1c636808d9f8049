"""Every router takes one hop, mends the header's checksum, and tells of what has none left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.hops import after_hops, has_hops, icmp_about, time_exceeded
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    ICMP,
    TIME_EXCEEDED,
    UDP,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    checksum,
    parse_icmp,
    parse_ipv4,
)

HOST, ROUTER, OTHER = "10.1.0.10", "198.51.100.254", "10.2.0.10"
PACKETS = st.builds(
    Ipv4Packet,
    st.just(HOST),
    st.just(OTHER),
    st.integers(0, 255),
    st.binary(max_size=40),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.booleans(),
)


@given(PACKETS, st.integers(-300, 300))
def test_a_packet_some_hops_on_is_that_packet_with_another_time_to_live(packet, hops):
    later = parse_ipv4(after_hops(build_ipv4(packet), hops))
    ttl = min(max(packet.ttl - hops, 0), 255)
    assert build_ipv4(later) == after_hops(build_ipv4(packet), hops)
    assert (later.ttl, later.payload, later.tos) == (ttl, packet.payload, packet.tos)


@given(PACKETS)
def test_a_wrong_checksum_stays_wrong(packet):
    octets = bytearray(build_ipv4(packet))
    octets[10] ^= 0x40
    assert checksum(after_hops(bytes(octets))[:20])


@pytest.mark.parametrize(("ttl", "goes"), [(0, False), (1, False), (2, True), (255, True)])
def test_a_router_sends_on_what_has_more_than_one_hop(ttl, goes):
    assert has_hops(build_ipv4(Ipv4Packet(HOST, OTHER, UDP, bytes(8), ttl))) is goes


def with_options(packet):
    """The packet with four octets of options: no operation."""
    octets = bytearray(build_ipv4(packet))
    octets[0] = 0x46
    octets[2:4] = (len(octets) + 4).to_bytes(2, "big")
    octets[20:20] = b"\x01\x01\x01\x00"
    octets[10:12] = bytes(2)
    octets[10:12] = checksum(bytes(octets[:24])).to_bytes(2, "big")
    return bytes(octets)


def test_the_error_quotes_options_and_the_first_octets_of_the_payload():
    packet = with_options(Ipv4Packet(HOST, OTHER, UDP, bytes(range(30)), 1, tos=8))
    answer = parse_ipv4(time_exceeded(packet, ROUTER))
    message = parse_icmp(answer.payload)
    assert (answer.source, answer.destination, answer.tos) == (ROUTER, HOST, 0xC8)
    assert (message.type, message.code, message.original) == (TIME_EXCEEDED, 0, packet[:32])


def test_what_did_not_fit_is_answered_with_what_would_have():
    packet = build_ipv4(Ipv4Packet(HOST, OTHER, UDP, bytes(30)))
    answer = icmp_about(packet, ROUTER, DESTINATION_UNREACHABLE, 4, 1400)
    message = parse_icmp(answer.payload)
    assert (message.type, message.code, message.mtu) == (DESTINATION_UNREACHABLE, 4, 1400)


def icmp(message):
    return Ipv4Packet(HOST, OTHER, ICMP, build_icmp(message), 1)


@pytest.mark.parametrize(
    "packet",
    [
        icmp(IcmpError(DESTINATION_UNREACHABLE, 1, original=bytes(28))),
        icmp(IcmpError(TIME_EXCEEDED, 0)),
        Ipv4Packet(HOST, OTHER, ICMP, b"", 1),
        Ipv4Packet(HOST, OTHER, UDP, bytes(16), 1, fragment_offset=8),
        *(Ipv4Packet(it, OTHER, UDP, bytes(8), 1) for it in ("0.0.0.0", "127.0.0.1", "224.0.0.5")),
    ],
)
def test_there_is_no_error_about_errors_later_fragments_and_nobody(packet):
    assert time_exceeded(build_ipv4(packet), ROUTER) is None


def test_there_is_one_about_an_echo_and_a_first_fragment():
    first = Ipv4Packet(HOST, OTHER, UDP, bytes(16), 1, more_fragments=True)
    for packet in (icmp(IcmpEcho(1, 1)), icmp(IcmpEcho(1, 1, reply=True)), first):
        assert time_exceeded(build_ipv4(packet), ROUTER) is not None


@given(st.binary(max_size=60))
def test_octets_that_are_no_packet_get_no_answer(octets):
    assert time_exceeded(b"\x35" + octets, ROUTER) is None
