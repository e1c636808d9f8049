"""IPv4, UDP and ICMP: right checksums, refused rubbish, ports where they can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    ALL_ONES,
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    TIME_EXCEEDED,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    checksum,
    flow_of,
    format_address,
    mask_of,
    parse_address,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
    parse_udp,
    quote,
)

from .strategies import damaged, double_word, octet, octets, word

A, B = "198.51.100.1", "203.0.113.1"

addresses = double_word.map(format_address)
packets = st.builds(
    Ipv4Packet,
    addresses,
    addresses,
    octet,
    octets,
    octet,
    octet,
    word,
    st.booleans(),
    st.booleans(),
    st.integers(0, 8191).map(lambda eighths: eighths * 8),
)
datagrams = st.builds(UdpDatagram, word, word, octets)
icmp_messages = st.one_of(
    st.builds(IcmpEcho, word, word, octets, st.booleans()),
    st.builds(
        IcmpError, st.sampled_from([DESTINATION_UNREACHABLE, TIME_EXCEEDED]), octet, word, octets
    ),
)


class TestAddresses:
    @given(double_word)
    def test_round_trip(self, address):
        assert parse_address(format_address(address)) == address

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "1.2.3.",
            "1.2.3.-4",
            "1.2.3.+4",
            "1.2.3. 4",
            "1.2.3.4_0",
            "1.2.3.\u0664",
            "1.2.3.0004",
            "a.b.c.d",
        ],
    )
    def test_what_is_no_address(self, text):
        with pytest.raises(ValueError, match="is not an IPv4 address"):
            parse_address(text)

    @pytest.mark.parametrize("number", [-1, ALL_ONES + 1])
    def test_numbers_beyond_the_ends(self, number):
        with pytest.raises(ValueError, match="is not an IPv4 address"):
            format_address(number)

    @pytest.mark.parametrize(
        ("prefix", "mask"), [(0, "0.0.0.0"), (1, "128.0.0.0"), (24, "255.255.255.0")]
    )
    def test_masks(self, prefix, mask):
        assert format_address(mask_of(prefix)) == mask

    def test_a_host_has_the_mask_of_all_ones(self):
        assert mask_of(32) == ALL_ONES


class TestChecksum:
    def test_of_a_published_header(self):
        header = bytes.fromhex("45000073000040004011 0000 c0a80001c0a800c7")
        assert checksum(header) == 0xB861

    @given(st.binary(max_size=60))
    def test_is_the_complement_of_the_sum_of_words(self, data):
        """Holds against the loop of RFC 1071 4.1."""
        padded = data + b"\0" * (len(data) % 2)
        total = sum(int.from_bytes(padded[i : i + 2], "big") for i in range(0, len(padded), 2))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        assert checksum(data) == total ^ 0xFFFF


class TestIpv4:
    @given(packets)
    def test_round_trip(self, packet):
        assert parse_ipv4(build_ipv4(packet)) == packet

    @given(packets, octets)
    def test_padding_after_the_packet_is_dropped(self, packet, padding):
        assert parse_ipv4(build_ipv4(packet) + padding) == packet

    def test_layout(self):
        packet = Ipv4Packet(A, B, 17, b"abc", 63, 0xB8, 0x1234, dont_fragment=True)
        assert build_ipv4(packet) == bytes.fromhex(
            "45b80017 12344000 3f11c2b3 c6336401 cb007101 616263"
        )

    def test_options_are_skipped(self):
        plain = bytearray(build_ipv4(Ipv4Packet(A, B, 1, b"data")))
        plain[0], plain[3] = 0x46, 28
        plain[20:20] = bytes.fromhex("94040000")
        plain[10:12] = b"\0\0"
        plain[10:12] = checksum(bytes(plain[:24])).to_bytes(2, "big")
        assert parse_ipv4(bytes(plain)) == Ipv4Packet(A, B, 1, b"data")

    @given(packets.map(build_ipv4), st.data())
    def test_a_changed_header_is_noticed(self, data, draw):
        at = draw.draw(st.integers(0, 19))
        flip = draw.draw(st.integers(1, 255))
        changed = data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]
        with pytest.raises(WireError):
            parse_ipv4(changed)

    @given(st.one_of(st.binary(max_size=60), damaged(packets.map(build_ipv4))))
    def test_any_octets_are_a_packet_or_a_wire_error(self, data):
        try:
            packet = parse_ipv4(data)
        except WireError as error:
            assert 0 <= error.offset <= len(data)
        else:
            assert parse_ipv4(build_ipv4(packet)) == packet

    @pytest.mark.parametrize(
        ("header", "offset"),
        [
            ("45", 1),
            ("65000014000000004001 0000 c6336401cb007101", 0),
            ("44000014000000004001 0000 c6336401cb007101", 0),
            ("46000018000000004001 0000 c6336401cb007101", 0),
            ("45000013000000004001 0000 c6336401cb007101", 0),
            ("45000014000000004001 0000 c6336401cb007101", 10),
        ],
    )
    def test_malformed_headers(self, header, offset):
        with pytest.raises(WireError) as caught:
            parse_ipv4(bytes.fromhex(header))
        assert caught.value.offset == offset

    def test_a_packet_that_is_cut_off(self):
        with pytest.raises(WireError, match="at octet 2: an IPv4 packet of 23 octets is cut off"):
            parse_ipv4(build_ipv4(Ipv4Packet(A, B, 1, b"abc"))[:-1])

    @pytest.mark.parametrize(
        "packet",
        [
            Ipv4Packet("nowhere", B, 1, b""),
            Ipv4Packet(A, B, 256, b""),
            Ipv4Packet(A, B, 1, bytes(65516)),
            Ipv4Packet(A, B, 1, b"", fragment_offset=4),
            Ipv4Packet(A, B, 1, b"", fragment_offset=65536),
            Ipv4Packet(A, B, 1, b"", fragment_offset=-8),
        ],
    )
    def test_fields_that_do_not_fit_are_the_callers_error(self, packet):
        with pytest.raises(ValueError, match=r"address|IPv4 header|fragment offset"):
            build_ipv4(packet)


class TestUdp:
    @given(datagrams, addresses, addresses)
    def test_round_trip_with_a_checked_checksum(self, datagram, source, destination):
        data = build_udp(datagram, source, destination)
        assert parse_udp(data, source, destination) == datagram
        assert parse_udp(data + b"padding", source, destination) == datagram

    @given(datagrams)
    def test_other_addresses_do_not_go_with_the_checksum(self, datagram):
        data = build_udp(datagram, A, B)
        with pytest.raises(WireError, match="checksum"):
            parse_udp(data, A, "203.0.113.2")
        assert parse_udp(data) == datagram

    @given(datagrams)
    def test_no_checksum_is_accepted(self, datagram):
        data = build_udp(datagram, A, B)
        assert parse_udp(data[:6] + b"\0\0" + data[8:], A, B) == datagram

    def test_a_sum_of_zero_travels_as_all_ones(self):
        """RFC 768: zero would say that there is no checksum."""
        bare = build_udp(UdpDatagram(0, 0, b"\0\0"), "0.0.0.0", "0.0.0.0")
        missing = int.from_bytes(bare[6:8], "big")
        data = build_udp(UdpDatagram(0, 0, missing.to_bytes(2, "big")), "0.0.0.0", "0.0.0.0")
        assert data[6:8] == b"\xff\xff"
        assert parse_udp(data, "0.0.0.0", "0.0.0.0").payload == missing.to_bytes(2, "big")

    @pytest.mark.parametrize(
        ("data", "offset"), [("000100020008", 6), ("0001000200070000", 4), ("0001000200090000", 4)]
    )
    def test_malformed(self, data, offset):
        with pytest.raises(WireError) as caught:
            parse_udp(bytes.fromhex(data))
        assert caught.value.offset == offset

    @given(st.one_of(st.binary(max_size=40), damaged(datagrams.map(lambda d: build_udp(d, A, B)))))
    def test_any_octets_are_a_datagram_or_a_wire_error(self, data):
        try:
            datagram = parse_udp(data, A, B)
        except WireError as error:
            assert 0 <= error.offset <= len(data)
        else:
            assert parse_udp(build_udp(datagram, A, B), A, B) == datagram

    @pytest.mark.parametrize("datagram", [UdpDatagram(65536, 1, b""), UdpDatagram(1, -1, b"")])
    def test_ports_that_do_not_fit_are_the_callers_error(self, datagram):
        with pytest.raises(ValueError, match="UDP header"):
            build_udp(datagram, A, B)


class TestIcmp:
    @given(icmp_messages)
    def test_round_trip(self, message):
        assert parse_icmp(build_icmp(message)) == message

    def test_layout_of_an_echo_request(self):
        data = build_icmp(IcmpEcho(1, 2, b"ab"))
        assert data.hex() == "0800" + "969a" + "0001" + "0002" + "6162"

    def test_layout_of_too_big(self):
        """RFC 1191 4: the next hop's MTU stands in the lower half of the unused word."""
        data = build_icmp(IcmpError(DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, 1400, b""))
        assert (data[:2], data[4:]) == (b"\x03\x04", bytes.fromhex("00000578"))

    @given(st.one_of(st.binary(max_size=40), damaged(icmp_messages.map(build_icmp))))
    def test_any_octets_are_a_message_or_a_wire_error(self, data):
        try:
            message = parse_icmp(data)
        except WireError as error:
            assert 0 <= error.offset <= len(data)
        else:
            assert parse_icmp(build_icmp(message)) == message

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            ("08000000", "an ICMP header has 8 octets, not 4"),
            ("0800000000010002", "the checksum of an ICMP message is wrong"),
            ("0500fafe00000000", "wrong"),
            ("0500faff00000000", "ICMP type 5 is neither an echo nor an error"),
        ],
    )
    def test_refused(self, data, complaint):
        with pytest.raises(WireError, match=complaint):
            parse_icmp(bytes.fromhex(data))

    @pytest.mark.parametrize(
        "message", [IcmpEcho(65536, 1), IcmpError(3, 256), IcmpError(3, 4, -1)]
    )
    def test_fields_that_do_not_fit_are_the_callers_error(self, message):
        with pytest.raises(ValueError, match="ICMP header"):
            build_icmp(message)

    def test_a_quote_shows_who_sent_what(self):
        """The quoted packet is cut short, and yet its addresses and its SPI can be read."""
        packet = Ipv4Packet(A, B, 50, bytes(range(100)), dont_fragment=True)
        quoted = quote(packet)
        assert len(quoted) == 28
        seen = parse_quoted(quoted)
        assert (seen.source, seen.destination, seen.protocol) == (A, B, 50)
        assert seen.payload == bytes(range(8))
        with pytest.raises(WireError):
            parse_quoted(quoted[:19])

    def test_a_quote_of_a_short_packet_is_all_of_it(self):
        packet = Ipv4Packet(A, B, 17, b"abc")
        assert parse_quoted(quote(packet)) == packet


class TestFlow:
    PORTS = bytes.fromhex("01f4 1194")

    @pytest.mark.parametrize(
        ("packet", "flow"),
        [
            (Ipv4Packet(A, B, 17, PORTS), (17, 500, 4500)),
            (Ipv4Packet(A, B, 6, PORTS + b"more"), (6, 500, 4500)),
            (Ipv4Packet(A, B, 17, PORTS, more_fragments=True), (17, 500, 4500)),
            (Ipv4Packet(A, B, 17, PORTS, fragment_offset=8), (17, 0, 0)),
            (Ipv4Packet(A, B, 17, b"\1\xf4\x11"), (17, 0, 0)),
            (Ipv4Packet(A, B, 50, PORTS), (50, 0, 0)),
            (Ipv4Packet(A, B, 1, PORTS), (1, 0, 0)),
        ],
    )
    def test_ports_where_they_can_be_seen(self, packet, flow):
        assert flow_of(packet) == flow


@pytest.mark.parametrize(
    ("more", "offset", "expected"), [(False, 0, False), (True, 0, True), (False, 8, True)]
)
def test_a_fragment_has_more_to_come_or_comes_later(more, offset, expected):
    packet = Ipv4Packet(A, B, 1, b"", more_fragments=more, fragment_offset=offset)
    assert packet.is_fragment is expected
