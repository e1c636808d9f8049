"""Every gateway is one hop for what it forwards, and none for what is its own."""

from types import SimpleNamespace

import pytest

from gwsim.lab.runtimes.inner import Inside
from gwsim.wire.ip import (
    UDP,
    Ipv4Packet,
    UdpDatagram,
    build_ipv4,
    build_udp,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
)

OWN, PC, FAR = "203.0.113.1", "10.2.0.10", "10.1.0.10"


class Box:
    """Stands for a gateway and keeps what it gets from inside."""

    def __init__(self, running=True):
        self.running = running
        inside = ("10.2.0.0/24", "10.3.0.0/24")
        self.config = SimpleNamespace(endpoint=SimpleNamespace(address=OWN), inside=inside)
        self.came = []

    def receive_inside(self, packet, now):
        self.came.append((packet, now))


@pytest.fixture
def box():
    return Box()


def inside(box):
    return Inside(box, [PC, "10.2.0.1", FAR])


def packet(source=PC, destination=FAR, ttl=64):
    payload = build_udp(UdpDatagram(1, 2, b"hello"), source, destination)
    return build_ipv4(Ipv4Packet(source, destination, UDP, payload, ttl))


def told(octets):
    """From whom an ICMP error is, to whom, and how far the packet it is about could have gone."""
    error = parse_ipv4(octets)
    return error.source, error.destination, parse_quoted(parse_icmp(error.payload).original).ttl


def test_what_a_host_sends_has_a_hop_less_when_the_gateway_gets_it(box):
    assert inside(box).receive(packet(), 3.0) is None
    assert box.came == [(packet(ttl=63), 3.0)]


def test_what_has_no_hop_left_is_answered_by_the_gateways_address_there(box):
    assert told(inside(box).receive(packet(ttl=1), 3.0)) == ("10.2.0.2", PC, 1)
    other = packet("10.3.0.9", ttl=1)
    assert told(inside(box).receive(other, 3.0)) == ("10.3.0.1", "10.3.0.9", 1)
    assert box.came == []


def test_a_box_without_power_answers_nothing():
    assert inside(Box(running=False)).receive(packet(ttl=1), 3.0) is None


@pytest.mark.parametrize("own", [packet(destination=OWN, ttl=1), packet(OWN, FAR, 1), b"\x45"])
def test_what_is_for_the_gateway_or_from_itself_loses_nothing(box, own):
    assert inside(box).receive(own, 3.0) is None
    assert box.came == [(own, 3.0)]


def test_a_host_gets_what_comes_for_it_a_hop_later(box):
    assert inside(box).deliver(packet(FAR, PC)) == (packet(FAR, PC, 63), None)
    assert inside(box).deliver(packet(OWN, PC)) == (packet(OWN, PC), None)


def test_what_ends_behind_the_tunnel_is_answered_from_the_gateways_outside(box):
    forwarded, error = inside(box).deliver(packet(FAR, PC, 1))
    assert forwarded is None
    assert told(error) == (OWN, FAR, 1)
