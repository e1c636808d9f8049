"""Pairs of IPsec SAs: put into use, replaced, removed."""

import pytest

from gwsim.ike.config import Rekey
from gwsim.ike.events import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
    CloseReason,
    DeleteReceived,
    PhaseTwoClosed,
    PhaseTwoCompleted,
)
from gwsim.ike.states import Role
from gwsim.wire.numbers import Protocol
from gwsim.wire.payloads import Delete
from tests.ike.configs import child, selector
from tests.ike.forge import Forger
from tests.ike.pair import connected, facing

INSTRUCTIONS = (ChildKeys, ChildActivated, ChildRetired, ChildRemoved)


def instructions(pair, side):
    """What the data plane of an end was told, in order."""
    return [type(e) for e in pair.events[side] if isinstance(e, INSTRUCTIONS)]


def test_the_initiator_gets_both_at_once_and_the_responder_in_two_steps():
    pair = facing()
    pair.initiate()
    assert instructions(pair, "A") == [ChildKeys]
    assert instructions(pair, "B") == [ChildKeys, ChildActivated]


def test_what_is_said_of_a_new_pair():
    pair = facing(lifetime_seconds=1000, pfs_group=2)
    pair.initiate()
    (done,) = pair.found("A", PhaseTwoCompleted)
    assert (done.child, done.local, done.remote) == ("lan", "10.1.0.0/24", "10.2.0.0/24")
    assert (done.role, done.pfs_group, done.rekey) == (Role.INITIATOR, 2, False)
    assert 850 <= (done.rekey_in or 0) <= 900
    shown = pair.children("A")[0]
    assert shown.expires == done.at + 1000
    assert shown.rekey_at == done.at + (done.rekey_in or 0)


def test_a_renewed_pair_retires_and_goes_after_the_grace_of_the_one_who_renewed():
    pair = connected()
    old = {s: pair.children(s)[0] for s in "AB"}
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(1)
    for side in "AB":
        assert pair.found(side, PhaseTwoCompleted)[0].rekey
        assert pair.found(side, ChildRetired)[0].inbound_spi == old[side].inbound_spi
        assert [c.retired for c in pair.snapshot(side).children] == [True, False]
    assert pair.found("A", ChildKeys)[0].replaces == old["A"].inbound_spi
    pair.run(8.5)
    assert len(pair.snapshot("A").children) == 2
    pair.run(1)
    assert len(pair.snapshot("A").children) == len(pair.snapshot("B").children) == 1
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.REKEYED
    assert pair.found("B", PhaseTwoClosed)[0].reason is CloseReason.PEER_DELETE


def test_who_renewed_sends_on_the_old_pair_until_the_peer_has_had_time_for_quick_3():
    pair = connected()
    old = {s: pair.children(s)[0] for s in "AB"}
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    new = {s: pair.children(s)[0] for s in "AB"}
    assert pair.planes["A"].sending() == [old["A"].outbound_spi]
    assert pair.planes["B"].sending() == [new["B"].outbound_spi]
    assert {new["A"].inbound_spi, old["A"].inbound_spi} == pair.planes["A"].receiving()
    pair.run(0.6)
    assert pair.planes["A"].sending() == [new["A"].outbound_spi]
    assert pair.found("A", ChildRetired)[0].inbound_spi == old["A"].inbound_spi


def test_a_renewed_pair_takes_over_at_once_when_the_old_one_goes():
    pair = connected()
    old = pair.children("A")[0]
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    pair.act("A", lambda end: end.expire_child(old.inbound_spi, pair.now))
    assert pair.planes["A"].sending() == [pair.children("A")[-1].outbound_spi]
    pair.run(1)
    assert len(pair.planes["A"].sending()) == 1


@pytest.mark.parametrize("gone", ["lan", "web"])
def test_a_renewed_pair_does_not_take_over_because_one_of_another_child_goes(gone):
    children = {
        side: (child(side), child(side, name="web", local=selector(own), remote=selector(other)))
        for side, own, other in (("A", "10.1.0.9", "10.8.0.9"), ("B", "10.8.0.9", "10.1.0.9"))
    }
    pair = facing(a={"children": children["A"]}, b={"children": children["B"]})
    pair.initiate(child="web")
    pair.initiate(child="lan")
    web, lan = pair.children("A")
    pair.act("A", lambda end: end.rekey_child(lan.inbound_spi, pair.now))
    pair.settle()
    new = pair.children("A")[-1]
    over, left = {"web": (web, [lan]), "lan": (lan, [web, new])}[gone]
    pair.act("A", lambda end: end.expire_child(over.inbound_spi, pair.now))
    assert set(pair.planes["A"].sending()) == {one.outbound_spi for one in left}


def test_a_pair_renewed_twice_in_a_row_leaves_one_that_sends():
    pair = connected()
    for _ in range(2):
        pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
        pair.settle()
        assert len(pair.planes["A"].sending()) == 1
    pair.run(0.6)
    assert pair.planes["A"].sending() == [pair.children("A")[-1].outbound_spi]


def test_the_other_end_removes_a_retired_pair_by_itself_when_the_delete_is_lost():
    pair = connected()
    pair.drop("A info-delete", None)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(19)
    assert len(pair.snapshot("B").children) == 2
    pair.run(2)
    assert len(pair.snapshot("B").children) == 1
    assert pair.found("B", PhaseTwoClosed)[0].reason is CloseReason.REKEYED


def test_an_sa_without_fraction_and_margin_is_never_renewed():
    never = Rekey(fraction=None)
    pair = connected(phase1_rekey=never, phase2_rekey=never, lifetime_seconds=60)
    assert pair.sa("A").rekey_at is None
    assert pair.children("A")[0].rekey_at is None
    pair.run(61)
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.EXPIRED
    assert pair.labels() == ["A info-delete"]


def test_a_delete_that_names_a_pair_twice_removes_it_once():
    pair = connected()
    spi = pair.children("A")[0].inbound_spi.to_bytes(4, "big")
    pair.hand("B", Forger(pair, "A").info(Delete(Protocol.ESP, (spi, spi))))
    assert pair.children("B") == []
    assert [e.known for e in pair.found("B", DeleteReceived)] == [1]
    assert len(pair.found("B", ChildRemoved)) == 1


def test_without_phase_1_pairs_end_without_a_word():
    pair = connected()
    pair.act("A", lambda end: end.clear("ike", "", pair.now))
    pair.settle()
    pair.forget()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.expect()
    assert pair.children("A") == []


def test_how_long_a_pair_was_up():
    pair = connected()
    pair.run(100)
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    (closed,) = pair.found("A", PhaseTwoClosed)
    assert closed.up_for == pytest.approx(100, abs=0.2)
