"""Habits are read off events; a vendor names a source for those that are more than believed."""

from dataclasses import replace

import pytest

from gwsim.ike.events import (
    CloseReason,
    DpdSent,
    GaveUp,
    LifetimeCompared,
    NotifyReceived,
    PhaseOneClosed,
    ProxyIdAccepted,
    QuickModeClosed,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from gwsim.vendors.habits import Habit, shown
from gwsim.vendors.registry import VENDORS
from gwsim.wire.numbers import NotifyType
from tests.vendors.asa.pair import Pair

HEAD = {"at": 1.0, "peer": "203.0.113.1", "connection": "branch", "sa": 1}
GAVE_UP = GaveUp(
    **HEAD,
    phase=1,
    role=Role.INITIATOR,
    state=State.MAIN_WAIT_2,
    attempts=3,
    reason=CloseReason.RETRANSMIT_LIMIT,
)
NOTIFY = NotifyReceived(
    **HEAD,
    notify_type=NotifyType.NO_PROPOSAL_CHOSEN,
    protocol_id=1,
    spi=b"",
    data=b"",
    protected=False,
    message_id=0,
    phase=1,
    acted=False,
)
LIFETIMES = LifetimeCompared(
    **HEAD, phase=1, role=Role.RESPONDER, unit="seconds", ours=28800, theirs=86400, chosen=28800
)
QUICK_FAILED = QuickModeClosed(
    **HEAD,
    role=Role.INITIATOR,
    state=State.QUICK_WAIT_2,
    message_id=7,
    child="net",
    local="10.1.0.0/24",
    remote="10.2.0.0/24",
    reason=CloseReason.PEER_REFUSED,
)
CLOSED = PhaseOneClosed(
    **HEAD,
    role=Role.INITIATOR,
    state=State.ESTABLISHED,
    exchange="main",
    reason=CloseReason.PEER_DELETE,
    up_for=20.0,
    initiator_cookie="",
    responder_cookie="",
    attempts=0,
)

SEEN = [
    (GAVE_UP, Habit.GIVES_UP),
    (replace(GAVE_UP, reason=CloseReason.HALF_OPEN_TIMEOUT), Habit.HALF_OPEN),
    (NOTIFY, Habit.CLEAR_NOTIFY),
    (replace(NOTIFY, protected=True), None),
    (replace(NOTIFY, notify_type=NotifyType.INITIAL_CONTACT), None),
    (LIFETIMES, Habit.LIFETIMES),
    (replace(LIFETIMES, theirs=28800), None),
    (QUICK_FAILED, Habit.PHASE2_FAILED),
    (replace(QUICK_FAILED, reason=CloseReason.PHASE1_GONE), None),
    (CLOSED, Habit.PHASE1_ENDS),
    (replace(CLOSED, up_for=None), None),
    (DpdSent(**HEAD, sequence=1, ack=False), Habit.DEAD_PEER),
    (DpdSent(**HEAD, sequence=1, ack=True), None),
]


@pytest.mark.parametrize(("event", "habit"), SEEN)
def test_an_event_shows_a_habit_or_none(event, habit):
    assert shown([event], Pair().gateways["hq"].config) == ({habit} if habit else set())


def test_a_tunnel_that_comes_up_at_once_shows_no_habit():
    """What an undisturbed handshake says and does is the RFC's, whoever does it."""
    pair = Pair().ping(1.0)
    assert shown(pair.view("hq").events, pair.gateways["hq"].config) == frozenset()


def test_proxy_ids_other_than_those_configured_are_a_habit():
    config = Pair().gateways["hq"].config
    [child] = config.endpoint.connections[0].children
    accepted = ProxyIdAccepted(
        **HEAD, message_id=7, local=str(child.local), remote=str(child.remote), child=child.name
    )
    assert shown([accepted], config) == frozenset()
    narrow = replace(accepted, remote="10.2.0.128/25")
    assert shown([narrow], config) == {Habit.PROXY_SUBSET}


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_every_proven_habit_names_its_source(name):
    """Only what is written on the wire or in a document proves anything."""
    proven = VENDORS[name].proven
    assert proven
    assert all(isinstance(trait, Habit | Flaw) and source for trait, source in proven.items())


def test_what_is_only_general_knowledge_is_not_proven():
    """The vendor sheet's own examples: a time-out, PFS on one end, a subset of proxy IDs."""
    assert Habit.GIVES_UP not in VENDORS["asa"].proven
    assert Flaw.PFS not in VENDORS["asa"].proven
    assert Habit.PROXY_SUBSET not in VENDORS["ios"].proven
    assert Flaw.PFS in VENDORS["ios"].proven
