"""Aggressive mode: three messages, identities in the clear, keys by identity."""

from dataclasses import replace

import pytest

from gwsim.crypto import skeyid
from gwsim.ike.config import Identity, Phase1Transform
from gwsim.ike.events import CloseReason, PhaseOneClosed, Rejected, StateChanged
from gwsim.ike.flaws import Answer, Flaw
from gwsim.wire.codec import build_message, parse_header
from gwsim.wire.numbers import ExchangeType, Flag, IdType, NotifyType
from gwsim.wire.payloads import Hash, Identification, KeyExchange, SecurityAssociation
from tests.ike.configs import AES_SHA, connection, endpoint
from tests.ike.forge import edited_clear, keys_of, opened, rewrite, sa_of
from tests.ike.pair import Pair, facing

AGGRESSIVE = ("A aggr-1", "B aggr-2", "A aggr-3")
QUICK = ("A quick-1", "B quick-2", "A quick-3")
ROADWARRIOR = Identity(IdType.USER_FQDN, "rw@a.example")


def dynamic(*connections, **changes):
    """B takes peers from anywhere; A is one of them and names itself."""
    a = endpoint("A", aggressive=True, local_id=ROADWARRIOR)
    b = endpoint("B", remote=None, remote_id=ROADWARRIOR, **changes)
    return Pair(a, replace(b, connections=(*connections, *b.connections)))


def test_three_messages_and_both_ends_are_up():
    pair = facing(aggressive=True)
    pair.initiate()
    pair.expect(*AGGRESSIVE, *QUICK)
    assert pair.up()
    assert pair.sa("A").exchange == pair.sa("B").exchange == "aggressive"
    for side, states in (("A", ["AGGR_WAIT_2", "ESTABLISHED"]), ("B", ["AGGR_WAIT_3"])):
        passed = [e.new for e in pair.found(side, StateChanged) if e.phase == 1]
        assert passed[: len(states)] == states


def test_our_third_message_is_encrypted():
    pair = facing(aggressive=True)
    pair.initiate()
    flags = [parse_header(s.datagram.data).flags & Flag.ENCRYPTION for s in pair.said[:3]]
    assert flags == [0, 0, 1]


def test_a_third_message_in_the_clear_is_taken_as_well():
    """RFC 2409 5.4 leaves it open; the initiator here is made to send it so."""
    pair = facing(aggressive=True)

    def unveiled(data):
        sa = sa_of(pair, "A")
        keys = keys_of(pair, "A")
        iv = skeyid.phase1_iv(keys.hash, *sa.public_values(), keys.block_size)
        return build_message(replace(parse_header(data), flags=0), opened(keys, iv, data))

    pair.alter("A aggr-3", unveiled)
    pair.initiate()
    assert pair.states("B") == ["ESTABLISHED"]


def test_only_transforms_of_the_first_group_can_be_offered():
    other = Phase1Transform(5, 2, 5)
    same = Phase1Transform(5, 1, 2)
    pair = facing(a={"aggressive": True, "phase1": (AES_SHA, other, same)}, b={"phase1": (same,)})
    pair.initiate()
    offered = sa_of(pair, "A").offers
    assert [t.group for t in offered] == [2, 2]
    assert pair.up()
    assert pair.sa("B").encryption == 5


def test_a_group_of_the_responder_that_was_not_offered_fails():
    pair = facing(a={"aggressive": True}, b={"phase1": (Phase1Transform(7, 2, 5, 128),)})
    pair.initiate()
    pair.expect("A aggr-1", "B info-notify")
    assert pair.found("B", Rejected)[0].why == "group: offered modp-1024, wanted modp-1536"


def test_a_wrong_key_is_noticed_by_the_initiator_in_hash_r():
    pair = facing(a={"aggressive": True, "psk": b"another"})
    pair.initiate()
    pair.expect("A aggr-1", "B aggr-2", "A info-notify")
    rejected = pair.found("A", Rejected)[0]
    assert rejected.flaw is Flaw.HASH_PHASE1
    assert rejected.notify == NotifyType.INVALID_HASH_INFORMATION
    assert pair.states("A") == []
    assert pair.states("B") == ["AGGR_WAIT_3"]
    pair.run(31)
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.HALF_OPEN_TIMEOUT


def test_a_wrong_proof_of_the_initiator_ends_it_too():
    pair = facing(aggressive=True)
    rewrite(pair, "A aggr-3", lambda ps: [Hash(bytes(20))], rehash=False)
    pair.initiate()
    assert pair.found("B", Rejected)[0].flaw is Flaw.HASH_PHASE1
    assert pair.states("B") == []


def test_a_peer_from_anywhere_is_found_by_its_identity():
    stranger = connection(
        "B", name="other", remote=None, remote_id=Identity(IdType.FQDN, "else"), psk=b"x"
    )
    pair = dynamic(stranger)
    pair.initiate()
    assert pair.up()
    assert pair.sa("B").connection == "peer"
    assert pair.sa("B").peer_id == "rw@a.example"


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_peers_at_one_address_the_identity_tells_which_it_is(place: int):
    neighbour = connection(
        "B", name="neighbour", remote_id=Identity(IdType.FQDN, "else"), psk=b"another"
    )
    a = endpoint("A", aggressive=True, local_id=ROADWARRIOR)
    b = endpoint("B", remote_id=ROADWARRIOR)
    connections = [*b.connections]
    connections.insert(place, neighbour)
    pair = Pair(a, replace(b, connections=tuple(connections)))
    pair.initiate()
    assert pair.up()
    assert pair.sa("B").connection == "peer"


def test_a_dynamic_connection_without_identity_takes_anybody():
    pair = Pair(endpoint("A", aggressive=True, local_id=ROADWARRIOR), endpoint("B", remote=None))
    pair.initiate()
    assert pair.up()


def test_nobody_knows_this_identity():
    pair = dynamic()
    pair.alter(
        "A aggr-1",
        lambda data: edited_clear(
            data,
            lambda ps: [
                Identification(IdType.FQDN, b"nobody") if isinstance(p, Identification) else p
                for p in ps
            ],
        ),
    )
    pair.initiate()
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.label) == (Flaw.UNKNOWN_PEER, "aggr-1")
    assert rejected.why == "no connection for identity nobody"
    assert pair.states("B") == []


def test_an_identity_that_is_not_the_configured_one_is_refused():
    pair = facing(a={"aggressive": True, "local_id": ROADWARRIOR})
    pair.initiate()
    pair.expect("A aggr-1")
    assert pair.found("B", Rejected)[0].flaw is Flaw.PEER_ID


def test_the_initiator_refuses_another_identity_under_protection():
    """It has keys by then, so the responder can read the notify and gives up as well."""
    pair = facing(a={"aggressive": True}, b={"local_id": Identity(IdType.FQDN, "stranger")})
    pair.initiate()
    pair.expect("A aggr-1", "B aggr-2", "A info-notify")
    assert pair.found("A", Rejected)[0].notify == NotifyType.INVALID_ID_INFORMATION
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.PEER_REFUSED


@pytest.mark.parametrize("answer", [Answer.SILENCE, Answer.CLEAR])
def test_a_responder_that_does_not_do_aggressive_mode(answer):
    pair = facing(
        a={"aggressive": True},
        b={"accept_aggressive": False, "reactions": {Flaw.EXCHANGE_MODE: answer}},
    )
    pair.initiate()
    rejected = pair.found("B", Rejected)[0]
    assert rejected.flaw is Flaw.EXCHANGE_MODE
    assert rejected.why == "aggressive mode is not configured for 198.51.100.1"
    assert pair.states("B") == []
    assert len(pair.said) == (1 if answer is Answer.SILENCE else 2)


def test_a_responder_that_does_aggressive_mode_only():
    pair = facing(b={"accept_main": False})
    pair.initiate()
    assert pair.found("B", Rejected)[0].flaw is Flaw.EXCHANGE_MODE


def test_a_public_value_of_another_length_is_refused():
    pair = facing(aggressive=True)
    pair.alter(
        "A aggr-1",
        lambda data: edited_clear(
            data,
            lambda ps: [KeyExchange(p.data[:-1]) if isinstance(p, KeyExchange) else p for p in ps],
        ),
    )
    pair.initiate()
    rejected = pair.found("B", Rejected)[0]
    assert rejected.flaw is Flaw.KEY_INFORMATION
    assert rejected.why == "KE of 127 octets, group 2 has 128"


def test_the_exchange_number_is_that_of_aggressive_mode():
    pair = facing(aggressive=True)
    pair.initiate()
    numbers = [parse_header(s.datagram.data).exchange_type for s in pair.said[:3]]
    assert numbers == [ExchangeType.AGGRESSIVE] * 3
    assert any(isinstance(p, SecurityAssociation) for p in pair.events["A"][1].payloads)
