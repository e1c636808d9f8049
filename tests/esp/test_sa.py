import pytest

from gwsim.crypto.esp import EspCipher, suite, unpad
from gwsim.esp.path_mtu import room
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair
from tests.esp.planes import (
    AES_SHA1,
    BRANCH,
    HQ,
    SUITES,
    WITHOUT_ICV,
    inner,
    keymat_of,
    packet,
    pair,
    parameters,
    ping,
)


def outbound(last: int | None = None, soft: float = 0.9, **changes: object) -> OutboundSa:
    return OutboundSa(parameters(**changes), soft, last)


@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_packets_are_numbered_from_one_and_open_with_the_same_keys(used):
    sa = outbound(suite=used)
    receiver = EspCipher(used, keymat_of(used))
    for number in (1, 2, 3):
        sealed = sa.seal(b"content", 4)
        assert sealed[:8] == sa.spi.to_bytes(4, "big") + number.to_bytes(4, "big")
        assert unpad(receiver.open(sealed)) == (b"content", 4)


@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_no_iv_is_used_twice(used):
    sa = outbound(suite=used)
    length = used.iv_length
    ivs = [sa.seal(b"content", 4)[8 : 8 + length] for _ in range(50)]
    assert len(set(ivs)) == (50 if length else 1)


@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_an_extended_number_sends_its_low_half_and_authenticates_both(used):
    sa = outbound(suite=used, esn=True)
    sa.sequence = 0xFFFFFFFF
    sealed = sa.seal(b"content", 4)
    assert sealed[4:8] == bytes(4)
    assert unpad(EspCipher(used, keymat_of(used)).open(sealed, esn_high=1)) == (b"content", 4)


@pytest.mark.parametrize(
    ("esn", "last", "expected"),
    [
        (False, None, 0xFFFFFFFF),
        (True, None, 0xFFFFFFFFFFFFFFFF),
        (False, 10, 10),
        (False, 1 << 40, 0xFFFFFFFF),
    ],
)
def test_numbers_end_where_the_protocol_or_the_lab_says(esn, last, expected):
    sa = outbound(last, esn=esn)
    assert sa.last == expected
    assert not sa.exhausted
    sa.sequence = expected
    assert sa.exhausted


def test_a_successor_is_wanted_before_the_numbers_end():
    sa = outbound(last=10)
    ages = []
    for _ in range(10):
        sa.seal(b"", 4)
        ages.append(sa.ageing)
    assert ages == [False] * 8 + [True] * 2


def test_a_successor_is_wanted_before_the_volume_is_used_up():
    sa = outbound(kilobytes=1)
    for _ in range(9):
        assert not sa.ageing
        sa.count(inner(packet(100)))
    sa.count(inner(packet(100)))
    assert sa.ageing


def test_the_volume_is_used_up_by_what_would_go_beyond_it():
    sa = InboundSa(parameters(True, kilobytes=1), 0.9)
    sa.count(inner(packet(1000)))
    assert not sa.exceeds(inner(packet(24)))
    assert sa.exceeds(inner(packet(25)))


def test_the_receiver_leaves_it_to_the_sender_to_ask_first():
    receiver, sender = InboundSa(parameters(True, kilobytes=1), 0.9), outbound(kilobytes=1)
    for sa in (receiver, sender):
        sa.count(inner(packet(950)))
    assert (sender.ageing, receiver.ageing) == (True, False)
    receiver.count(inner(packet(30)))
    assert receiver.ageing


def test_without_a_volume_lifetime_nothing_is_too_much():
    sa = outbound()
    sa.octets = 1 << 60
    assert not sa.ageing
    assert not sa.exceeds(inner(packet()))


def test_the_room_follows_the_mtu():
    sa = outbound()
    for mtu in (1500, 1500, 1400):
        assert sa.room(mtu) == room(mtu, AES_SHA1, udp=False, transport=False)


def test_without_an_integrity_check_there_is_no_window():
    assert InboundSa(parameters(True, suite=WITHOUT_ICV), 0.9).window.width == 0
    assert InboundSa(parameters(True, suite=suite(12, 128, 2)), 0.9).window.width == 64


def test_a_pair_sends_when_it_is_active_and_newest_and_made_for_the_packet():
    made = pair()
    assert made.sends(inner(packet()))
    assert not made.sends(inner(ping(source="10.9.0.1")))
    made.retired = True
    assert not made.sends(inner(packet()))
    inbound, out = InboundSa(parameters(True), 0.9), outbound()
    assert not SaPair(inbound, out, active=False).sends(inner(packet()))


def test_a_pair_that_moves_keeps_its_own_port():
    made = pair(udp=(4500, 4500))
    made.move(("192.0.2.9", 1025))
    assert made.peer == ("192.0.2.9", 1025)
    assert (made.outbound.source, made.outbound.udp) == (HQ, (4500, 1025))


def test_a_pair_on_protocol_50_moves_without_ports():
    made = pair()
    assert made.peer == (BRANCH, 0)
    made.move(("192.0.2.9", 500))
    assert (made.peer, made.outbound.udp) == (("192.0.2.9", 0), None)


def test_kilobytes_left_are_those_of_the_busier_direction():
    made = pair(kilobytes=10)
    assert made.kilobytes_left == 10
    made.outbound.octets = 1025
    assert made.kilobytes_left == 8
    made.inbound.octets = 1 << 20
    assert made.kilobytes_left == 0
    assert pair().kilobytes_left is None
