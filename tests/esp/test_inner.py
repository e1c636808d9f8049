"""Reading a header in place agrees with reading the packet as a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.esp.inner import read_inner
from gwsim.wire.errors import WireError
from gwsim.wire.ip import Ipv4Packet, build_ipv4, checksum, flow_of, parse_address, parse_ipv4
from tests.esp.planes import PC, SERVER, datagram, packet

ADDRESSES = st.sampled_from([SERVER, PC, "0.0.0.0", "255.255.255.255"])
PACKETS = st.builds(
    Ipv4Packet,
    ADDRESSES,
    ADDRESSES,
    st.sampled_from([1, 6, 17, 50, 255]),
    st.binary(max_size=30),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100).map(lambda n: n * 8),
)


@given(PACKETS, st.binary(max_size=5))
def test_it_sees_what_the_parser_sees(value, trailing):
    octets = build_ipv4(value)
    seen = read_inner(octets + trailing)
    assert seen.summary == (value.source, value.destination, value.protocol)
    assert seen.source == parse_address(value.source)
    assert (seen.protocol, seen.source_port, seen.destination_port) == flow_of(value)
    assert (seen.tos, seen.dont_fragment) == (value.tos, value.dont_fragment)
    assert (seen.length, seen.header_length) == (len(octets), 20)
    assert seen.fragment is value.is_fragment
    assert seen.portless is (value.fragment_offset > 0)


@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda b: b"\x45\x00" + b))
def test_any_octets_give_a_header_or_a_wire_error_as_the_parser_does(octets):
    try:
        parse_ipv4(octets)
    except WireError:
        with pytest.raises(WireError):
            read_inner(octets)
    else:
        assert read_inner(octets).length <= len(octets)


@pytest.mark.parametrize(
    ("octets", "offset"),
    [
        (b"\x45" * 19, 19),
        (b"\x65" + packet()[1:], 0),
        (b"\x44" + packet()[1:], 0),
        (packet()[:-1], 2),
        (packet()[:2] + b"\x00\x13" + packet()[4:], 2),
        (packet()[:10] + b"\x00\x00" + packet()[12:], 10),
    ],
)
def test_what_is_no_packet_is_refused_where_it_is_wrong(octets, offset):
    with pytest.raises(WireError) as caught:
        read_inner(octets)
    assert caught.value.offset == offset


def test_options_move_the_ports():
    plain = datagram(1000, 2000)
    header = bytearray(plain[:20] + b"\x01" * 4)
    header[0] = 0x46
    header[2:4] = (len(plain) + 4).to_bytes(2, "big")
    header[10:12] = b"\0\0"
    header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    seen = read_inner(bytes(header) + plain[20:])
    assert (seen.header_length, seen.source_port, seen.destination_port) == (24, 1000, 2000)


def test_ports_that_are_not_there_are_zero():
    short = build_ipv4(Ipv4Packet(SERVER, PC, 17, b"\x01\x02\x03"))
    assert read_inner(short)[3:5] == (0, 0)
