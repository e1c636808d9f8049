"""The operator: clear, renew, shut down, reconfigure; also in the middle of a negotiation."""

from dataclasses import replace

import pytest

from gwsim.ike.events import (
    ChildRemoved,
    CloseReason,
    DeleteReceived,
    DeleteSent,
    PhaseOneClosed,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    QuickModeClosed,
)
from gwsim.wire.numbers import Protocol
from tests.ike.configs import ADDRESS, child, connection, endpoint, selector
from tests.ike.pair import Pair, connected, facing

OTHER = "192.0.2.9"


@pytest.mark.parametrize(
    ("what", "sas", "children"), [("ike", 0, 1), ("ipsec", 1, 0), ("all", 0, 0)]
)
@pytest.mark.parametrize("peer", ["", ADDRESS["B"]])
def test_clearing(what, sas, children, peer):
    pair = connected()
    pair.act("A", lambda end: end.clear(what, peer, pair.now))
    pair.settle()
    for side in "AB":
        assert (len(pair.snapshot(side).sas), len(pair.children(side))) == (sas, children)
    reasons = {e.reason for e in pair.events["A"] if isinstance(e, PhaseOneClosed | PhaseTwoClosed)}
    assert reasons == {CloseReason.CLEARED}
    reasons = {e.reason for e in pair.events["B"] if isinstance(e, PhaseOneClosed | PhaseTwoClosed)}
    assert reasons == {CloseReason.PEER_DELETE}


@pytest.mark.parametrize("what", ["ike", "ipsec", "all"])
def test_clearing_another_peer_clears_nothing(what):
    pair = connected()
    pair.act("A", lambda end: end.clear(what, OTHER, pair.now))
    pair.expect()
    assert pair.up()


def test_clearing_all_gives_the_operators_reason_whatever_the_vendors_habits():
    pair = connected(last_child_deletes_phase1=True, phase1_end_deletes_children=True)
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    assert [e.reason for e in pair.found("A", PhaseOneClosed)] == [CloseReason.CLEARED]
    assert [e.protocol_id for e in pair.found("A", DeleteSent)] == [
        Protocol.ESP,
        Protocol.ISAKMP,
    ]


def test_several_pairs_of_a_peer_go_with_one_delete():
    children = {
        s: (child(s), child(s, name="web", local=selector(ours), remote=selector(theirs)))
        for s, ours, theirs in (("A", "10.1.0.9", "10.2.0.9"), ("B", "10.2.0.9", "10.1.0.9"))
    }
    pair = facing(a={"children": children["A"]}, b={"children": children["B"]})
    pair.initiate(child="lan")
    pair.initiate(child="web")
    pair.forget()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.expect("A info-delete")
    assert pair.found("B", DeleteReceived)[0].known == 2


def test_shutting_down_says_good_bye():
    pair = connected()
    pair.act("A", lambda end: end.shutdown(pair.now))
    pair.settle()
    assert pair.states("A") == pair.states("B") == []
    assert pair.children("B") == []
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.SHUTDOWN


def test_after_clearing_traffic_brings_everything_back():
    pair = connected()
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    pair.initiate()
    assert pair.up()


# reconfiguration


def changed(pair, side, name="peer", **changes):
    """Reconfigure an end: this connection of it gets other fields."""
    config = pair.ends[side].config
    all_ = tuple(replace(c, **changes) if c.name == name else c for c in config.connections)
    pair.act(side, lambda end: end.reconfigure(replace(config, connections=all_), pair.now))
    pair.settle()


def test_a_connection_that_did_not_change_keeps_running():
    pair = connected()
    config = pair.ends["A"].config
    behaviour = replace(config.behaviour, keepalive=7.0)
    pair.act("A", lambda end: end.reconfigure(replace(config, behaviour=behaviour), pair.now))
    assert pair.ends["A"].config.behaviour.keepalive == 7.0
    assert pair.up()
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(30)
    assert pair.up()


def test_another_temperament_shows_at_once():
    pair = connected()
    config = pair.ends["A"].config
    silent = replace(config.behaviour, send_delete=False)
    pair.act("A", lambda end: end.reconfigure(replace(config, behaviour=silent), pair.now))
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    assert pair.states("A") == []
    assert pair.states("B") == ["ESTABLISHED"]


def test_a_connection_that_changed_is_deleted_with_everything():
    pair = connected(last_child_deletes_phase1=True)
    changed(pair, "A", psk=b"new")
    for side in "AB":
        assert pair.states(side) == []
        assert pair.children(side) == []
    assert {e.reason for e in pair.found("A", PhaseOneClosed)} == {CloseReason.RECONFIGURED}
    assert pair.initiate()
    assert not pair.up()


def test_where_changes_spare_what_is_up_the_new_terms_hold_from_the_next_negotiation_on():
    pair = connected(changes_spare_sas=True)
    changed(pair, "A", psk=b"new", dpd=None)
    assert pair.up()
    [old] = pair.children("A")
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    [new] = pair.children("A")
    assert new.inbound_spi != old.inbound_spi
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    pair.initiate()
    assert not pair.up()


def test_what_the_proxy_ids_no_longer_know_goes_even_so():
    pair = connected(changes_spare_sas=True)
    [only] = pair.ends["A"].config.connections[0].children
    changed(pair, "A", children=(replace(only, remote=selector("10.9.0.0/24")),))
    assert pair.children("A") == pair.children("B") == []
    assert pair.states("A") == ["ESTABLISHED"]


def test_a_negotiation_under_way_is_ended_by_a_change_even_so():
    pair = facing(changes_spare_sas=True)
    pair.drop("B main-4", None)
    pair.initiate()
    changed(pair, "A", psk=b"new")
    assert pair.states("A") == []


def test_another_peer_is_another_connection_even_so():
    pair = connected(changes_spare_sas=True)
    changed(pair, "A", remote="203.0.113.99")
    assert pair.states("A") == pair.children("A") == []


@pytest.mark.parametrize("changes_spare_sas", [False, True])
def test_a_connection_that_went_is_deleted(changes_spare_sas):
    pair = connected(changes_spare_sas=changes_spare_sas)
    config = pair.ends["A"].config
    pair.act("A", lambda end: end.reconfigure(replace(config, connections=()), pair.now))
    pair.settle()
    assert pair.states("A") == pair.states("B") == []


def test_switching_isakmp_off_deletes_all_and_deafens():
    pair = connected()
    config = pair.ends["A"].config
    pair.act("A", lambda end: end.reconfigure(replace(config, enabled=False), pair.now))
    pair.settle()
    assert pair.states("A") == pair.states("B") == []
    pair.initiate("B")
    assert pair.states("B") == ["MAIN_WAIT_2"]
    assert pair.found("A", PhaseOneClosed)[-1].reason is CloseReason.RECONFIGURED


@pytest.mark.parametrize("delivered", range(9))
@pytest.mark.parametrize("side", "AB")
def test_a_change_in_mid_negotiation_ends_it_and_a_repair_brings_it_up(delivered, side):
    pair = facing(pfs_group=2)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    for _ in range(delivered):
        pair._deliver_next()
    good = pair.ends[side].config.connections[0]
    changed(pair, side, psk=b"other")
    assert not pair.up()
    pair.run(60)
    config = pair.ends[side].config
    repaired = replace(config, connections=(good,))
    pair.act(side, lambda end: end.reconfigure(repaired, pair.now))
    pair.settle()
    pair.run(60)
    pair.initiate()
    pair.run(40)
    assert pair.up()


def test_a_new_connection_can_be_used_at_once():
    pair = Pair(replace(endpoint("A"), connections=()), endpoint("B"))
    assert not pair.initiate()
    pair.act("A", lambda end: end.reconfigure(endpoint("A"), 0.0))
    assert pair.initiate()
    assert pair.up()


def test_a_larval_pair_goes_with_its_connection():
    pair = facing()
    pair.drop("A quick-3", None)
    pair.initiate()
    changed(pair, "B", psk=b"other")
    assert pair.found("B", QuickModeClosed)[0].reason is CloseReason.PHASE1_GONE
    assert pair.found("B", ChildRemoved)
    assert pair.planes["B"].receiving() == set()


@pytest.mark.parametrize("changes_spare_sas", [False, True])
def test_other_connections_do_not_suffer(changes_spare_sas):
    """Neither what is up nor what is half done, and both keep their own terms."""
    second = connection("A", name="second", remote=OTHER, psk=b"s")
    config = endpoint("A", changes_spare_sas=changes_spare_sas)
    pair = Pair(replace(config, connections=(*config.connections, second)), endpoint("B"))
    pair.initiate()
    pair.act("A", lambda end: end.initiate("second", "lan", pair.now))
    assert pair.states("A") == ["ESTABLISHED", "MAIN_WAIT_2"]
    changed(pair, "A", name="second", psk=b"new")
    assert pair.states("A") == ["ESTABLISHED"]
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(10)
    assert len(pair.found("A", PhaseTwoCompleted)) == 2
    pair.act("A", lambda end: end.initiate("second", "lan", pair.now))
    changed(pair, "A", psk=b"new")
    assert "MAIN_WAIT_2" in pair.states("A")
    gone = replace(pair.ends["A"].config, connections=config.connections)
    pair.act("A", lambda end: end.reconfigure(gone, pair.now))
    assert "MAIN_WAIT_2" not in pair.states("A")
