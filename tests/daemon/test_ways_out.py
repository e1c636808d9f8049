"""What a gateway wants sent leaves by the socket that it takes, and is called by its name."""

import pytest

from gwsim.daemon.ways_out import Sockets, WaysOut, source_of
from gwsim.gateway.outputs import ClearOut, EspOut, InsideOut, UdpOut
from gwsim.wire.ip import Ipv4Packet, build_ipv4, parse_ipv4

OWN, PEER = "198.51.100.1", "203.0.113.1"


class Line:
    """A socket that keeps what is sent on it, marked or not; one that is `broken` refuses."""

    def __init__(self, broken=False):
        self.socket, self.sent, self.marks, self._broken = self, [], [], broken

    def mark(self, tos, dont_fragment):
        self.marks.append((tos, dont_fragment))

    def sendto(self, payload, destination):
        if self._broken:
            raise OSError("network is unreachable")
        self.sent.append((payload, destination))


class Path:
    """A packet path that keeps what is to be routed."""

    def __init__(self):
        self.routed, self.unsent = [], 0

    def route(self, packet):
        self.routed.append(packet)


class Hints(dict):
    def tell(self, payload, label):
        self[payload] = label


class Ways:
    """The ways out of a gateway, with all that is at their ends."""

    def __init__(self, broken=False):
        self.path, self.hints, self.voice = Path(), Hints(), Line()
        self.ike, self.nat_t, self.esp = Line(broken), Line(), Line()
        self.out = WaysOut(self.path, self.voice, self.hints)
        self.out.use(Sockets(OWN, self.ike, self.nat_t, self.esp))
        self.send = self.out.send


@pytest.fixture
def ways():
    return Ways()


def packet(source, ttl=64):
    return build_ipv4(Ipv4Packet(source, PEER, 17, b"content", ttl=ttl))


def test_a_datagram_leaves_from_the_port_it_is_to_come_from(ways):
    ways.send(UdpOut((OWN, 500), (PEER, 500), b"first", "main-1", tos=0xC0))
    ways.send(UdpOut((OWN, 4500), (PEER, 30001), b"fifth", "main-5", dont_fragment=True))
    assert ways.ike.sent == [(b"first", (PEER, 500))]
    assert ways.nat_t.sent == [(b"fifth", (PEER, 30001))]
    assert (ways.ike.marks, ways.nat_t.marks) == ([(0xC0, False)], [(0, True)])


def test_labels_are_told_of_messages_and_of_nothing_else(ways):
    for label in ("info-dpd", "esp", "keepalive"):
        ways.send(UdpOut((OWN, 4500), (PEER, 4500), label.encode(), label))
    assert ways.hints == {b"info-dpd": "info-dpd"}


def test_esp_leaves_as_protocol_50(ways):
    ways.send(EspOut(OWN, PEER, b"sealed", 8, True))
    assert (ways.esp.sent, ways.esp.marks) == ([(b"sealed", (PEER, 0))], [(8, True)])


def test_packets_of_hosts_are_routed_and_lose_one_hop_only(ways):
    ways.send(InsideOut(packet("10.1.0.10")))
    ways.send(ClearOut(packet("10.1.0.10")))
    assert [parse_ipv4(one).ttl for one in ways.path.routed] == [64, 65]


def test_packets_of_its_own_leave_by_its_own_voice(ways):
    own = packet(OWN)
    ways.send(InsideOut(own))
    assert ways.voice.sent == [(own, (PEER, 0))]
    assert ways.path.routed == []


def test_what_the_kernel_refuses_is_counted():
    ways = Ways(broken=True)
    ways.send(UdpOut((OWN, 500), (PEER, 500), b"first", "main-1"))
    assert ways.path.unsent == 1


def test_only_what_the_gateway_says_itself_has_its_address_as_source():
    assert source_of(UdpOut((OWN, 500), (PEER, 500), b"", "main-1")) == OWN
    assert source_of(EspOut(OWN, PEER, b"")) == OWN
    assert source_of(InsideOut(packet(OWN))) == ""
