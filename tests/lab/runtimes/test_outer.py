"""Outer headers are put on and taken off; each payload goes through the right door."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.gateway.outputs import ClearOut, EspOut, UdpOut
from gwsim.lab.runtimes.outer import Outside
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import (
    ESP,
    ICMP,
    UDP,
    IcmpEcho,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    parse_ipv4,
    parse_udp,
)

HQ, BRANCH = "198.51.100.1", "203.0.113.1"


class Doors:
    """Stands for a gateway and writes down what comes through which door."""

    def __init__(self):
        self.config = SimpleNamespace(endpoint=SimpleNamespace(address=HQ))
        self.came = []

    def receive_udp(self, payload, source, destination, now, tos):
        self.came.append(("udp", payload, source, destination, now, tos))

    def receive_esp(self, payload, source, destination, now, tos):
        self.came.append(("esp", payload, source, destination, now, tos))

    def receive_outside(self, packet, now):
        self.came.append(("outside", packet, now))


@pytest.fixture
def doors():
    return Doors()


@pytest.fixture
def outside(doors):
    return Outside(doors)


def udp(port, payload=b"ike", destination=HQ):
    datagram = build_udp(UdpDatagram(500, port, payload), BRANCH, destination)
    return Ipv4Packet(BRANCH, destination, UDP, datagram, identification=7)


def test_a_datagram_gets_outer_headers_and_keeps_its_label(outside):
    packet, label = outside.wrap(
        UdpOut((HQ, 500), (BRANCH, 4500), b"hello", "main-5", tos=0x20, dont_fragment=True)
    )
    outer = parse_ipv4(packet)
    datagram = parse_udp(outer.payload, outer.source, outer.destination)
    assert (outer.source, outer.destination, outer.tos, outer.dont_fragment) == (
        HQ,
        BRANCH,
        0x20,
        True,
    )
    assert datagram == UdpDatagram(500, 4500, b"hello")
    assert label == "main-5"


def test_esp_travels_as_protocol_50(outside):
    packet, label = outside.wrap(EspOut(HQ, BRANCH, b"spi and so on"))
    outer = parse_ipv4(packet)
    assert (outer.protocol, outer.payload, label) == (ESP, b"spi and so on", "esp")


def test_clear_text_leaves_as_it_is_and_has_no_label(outside):
    packet = build_ipv4(Ipv4Packet("10.1.0.1", "10.2.0.1", UDP, bytes(8)))
    assert outside.wrap(ClearOut(packet)) == (packet, "")


def test_packets_of_one_gateway_differ_in_identification(outside):
    one, _ = outside.wrap(EspOut(HQ, BRANCH, b"same"))
    two, _ = outside.wrap(EspOut(HQ, BRANCH, b"same"))
    assert parse_ipv4(one).identification != parse_ipv4(two).identification


@pytest.mark.parametrize("port", [500, 4500])
def test_ike_ports_lead_to_the_engine(outside, doors, port):
    outside.receive(build_ipv4(udp(port)), 3.0)
    assert doors.came == [("udp", b"ike", (BRANCH, 500), (HQ, port), 3.0, 0)]


def test_protocol_50_leads_to_the_data_plane(outside, doors):
    outside.receive(build_ipv4(Ipv4Packet(BRANCH, HQ, ESP, b"sealed", tos=3)), 3.0)
    assert doors.came == [("esp", b"sealed", BRANCH, HQ, 3.0, 3)]


def test_everything_else_comes_as_the_packet_it_is(outside, doors):
    other_port = build_ipv4(udp(53))
    echo = build_ipv4(Ipv4Packet(BRANCH, HQ, ICMP, build_icmp(IcmpEcho(1, 1))))
    for_behind = build_ipv4(udp(500, destination="10.1.0.10"))
    for packet in (other_port, echo, for_behind):
        outside.receive(packet, 3.0)
    assert doors.came == [("outside", p, 3.0) for p in (other_port, echo, for_behind)]


def test_fragments_for_the_gateway_are_joined_first(outside, doors):
    big = udp(500, bytes(2000))
    for piece in fragment(big, 1400):
        outside.receive(build_ipv4(piece), 3.0)
    assert [came[1] for came in doors.came] == [bytes(2000)]


def test_fragments_for_hosts_behind_pass_as_fragments(outside, doors):
    for piece in fragment(udp(53, bytes(2000), "10.1.0.10"), 1400):
        outside.receive(build_ipv4(piece), 3.0)
    assert len(doors.came) == 2


def test_a_damaged_datagram_is_dropped_and_counted(outside, doors):
    packet = bytearray(build_ipv4(udp(500)))
    packet[-1] ^= 1
    outside.receive(bytes(packet), 3.0)
    assert (doors.came, outside.damaged) == ([], 1)


@given(data=st.binary(max_size=64))
def test_no_octets_whatever_they_are_disturb_it(data):
    outside = Outside(Doors())
    outside.receive(data, 0.0)
    outside.receive(build_ipv4(Ipv4Packet(BRANCH, HQ, UDP, data)), 0.0)
