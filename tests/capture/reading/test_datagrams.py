"""IKE, ESP and what says why nobody answers are sorted out; everything else is counted by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.capture.reading import datagrams as under_test
from gwsim.capture.reading.datagrams import Kind, Sorter
from gwsim.capture.reading.files import Frame
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import (
    ICMP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_ipv4,
    quote,
)
from tests.capture.messages import MAIN_1, clear
from tests.path.packets import BRANCH, HQ, echo, esp, tcp, udp

MESSAGE = clear(MAIN_1)
MARKER = bytes(4)


def sort(*packets, link=101):
    sorter = Sorter()
    frames = [Frame(float(n), link, data, len(data)) for n, data in enumerate(packets)]
    return sorter, list(sorter.datagrams(frames))


def only(packet):
    _, [found] = sort(packet)
    return found


def test_ike_on_500_and_on_4500_and_esp_in_both_forms():
    on_500 = only(udp(HQ, BRANCH, 500, 500, MESSAGE))
    on_4500 = only(udp(HQ, BRANCH, 34567, 4500, MARKER + MESSAGE))
    assert (on_500.kind, on_500.payload, on_500.ports) == (Kind.IKE, MESSAGE, (500, 500))
    assert (on_4500.kind, on_4500.payload) == (Kind.IKE, MESSAGE)
    assert only(esp(HQ, BRANCH)).kind is Kind.ESP
    encapsulated = only(udp(HQ, BRANCH, 4500, 4500, b"\0\0\x12\x34\0\0\0\1cipher"))
    assert (encapsulated.kind, encapsulated.ports) == (Kind.ESP, (4500, 4500))
    assert only(udp(HQ, BRANCH, 4500, 4500, b"\xff")).kind is Kind.KEEPALIVE


def test_ike_on_other_ports_is_known_by_its_looks():
    assert only(udp(HQ, BRANCH, 40000, 848, MESSAGE)).kind is Kind.IKE
    assert only(udp(HQ, BRANCH, 40000, 10000, MARKER + MESSAGE)).payload == MESSAGE
    sorter, found = sort(udp(HQ, BRANCH, 53, 40000, b"a name server's answer" * 3))
    assert (found, dict(sorter.others)) == ([], {"UDP": 1})


def test_ikev2_is_counted_by_exchange_and_not_taken():
    init = bytearray(MESSAGE)
    init[17], init[18] = 0x20, 34
    later = bytearray(init)
    later[18] = 35
    sorter, found = sort(
        udp(HQ, BRANCH, 500, 500, bytes(init)), udp(HQ, BRANCH, 4500, 4500, MARKER + bytes(later))
    )
    assert not found
    assert dict(sorter.others) == {"IKEv2 IKE_SA_INIT": 1, "IKEv2 IKE_AUTH": 1}


def test_other_traffic_is_counted_by_its_name():
    sorter, found = sort(tcp(HQ, BRANCH), echo(HQ, BRANCH), b"\x60" + bytes(39), b"\x45cut")
    assert not found
    assert dict(sorter.others) == {"TCP": 1, "ICMP": 1, "IPv6": 1, "malformed IPv4": 1}
    assert sorter.frames == 4


def test_a_packet_in_pieces_is_joined():
    whole = parse_ipv4(udp(HQ, BRANCH, 500, 500, MESSAGE + bytes(600)))
    sorter, [found] = sort(*(build_ipv4(piece) for piece in fragment(whole, 300)))
    assert found.payload == MESSAGE + bytes(600)
    assert found.length == 20 + len(whole.payload)
    assert not sorter.others


def test_a_checksum_left_to_the_card_is_no_reason_to_leave_a_packet_out():
    packet = bytearray(udp(HQ, BRANCH, 500, 500, MESSAGE))
    packet[10:12] = b"\0\0"
    packet[26:28] = b"\xaa\xaa"
    assert only(bytes(packet)).payload == MESSAGE


def test_a_packet_cut_by_the_capture_says_so():
    packet = udp(HQ, BRANCH, 500, 500, MESSAGE)
    found = only(packet[:70])
    assert found.cut
    assert found.length == len(packet)
    assert MESSAGE.startswith(found.payload)
    assert not only(packet).cut


@pytest.mark.parametrize(
    ("code", "words"),
    [(3, "port unreachable"), (13, "prohibited by a filter"), (77, "unreachable, code 77")],
)
def test_icmp_errors_about_ike_are_kept(code, words):
    about = parse_ipv4(udp(HQ, BRANCH, 500, 500, MESSAGE))
    error = build_icmp(IcmpError(3, code, original=quote(about)))
    found = only(build_ipv4(Ipv4Packet("203.0.113.99", HQ, ICMP, error)))
    assert found.kind is Kind.ICMP
    assert found.note == f"{words}: UDP 500 of {HQ} to {BRANCH}"
    assert found.about == (HQ, BRANCH)


def test_icmp_errors_about_anything_else_are_only_counted():
    error = build_icmp(IcmpError(3, 3, original=quote(parse_ipv4(udp(HQ, BRANCH, 53, 40000)))))
    sorter, found = sort(build_ipv4(Ipv4Packet(BRANCH, HQ, ICMP, error)))
    assert (found, dict(sorter.others)) == ([], {"ICMP": 1})


def test_time_exceeded_about_esp_is_kept():
    error = build_icmp(IcmpError(11, 0, original=quote(parse_ipv4(esp(HQ, BRANCH)))))
    found = only(build_ipv4(Ipv4Packet("203.0.113.99", HQ, ICMP, error)))
    assert found.note == f"time to live exceeded: ESP of {HQ} to {BRANCH}"


def test_names_to_count_are_bounded(monkeypatch):
    monkeypatch.setattr(under_test, "MOST_NAMES", 2)
    packets = [build_ipv4(Ipv4Packet(HQ, BRANCH, 200 + n, b"x")) for n in range(5)]
    sorter, _ = sort(*packets)
    assert dict(sorter.others) == {"IP protocol 200": 1, "IP protocol 201": 1, "others": 3}


@given(st.lists(st.binary(max_size=120), max_size=8), st.sampled_from([0, 1, 101, 113, 276]))
def test_any_frames_are_taken(frames, link):
    sorter, found = sort(*frames, link=link)
    assert sorter.frames == len(frames)
    assert len(found) + sum(sorter.others.values()) <= len(frames)


@given(st.data())
def test_damaged_packets_are_taken(data):
    packet = bytearray(data.draw(st.sampled_from([udp(HQ, BRANCH, 500, 500, MESSAGE), ERROR])))
    for _ in range(data.draw(st.integers(1, 6))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
    sort(bytes(packet[: data.draw(st.integers(0, len(packet)))]))


ERROR = build_ipv4(
    Ipv4Packet(
        BRANCH, HQ, ICMP, build_icmp(IcmpError(3, 3, original=quote(parse_ipv4(esp(HQ, BRANCH)))))
    )
)
