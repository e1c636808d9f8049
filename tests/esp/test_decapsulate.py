"""One packet inward: every check of RFC 4303 3.4 in its order, and what each leaves behind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.esp import EspCipher, pad
from gwsim.esp.decapsulate import Arrival, Content, Refusal, decapsulate
from gwsim.esp.drops import Drop
from gwsim.esp.encapsulate import encapsulate
from gwsim.esp.inner import read_inner
from gwsim.esp.outcomes import Sealed
from gwsim.esp.sa import SaPair
from gwsim.wire.ip import UDP, Ipv4Packet, build_ipv4, parse_ipv4
from gwsim.wire.selector import Selector
from tests.esp.planes import (
    AES_SHA1,
    BRANCH,
    HQ,
    NULL_SHA1,
    SUITES,
    TO_BRANCH,
    WITHOUT_ICV,
    datagram,
    inner,
    keymat_of,
    packet,
    pair,
    pair_of_peer,
)

ENDS = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH), "transport": True}


def arrival(payload: bytes, udp: tuple[int, int] | None = None, tos: int = 0) -> Arrival:
    sequence = int.from_bytes(payload[4:8], "big")
    return Arrival(payload, HQ, BRANCH, udp, tos, TO_BRANCH, sequence)


def sent(used: SaPair, content: bytes) -> bytes:
    outcome = encapsulate(used, content, inner(content), "copy")
    assert isinstance(outcome, Sealed)
    return outcome.payload


def crafted(plaintext: bytes, sequence: int = 1) -> Arrival:
    """A packet with any plaintext, trailer included, under the right keys (cipher NULL)."""
    cipher = EspCipher(NULL_SHA1, keymat_of(NULL_SHA1))
    return arrival(cipher.seal(TO_BRANCH, sequence, plaintext, b""))


def cause(outcome: Content | Refusal) -> Drop | None:
    assert isinstance(outcome, Refusal)
    return outcome.cause


def null_peer() -> SaPair:
    return pair_of_peer(suite=NULL_SHA1)


@pytest.mark.parametrize("esn", [False, True])
@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
@settings(max_examples=25)
@given(lengths=st.lists(st.integers(20, 1500), min_size=1, max_size=4))
def test_what_goes_in_comes_out(used, esn, lengths):
    here, there = pair(suite=used, esn=esn), pair_of_peer(suite=used, esn=esn)
    for length in lengths:
        content = packet(length)
        outcome = decapsulate(there, arrival(sent(here, content)))
        assert outcome == Content(content, inner(content), True)
    assert there.inbound.packets == len(lengths)
    assert there.inbound.octets == sum(lengths)


@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
@settings(max_examples=40)
@given(at=st.integers(0), bit=st.integers(0, 7))
def test_any_bit_that_was_changed_is_noticed(used, at, bit):
    here, there = pair(suite=used), pair_of_peer(suite=used)
    payload = bytearray(sent(here, packet()))
    payload[at % len(payload)] ^= 1 << bit
    # A sequence number of 0 is refused before the ICV is looked at.
    assert cause(decapsulate(there, arrival(bytes(payload)))) in (Drop.BAD_ICV, Drop.REPLAYED)
    assert there.inbound.window.top == 0


@given(st.binary(min_size=8, max_size=120))
def test_any_octets_are_refused_without_an_exception(octets):
    there = pair_of_peer()
    assert cause(decapsulate(there, arrival(octets))) is not None


def test_a_replay_is_refused_before_any_cryptography():
    here, there = pair(), pair_of_peer()
    first = sent(here, packet())
    assert isinstance(decapsulate(there, arrival(first)), Content)
    broken = first[:-1] + bytes([first[-1] ^ 1])
    assert cause(decapsulate(there, arrival(broken))) is Drop.REPLAYED


def test_a_forged_number_does_not_move_the_window():
    here, there = pair(), pair_of_peer()
    payload = sent(here, packet())
    forged = payload[:4] + b"\x7f\xff\xff\xff" + payload[8:]
    assert cause(decapsulate(there, arrival(forged))) is Drop.BAD_ICV
    assert isinstance(decapsulate(there, arrival(payload)), Content)


def test_a_late_packet_inside_the_window_is_taken_but_not_as_the_newest():
    here, there = pair(), pair_of_peer()
    payloads = [sent(here, packet()) for _ in range(3)]
    newest = []
    for payload in (payloads[0], payloads[2], payloads[1]):
        outcome = decapsulate(there, arrival(payload))
        assert isinstance(outcome, Content)
        newest.append(outcome.newest)
    assert newest == [True, True, False]


def test_a_packet_left_of_the_window_is_too_old():
    here, there = pair(), pair_of_peer()
    payloads = [sent(here, packet()) for _ in range(66)]
    decapsulate(there, arrival(payloads[-1]))
    assert cause(decapsulate(there, arrival(payloads[0]))) is Drop.TOO_OLD


def test_with_extended_numbers_the_low_half_may_wrap():
    here, there = pair(esn=True), pair_of_peer(esn=True)
    here.outbound.sequence = there.inbound.window.top = 0xFFFFFFFE
    for _ in range(3):
        assert isinstance(decapsulate(there, arrival(sent(here, packet()))), Content)
    assert there.inbound.window.top == 0x100000001


def test_an_extended_number_from_before_the_first_is_too_old():
    there = pair_of_peer(esn=True)
    ancient = arrival(bytes(4) + b"\xff\xff\xff\xff" + bytes(60))
    assert cause(decapsulate(there, ancient)) is Drop.TOO_OLD


@pytest.mark.parametrize("trailer", [b"\x01\x02\x04\x03\x04", b"\xff\x04"])
def test_padding_must_describe_itself(trailer):
    there = null_peer()
    assert cause(decapsulate(there, crafted(packet() + trailer))) is Drop.BAD_PADDING
    assert there.inbound.window.top == 1, "the packet was authentic, its number is used up"


def test_ciphertext_that_is_not_whole_blocks_uses_its_number_up_too():
    there = pair_of_peer(suite=WITHOUT_ICV)
    crippled = arrival(bytes(4) + b"\0\0\0\x09" + bytes(40))
    assert cause(decapsulate(there, crippled)) is Drop.BAD_PADDING
    assert there.inbound.window.top == 9


def test_a_dummy_is_nobodys_packet():
    there = null_peer()
    assert decapsulate(there, crafted(pad(b"anything", 59, 4))) == Refusal(None)
    assert (there.inbound.packets, there.inbound.window.top) == (0, 1)


@pytest.mark.parametrize(
    ("content", "next_header"), [(packet(), 41), (b"no packet", 4), (packet()[:-1], 4)]
)
def test_what_is_no_ipv4_packet_is_malformed(content, next_header):
    assert cause(decapsulate(null_peer(), crafted(pad(content, next_header, 4)))) is Drop.MALFORMED


def test_octets_after_the_inner_packet_hide_its_length_and_go():
    outcome = decapsulate(null_peer(), crafted(pad(packet() + bytes(200), 4, 4)))
    assert isinstance(outcome, Content)
    assert outcome.packet == packet()


def test_congestion_that_was_marked_outside_is_passed_on_inside():
    here, there = pair(), pair_of_peer()
    outcome = decapsulate(there, arrival(sent(here, packet(tos=2)), tos=3))
    assert isinstance(outcome, Content)
    assert parse_ipv4(outcome.packet) == parse_ipv4(packet(tos=3))


def test_congestion_marked_on_what_cannot_say_so_costs_the_packet():
    here, there = pair(), pair_of_peer()
    outcome = decapsulate(there, arrival(sent(here, packet()), tos=3))
    assert outcome == Refusal(Drop.CONGESTION, inner(packet()))


@pytest.mark.parametrize("udp", [None, (4500, 4500)])
def test_an_inner_packet_outside_the_selectors_is_refused_with_its_ends(udp):
    stranger = packet(source="10.9.0.1")
    there = pair_of_peer(suite=NULL_SHA1, udp=udp)
    came = crafted(pad(stranger, 4, 4))._replace(udp=udp)
    assert decapsulate(there, came) == Refusal(Drop.BAD_SELECTOR, inner(stranger))


def test_without_a_nat_transport_mode_is_between_the_ends_of_the_selectors():
    """Nothing translates there, so that an address tells of a mistake (RFC 4301 5.2)."""
    elsewhere = {**ENDS, "local": Selector.parse("192.168.1.1"), "suite": NULL_SHA1}
    came = crafted(pad(datagram(1, 2, HQ, BRANCH)[20:], UDP, 4))
    assert cause(decapsulate(pair_of_peer(**elsewhere), came)) is Drop.BAD_SELECTOR
    assert isinstance(decapsulate(pair_of_peer(**ENDS, suite=NULL_SHA1), came), Content)


def test_nothing_comes_in_beyond_the_volume():
    here, there = pair(), pair_of_peer(kilobytes=1)
    assert isinstance(decapsulate(there, arrival(sent(here, packet(1024)))), Content)
    assert cause(decapsulate(there, arrival(sent(here, packet())))) is Drop.EXPIRED


def test_transport_mode_gives_the_packet_its_header_back():
    here, there = pair(**ENDS), pair_of_peer(**ENDS)
    content = datagram(1, 2, HQ, BRANCH)
    outcome = decapsulate(there, arrival(sent(here, content)))
    assert isinstance(outcome, Content)
    assert outcome.packet == content


def test_transport_mode_through_a_nat_compares_services_and_mends_checksums():
    """The peer's address and UDP's checksum are from before the translation."""
    both = {"udp": (4500, 4500), "transport": True, "remote": Selector.parse(f"{BRANCH} udp/2")}
    here = pair(local=Selector.parse(HQ), **both)
    there = pair_of_peer(local=Selector.parse("192.168.1.1"), **both)
    outcome = decapsulate(there, arrival(sent(here, datagram(1, 2, HQ, BRANCH)), (4500, 4500)))
    assert isinstance(outcome, Content)
    assert parse_ipv4(outcome.packet).payload[6:8] == b"\0\0"
    wrong = decapsulate(there, arrival(sent(here, datagram(1, 3, HQ, BRANCH)), (4500, 4500)))
    assert cause(wrong) is Drop.BAD_SELECTOR


def test_a_transport_payload_too_long_for_a_packet_is_malformed():
    there = pair_of_peer(suite=NULL_SHA1, **ENDS)
    assert cause(decapsulate(there, crafted(pad(bytes(65530), UDP, 4)))) is Drop.MALFORMED


def test_an_inner_fragment_is_admitted_by_its_addresses():
    both = {"suite": AES_SHA1, "remote": Selector.parse("10.2.0.0/24 udp/53")}
    here, there = pair(**both), pair_of_peer(**both)
    whole = parse_ipv4(packet(protocol=UDP))
    later = build_ipv4(Ipv4Packet(whole.source, whole.destination, UDP, b"x", fragment_offset=8))
    outcome = decapsulate(there, arrival(sent(here, later)))
    assert isinstance(outcome, Content)
    assert read_inner(outcome.packet).portless
