"""The limits of the data plane: what fits, and how much an SA may carry."""

import pytest

from gwsim.esp.dataplane import DataPlane, Settings
from gwsim.esp.drops import Drop
from gwsim.esp.outcomes import (
    Clear,
    Dropped,
    Opened,
    Request,
    Returned,
    Sealed,
    Wish,
)
from gwsim.esp.path_mtu import AGEING
from gwsim.esp.selectors import Spd
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    ESP,
    UDP,
    IcmpError,
    Ipv4Packet,
    UdpDatagram,
    build_ipv4,
    build_udp,
    parse_icmp,
    parse_ipv4,
    quote,
)
from gwsim.wire.selector import Selector
from tests.esp.planes import (
    BRANCH,
    HQ,
    PC,
    SERVER,
    TO_BRANCH,
    TO_HQ,
    branch,
    drop,
    hq,
    icmp_error,
    packet,
    pair_of,
    receive,
    sealed,
    spd,
)

ENDS = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH), "transport": True}
NEW_SPI = 0x3003


# size


def test_a_packet_that_may_be_cut_is_cut_before_encryption():
    here, there = hq(), branch()
    whole = packet(3000, identification=9)
    outcomes = here.outbound(whole, 0.0)
    assert len(outcomes) == 3
    reassembler = Reassembler()
    for outcome in outcomes:
        assert isinstance(outcome, Sealed)
        assert 20 + len(outcome.payload) <= 1500
        opened = receive(there, outcome)
        assert isinstance(opened, Opened)
        joined = reassembler.add(parse_ipv4(opened.packet), 0.0)
    assert joined is not None
    assert build_ipv4(joined) == whole


@pytest.mark.parametrize("df", ["copy", "set"])
def test_a_packet_that_must_not_be_cut_goes_back_as_an_error(df):
    plane = hq(Settings(HQ, df=df))
    outcomes = plane.outbound(packet(1500, dont_fragment=True), 0.0)
    assert drop(outcomes).cause is Drop.TOO_BIG
    returned = outcomes[1]
    assert isinstance(returned, Returned)
    assert (returned.connection, returned.child) == ("branch", "net")
    error = parse_icmp(parse_ipv4(returned.packet).payload)
    assert isinstance(error, IcmpError)
    assert error.mtu == 1438
    assert isinstance(plane.outbound(packet(1438, dont_fragment=True), 0.0)[0], Sealed)
    assert pair_of(plane).outbound.errors == {Drop.TOO_BIG: 1}


def test_an_error_that_is_too_big_is_just_dropped():
    big = parse_ipv4(icmp_error(size=1500))
    content = build_ipv4(Ipv4Packet(SERVER, PC, 1, big.payload, dont_fragment=True))
    assert [type(outcome) for outcome in hq().outbound(content, 0.0)] == [Dropped]


def test_when_the_bit_is_cleared_the_outer_packet_may_be_cut_instead():
    plane = hq(Settings(HQ, df="clear"))
    esp = sealed(plane.outbound(packet(1500, dont_fragment=True), 0.0))
    assert len(esp.payload) > 1500
    assert not esp.dont_fragment


def test_transport_mode_takes_whole_packets_only():
    plane = hq(**ENDS)
    esp = sealed(plane.outbound(packet(1600, source=HQ, destination=BRANCH), 0.0))
    assert len(esp.payload) > 1500


def test_clear_text_must_fit_as_well():
    plane = DataPlane(Settings(HQ), Spd([]))
    pieces = plane.outbound(packet(3000), 0.0)
    assert [isinstance(p, Clear) and len(p.packet) <= 1500 for p in pieces] == [True] * 3
    refused, returned = plane.outbound(packet(3000, dont_fragment=True), 0.0)
    assert isinstance(refused, Dropped)
    assert isinstance(returned, Returned)
    assert returned.child == ""
    assert plane.drops == {Drop.TOO_BIG: 1}


def quoted(protocol: int, payload: bytes, source: str = HQ, destination: str = BRANCH) -> bytes:
    return quote(Ipv4Packet(source, destination, protocol, payload))


def test_the_path_says_what_fits_and_is_believed_for_a_while():
    plane = hq()
    original = quoted(ESP, TO_BRANCH.to_bytes(4, "big") + bytes(60))
    assert plane.note_too_big(original, 1400, 10.0) == ("branch", "net")
    assert plane.path_mtu(BRANCH, 10.0) == (1400, AGEING)
    big = packet(1438, dont_fragment=True)
    assert drop(plane.outbound(big, 20.0)).cause is Drop.TOO_BIG
    assert isinstance(plane.outbound(big, 10.0 + AGEING)[0], Sealed)


def test_the_path_is_heard_about_packets_in_udp_too():
    plane = hq(udp=(4500, 1025))
    payload = build_udp(UdpDatagram(4500, 1025, bytes(40)), HQ, BRANCH)
    assert plane.note_too_big(quoted(UDP, payload), 1400, 0.0) == ("branch", "net")


@pytest.mark.parametrize(
    "original",
    [
        b"nothing",
        quoted(ESP, NEW_SPI.to_bytes(4, "big")),
        quoted(ESP, TO_BRANCH.to_bytes(4, "big"), destination="192.0.2.1"),
        quoted(ESP, TO_BRANCH.to_bytes(4, "big"), source="192.0.2.1"),
        quoted(UDP, TO_BRANCH.to_bytes(4, "big")),
    ],
)
def test_an_error_about_what_we_never_sent_teaches_nothing(original):
    plane = hq()
    assert plane.note_too_big(original, 600, 0.0) is None
    assert plane.path_mtu(BRANCH, 0.0) == (1500, 0.0)


def test_an_mtu_too_small_for_a_tunnel_is_refused():
    with pytest.raises(ValueError, match="552 octets or more"):
        Settings(HQ, mtu=551)


def test_another_interface_mtu_counts_at_once():
    plane = hq()
    plane.reconfigure(Settings(HQ, mtu=1400), spd())
    assert len(plane.outbound(packet(1438), 0.0)) == 2


# wishes


def test_volume_asks_for_a_successor_once_and_then_for_the_end_once():
    """The first at nine tenths of 1024 octets, the second with the packet that has no room."""
    plane = hq(kilobytes=1)
    wishes = set()
    for number in range(1, 15):
        plane.outbound(packet(100), 0.0)
        wishes |= {(number, request) for request in plane.requests()}
    assert wishes == {(10, Request(Wish.REKEY, TO_HQ)), (11, Request(Wish.EXPIRE, TO_HQ))}
    assert pair_of(plane).outbound.errors == {Drop.EXPIRED: 4}


def test_received_volume_asks_in_the_same_way():
    here, there = hq(), branch(kilobytes=1)
    wishes = set()
    for number in range(1, 15):
        receive(there, sealed(here.outbound(packet(100), 0.0)))
        wishes |= {(number, request) for request in there.requests()}
    assert wishes == {(10, Request(Wish.REKEY, TO_BRANCH)), (11, Request(Wish.EXPIRE, TO_BRANCH))}


def test_numbers_that_run_out_ask_in_the_same_way():
    plane = hq(Settings(HQ, last_sequence=10))
    outcomes = [plane.outbound(packet(), 0.0)[0] for _ in range(8)]
    assert plane.requests() == []
    outcomes += [plane.outbound(packet(), 0.0)[0] for _ in range(4)]
    assert [type(outcome) for outcome in outcomes] == [Sealed] * 10 + [Dropped] * 2
    assert plane.requests() == [Request(Wish.REKEY, TO_HQ), Request(Wish.EXPIRE, TO_HQ)]


def test_a_retired_pair_wants_no_successor():
    here, there = hq(), branch(kilobytes=1)
    there.retire(TO_BRANCH)
    for _ in range(10):
        receive(there, sealed(here.outbound(packet(100), 0.0)))
    assert there.requests() == []


def test_a_packet_that_transport_mode_cannot_carry_is_no_reason_to_end_the_sa():
    plane = hq(transport=True)
    assert drop(plane.outbound(packet(), 0.0)).cause is Drop.TRANSPORT_ENDS
    assert plane.requests() == []
