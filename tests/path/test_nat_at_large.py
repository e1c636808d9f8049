"""Whatever crosses a NAT and is answered comes back to who sent it, sound and complete.

Checksums are computed here in the plainest way there is, apart from the code that mends them.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.path.config import Nat
from gwsim.path.events import PathAction
from gwsim.wire.fragments import Reassembler, fragment
from gwsim.wire.hops import icmp_about
from gwsim.wire.ip import (
    ICMP,
    TCP,
    UDP,
    IcmpEcho,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    parse_ipv4,
)
from tests.path.packets import HQ, PRIVATE, Path, ports, two_sides, udp

PUBLIC = "203.0.113.200"
NATS = [
    Nat(public=PUBLIC),
    Nat(public=PUBLIC, random_ports=True),
    Nat(public=PUBLIC, translate_ports=False),
    Nat(public=PUBLIC, forward=((17, 500), (17, 4500), (1, 0))),
]


def folded(octets):
    """The ones' complement sum of 16-bit words, carry by carry (RFC 1071)."""
    octets += bytes(len(octets) % 2)
    total = 0
    for at in range(0, len(octets), 2):
        total += octets[at] << 8 | octets[at + 1]
        total = (total & 0xFFFF) + (total >> 16)
    return total


def sound(octets):
    """Assert that all checksums of a whole packet are right."""
    size = (octets[0] & 15) * 4
    assert folded(octets[:size]) == 0xFFFF
    payload, protocol = octets[size:], octets[9]
    if protocol == ICMP:
        assert folded(payload) == 0xFFFF
    elif protocol in (TCP, UDP):
        at = 6 if protocol == UDP else 16
        if protocol == TCP or payload[at : at + 2] != bytes(2):
            pseudo = octets[12:20] + bytes((0, protocol)) + len(payload).to_bytes(2, "big")
            assert folded(pseudo + payload) == 0xFFFF


def tcp(source, destination, sport, dport, body):
    """A TCP segment with a right checksum."""
    header = sport.to_bytes(2, "big") + dport.to_bytes(2, "big") + bytes(8) + b"\x50\x10\xff\xff"
    bare = header + bytes(4) + body
    ends = build_ipv4(Ipv4Packet(source, destination, TCP, b""))[12:20]
    pseudo = ends + bytes((0, TCP)) + len(bare).to_bytes(2, "big")
    mended = (0xFFFF - folded(pseudo + bare)).to_bytes(2, "big")
    return bare[:16] + mended + bare[18:]


def made(protocol, source, destination, sport, dport, body, reply=False):
    """The payload of a packet of some protocol between two ends."""
    if protocol == UDP:
        return build_udp(UdpDatagram(sport, dport, body), source, destination)
    if protocol == TCP:
        return tcp(source, destination, sport, dport, body)
    return build_icmp(IcmpEcho(dport if reply else sport, 1, body, reply))


def with_options(octets, options):
    """A packet with options, a multiple of four octets."""
    packet = bytearray(octets)
    packet[0] += len(options) // 4
    packet[2:4] = (len(octets) + len(options)).to_bytes(2, "big")
    packet[20:20] = options
    packet[10:12] = bytes(2)
    packet[10:12] = (0xFFFF - folded(bytes(packet[: 20 + len(options)]))).to_bytes(2, "big")
    return bytes(packet)


OPTIONS = st.sampled_from([b"", b"\x01" * 4, b"\x94\x04\x00\x00", b"\x07\x07\x04" + bytes(5)])
PORTS = st.sampled_from([1, 500, 4500, 40000, 65535])
BODIES = st.binary(min_size=8, max_size=40)
PROTOCOLS = st.sampled_from([UDP, TCP, ICMP])


@settings(deadline=None)
@given(st.sampled_from(NATS), PROTOCOLS, PORTS, PORTS, BODIES, OPTIONS)
def test_an_answer_and_an_error_come_back_to_who_sent(nat, protocol, sport, dport, body, opt):
    path = Path(two_sides(nat=nat))
    payload = made(protocol, PRIVATE, HQ, sport, dport, body)
    sent = with_options(build_ipv4(Ipv4Packet(PRIVATE, HQ, protocol, payload)), opt)
    path.send("branch", sent)
    path.run()
    [left] = path.at("hq")
    sound(left)
    assert (left[12:16], left[20 : 20 + len(opt)]) == (bytes((203, 0, 113, 200)), opt)
    error = build_ipv4(icmp_about(left, HQ, 3, 3))
    port = int.from_bytes(left[20 + len(opt) + (4 if protocol == ICMP else 0) :][:2], "big")
    answer = made(protocol, HQ, PUBLIC, dport, port, body, reply=True)
    path.send("hq", build_ipv4(Ipv4Packet(HQ, PUBLIC, protocol, answer)), 1.0)
    path.send("hq", error, 2.0)
    path.run()
    back, complaint = path.at("branch")
    sound(back)
    sound(complaint)
    expected = made(protocol, HQ, PRIVATE, dport, sport, body, reply=True)
    assert parse_ipv4(back) == Ipv4Packet(HQ, PRIVATE, protocol, expected)
    about = parse_ipv4(complaint).payload[8:]
    assert parse_ipv4(complaint).destination == PRIVATE
    assert about == sent[: 28 + len(opt)]


@settings(deadline=None)
@given(st.sampled_from(NATS), st.sampled_from([600, 1500]), st.integers(1500, 4000), st.booleans())
def test_fragments_leave_as_fragments_and_are_whole_at_the_end(nat, mtu, size, fixed):
    path = Path(two_sides(nat=nat))
    whole = parse_ipv4(udp(PRIVATE, HQ, 4500, 4500, bytes(size), ident=9))
    pieces = fragment(whole, mtu)
    for piece in pieces:
        path.send("branch", build_ipv4(replace(piece, dont_fragment=fixed)))
    path.run()
    arrived = [parse_ipv4(one) for one in path.at("hq")]
    assert all(len(build_ipv4(one)) <= 1500 and one.is_fragment for one in arrived)
    assert {one.dont_fragment for one in arrived} == {fixed}
    joining = Reassembler()
    *waiting, last = [joining.add(one, 0.0) for one in arrived]
    assert waiting == [None] * (len(arrived) - 1)
    ends = ports(build_ipv4(last))
    assert (ends[0], ends[2:]) == (PUBLIC, (HQ, 4500))
    fates = [event.action for event in path.events]
    assert fates.count(PathAction.JOINED) == len(pieces) - 1
    assert fates.count(PathAction.FORWARDED) == len(arrived)


@settings(deadline=None)
@given(st.sampled_from(NATS), st.binary(max_size=60), st.sampled_from([1, 6, 17, 50]), st.data())
def test_no_octets_break_a_nat_and_none_come_out_unsound(nat, payload, protocol, data):
    path = Path(two_sides(nat=nat))
    path.send("branch", udp(PRIVATE, HQ, 4500, 4500))
    start = data.draw(st.sampled_from([b"", b"\x03\x04\x00\x00" + bytes(4), b"\x0b\x00\x00\x00"]))
    inner = build_ipv4(Ipv4Packet(PUBLIC, HQ, protocol, payload))
    hostile = start + (inner[: data.draw(st.integers(0, 60))] if start else payload)
    for side, ends in (("branch", (PRIVATE, HQ)), ("hq", (HQ, PUBLIC))):
        path.send(side, build_ipv4(Ipv4Packet(*ends, protocol, hostile)), 1.0)
    path.run()
    for _, _, packet in path.arrived:
        assert folded(packet[: (packet[0] & 15) * 4]) == 0xFFFF


@pytest.mark.parametrize("nat", NATS)
def test_a_nat_does_not_turn_round_what_its_only_side_sends_to_itself(nat):
    path = Path(two_sides(nat=nat))
    path.send("branch", udp(PRIVATE, PUBLIC, 4500, 4500))
    path.run()
    assert path.arrived == []
    assert path.last().action is PathAction.NO_ROUTE
