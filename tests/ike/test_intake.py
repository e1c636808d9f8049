"""From a datagram to the negotiation it belongs to, and no further when it belongs to none."""

import pytest

from gwsim.ike.config import Schedule
from gwsim.ike.events import CloseReason, PhaseOneClosed, QuickModeClosed, Rejected
from gwsim.ike.flaws import Answer, Flaw
from gwsim.wire.numbers import ExchangeType
from gwsim.wire.payloads import Hash, SecurityAssociation, UnknownPayload, VendorId
from tests.ike.bad_input import quick_1
from tests.ike.forge import Forger, clear, edited_clear, keys_of, sa_of, with_header
from tests.ike.pair import Pair, connected, facing

MAIN = ExchangeType.IDENTITY_PROTECTION


def flaws(pair: Pair, side: str = "B") -> list[Flaw]:
    return [e.flaw for e in pair.found(side, Rejected)]


@pytest.mark.parametrize("data", [b"", b"\xff", bytes(27)])
def test_less_than_a_header_is_nothing(data):
    pair = facing()
    pair.hand("B", data)
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.label, rejected.length) == (Flaw.LENGTH, "unknown", len(data))
    assert (rejected.role, rejected.state, rejected.sa) == (None, None, 0)


@pytest.mark.parametrize("extra", [b"\0", bytes(100)])
def test_octets_after_the_message_are_refused(extra):
    pair = facing()
    pair.alter("A main-1", lambda data: data + extra)
    pair.initiate()
    assert flaws(pair) == [Flaw.LENGTH]


@pytest.mark.parametrize(
    ("exchange", "label"),
    [
        (ExchangeType.BASE, "unknown"),
        (ExchangeType.AUTHENTICATION_ONLY, "unknown"),
        (ExchangeType.TRANSACTION, "transaction"),
        (ExchangeType.NEW_GROUP_MODE, "unknown"),
        (77, "unknown"),
    ],
)
def test_exchanges_that_are_not_built_are_refused_in_the_clear(exchange, label):
    pair = facing()
    pair.hand("B", clear((b"12345678", bytes(8)), exchange, [VendorId(b"x")]))
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.label) == (Flaw.EXCHANGE_TYPE, label)
    assert rejected.notify == 7
    pair.expect("B info-notify")


@pytest.mark.parametrize("flags", [0x08, 0xF0])
def test_reserved_flags_are_ignored(flags):
    pair = facing()
    pair.alter("A main-1", lambda data: with_header(data, flags=flags))
    pair.initiate()
    assert pair.up()


def test_an_encrypted_first_message_is_refused():
    pair = facing()
    pair.alter("A main-1", lambda data: with_header(data, flags=1))
    pair.initiate()
    assert flaws(pair) == [Flaw.FLAGS]
    assert pair.states("B") == []


def test_a_clear_main_5_is_refused():
    pair = facing()
    pair.alter("A main-5", lambda data: with_header(data, flags=0))
    pair.initiate()
    assert flaws(pair) == [Flaw.CLEAR_TEXT]
    pair.run(9)
    assert pair.up()


def test_a_message_id_in_phase_1_is_refused():
    pair = facing()
    pair.alter("A main-3", lambda data: with_header(data, message_id=5))
    pair.initiate()
    assert flaws(pair) == [Flaw.MESSAGE_ID]


def test_cookies_of_main_mode_do_not_serve_for_aggressive_mode():
    pair = connected()
    cookies = sa_of(pair, "B").cookies
    pair.hand("B", clear(cookies, ExchangeType.AGGRESSIVE, [VendorId(b"x")]))
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.label) == (Flaw.EXCHANGE_TYPE, "aggr-1")
    assert rejected.why == "these cookies belong to main mode"


def test_an_answer_must_bring_a_responders_cookie():
    pair = facing()
    pair.alter("B main-2", lambda data: with_header(data, responder_cookie=bytes(8)))
    pair.initiate()
    assert flaws(pair, "A") == [Flaw.UNEXPECTED]
    assert pair.states("A") == ["MAIN_WAIT_2"]


def test_a_refused_answer_leaves_the_initiator_open_for_a_better_one():
    """An attacker who saw main-1 can spoil nothing by answering first with nonsense."""
    pair = facing()
    pair.drop("B main-2")
    pair.initiate()
    mine = sa_of(pair, "A").initiator_cookie
    pair.hand("A", clear((mine, b"attacker"), MAIN, [VendorId(b"no SA at all")]))
    assert flaws(pair, "A") == [Flaw.MISSING_PAYLOAD]
    assert pair.sa("A").responder_cookie == bytes(8).hex()
    pair.run(9)
    assert pair.up()


def test_the_same_cookie_with_other_content_is_no_new_negotiation():
    pair = facing()
    pair.drop("A main-3", None)
    pair.initiate()
    first = pair.last("A main-1").data
    pair.hand("B", edited_clear(first, lambda ps: [*ps, VendorId(b"more")]))
    assert flaws(pair) == [Flaw.UNEXPECTED]
    assert pair.states("B") == ["MAIN_WAIT_3"]


def test_the_same_cookie_from_another_address_is_another_peer():
    pair = facing()
    pair.initiate()
    first = next(s.datagram.data for s in pair.said if s.label == "main-1")
    pair.hand("B", first, ("192.0.2.5", 500))
    assert flaws(pair) == [Flaw.UNKNOWN_PEER]
    assert pair.up()


def test_a_vendor_id_is_welcome_in_any_message_and_an_unknown_payload_in_none():
    for extra, refused in ((VendorId(b"hello"), False), (UnknownPayload(99, b"?"), True)):
        pair = facing()
        pair.alter("A main-3", lambda data, e=extra: edited_clear(data, lambda ps: [*ps, e]))
        pair.initiate()
        assert pair.up() is not refused
        assert flaws(pair) == ([Flaw.PAYLOAD_TYPE] if refused else [])


def test_a_payload_that_may_come_once_is_refused_twice():
    pair = facing()
    pair.alter("A main-3", lambda data: edited_clear(data, lambda ps: [*ps, ps[0]]))
    pair.initiate()
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.why) == (Flaw.PAYLOAD_TYPE, "main-3 with KEY-EXCHANGE twice")


def test_what_is_missing_is_named():
    pair = facing()
    pair.alter("A main-3", lambda data: edited_clear(data, lambda ps: ps[2:]))
    pair.initiate()
    assert pair.found("B", Rejected)[0].why == "main-3 without KEY-EXCHANGE, NONCE"


# what an attacker without keys can do to an established SA


def garbage_quick_1(pair: Pair, first: int, body: bytes) -> bytes:
    """A quick-1 of random octets that claims to begin with a payload of some type."""
    cookies = sa_of(pair, "B").cookies
    data = clear(cookies, ExchangeType.QUICK_MODE, [VendorId(body)], 0x666, flags=1)
    return with_header(data, next_payload=first)


def test_garbage_that_looks_like_a_bad_proposal_ends_nothing():
    """Random octets parse as a broken SA payload now and then; nothing in them is proven."""
    pair = connected(phase2_failure_deletes_phase1=True)
    spi = pair.children("B")[0].inbound_spi
    pair.act("B", lambda end: end.expire_child(spi, pair.now))
    seen = set()
    for number in range(60):
        body = number.to_bytes(4, "big") * 3003
        pair.hand("B", garbage_quick_1(pair, 1, body))
        seen |= set(flaws(pair))
    assert Flaw.PROPOSAL_SYNTAX in seen
    assert pair.states("B") == ["ESTABLISHED"]
    assert not pair.found("B", QuickModeClosed)


def test_a_proposal_that_is_proven_to_be_broken_ends_the_quick_mode_and_phase_1_by_habit():
    pair = connected(phase2_failure_deletes_phase1=True)
    spi = pair.children("B")[0].inbound_spi
    pair.act("B", lambda end: end.expire_child(spi, pair.now))
    pair.hand("B", Forger(pair, "A").phase2(32, quick_1(proposal={"transforms": ()}), 9))
    assert pair.found("B", QuickModeClosed)[0].reason is CloseReason.REFUSED
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.PHASE2_FAILED


def test_garbage_stops_no_resend_of_an_established_sa():
    pair = connected()
    k = keys_of(pair, "B")
    before = k.last_block
    pair.hand("B", clear(sa_of(pair, "B").cookies, MAIN, [Hash(bytes(28))], flags=1))
    assert flaws(pair) == [Flaw.UNEXPECTED]
    assert k.last_block == before


def test_an_unreadable_main_5_stops_the_resending_of_main_4_but_not_the_clock():
    schedule = Schedule((8.0, 16.0, 24.0), 32.0)
    pair = facing(a={"psk": b"x"}, b={"phase1_responder": schedule, "half_open_timeout": 60.0})
    pair.initiate()
    pair.run(40)
    assert pair.census()["B main-4"] == 1
    assert pair.states("B") == []


def test_a_vendor_may_go_on_resending_main_4_whatever_the_key():
    schedule = Schedule((8.0, 16.0, 24.0), 32.0)
    b = {"phase1_responder": schedule, "resends_to_unreadable": True, "half_open_timeout": 60.0}
    pair = facing(a={"psk": b"x"}, b=b)
    pair.initiate()
    first = pair.times("B main-4")[0]
    pair.run(40)
    assert pair.times("B main-4") == [first + after for after in (0, 8, 16, 24)]
    assert pair.found("B", PhaseOneClosed)[-1].reason is CloseReason.RETRANSMIT_LIMIT


def test_each_refusal_says_where_it_stood():
    pair = facing(a={"psk": b"x"}, b={"reactions": {Flaw.UNDECRYPTABLE: Answer.SILENCE}})
    pair.initiate()
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.label, rejected.phase, rejected.state) == ("main-5", 1, "MAIN_WAIT_5")
    assert rejected.connection == "peer"
    assert rejected.sa == pair.sa("B").number
    assert rejected.local == ("203.0.113.1", 500)
    assert rejected.initiator_cookie == pair.sa("B").initiator_cookie


def test_a_malformed_sa_in_the_clear_is_bad_syntax():
    pair = facing()

    def spoiled(payloads):
        sa = payloads[0]
        assert isinstance(sa, SecurityAssociation)
        return [VendorId(b"\0" * 60), *payloads[1:]]

    pair.alter("A main-1", lambda data: with_header(edited_clear(data, spoiled), next_payload=1))
    pair.initiate()
    assert flaws(pair) == [Flaw.PROPOSAL_SYNTAX]
    assert pair.states("B") == []
