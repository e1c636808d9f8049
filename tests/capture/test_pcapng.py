"""Captures, read back block by block."""

import struct
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.capture.pcapng import CapturedPacket, Interface, pcapng


def blocks(data):
    """The blocks of a capture: (type, body)."""
    found = []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, length - 4) == (length,)
        found.append((kind, data[8 : length - 4]))
        data = data[length:]
    return found


def options(data):
    """The options at the end of a block, by code."""
    found = {}
    while data:
        code, length = struct.unpack_from("<HH", data)
        if code == 0:
            assert data == bytes(4)
            return found
        found[code] = data[4 : 4 + length]
        data = data[4 + length + -length % 4 :]
    return found


def packet_block(body):
    """Interface, nanoseconds, octets and options of an enhanced packet block."""
    interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
    assert captured == original
    end = 20 + captured
    return interface, high << 32 | low, body[20:end], options(body[end + -captured % 4 :])


def test_a_capture_begins_with_its_section_and_interfaces():
    section, first, second = blocks(pcapng([Interface("hq", "outside"), Interface("branch")], []))
    assert section[0] == 0x0A0D0D0A
    assert struct.unpack_from("<IHHQ", section[1]) == (0x1A2B3C4D, 1, 0, 2**64 - 1)
    assert options(section[1][16:]) == {4: b"gwsim"}
    assert struct.unpack_from("<HHI", first[1]) == (101, 0, 0)
    assert options(first[1][8:]) == {2: b"hq", 3: b"outside", 9: b"\x09"}
    assert options(second[1][8:]) == {2: b"branch", 9: b"\x09"}


def test_a_packet_has_its_time_direction_and_comment():
    epoch = datetime(2024, 5, 1, tzinfo=UTC)
    packet = CapturedPacket(1.25, 0, b"12345", "main-1", inbound=False)
    body = blocks(pcapng([Interface("hq")], [packet], epoch))[-1][1]
    interface, nanoseconds, data, told = packet_block(body)
    assert (interface, data) == (0, b"12345")
    assert nanoseconds == int(epoch.timestamp()) * 10**9 + 1_250_000_000
    assert told == {1: b"main-1", 2: struct.pack("<I", 2)}


def test_inbound_packets_say_so_and_bare_ones_have_no_options():
    inbound = CapturedPacket(0.0, 0, b"1234", inbound=True)
    bare = CapturedPacket(0.0, 0, b"1234")
    *_, first, second = blocks(pcapng([Interface("hq")], [inbound, bare]))
    assert packet_block(first[1])[3] == {2: struct.pack("<I", 1)}
    assert packet_block(second[1])[3] == {}


def test_time_zones_and_microseconds_count():
    epoch = datetime(1970, 1, 1, 1, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    body = blocks(pcapng([Interface("hq")], [CapturedPacket(0.0, 0, b"")], epoch))[-1][1]
    assert packet_block(body)[1] == 7000


def test_nothing_before_1970_and_nothing_on_an_interface_that_is_not_there():
    with pytest.raises(ValueError, match="before 1970"):
        pcapng([Interface("hq")], [CapturedPacket(-1.0, 0, b"")])
    for place in (-1, 1):
        with pytest.raises(ValueError, match=f"no interface {place}"):
            pcapng([Interface("hq")], [CapturedPacket(0.0, place, b"")])


PACKETS = st.builds(
    CapturedPacket,
    st.floats(0, 1e6),
    st.integers(0, 1),
    st.binary(max_size=100),
    st.text(max_size=20),
    st.one_of(st.none(), st.booleans()),
)


@given(st.lists(PACKETS, max_size=5))
def test_every_packet_can_be_read_back(packets):
    written = blocks(pcapng([Interface("hq"), Interface("branch")], packets))[3:]
    for packet, (kind, body) in zip(packets, written, strict=True):
        interface, nanoseconds, data, told = packet_block(body)
        assert (kind, interface, data) == (6, packet.interface, packet.data)
        assert nanoseconds == round(packet.at * 1e9)
        assert told.get(1, b"").decode() == packet.comment
