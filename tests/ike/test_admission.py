"""The first message of a peer: who may begin, with what, and how many."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase1Transform, UnknownPeer
from gwsim.ike.events import PhaseOneClosed, ProposalAccepted, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.wire.codec import parse_header
from tests.ike.configs import ADDRESS, connection, endpoint
from tests.ike.forge import with_header
from tests.ike.pair import Pair, facing

LATE = UnknownPeer.AT_KEY


def flaws(pair: Pair) -> list[Flaw]:
    return [e.flaw for e in pair.found("B", Rejected)]


def with_connections(*connections, **changes) -> Pair:
    """B has these connections."""
    b = endpoint("B", **changes)
    return Pair(endpoint("A"), replace(b, connections=connections))


@pytest.mark.parametrize(
    "changes", [{"remote": "192.0.2.9"}, {"may_respond": False}, {"local": "192.0.2.1"}]
)
def test_a_peer_without_a_connection_is_refused_at_once(changes):
    pair = facing(b=changes)
    pair.initiate()
    pair.expect("A main-1")
    assert flaws(pair) == [Flaw.UNKNOWN_PEER]


@pytest.mark.parametrize("changes", [{"remote": "192.0.2.9"}, {"psk": None}])
def test_a_vendor_that_looks_for_the_key_late_answers_main_1_and_stops_at_main_3(changes):
    pair = facing(b={**changes, "unknown_peer": LATE})
    pair.initiate()
    pair.expect("A main-1", "B main-2", "A main-3")
    assert flaws(pair) == [Flaw.NO_PRE_SHARED_KEY if "psk" in changes else Flaw.UNKNOWN_PEER]
    assert pair.states("A") == ["MAIN_WAIT_4"]
    assert pair.states("B") == []
    assert pair.found("B", PhaseOneClosed)


def test_in_aggressive_mode_even_the_late_one_knows_at_once():
    pair = facing(a={"aggressive": True}, b={"remote": "192.0.2.9", "unknown_peer": LATE})
    pair.initiate()
    pair.expect("A aggr-1")
    assert flaws(pair) == [Flaw.UNKNOWN_PEER]


def test_a_stranger_may_get_any_transform_that_some_connection_has():
    triple = Phase1Transform(5, 2, 2)
    pair = with_connections(
        connection("B", remote="192.0.2.9", phase1=(triple,)),
        connection("B", name="other", remote="192.0.2.10"),
        unknown_peer=LATE,
    )
    pair.initiate()
    assert pair.found("B", ProposalAccepted)[0].encryption == 7


def test_the_connection_of_the_address_comes_before_a_dynamic_one():
    pair = with_connections(
        connection("B", name="anybody", remote=None, psk=b"other"), connection("B")
    )
    pair.initiate()
    assert pair.up()
    assert pair.sa("B").connection == "peer"


def test_a_dynamic_connection_serves_main_mode_from_anywhere():
    pair = with_connections(connection("B", name="anybody", remote=None), check_peer_id=False)
    pair.initiate()
    assert pair.up()
    assert pair.sa("B").connection == "anybody"


def test_a_vendor_may_hear_dynamic_peers_in_aggressive_mode_only():
    pair = with_connections(
        connection("B", name="anybody", remote=None), dynamic_peers_in_main_mode=False
    )
    pair.initiate()
    assert pair.found("B", Rejected)[0].flaw is Flaw.EXCHANGE_MODE
    assert not pair.up()


def test_of_two_connections_for_an_address_the_one_that_does_the_mode_is_used():
    pair = with_connections(
        connection("B", name="aggressive only", accept_main=False), connection("B")
    )
    pair.initiate()
    assert pair.sa("B").connection == "peer"


def flood(pair: Pair, count: int, source: str) -> None:
    """Begin as often as that without ever going on."""
    first = pair.last("A main-1").data
    for number in range(count):
        pair.hand(
            "B", with_header(first, initiator_cookie=number.to_bytes(8, "big")[::-1]), (source, 500)
        )


def test_half_open_negotiations_are_limited_for_each_address():
    pair = facing(b={"half_open_limit": 3, "unknown_peer": LATE})
    pair.drop("A main-1", None)
    pair.initiate()
    flood(pair, 5, ADDRESS["A"])
    # The first of five has a zero cookie.
    assert flaws(pair) == [Flaw.ZERO_COOKIE, Flaw.HALF_OPEN_LIMIT]
    flood(pair, 3, "192.0.2.77")
    assert len(pair.snapshot("B").sas) == 5
    pair.rules.clear()
    pair.run_until(8.5)
    assert pair.states("A") == ["MAIN_WAIT_2"]
    pair.run_until(60)
    assert pair.snapshot("B").sas == ()


def test_after_the_flood_the_real_peer_gets_in():
    pair = facing(b={"half_open_limit": 3})
    pair.drop("A main-1", 1)
    pair.drop("A main-1", 2)
    pair.initiate()
    flood(pair, 4, ADDRESS["A"])
    pair.run_until(31)
    pair.run_until(60)
    pair.initiate()
    assert pair.up()


def test_a_responder_draws_a_cookie_of_its_own():
    pair = facing()
    pair.initiate()
    header = parse_header(pair.last("B main-2").data)
    assert header.responder_cookie not in (bytes(8), header.initiator_cookie)
