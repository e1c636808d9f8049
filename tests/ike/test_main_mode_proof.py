"""The end of main mode: keys that differ, identities, and the hashes that prove them."""

from gwsim.ike.config import Identity
from gwsim.ike.events import (
    CloseReason,
    PeerIdentified,
    PhaseOneClosed,
    Rejected,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Hash
from tests.ike.forge import rewrite
from tests.ike.pair import facing

MAIN = ("A main-1", "B main-2", "A main-3", "B main-4", "A main-5", "B main-6")


def test_a_wrong_key_is_noticed_by_the_responder_who_cannot_read_main_5():
    pair = facing(a={"psk": b"another"})
    pair.initiate()
    pair.expect(*MAIN[:5])
    assert pair.states("A") == ["MAIN_WAIT_6"]
    assert pair.states("B") == ["MAIN_WAIT_5"]
    assert pair.found("B", Rejected)[0].flaw is Flaw.UNDECRYPTABLE


def test_a_wrong_key_ends_by_the_clocks_of_both_ends_and_by_nothing_else():
    pair = facing(a={"psk": b"another"})
    pair.initiate()
    pair.run_until(29.9)
    assert pair.times("A main-5") == [0.2, 8.2, 16.2, 24.2]
    assert (pair.states("A"), pair.states("B")) == (["MAIN_WAIT_6"], ["MAIN_WAIT_5"])
    pair.run(10)
    assert (pair.states("A"), pair.states("B")) == ([], [])
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.RETRANSMIT_LIMIT
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.HALF_OPEN_TIMEOUT


def test_main_5_is_undecryptable_whatever_the_wrong_key_makes_of_it():
    for number in range(40):
        pair = facing(a={"psk": b"wrong %d" % number}, seed=number)
        pair.initiate()
        assert {e.flaw for e in pair.found("B", Rejected)} == {Flaw.UNDECRYPTABLE}
        assert pair.states("B") == ["MAIN_WAIT_5"]


def test_identities_may_be_names_when_the_address_tells_the_key():
    a, b = Identity(IdType.FQDN, "a.example"), Identity(IdType.USER_FQDN, "ops@b.example")
    pair = facing(
        a={"local_id": a, "remote_id": b},
        b={"local_id": b, "remote_id": a},
    )
    pair.initiate()
    assert pair.up()
    assert (pair.sa("A").peer_id, pair.sa("B").peer_id) == ("ops@b.example", "a.example")


def test_an_initiator_that_calls_itself_otherwise_is_refused_under_protection():
    """The notify travels on from the IV of main-5, so that the initiator can read it."""
    pair = facing(a={"local_id": Identity(IdType.FQDN, "stranger")})
    pair.initiate()
    pair.expect(*MAIN[:5], "B info-notify")
    judged = pair.found("B", PeerIdentified)[0]
    assert (judged.text, judged.expected, judged.accepted) == (
        "stranger",
        "198.51.100.1",
        False,
    )
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.REFUSED
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.PEER_REFUSED


def test_a_responder_that_calls_itself_otherwise_is_refused_by_the_initiator():
    pair = facing(b={"local_id": Identity(IdType.FQDN, "stranger")})
    pair.initiate()
    pair.expect(*MAIN, "A info-notify")
    assert pair.states("A") == []
    assert pair.found("A", Rejected)[0].flaw is Flaw.PEER_ID
    # The responder was up by then; an error does not end an established SA.
    assert pair.states("B") == ["ESTABLISHED"]


def test_an_end_that_does_not_check_identities_takes_any():
    pair = facing(a={"local_id": Identity(IdType.KEY_ID, "whoever")}, b={"check_peer_id": False})
    pair.initiate()
    assert pair.up()
    assert pair.sa("B").peer_id == "whoever"


def wrong_hash(payloads):
    return [Hash(bytes(20)) if isinstance(p, Hash) else p for p in payloads]


def test_a_wrong_hash_is_refused_even_under_the_right_key():
    pair = facing()
    rewrite(pair, "A main-5", wrong_hash, rehash=False)
    pair.initiate()
    assert pair.found("B", Rejected)[0].flaw is Flaw.HASH_PHASE1
    assert pair.states("B") == []


def test_a_refused_proof_leaves_no_trace_of_the_identity():
    pair = facing(b={"reactions": {Flaw.HASH_PHASE1: Answer.SILENCE}})
    rewrite(pair, "B main-6", wrong_hash, rehash=False)
    pair.initiate()
    assert pair.found("A", Rejected)[0].flaw is Flaw.HASH_PHASE1
    assert pair.states("A") == []
