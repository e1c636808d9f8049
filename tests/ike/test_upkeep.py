"""Timers: renewals from either end without a lost packet, expiry, keepalives, give-ups."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.ike.config import Phase1Transform, ProxyPolicy, Rekey, Schedule
from gwsim.ike.events import (
    CloseReason,
    GaveUp,
    NegotiationStarted,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    QuickModeClosed,
)
from gwsim.ike.states import Role
from tests.ike.configs import child, selector
from tests.ike.pair import Pair, connected, facing

RESENDING = Schedule((8.0, 16.0, 24.0), 32.0)


def living_for(seconds: int | None) -> tuple[Phase1Transform, ...]:
    """A phase 1 of this lifetime."""
    return (Phase1Transform(7, 2, 2, 128, lifetime_seconds=seconds),)


def probed(**changes) -> Pair:
    """A healthy pair with packets on every SA whenever something happens."""
    pair = facing(**changes)
    pair.probing = True
    pair.initiate()
    assert pair.up()
    return pair


# renewals


def test_phase_2_is_renewed_again_and_again_without_a_lost_packet():
    pair = probed(lifetime_seconds=300)
    pair.run(3600)
    assert len(pair.found("A", PhaseTwoCompleted)) >= 12
    assert pair.lost == []
    assert pair.up()


def test_phase_1_is_renewed_while_there_are_children():
    pair = probed(phase1=living_for(300))
    pair.run(3600)
    assert len(pair.found("A", PhaseOneCompleted)) >= 12
    renewals = pair.found("A", PhaseOneCompleted)[1:]
    assert all(e.rekey == (e.role is Role.INITIATOR) for e in renewals)
    assert pair.lost == []
    assert pair.up()


@given(
    seed=st.integers(0, 1000),
    p1=st.integers(60, 400),
    p2=st.integers(60, 400),
    fractions=st.tuples(st.floats(0.5, 0.9), st.floats(0.5, 0.9)),
    begins=st.sampled_from("AB"),
)
@settings(max_examples=15)
def test_any_lifetimes_on_both_ends_never_lose_a_packet(seed, p1, p2, fractions, begins):
    """Both ends renew both phases, at fractions of their own, crossing or not."""
    ends = [
        {"phase1_rekey": Rekey(f, None, 0.1), "phase2_rekey": Rekey(f, None, 0.1)}
        for f in fractions
    ]
    pair = facing(a=ends[0], b=ends[1], seed=seed, phase1=living_for(p1), lifetime_seconds=p2)
    pair.probing = True
    pair.initiate(begins)
    pair.run(1500)
    assert pair.lost == []
    assert pair.up()
    assert len(pair.snapshot("A").children) <= 3
    assert len(pair.snapshot("A").sas) <= 3


@pytest.mark.parametrize("phase", [1, 2])
@pytest.mark.parametrize("side", "AB")
def test_either_end_can_renew(phase, side):
    pair = connected()
    pair.act(side, lambda end: end.rekey("peer", phase, pair.now))
    pair.run(30)
    assert pair.up()
    done = pair.found(side, PhaseOneCompleted if phase == 1 else PhaseTwoCompleted)
    assert [e.role for e in done] == [Role.INITIATOR]
    assert len(pair.snapshot("A").sas) == len(pair.snapshot("B").sas) == 1
    assert len(pair.snapshot("A").children) == len(pair.snapshot("B").children) == 1


def test_an_idle_phase_1_is_left_to_expire():
    pair = connected(phase1=living_for(300))
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.run(301)
    assert pair.states("A") == pair.states("B") == []
    assert "main-1" not in {s.label for s in pair.said}


def test_with_different_lifetimes_the_lower_one_counts_on_both_ends_if_it_is_told():
    pair = facing(
        a={"phase1": living_for(86400)},
        b={"phase1": living_for(300), "responder_lifetime_notify": True},
    )
    pair.initiate()
    assert pair.sa("A").lifetime_seconds == pair.sa("B").lifetime_seconds == 300
    assert pair.sa("A").expires == pytest.approx(300, abs=1)


def test_a_renewal_that_nobody_answers_is_tried_again_until_the_end_and_harms_nothing():
    pair = connected(lifetime_seconds=600, phase2_rekey=Rekey(0.5, 2.0, 0.0))
    pair.drop("A quick-1", None)
    pair.run(500)
    begun = [e for e in pair.found("A", NegotiationStarted) if e.rekey]
    assert [round(e.at) for e in begun][:3] == [300, 360, 420]
    assert {e.reason for e in pair.found("A", QuickModeClosed)} == {CloseReason.RETRANSMIT_LIMIT}
    assert pair.up()
    pair.rules.clear()
    pair.run(60)
    assert pair.up()
    assert pair.found("A", PhaseTwoCompleted)


def test_a_renewal_of_phase_1_that_nobody_answers_does_not_kill_the_old_one():
    pair = connected(
        phase1=living_for(600),
        phase1_rekey=Rekey(0.5, 2.0, 0.0),
        phase1_end_deletes_children=True,
        last_child_deletes_phase1=True,
    )
    pair.drop("A main-1", None)
    pair.run(340)
    given_up = pair.found("A", GaveUp)
    assert given_up
    assert given_up[0].reason is CloseReason.RETRANSMIT_LIMIT
    assert pair.up()
    assert "ESTABLISHED" in pair.states("A")


def test_a_pair_that_could_not_be_renewed_expires_with_a_word():
    pair = connected(lifetime_seconds=600)
    pair.drop("quick-1", None)
    pair.run(700)
    closed = {s: [e.reason for e in pair.found(s, PhaseTwoClosed)] for s in "AB"}
    assert CloseReason.EXPIRED in closed["A"] + closed["B"]
    assert pair.children("A") == pair.children("B") == []


def test_a_renewal_without_phase_1_begins_with_phase_1():
    pair = connected(lifetime_seconds=600)
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.settle()
    pair.forget()
    pair.run(600)
    assert "A main-1" in pair.labels() or "B main-1" in pair.labels()
    assert pair.up()
    assert len(pair.snapshot("A").children) == 1


def test_who_may_only_answer_renews_nothing():
    pair = connected(b={"may_initiate": False}, lifetime_seconds=300, phase1=living_for(300))
    pair.run(2000)
    assert {s.side for s in pair.said if s.label in ("main-1", "quick-1")} == {"A"}
    assert pair.up()


def test_a_renewal_keeps_the_selectors_of_the_pair_that_it_renews():
    """The responder accepted a subset of what it has; it asks for the same when it renews."""
    pair = facing(a={"child_local": selector("10.1.0.0/25")}, b={"proxy": ProxyPolicy.SUBSET})
    pair.initiate()
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    assert pair.up()
    assert pair.children("B")[0].remote == "10.1.0.0/25"
    assert len(pair.children("B")) == 1


def test_volume_renews_a_pair_and_ends_one_that_is_used_up():
    pair = connected()
    spi = pair.children("A")[0].inbound_spi
    pair.act("A", lambda end: end.rekey_child(spi, pair.now))
    pair.settle()
    assert pair.up()
    assert len(pair.found("A", PhaseTwoCompleted)) == 1
    pair.act("A", lambda end: end.rekey_child(spi, pair.now))
    pair.settle()
    assert len(pair.found("A", PhaseTwoCompleted)) == 1, "a retired pair is not renewed"
    pair.act("A", lambda end: end.expire_child(spi, pair.now))
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.EXPIRED


def test_volume_reports_about_pairs_that_are_gone_are_ignored():
    pair = connected()
    pair.act("A", lambda end: end.rekey_child(1, pair.now))
    pair.act("A", lambda end: end.expire_child(1, pair.now))
    pair.expect()


def test_several_children_are_renewed_each_for_itself():
    web = {"A": ("10.1.0.9", "10.2.0.9"), "B": ("10.2.0.9", "10.1.0.9")}
    children = {
        s: (
            child(s, name="web", local=selector(web[s][0]), remote=selector(web[s][1])),
            child(s, lifetime_seconds=500),
        )
        for s in "AB"
    }
    pair = facing(a={"children": children["A"]}, b={"children": children["B"]})
    pair.probing = True
    pair.initiate(child="web")
    pair.initiate(child="lan")
    pair.run(1000)
    renewed = {e.child for e in pair.found("A", PhaseTwoCompleted) if e.rekey}
    assert renewed == {"lan"}
    assert pair.lost == []
    assert pair.up()


# many years


def test_memory_stays_bounded_over_months_of_renewals():
    pair = connected(
        phase1=living_for(86400), lifetime_seconds=28800, dpd=None, phase1_rekey=Rekey(0.9)
    )
    for _ in range(100):
        pair.run(86400)
        pair.said.clear()
        for events in pair.events.values():
            events.clear()
    for side in "AB":
        ledger = pair.ends[side]._ledger
        assert len(ledger.sas) <= 2
        assert len(ledger.children) <= 2
        assert len(ledger._reserved) == 0
        assert sum(len(sa.used_ids) + len(sa.quick_modes) for sa in ledger.sas) < 60
        assert len(ledger.last_error_notify) <= 1
    assert pair.up()


# keepalives


@pytest.mark.parametrize(("interval", "count"), [(20.0, 6), (5.0, 24), (0.0, 0)])
def test_keepalives_go_from_behind_the_nat_at_the_vendors_interval(interval, count):
    pair = facing(
        b={"remote": "192.0.2.7", "remote_id": None, "check_peer_id": False}, keepalive=interval
    )
    pair.nat("A", "192.0.2.7", {500: 40500, 4500: 44500})
    pair.initiate()
    assert pair.up()
    pair.run(120.5)
    assert pair.census()["A keepalive"] == count
    assert pair.census()["B keepalive"] == 0
    if count:
        assert pair.last("keepalive").data == b"\xff"
        assert pair.last("keepalive").source[1] == 4500


def test_without_nat_nothing_is_kept_alive():
    pair = connected()
    pair.run(120)
    assert pair.labels() == []


# order


def test_timers_that_are_late_are_all_run_and_end_what_is_over():
    pair = facing()
    pair.drop("A main-1", None)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.now = 1000.0
    pair.act("A", lambda end: end.handle_timer(pair.now))
    assert pair.states("A") == []
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.RETRANSMIT_LIMIT


@pytest.mark.parametrize("lost", ["A main-3", "A quick-3"])
def test_when_several_clocks_have_run_out_an_owner_ends_once(lost):
    pair = facing(phase1_responder=RESENDING, quick_responder=RESENDING)
    pair.drop(lost, None)
    pair.initiate()
    pair.now += 1000.0
    pair.act("B", lambda end: end.handle_timer(pair.now))
    assert len(pair.found("B", GaveUp)) == 1
    assert pair.planes["B"].receiving() == set()


def test_a_pair_that_expires_and_was_to_be_removed_ends_once():
    pair = connected(lifetime_seconds=100, phase2_rekey=Rekey(0.95, None, 0.0, 5.0))
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    pair.now += 1000.0
    pair.act("A", lambda end: end.handle_timer(pair.now))
    assert len(pair.found("A", PhaseTwoClosed)) == 2


def test_a_retired_pair_goes_without_a_word_when_its_successor_is_gone():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    spi = pair.children("A")[0].inbound_spi
    pair.act("A", lambda end: end.expire_child(spi, pair.now))
    pair.settle()
    pair.forget()
    pair.run(30)
    assert pair.snapshot("A").children == ()
    assert "A info-delete" not in pair.labels()


def test_a_timer_whose_owner_went_with_another_is_not_run():
    """A quick mode's end tears phase 1 down, with the other quick modes whose time is up too."""
    web = {"A": ("10.1.0.9", "10.2.0.9"), "B": ("10.2.0.9", "10.1.0.9")}
    children = tuple(
        replace(child("A"), name=name, local=selector(web["A"][0])) for name in ("x", "y")
    )
    pair = facing(a={"children": children, "phase2_failure_deletes_phase1": True})
    pair.drop("A quick-1", None)
    pair.act("A", lambda end: end.initiate("peer", "x", 0.0))
    pair.act("A", lambda end: end.initiate("peer", "y", 0.0))
    pair.settle()
    pair.run(40)
    assert pair.states("A") == []
    assert len(pair.found("A", QuickModeClosed)) == 2
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.PHASE2_FAILED


def test_the_next_timer_is_none_when_there_is_nothing_to_wait_for():
    assert facing().next_timer() is None


def test_an_hour_of_resending_into_the_void_is_quick_and_orderly():
    pair = facing()
    pair.drop("", None)
    for _ in range(100):
        pair.initiate()
        pair.run(36)
    assert len(pair.found("A", GaveUp)) == 100
    assert pair.census()["A main-1"] == 400
