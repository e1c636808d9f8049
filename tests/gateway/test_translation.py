"""A host's packet under another address: the same packet, with checksums that fit."""

from gwsim.gateway.translation import under_address
from gwsim.wire.ip import (
    ICMP,
    UDP,
    IcmpEcho,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    parse_icmp,
    parse_ipv4,
    parse_udp,
)

HOST, PEER, OWN = "10.1.0.10", "10.2.0.10", "198.51.100.1"


def test_a_datagram_keeps_ports_and_content_and_gets_its_checksum():
    datagram = UdpDatagram(5001, 53, b"question")
    content = build_udp(datagram, HOST, PEER)
    found = parse_ipv4(under_address(build_ipv4(Ipv4Packet(HOST, PEER, UDP, content)), OWN))
    assert (found.source, found.destination) == (OWN, PEER)
    assert parse_udp(found.payload, OWN, PEER) == datagram


def test_an_echo_has_no_address_in_its_checksum():
    echo = IcmpEcho(7, 1, b"data")
    packet = build_ipv4(Ipv4Packet(HOST, PEER, ICMP, build_icmp(echo)))
    found = parse_ipv4(under_address(packet, OWN))
    assert found.source == OWN
    assert parse_icmp(found.payload) == echo


def test_what_claims_to_be_udp_and_is_none_passes_as_it_is():
    packet = build_ipv4(Ipv4Packet(HOST, PEER, UDP, b"abc"))
    assert parse_ipv4(under_address(packet, OWN)).payload == b"abc"
