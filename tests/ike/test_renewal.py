"""When SAs are renewed, and which of two stays."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Rekey
from gwsim.ike.renewal import remove_after_grace, renewal_in, settle
from gwsim.ike.states import Role
from gwsim.ike.timers import Timer
from tests.ike.pair import connected


@pytest.mark.parametrize(
    ("rekey", "role", "earliest", "latest"),
    [
        (Rekey(0.9, None, 0.05), Role.INITIATOR, 850, 900),
        (Rekey(0.9, 0.95, 0.0), Role.RESPONDER, 950, 950),
        (Rekey(0.9, 0.95, 0.0), Role.INITIATOR, 900, 900),
        (Rekey(0.05, None, 0.5), Role.INITIATOR, 100, 100),
        (Rekey(jitter=0.0, margin=30.0), Role.INITIATOR, 970, 970),
        (Rekey(jitter=0.1, margin=30.0), Role.INITIATOR, 870, 970),
        (Rekey(jitter=0.0, margin=30.0), Role.RESPONDER, 970, 970),
        (Rekey(jitter=0.0, margin=30.0, responder_margin=20.0), Role.RESPONDER, 980, 980),
        (Rekey(jitter=0.0, margin=2000.0), Role.INITIATOR, 100, 100),
        (Rekey(None, 0.95, 0.0), Role.RESPONDER, 950, 950),
    ],
)
def test_when_to_renew(rekey, role, earliest, latest):
    ledger = connected().ends["A"]._ledger
    for _ in range(20):
        assert earliest <= renewal_in(ledger, rekey, role, 1000) <= latest


def test_an_sa_without_fraction_and_margin_is_never_renewed():
    ledger = connected().ends["A"]._ledger
    assert renewal_in(ledger, Rekey(fraction=None), Role.INITIATOR, 1000) is None


@pytest.mark.parametrize(
    ("role", "begun", "stays"),
    [
        (Role.RESPONDER, 4, "preferred"),
        (Role.RESPONDER, 6, "new"),
        (Role.INITIATOR, 4, "new"),
    ],
    ids=["crossed", "one after the other", "begun at one end"],
)
def test_only_between_two_that_crossed_the_rule_decides(role, begun, stays):
    (pair,) = connected().ends["A"]._ledger.children.values()
    old = replace(pair, role=Role.INITIATOR, begun=1, done=5)
    new = replace(pair, role=role, begun=begun, done=9)
    one, other = settle(new, old, preferred=old)
    assert (one, other) == ((old, new) if stays == "preferred" else (new, old))


@pytest.mark.parametrize(("role", "wait"), [(Role.INITIATOR, 5.0), (Role.RESPONDER, 10.0)])
def test_who_renewed_removes_the_old_one_first(role, wait):
    ledger = connected().ends["A"]._ledger
    (pair,) = ledger.children.values()
    remove_after_grace(ledger, pair, role, 5.0)
    assert pair.timers.at(Timer.REMOVE) == ledger.turn.now + wait
