"""Acquires: by the shortest way there is, or with a reason why there is none."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import AcquireFailed, AcquireQueued, NegotiationStarted
from gwsim.ike.states import Role
from tests.ike.configs import child, connection, endpoint, selector
from tests.ike.pair import Pair, connected, facing


def test_the_first_acquire_begins_phase_1_and_says_what_for():
    pair = facing()
    assert pair.act("A", lambda end: end.initiate("peer", "lan", 0.0, "operator"))
    (begun,) = pair.found("A", NegotiationStarted)
    assert (begun.phase, begun.exchange, begun.role) == (1, "main", Role.INITIATOR)
    assert (begun.child, begun.trigger) == ("lan", "operator")
    assert (begun.local, begun.remote) == ("10.1.0.0/24", "10.2.0.0/24")
    assert pair.snapshot("A").pending == ("lan",)


def test_no_name_means_the_first_child():
    pair = facing()
    assert pair.initiate(child="")
    assert pair.children("A")[0].child == "lan"


def test_further_acquires_wait_for_phase_1_once_each():
    dmz = {
        "A": child("A", name="dmz", local=selector("10.3.0.0/24")),
        "B": child("B", name="dmz", remote=selector("10.3.0.0/24")),
    }
    pair = facing(a={"children": (child("A"), dmz["A"])}, b={"children": (child("B"), dmz["B"])})
    for name in ("lan", "dmz", "dmz", "lan"):
        assert pair.act("A", lambda end, name=name: end.initiate("peer", name, 0.0))
    assert pair.snapshot("A").pending == ("lan", "dmz")
    assert [e.child for e in pair.found("A", AcquireQueued)] == ["dmz", "dmz", "lan"]
    pair.settle()
    assert sorted(c.child for c in pair.children("A")) == ["dmz", "lan"]
    assert pair.snapshot("A").pending == ()
    triggers = [e.trigger for e in pair.found("A", NegotiationStarted)]
    assert triggers == ["traffic"] * 3


def test_with_phase_1_up_an_acquire_is_a_quick_mode():
    pair = connected()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.forget()
    pair.initiate()
    pair.expect("A quick-1", "B quick-2", "A quick-3")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"remote": None}, "the peer has no fixed address"),
        ({"psk": None}, "no pre-shared key for the peer"),
        ({"may_initiate": False}, "this side may only answer"),
    ],
)
@pytest.mark.parametrize("how", ["initiate", "rekey"])
def test_why_there_is_no_way(changes, why, how):
    pair = facing(a=changes)
    if how == "initiate":
        assert not pair.initiate()
    else:
        pair.act("A", lambda end: end.rekey("peer", 1, 0.0))
    (failed,) = pair.found("A", AcquireFailed)
    assert (failed.why, failed.connection) == (why, "peer")
    assert failed.peer == ("" if changes == {"remote": None} else "203.0.113.1")
    assert pair.said == []


def test_an_endpoint_that_is_off_begins_nothing():
    a = replace(endpoint("A"), enabled=False)
    pair = Pair(a, endpoint("B"))
    assert not pair.initiate()
    assert pair.found("A", AcquireFailed)[0].why == "ISAKMP is not enabled"


@pytest.mark.parametrize(("name", "part"), [("nobody", "lan"), ("peer", "nothing")])
def test_what_is_not_configured_cannot_be_acquired(name, part):
    pair = facing()
    assert not pair.act("A", lambda end: end.initiate(name, part, 0.0))
    assert pair.found("A", AcquireFailed)[0].why == "no such connection or child"


def test_an_unknown_connection_cannot_be_renewed():
    pair = facing()
    pair.act("A", lambda end: end.rekey("nobody", 1, 0.0))
    assert pair.found("A", AcquireFailed)[0].why == "no such connection"
    pair.act("A", lambda end: end.rekey("nobody", 2, 0.0))
    assert pair.said == []


def test_phase_1_is_not_begun_twice():
    pair = facing()
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.act("A", lambda end: end.rekey("peer", 1, 0.0))
    pair.expect("A main-1")


def test_who_may_only_answer_may_still_begin_a_quick_mode():
    pair = facing(a={"may_initiate": False})
    pair.initiate("B")
    pair.forget()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    assert pair.initiate()
    assert pair.up()


def test_what_starts_by_itself_starts_with_the_first_timer():
    pair = facing(a={"auto_start": True})
    assert pair.ends["A"].next_timer() == 0.0
    pair.run(1)
    assert pair.up()
    assert pair.found("A", NegotiationStarted)[0].trigger == "auto"


def test_what_starts_by_itself_does_not_give_up():
    pair = facing(a={"auto_start": True}, b={"psk": None})
    pair.run(70)
    begun = [e.at for e in pair.found("A", NegotiationStarted)]
    assert begun == [0.0, 32.0, 64.0]
    healthy = endpoint("B")
    pair.act("B", lambda end: end.reconfigure(healthy, pair.now))
    pair.run(10)
    assert pair.up()


def test_a_peer_that_refuses_at_once_is_asked_again_after_a_while():
    wrong = {"transforms": (Phase2Transform(3, 1),)}
    pair = facing(a={"auto_start": True, "auto_start_retry": 7.0, **wrong})
    pair.run(20)
    assert [e.at for e in pair.found("A", NegotiationStarted) if e.phase == 2][1:] == [7.0, 14.0]


def test_what_was_deleted_starts_by_itself_again_and_what_is_up_leaves_no_timer():
    pair = facing(a={"auto_start": True, "dpd": None})
    pair.run(100)
    assert pair.ends["A"].next_timer() > pair.now + 100
    pair.act("B", lambda end: end.clear("all", "", pair.now))
    pair.run(11)
    assert pair.up()


def test_what_cannot_start_says_so_once():
    pair = facing(a={"auto_start": True, "psk": None})
    pair.run(100)
    assert len(pair.found("A", AcquireFailed)) == 1
    assert pair.ends["A"].next_timer() is None


def test_a_new_configuration_starts_by_itself_what_is_not_up():
    second = connection("A", name="second", remote="192.0.2.9", auto_start=True)
    pair = facing(a={"auto_start": True})
    pair.run(1)
    pair.forget()
    config = pair.ends["A"].config
    grown = replace(config, connections=(*config.connections, second))
    pair.act("A", lambda end: end.reconfigure(grown, pair.now))
    pair.run(1)
    assert [(e.connection, e.phase) for e in pair.found("A", NegotiationStarted)] == [("second", 1)]
