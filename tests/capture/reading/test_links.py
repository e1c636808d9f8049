"""IPv4 is found on every kind of link, and what is none is named."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.capture.reading.links import ipv4_of
from tests.path.packets import BRANCH, HQ, udp

IP = udp(HQ, BRANCH)
MAC = bytes(range(12))
SLL = bytes(14)


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (1, MAC + b"\x08\x00" + IP),
        (1, MAC + b"\x81\x00\x00\x64\x08\x00" + IP),
        (1, MAC + b"\x88\xa8\x00\x01\x81\x00\x00\x64\x08\x00" + IP),
        (1, MAC + b"\x88\x64\x11\x00\x00\x01\x00\x20\x00\x21" + IP),
        (101, IP),
        (12, IP),
        (14, IP),
        (228, IP),
        (0, struct.pack("<I", 2) + IP),
        (0, struct.pack(">I", 2) + IP),
        (108, struct.pack(">I", 2) + IP),
        (113, SLL + b"\x08\x00" + IP),
        (113, SLL + b"\x81\x00\x00\x64\x08\x00" + IP),
        (276, b"\x08\x00" + bytes(18) + IP),
        (276, b"\x81\x00" + bytes(18) + b"\x00\x64\x08\x00" + IP),
        (9, b"\xff\x03\x00\x21" + IP),
        (9, b"\x00\x21" + IP),
    ],
)
def test_an_ipv4_packet_is_found(link, frame):
    assert ipv4_of(link, frame) == (IP, "")


@pytest.mark.parametrize(
    ("link", "frame", "kind"),
    [
        (1, MAC + b"\x08\x06" + bytes(28), "ARP"),
        (1, MAC + b"\x86\xdd" + bytes(40), "IPv6"),
        (1, MAC + b"\x99\x99" + bytes(40), "other frames"),
        (1, MAC[:5], "cut off"),
        (1, MAC + b"\x81\x00" * 40, "other frames"),
        (101, b"\x60" + bytes(39), "IPv6"),
        (101, b"", "other frames"),
        (0, struct.pack("<I", 30) + bytes(40), "IPv6 or others on a loopback"),
        (9, b"\x00\x57" + bytes(40), "PPP"),
        (105, b"wireless", "link type 105"),
    ],
)
def test_what_is_none_is_named(link, frame, kind):
    assert ipv4_of(link, frame) == (b"", kind)


@given(st.sampled_from([0, 1, 9, 12, 14, 50, 101, 108, 113, 228, 276]), st.binary(max_size=80))
def test_any_octets_are_taken(link, frame):
    data, kind = ipv4_of(link, frame)
    assert kind or frame.endswith(data)
