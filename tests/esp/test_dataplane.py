"""The data plane: which SA carries a packet, and what becomes of one that came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.esp import EspCipher, pad
from gwsim.esp.dataplane import DataPlane, Settings
from gwsim.esp.drops import Drop
from gwsim.esp.outcomes import (
    Clear,
    Dropped,
    Dummy,
    Opened,
    Sealed,
    Wanted,
)
from gwsim.esp.selectors import Action, Spd
from gwsim.wire.ip import (
    ESP,
    UDP,
    Ipv4Packet,
    quote,
)
from gwsim.wire.selector import Selector
from tests.esp.planes import (
    BRANCH,
    HQ,
    NULL_SHA1,
    PC,
    SERVER,
    SUITES,
    TO_BRANCH,
    TO_HQ,
    WITHOUT_ICV,
    branch,
    carry,
    datagram,
    drop,
    hq,
    inner,
    keymat_of,
    packet,
    pair_of,
    parameters,
    receive,
    sealed,
    spd,
)

NEW_SPI = 0x3003


def second_pair(plane: DataPlane, active: bool = True, **changes: object) -> None:
    inbound = parameters(True, spi=NEW_SPI, **changes)
    plane.install(inbound, parameters(False, spi=NEW_SPI, **changes), active)


# outward


@pytest.mark.parametrize("udp", [None, (4500, 4500)])
@pytest.mark.parametrize("used", SUITES, ids=lambda s: s.name)
def test_packets_cross_in_both_directions(used, udp):
    here, there = hq(suite=used, udp=udp), branch(suite=used, udp=udp)
    for size in (20, 28, 84, 1400):
        out, back = packet(size), packet(size, source=PC, destination=SERVER)
        assert carry(here, there, out).packet == out
        assert carry(there, here, back).packet == back
    assert pair_of(here).outbound.packets == pair_of(there, TO_BRANCH).inbound.packets == 4


def test_without_an_sa_the_packet_says_which_child_it_needs():
    plane = DataPlane(Settings(HQ), spd())
    (outcome,) = plane.outbound(packet() + b"padding of the link", 0.0)
    assert isinstance(outcome, Wanted)
    assert (outcome.entry.connection, outcome.entry.child) == ("branch", "net")
    assert outcome.packet == packet()


def test_an_sa_with_narrower_selectors_does_not_carry_the_rest():
    plane = DataPlane(Settings(HQ), spd())
    host = {"remote": Selector.parse(PC)}
    plane.install(parameters(True, **host), parameters(False, **host))
    assert isinstance(plane.outbound(packet(), 0.0)[0], Sealed)
    assert isinstance(plane.outbound(packet(destination="10.2.0.11"), 0.0)[0], Wanted)


def test_bypassed_packets_go_as_they_are_and_discarded_ones_are_counted():
    plane = DataPlane(Settings(HQ), Spd([]))
    assert plane.outbound(packet() + b"padding", 0.0) == [Clear(packet(), inner(packet()))]
    plane.reconfigure(Settings(HQ), Spd([], Action.DISCARD))
    outcome = drop(plane.outbound(packet(), 0.0))
    assert (outcome.cause, outcome.inbound) == (Drop.DISCARD, False)
    assert (outcome.source, outcome.destination, outcome.protocol) == (SERVER, PC, 200)
    assert plane.drops == {Drop.DISCARD: 1}


def test_what_is_no_packet_is_dropped():
    plane = hq()
    assert drop(plane.outbound(b"no packet", 0.0)).cause is Drop.MALFORMED
    assert plane.drops == {Drop.MALFORMED: 1}


@given(st.binary(max_size=100))
def test_any_octets_from_either_side_have_an_outcome(octets):
    plane = hq()
    assert len(plane.outbound(octets, 0.0)) == 1
    assert isinstance(plane.inbound(octets, BRANCH, HQ), Dropped)


# which pair sends


def test_the_newest_pair_sends_and_the_old_one_still_receives():
    here, there = hq(), branch()
    late = sealed(there.outbound(packet(source=PC, destination=SERVER), 0.0))
    second_pair(here)
    assert sealed(here.outbound(packet(), 0.0)).inbound_spi == NEW_SPI
    assert isinstance(receive(here, late), Opened)


def test_a_pair_that_is_not_active_receives_and_does_not_send():
    here = hq()
    second_pair(here, active=False)
    assert sealed(here.outbound(packet(), 0.0)).inbound_spi == TO_HQ
    here.activate(NEW_SPI)
    assert sealed(here.outbound(packet(), 0.0)).inbound_spi == NEW_SPI


def test_a_retired_pair_receives_and_does_not_send():
    here, there = hq(), branch()
    here.retire(TO_HQ)
    assert isinstance(here.outbound(packet(), 0.0)[0], Wanted)
    assert carry(there, here, packet(source=PC, destination=SERVER)).inbound_spi == TO_HQ


def test_a_removed_pair_neither_sends_nor_receives_and_tells_what_it_carried():
    here, there = hq(), branch()
    sealed(here.outbound(packet(100), 0.0))
    removed = here.remove(TO_HQ)
    assert removed is not None
    assert removed.outbound.octets == 100
    assert isinstance(here.outbound(packet(), 0.0)[0], Wanted)
    late = sealed(there.outbound(packet(source=PC, destination=SERVER), 0.0))
    outcome = receive(here, late)
    assert isinstance(outcome, Dropped)
    assert (outcome.cause, outcome.spi, outcome.sequence) == (Drop.UNKNOWN_SPI, TO_HQ, 1)
    assert here.drops == {Drop.UNKNOWN_SPI: 1}


def test_pairs_that_are_gone_are_not_missed():
    plane = hq()
    plane.activate(1)
    plane.retire(1)
    assert plane.remove(1) is None
    assert plane.pair(1) is None
    assert [pair.inbound.spi for pair in plane.pairs()] == [TO_HQ]


def test_an_spi_is_not_given_twice():
    with pytest.raises(ValueError, match="0x1001 is in use"):
        hq().install(parameters(True), parameters(False))


def test_after_clear_nothing_is_known():
    plane = hq()
    plane.note_too_big(quote(Ipv4Packet(HQ, BRANCH, ESP, TO_BRANCH.to_bytes(4, "big"))), 1400, 0.0)
    plane.clear()
    assert plane.pairs() == ()
    assert plane.path_mtu(BRANCH, 0.0) == (1500, 0.0)
    assert isinstance(plane.outbound(packet(), 0.0)[0], Wanted)


# inward


@pytest.mark.parametrize(("agreed", "came"), [(None, (4500, 4500)), ((4500, 4500), None)])
def test_the_encapsulation_must_be_the_agreed_one(agreed, came):
    here, there = hq(udp=agreed), branch(udp=agreed)
    esp = sealed(here.outbound(packet(), 0.0))
    outcome = there.inbound(esp.payload, HQ, BRANCH, came)
    assert isinstance(outcome, Dropped)
    assert outcome.cause is Drop.ENCAPSULATION
    assert outcome.protocol == (ESP if came is None else UDP)


@pytest.mark.parametrize("udp", [None, (4500, 4500)])
@pytest.mark.parametrize("payload", [b"", b"\0\0\x10", bytes(40)])
def test_what_has_no_spi_is_malformed(payload, udp):
    plane = hq()
    outcome = plane.inbound(payload, BRANCH, HQ, udp)
    assert isinstance(outcome, Dropped)
    assert (outcome.cause, outcome.inbound) == (Drop.MALFORMED, True)
    assert plane.drops == {Drop.MALFORMED: 1}


def test_each_refusal_is_counted_at_its_sa():
    here, there = hq(), branch()
    esp = sealed(here.outbound(packet(), 0.0))
    receive(there, esp)
    receive(there, esp)
    there.inbound(esp.payload[:4] + b"\0\0\0\x09" + esp.payload[8:], HQ, BRANCH)
    assert pair_of(there, TO_BRANCH).inbound.errors == {Drop.REPLAYED: 1, Drop.BAD_ICV: 1}
    assert not there.drops


def test_a_refused_packet_is_told_with_its_sa_and_what_was_inside():
    stranger = packet(source="10.9.0.1")
    esp = EspCipher(NULL_SHA1, keymat_of(NULL_SHA1)).seal(TO_BRANCH, 1, pad(stranger, 4, 4), b"")
    outcome = branch(suite=NULL_SHA1).inbound(esp, HQ, BRANCH)
    assert outcome == Dropped(
        Drop.BAD_SELECTOR,
        True,
        HQ,
        BRANCH,
        ESP,
        len(esp),
        TO_BRANCH,
        1,
        ("10.9.0.1", PC, 200),
        "10.2.0.0/24",
        "10.1.0.0/24",
        "branch",
        "net",
    )


def test_dummies_are_counted_and_nothing_else():
    there = branch(suite=NULL_SHA1)
    esp = EspCipher(NULL_SHA1, keymat_of(NULL_SHA1)).seal(TO_BRANCH, 1, pad(b"", 59, 4), b"")
    assert there.inbound(esp, HQ, BRANCH) == Dummy(HQ, TO_BRANCH, "branch", "net")
    inbound = pair_of(there, TO_BRANCH).inbound
    assert (inbound.dummies, inbound.packets, inbound.errors.total()) == (1, 0, 0)


# a peer that moves


def test_a_peer_behind_a_nat_that_moved_is_noticed_and_followed():
    here, there = hq(udp=(4500, 4500)), branch(udp=(4500, 4500))
    esp = sealed(here.outbound(packet(), 0.0))
    outcome = there.inbound(esp.payload, "192.0.2.9", BRANCH, (1025, 4500))
    assert isinstance(outcome, Opened)
    assert outcome.moved_to == ("192.0.2.9", 1025)
    there.move((HQ, 4500), outcome.moved_to)
    answer = sealed(there.outbound(packet(source=PC, destination=SERVER), 0.0))
    assert (answer.destination, answer.udp) == ("192.0.2.9", (4500, 1025))


def test_a_late_packet_does_not_move_the_peer_back():
    here, there = hq(udp=(4500, 4500)), branch(udp=(4500, 4500))
    late, latest = (sealed(here.outbound(packet(), 0.0)) for _ in range(2))
    receive(there, latest)
    outcome = there.inbound(late.payload, "192.0.2.9", BRANCH, (1025, 4500))
    assert isinstance(outcome, Opened)
    assert outcome.moved_to is None


def test_without_an_integrity_check_nobody_is_followed():
    changes = {"udp": (4500, 4500), "suite": WITHOUT_ICV}
    here, there = hq(**changes), branch(**changes)
    esp = sealed(here.outbound(packet(), 0.0))
    outcome = there.inbound(esp.payload, "192.0.2.9", BRANCH, (1025, 4500))
    assert isinstance(outcome, Opened)
    assert outcome.moved_to is None


def test_on_protocol_50_an_address_is_no_reason_to_follow():
    """Through a one-to-one NAT packets come from another address than IKE was told of."""
    here, there = hq(), branch()
    outcome = there.inbound(sealed(here.outbound(packet(), 0.0)).payload, "192.0.2.9", BRANCH)
    assert isinstance(outcome, Opened)
    assert outcome.moved_to is None


def test_only_the_pairs_of_the_peer_move():
    plane = hq()
    plane.move(("192.0.2.1", 500), ("192.0.2.2", 500))
    assert pair_of(plane).peer == (BRANCH, 0)
    plane.move((BRANCH, 500), ("192.0.2.2", 500))
    assert pair_of(plane).peer == ("192.0.2.2", 0)


# everything together


@settings(max_examples=60)
@given(
    st.sampled_from([(s, esn) for s in SUITES for esn in (False, True)]),
    st.permutations(range(40)),
    st.lists(st.integers(0, 39), max_size=20),
)
def test_whatever_the_path_does_each_packet_is_taken_at_most_once(suite_esn, order, replays):
    """Forty packets in any order with any replays, inside a window of 64: each exactly once."""
    used, esn = suite_esn
    here, there = hq(suite=used, esn=esn), branch(suite=used, esn=esn)
    contents = [datagram(n, 9) for n in range(1, 41)]
    flight = [sealed(here.outbound(content, 0.0)) for content in contents]
    outcomes = [receive(there, flight[n]) for n in [*order, *replays]]
    opened = [outcome.packet for outcome in outcomes if isinstance(outcome, Opened)]
    assert sorted(opened) == sorted(contents)
    refused = [outcome.cause for outcome in outcomes if isinstance(outcome, Dropped)]
    assert refused == [Drop.REPLAYED] * len(replays)
