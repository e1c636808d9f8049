"""Births and ends of ISAKMP SAs and quick modes, and crossings of both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.ike import lifecycle
from gwsim.ike.config import Phase1Transform, Rekey, Schedule
from gwsim.ike.events import (
    ChildRemoved,
    CloseReason,
    DeleteReceived,
    DeleteSent,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    QuickModeClosed,
    StateChanged,
)
from gwsim.ike.states import Role, State
from gwsim.wire.numbers import Protocol
from tests.ike.pair import Pair, connected, facing

RESENDING = Schedule((8.0, 16.0, 24.0), 32.0)
HEALING = {"phase1_responder": RESENDING, "quick_responder": RESENDING, "half_open_timeout": 60.0}


def both_begin(pair: Pair, gap: float = 0.0) -> None:
    """Let A and then B, `gap` seconds later, begin while neither has heard of the other."""
    pair.act("A", lambda end: end.initiate("peer", "lan", pair.now))
    pair.run(gap)
    pair.act("B", lambda end: end.initiate("peer", "lan", pair.now))
    pair.settle()


def living(pair: Pair, side: str) -> list:
    """The ISAKMP SAs of an end that are up and stay."""
    return [sa for sa in pair.snapshot(side).sas if sa.state == "ESTABLISHED" and not sa.replaced]


# phase 1


def test_what_is_said_of_a_new_isakmp_sa():
    pair = facing(phase1=(Phase1Transform(7, 2, 2, 128, lifetime_seconds=1000),))
    pair.initiate()
    for side, role in (("A", Role.INITIATOR), ("B", Role.RESPONDER)):
        (done,) = pair.found(side, PhaseOneCompleted)
        assert (done.role, done.lifetime_seconds, done.rekey) == (role, 1000, False)
        assert done.rekey_in is not None
        assert 850 <= done.rekey_in <= 900
        sa = pair.sa(side)
        assert sa.expires == done.at + 1000
        assert sa.rekey_at == done.at + done.rekey_in


def test_without_a_lifetime_nothing_is_renewed():
    pair = facing(phase1=(Phase1Transform(7, 2, 2, 128, lifetime_seconds=None),))
    pair.initiate()
    assert pair.found("A", PhaseOneCompleted)[0].rekey_in is None
    assert (pair.sa("A").expires, pair.sa("A").rekey_at) == (None, None)


@given(st.integers(0, 300), st.floats(0.0, 0.04))
@settings(max_examples=60)
def test_two_crossing_phase_1_settle_on_the_same_one_without_loss(seed, gap):
    """The one with the lower initiator cookie, on both ends; both children come up."""
    pair = facing(seed=seed)
    pair.probing = True
    both_begin(pair, gap)
    assert pair.census()["A main-1"] == pair.census()["B main-1"] == 1
    (a,), (b,) = living(pair, "A"), living(pair, "B")
    cookies = {sa.initiator_cookie for sa in pair.snapshot("A").sas}
    assert a.initiator_cookie == b.initiator_cookie == min(cookies)
    assert pair.up()
    pair.run(40)
    assert len(pair.snapshot("A").sas) == len(pair.snapshot("B").sas) == 1
    assert pair.up()
    assert pair.lost == []


LOSABLE = [f"{side} {label}" for side in "AB" for label in ("main-1", "main-2", "main-3")]
LOSABLE += [f"{side} {label}" for side in "AB" for label in ("main-4", "main-5", "main-6")]
LOSABLE += [f"{side} {label}" for side in "AB" for label in ("quick-1", "quick-2", "quick-3")]


@pytest.mark.parametrize("lost", LOSABLE)
@pytest.mark.parametrize("seed", range(4))
def test_a_crossing_heals_when_one_message_is_lost(lost, seed):
    pair = facing(seed=seed, **HEALING)
    pair.drop(lost)
    both_begin(pair)
    pair.run(90)
    (a,), (b,) = living(pair, "A"), living(pair, "B")
    assert a.initiator_cookie == b.initiator_cookie
    assert len(pair.snapshot("A").sas) == len(pair.snapshot("B").sas) == 1
    assert pair.up()


def test_our_own_unanswered_attempt_is_given_up_when_the_peers_is_finished():
    pair = facing()
    pair.drop("A main-1", None)
    both_begin(pair)
    (closed,) = pair.found("A", PhaseOneClosed)
    assert (closed.reason, closed.state) == (CloseReason.REKEYED, State.MAIN_WAIT_2)
    assert pair.states("A") == ["ESTABLISHED"]
    assert pair.up()


def test_a_child_that_waited_for_our_own_attempt_goes_with_the_peers():
    pair = facing(b={"children": ()})
    pair.drop("A main-1", None)
    pair.act("A", lambda end: end.initiate("peer", "lan", pair.now))
    pair.act("B", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    assert "A quick-1" in pair.labels()


def test_initial_contact_of_a_crossing_ends_nothing():
    """Both sides say it, since neither knew of the other's attempt."""
    for seed in range(8):
        pair = facing(seed=seed)
        both_begin(pair)
        pair.run(1)
        reasons = {e.reason for s in "AB" for e in pair.found(s, PhaseOneClosed)}
        assert CloseReason.INITIAL_CONTACT not in reasons
        assert pair.up()


def test_a_newer_isakmp_sa_replaces_the_older_on_both_ends():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    assert [sa.replaced for sa in pair.snapshot("A").sas] == [True, False]
    assert [sa.replaced for sa in pair.snapshot("B").sas] == [True, False]
    assert pair.sa("A").rekeying
    pair.run(11)
    assert len(pair.snapshot("A").sas) == len(pair.snapshot("B").sas) == 1
    assert pair.last("A info-delete")
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.PEER_DELETE
    assert pair.up()


def test_a_replaced_isakmp_sa_goes_on_the_other_end_as_well_when_the_delete_is_lost():
    pair = connected()
    pair.drop("A info-delete", None)
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.run(19)
    assert len(pair.snapshot("B").sas) == 2
    pair.run(3)
    assert len(pair.snapshot("B").sas) == 1
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.REKEYED


def test_a_replaced_isakmp_sa_stays_when_its_successor_has_gone():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    newest = pair.sa("A").number
    ledger = pair.ends["A"]._ledger
    doomed = next(sa for sa in ledger.sas if sa.number == newest)
    lifecycle.close_phase1(ledger, doomed, CloseReason.CLEARED, tell=True)
    pair.act("A", lambda end: None)
    pair.run(25)
    for side in "AB":
        assert [sa.replaced for sa in pair.snapshot(side).sas if sa.state == "ESTABLISHED"][
            -1
        ] is False
    assert pair.up()


# quick modes


@given(st.integers(0, 300), st.floats(0.0, 0.04))
@settings(max_examples=60)
def test_two_crossing_quick_modes_settle_on_the_same_pair_without_loss(seed, gap):
    pair = connected(seed=seed, pfs_group=1)
    pair.probing = True
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(gap)
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    assert pair.census()["A quick-1"] == pair.census()["B quick-1"] == 1
    assert pair.up()
    pair.run(40)
    assert pair.up()
    assert len(pair.snapshot("A").children) == len(pair.snapshot("B").children) == 1
    assert pair.lost == []


@pytest.mark.parametrize("lost", [w for w in LOSABLE if "quick" in w])
@pytest.mark.parametrize("seed", range(4))
def test_a_crossing_of_quick_modes_heals_when_one_message_is_lost(lost, seed):
    pair = connected(seed=seed, **HEALING)
    pair.drop(lost)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(90)
    assert pair.up()
    assert len(pair.snapshot("A").children) == len(pair.snapshot("B").children) == 1


def test_our_own_unanswered_quick_mode_is_given_up_when_the_peers_is_finished():
    pair = connected()
    pair.drop("A quick-1", None)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    assert [e.reason for e in pair.found("A", QuickModeClosed)] == [CloseReason.REKEYED]
    assert pair.up()


# ends


@pytest.mark.parametrize("told", [True, False])
def test_the_end_of_an_isakmp_sa_is_told_to_the_peer_or_not(told):
    pair = connected(send_delete=told)
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.settle()
    assert pair.states("A") == []
    assert pair.states("B") == ([] if told else ["ESTABLISHED"])
    assert pair.labels() == (["A info-delete"] if told else [])
    # Without the vendor's wish the pairs of IPsec SAs outlive it.
    assert len(pair.children("A")) == len(pair.children("B")) == 1


def test_the_end_of_an_established_sa_is_a_change_of_state():
    pair = connected()
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    change = pair.found("A", StateChanged)[-1]
    assert (change.old, change.new) == (State.ESTABLISHED, State.CLOSED)
    closed = pair.found("A", PhaseOneClosed)[0]
    assert closed.up_for == pytest.approx(pair.now - 0.3)
    assert closed.reason is CloseReason.CLEARED


def test_a_vendor_that_ends_the_children_with_phase_1_tells_of_them_first():
    pair = connected(a={"phase1_end_deletes_children": True})
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.settle()
    assert [e.protocol_id for e in pair.found("A", DeleteSent)] == [
        Protocol.ESP,
        Protocol.ISAKMP,
    ]
    assert pair.children("A") == pair.children("B") == []
    assert [e.known for e in pair.found("B", DeleteReceived)] == [1, 1]
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.CLEARED
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.CLEARED


def test_the_children_stay_as_long_as_the_peer_has_another_isakmp_sa():
    pair = connected(phase1_end_deletes_children=True)
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.run(25)
    assert len(pair.snapshot("A").sas) == 1
    assert pair.up()


@pytest.mark.parametrize("ends", [True, False])
def test_a_vendor_that_ends_phase_1_with_the_last_child(ends):
    pair = connected(a={"last_child_deletes_phase1": ends})
    pair.act("B", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.PEER_DELETE
    reasons = [e.reason for e in pair.found("A", PhaseOneClosed)]
    assert reasons == ([CloseReason.LAST_CHILD_GONE] if ends else [])
    assert pair.states("B") == ([] if ends else ["ESTABLISHED"])


def test_with_both_habits_every_end_keeps_its_own_reason():
    """What goes for another reason is not put down to the last child's going."""
    habits = {"last_child_deletes_phase1": True, "phase1_end_deletes_children": True}
    pair = connected(**habits)
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.settle()
    assert [e.reason for e in pair.found("A", PhaseOneClosed)] == [CloseReason.CLEARED]
    assert [e.reason for e in pair.found("A", PhaseTwoClosed)] == [CloseReason.CLEARED]


def test_phase_1_does_not_go_with_the_last_child_while_another_is_being_negotiated():
    pair = connected(last_child_deletes_phase1=True)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    spi = pair.children("A")[0].inbound_spi
    pair.act("A", lambda end: end.expire_child(spi, pair.now))
    assert pair.states("A") == ["ESTABLISHED"]
    pair.settle()
    assert pair.up()


def test_the_end_of_a_half_open_phase_1_is_told_to_nobody():
    pair = facing()
    pair.drop("B main-2", None)
    pair.initiate()
    pair.forget()
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.expect()
    assert pair.states("A") == []


def test_unfinished_quick_modes_end_with_their_isakmp_sa():
    pair = connected()
    pair.drop("A quick-3", None)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    larval = pair.planes["B"].receiving()
    pair.act("B", lambda end: end.clear("ike", "", pair.now))
    assert pair.found("B", QuickModeClosed)[0].reason is CloseReason.PHASE1_GONE
    assert pair.found("B", ChildRemoved)[0].inbound_spi in larval


def test_expiry_of_phase_1_ends_it_with_a_word():
    life = (Phase1Transform(7, 2, 2, 128, lifetime_seconds=100),)
    never = Rekey(fraction=None)
    pair = connected(phase1=life, phase1_rekey=never)
    pair.run(101)
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.EXPIRED
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.PEER_DELETE
    assert pair.states("A") == pair.states("B") == []
    assert pair.last("info-delete")
