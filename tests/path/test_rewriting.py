"""Octets change in their place, and checksums go with them without being made anew."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.path.rewriting import Rewriting, mended
from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    TCP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    checksum,
    format_address,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
    parse_udp,
    quote,
)
from tests.path.packets import BRANCH, HQ, PRIVATE, echo, esp, ports, tcp, udp

ADDRESS = st.integers(0, 0xFFFFFFFF).map(format_address)
PORT = st.integers(0, 0xFFFF)


@given(st.lists(st.binary(min_size=2, max_size=2), min_size=1), st.data())
def test_a_mended_checksum_verifies_like_one_made_anew(words, data):
    octets = bytearray(b"".join(words))
    at = 2 * data.draw(st.integers(0, len(words) - 1))
    new = data.draw(st.binary(min_size=2, max_size=2))
    carried = mended(checksum(bytes(octets)), bytes(octets[at : at + 2]), new)
    octets[at : at + 2] = new
    assert carried != 0
    assert checksum(bytes(octets) + carried.to_bytes(2, "big")) == 0


@given(ADDRESS, PORT, ADDRESS, PORT, st.binary(max_size=40))
def test_both_ends_of_a_udp_packet_change_and_its_checksums_stay_right(a, p, b, q, payload):
    rewriting = Rewriting(udp(HQ, BRANCH, payload=payload))
    rewriting.source(a, p)
    rewriting.destination(b, q)
    assert ports(rewriting.octets) == (a, p, b, q)


def test_a_datagram_without_a_checksum_gets_none():
    packet = parse_ipv4(udp(HQ, BRANCH))
    bare = packet.payload[:6] + bytes(2) + packet.payload[8:]
    data = build_ipv4(Ipv4Packet(HQ, BRANCH, 17, bare))
    rewriting = Rewriting(data)
    rewriting.source(PRIVATE, 1024)
    assert parse_ipv4(rewriting.octets).payload[6:8] == bytes(2)


def test_damage_before_stays_visible():
    """A NAT that made checksums anew would hide what a bad line did."""
    data = bytearray(udp(HQ, BRANCH))
    data[-1] ^= 1
    rewriting = Rewriting(bytes(data))
    rewriting.source(PRIVATE, 1024)
    with pytest.raises(WireError, match="checksum of a UDP datagram"):
        ports(rewriting.octets)


def test_options_survive():
    plain = udp(HQ, BRANCH)
    header = bytearray(plain[:20])
    header[0] = 0x46
    header[2:4] = (len(plain) + 4).to_bytes(2, "big")
    header[10:12] = bytes(2)
    options = b"\x94\x04\x00\x00"
    header[10:12] = checksum(bytes(header) + options).to_bytes(2, "big")
    rewriting = Rewriting(bytes(header) + options + plain[20:])
    rewriting.source(PRIVATE, 1024)
    assert rewriting.octets[20:24] == options
    assert ports(rewriting.octets)[:2] == (PRIVATE, 1024)


def test_a_tcp_checksum_covers_the_addresses():
    data = tcp(HQ, BRANCH)
    segment = parse_ipv4(data).payload
    pseudo = data[12:20] + bytes([0, TCP]) + len(segment).to_bytes(2, "big")
    right = checksum(pseudo + segment)
    good = build_ipv4(
        Ipv4Packet(HQ, BRANCH, TCP, segment[:16] + right.to_bytes(2, "big") + segment[18:])
    )
    rewriting = Rewriting(good)
    rewriting.destination(PRIVATE, 8080)
    changed = rewriting.octets
    pseudo = changed[12:20] + pseudo[8:]
    assert checksum(pseudo + changed[20:]) == 0


def test_an_echo_is_known_by_its_identifier():
    rewriting = Rewriting(echo(HQ, BRANCH, 77))
    rewriting.source(PRIVATE)
    rewriting.identifier(1024)
    packet = parse_ipv4(rewriting.octets)
    assert packet.source == PRIVATE
    assert parse_icmp(packet.payload).identifier == 1024


def test_a_quotation_is_translated_inside_its_error():
    sent = parse_ipv4(udp(BRANCH, HQ, 1024, 4500))
    error = build_icmp(IcmpError(3, 4, 1400, quote(sent)))
    rewriting = Rewriting(build_ipv4(Ipv4Packet("198.18.0.1", BRANCH, 1, error)))
    inner = rewriting.quoted()
    inner.source(PRIVATE, 4500)
    rewriting.quote(inner)
    rewriting.destination(PRIVATE)
    packet = parse_ipv4(rewriting.octets)
    assert packet.destination == PRIVATE
    message = parse_icmp(packet.payload)
    assert (message.type, message.code, message.mtu) == (3, 4, 1400)
    quoted = parse_quoted(message.original)
    assert (quoted.source, quoted.destination) == (PRIVATE, HQ)
    assert quoted.payload[:4] == (4500).to_bytes(2, "big") * 2


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("packet", [udp(HQ, BRANCH), esp(HQ, BRANCH), tcp(HQ, BRANCH)])
def test_a_flip_changes_one_bit_behind_the_transport_header(packet, seed):
    rewriting = Rewriting(packet)
    rewriting.flip(Random(seed), mend=False)
    changed = [i for i, (a, b) in enumerate(zip(packet, rewriting.octets, strict=True)) if a != b]
    assert len(changed) == 1
    assert changed[0] >= 20 + (20 if packet[9] == TCP else 8)
    assert (packet[changed[0]] ^ rewriting.octets[changed[0]]).bit_count() == 1
    parse_ipv4(rewriting.octets)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("size", [9, 10])
def test_a_mended_flip_passes_the_udp_checksum(seed, size):
    packet = udp(HQ, BRANCH, payload=bytes(size))
    rewriting = Rewriting(packet)
    rewriting.flip(Random(seed), mend=True)
    parsed = parse_ipv4(rewriting.octets)
    assert parse_udp(parsed.payload, HQ, BRANCH).payload != bytes(size)


def test_a_later_fragment_has_no_transport_header_to_spare():
    packet = build_ipv4(Ipv4Packet(HQ, BRANCH, 17, b"x", fragment_offset=800))
    rewriting = Rewriting(packet)
    assert not rewriting.whole
    rewriting.flip(Random(1), mend=True)
    assert parse_ipv4(rewriting.octets).payload != b"x"


def test_a_flip_hits_the_header_when_nothing_is_behind_it():
    packet = udp(HQ, BRANCH, payload=b"")
    rewriting = Rewriting(packet)
    rewriting.flip(Random(1), mend=False)
    assert rewriting.octets != packet


def test_an_empty_packet_has_nothing_to_flip():
    packet = build_ipv4(Ipv4Packet(HQ, BRANCH, 50, b""))
    rewriting = Rewriting(packet)
    rewriting.flip(Random(1), mend=True)
    assert rewriting.octets == packet


def test_a_checksum_that_is_cut_off_is_left_alone():
    packet = build_ipv4(Ipv4Packet(HQ, BRANCH, 17, b"\x01\xf4\x01\xf4\x00"))
    rewriting = Rewriting(packet)
    rewriting.source(PRIVATE)
    assert parse_ipv4(rewriting.octets).payload == b"\x01\xf4\x01\xf4\x00"
