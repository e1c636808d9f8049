"""The pieces of main and aggressive mode, where each refuses before it changes anything."""

import pytest

from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import LifetimeCompared, MessageSent, NotifyReceived, Rejected
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.phase1 import check_nonce
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import KeyExchange, Nonce, Notification
from tests.ike.forge import edited_clear, sa_of
from tests.ike.pair import connected, facing


@pytest.mark.parametrize("length", [8, 20, 256])
def test_nonces_that_are_long_enough(length):
    check_nonce(bytes(length))


@pytest.mark.parametrize("length", [0, 7, 257])
def test_nonces_that_are_not(length):
    with pytest.raises(Refused) as refused:
        check_nonce(bytes(length))
    assert refused.value.flaw is Flaw.NONCE


def replaced(kind, data):
    """Put other octets into the payload of a class."""
    return lambda message: edited_clear(
        message, lambda ps: [kind(data) if isinstance(p, kind) else p for p in ps]
    )


@pytest.mark.parametrize("value", [bytes(128), b"\0" * 127 + b"\1", b"\xff" * 128, b"", bytes(129)])
@pytest.mark.parametrize("label", ["A main-3", "B main-4", "A aggr-1", "B aggr-2"])
def test_a_public_value_outside_the_group_is_refused_wherever_it_comes(label, value):
    pair = facing(aggressive="aggr" in label)
    pair.alter(label, replaced(KeyExchange, value))
    pair.initiate()
    side = "A" if label.startswith("B") else "B"
    rejected = pair.found(side, Rejected)[0]
    assert rejected.flaw is Flaw.KEY_INFORMATION
    assert pair.states(side) == []


@pytest.mark.parametrize("label", ["A main-3", "B main-4", "A aggr-1", "B aggr-2"])
def test_a_nonce_of_forbidden_length_is_refused_wherever_it_comes(label):
    pair = facing(aggressive="aggr" in label)
    pair.alter(label, replaced(Nonce, b"short"))
    pair.initiate()
    side = "A" if label.startswith("B") else "B"
    assert pair.found(side, Rejected)[0].flaw is Flaw.NONCE


def test_a_refused_public_value_leaves_no_private_value_behind():
    pair = facing()
    pair.alter("A main-3", replaced(KeyExchange, bytes(128)))
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    for _ in range(2):
        pair._deliver_next()
    sa = sa_of(pair, "B")
    pair._deliver_next()
    assert pair.found("B", Rejected)
    assert sa.pair is None
    assert sa.keys is None


@pytest.mark.parametrize(("theirs", "ours", "told"), [(86400, 3600, True), (3600, 86400, False)])
def test_a_responder_tells_of_its_lower_lifetime_in_main_6(theirs, ours, told):
    def life(seconds):
        return (Phase1Transform(7, 2, 2, 128, lifetime_seconds=seconds),)

    pair = facing(
        a={"phase1": life(theirs)}, b={"phase1": life(ours), "responder_lifetime_notify": True}
    )
    pair.initiate()
    heard = [e for e in pair.found("A", NotifyReceived) if e.protocol_id == Protocol.ISAKMP]
    assert bool(heard) is told
    assert pair.sa("A").lifetime_seconds == pair.sa("B").lifetime_seconds == 3600
    if told:
        assert heard[0].notify_type == NotifyType.RESPONDER_LIFETIME
        compared = [e for e in pair.found("A", LifetimeCompared) if e.phase == 1][-1]
        assert (compared.ours, compared.theirs, compared.chosen) == (86400, 3600, 3600)


def test_a_lifetime_of_phase_1_is_not_told_in_a_quick_mode_that_the_responder_begins():
    pair = connected(
        b={
            "phase1": (Phase1Transform(7, 2, 2, 128, lifetime_seconds=3600),),
            "responder_lifetime_notify": True,
        },
    )
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    sent = next(e for e in pair.found("B", MessageSent) if e.label == "quick-1")
    assert not [p for p in sent.payloads if isinstance(p, Notification)]
