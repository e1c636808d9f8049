"""A gateway that writes wrongly proves and protects what it writes, and its peer decides."""

from collections.abc import Callable

import pytest

from gwsim.ike.config import EndpointConfig
from gwsim.ike.events import DeleteSent, DuplicateReceived, MessageSent, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.ike.impairments import Change, Impairment
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import KeyExchange
from tests.ike.configs import endpoint
from tests.ike.pair import Pair

KE, HASH, ID, SA = (
    PayloadType.KEY_EXCHANGE,
    PayloadType.HASH,
    PayloadType.IDENTIFICATION,
    PayloadType.SA,
)


def impaired(*impairments: Impairment, side: str = "A", **changes) -> Pair:
    """Give a pair one end of which writes wrongly; A has begun."""
    ends: list[EndpointConfig] = []
    for name in ("A", "B"):
        config = endpoint(name, **changes)
        wrong = impairments if name == side else ()
        ends.append(
            EndpointConfig(config.address, config.connections, config.behaviour, True, wrong)
        )
    pair = Pair(*ends)
    pair.initiate()
    return pair


def first_refusal(pair: Pair, side: str = "B") -> Rejected:
    return pair.found(side, Rejected)[0]


REFUSED: list[tuple[Impairment, Flaw]] = [
    (Impairment("main-1", Change.DOI, value=3), Flaw.DOI),
    (Impairment("main-1", Change.SITUATION, value=2), Flaw.SITUATION),
    (Impairment("main-1", Change.CLAIM, value=4096), Flaw.MALFORMED),
    (Impairment("main-1", Change.MAJOR), Flaw.MAJOR_VERSION),
    (Impairment("main-1", Change.MINOR), Flaw.MINOR_VERSION),
    (Impairment("main-1", Change.INITIATOR_COOKIE), Flaw.ZERO_COOKIE),
    (Impairment("main-1", Change.LENGTH, value=4), Flaw.LENGTH),
    (Impairment("main-1", Change.TRAIL, value=4), Flaw.LENGTH),
    (Impairment("main-1", Change.FLAGS, value=1), Flaw.FLAGS),
    (Impairment("main-3", Change.OMIT, KE), Flaw.MISSING_PAYLOAD),
    (Impairment("main-3", Change.EMPTY, KE), Flaw.KEY_INFORMATION),
    (Impairment("main-3", Change.FILL, KE), Flaw.KEY_INFORMATION),
    (Impairment("main-3", Change.ADD, 100, 8), Flaw.PAYLOAD_TYPE),
    (Impairment("main-3", Change.MESSAGE_ID, value=9), Flaw.MESSAGE_ID),
    (Impairment("main-5", Change.UNPROTECTED), Flaw.CLEAR_TEXT),
    (Impairment("main-5", Change.CORRUPT), Flaw.UNDECRYPTABLE),
    (Impairment("main-5", Change.FLIP, HASH), Flaw.HASH_PHASE1),
    (Impairment("quick-1", Change.OMIT, HASH), Flaw.MISSING_PAYLOAD),
    (Impairment("quick-1", Change.FLIP, HASH), Flaw.HASH_QUICK),
    (Impairment("quick-1", Change.OMIT, ID), Flaw.PROXY_ID),
    (Impairment("quick-1", Change.FIRST_ONLY, ID), Flaw.QUICK_IDS),
    (Impairment("quick-1", Change.SPI, value=5), Flaw.SPI),
    (Impairment("quick-1", Change.MESSAGE_ID), Flaw.MESSAGE_ID),
    (Impairment("quick-3", Change.EMPTY, HASH), Flaw.HASH_QUICK),
]


@pytest.mark.parametrize(("wrong", "flaw"), REFUSED, ids=lambda one: str(one)[:60])
def test_the_peer_finds_the_mistake_and_not_its_consequences(wrong, flaw):
    pair = impaired(wrong)
    assert first_refusal(pair).flaw is flaw, first_refusal(pair).why
    [sent] = [e for e in pair.found("A", MessageSent) if e.altered][:1]
    assert sent.altered == (wrong.change.value,)
    assert sent.label == wrong.message


@pytest.mark.parametrize(
    "wrong",
    [
        Impairment("any", Change.RESERVED, value=255),
        Impairment("any", Change.FLAGS, value=0x40),
        Impairment("any", Change.TWICE),
        Impairment("any", Change.ECHO),
    ],
    ids=lambda wrong: wrong.change.value,
)
@pytest.mark.parametrize("side", ["A", "B"])
def test_what_must_be_ignored_is_ignored(wrong, side):
    pair = impaired(wrong, side=side)
    assert pair.up()
    assert pair.keys_agree()


def test_the_hash_covers_what_was_really_written():
    """A notify added to quick-1 is inside HASH(1), an identity of another type inside HASH_I."""
    assert impaired(Impairment("quick-1", Change.ADD_NOTIFY)).up()
    assert impaired(Impairment("main-5", Change.ID_TYPE, value=2), check_peer_id=False).up()


def test_a_sender_goes_on_from_what_it_has_sent():
    """The keys come from the nonce that went out, not from the one that was drawn."""
    assert impaired(Impairment("main-3", Change.RESIZE, PayloadType.NONCE, 32)).up()
    assert impaired(Impairment("quick-2", Change.RESIZE, PayloadType.NONCE, 8), side="B").up()


def test_a_value_nobody_has_the_secret_of_looks_like_a_wrong_key():
    pair = impaired(Impairment("main-3", Change.FILL, KE, 0x41))
    assert first_refusal(pair).flaw is Flaw.UNDECRYPTABLE
    assert pair.states("A") == ["MAIN_WAIT_6"]
    assert pair.states("B") == ["MAIN_WAIT_5"]


def test_the_trace_shows_the_payloads_that_went_out():
    [sent] = [
        e
        for e in impaired(Impairment("main-3", Change.OMIT, KE)).found("A", MessageSent)
        if e.label == "main-3"
    ]
    assert not any(isinstance(p, KeyExchange) for p in sent.payloads)


def test_a_resend_has_the_octets_of_the_first_sending():
    pair = impaired(Impairment("main-3", Change.OMIT, KE, occurrences=frozenset({1})))
    pair.run(20)
    sent = [e for e in pair.found("A", MessageSent) if e.label == "main-3"]
    assert [e.attempt for e in sent] == [0, 1, 2]
    assert {e.altered for e in sent} == {("omit",)}


def test_what_is_withheld_is_neither_sent_nor_reported():
    pair = impaired(Impairment("main-2", Change.WITHHOLD), side="B")
    assert pair.states("B") == ["MAIN_WAIT_3"]
    assert pair.found("B", MessageSent) == []
    pair.run(9)
    assert [e.answered for e in pair.found("B", DuplicateReceived)] == [False]


def test_a_flood_fills_the_table_of_its_victim():
    pair = impaired(Impairment("main-1", Change.FLOOD, value=9), half_open_limit=5)
    refused = [e for e in pair.found("B", Rejected) if e.flaw is Flaw.HALF_OPEN_LIMIT]
    assert len(refused) == 9 + 1 - 5, "the true one comes last and finds no room"
    assert pair.states("B") == ["MAIN_WAIT_3"] * 5
    assert len({e.initiator_cookie for e in refused}) == len(refused)


def clear(what: str) -> Callable:
    return lambda end: end.clear(what, "", 1.0)


def test_informational_messages_are_written_wrongly_too():
    pair = impaired(Impairment("info-delete", Change.FLIP, HASH))
    pair.act("A", clear("ipsec"))
    pair.settle()
    assert first_refusal(pair).flaw is Flaw.HASH_INFORMATIONAL
    assert len(pair.children("B")) == 1


def test_a_withheld_delete_was_not_sent():
    pair = impaired(Impairment("info-delete", Change.WITHHOLD))
    pair.act("A", clear("ipsec"))
    pair.settle()
    assert pair.found("A", DeleteSent) == []
    assert len(pair.children("B")) == 1


def test_a_delete_that_names_something_else_deletes_nothing():
    pair = impaired(Impairment("info-delete", Change.NAME_SPIS))
    pair.act("A", clear("ipsec"))
    pair.settle()
    assert first_refusal(pair).flaw is Flaw.UNKNOWN_SPI
    assert len(pair.children("B")) == 1


def test_a_clear_notify_can_be_written_wrongly():
    """B refuses A's proposal and writes version 2.0 over its notify; A cannot take it."""
    pair = Pair(
        endpoint("A"),
        EndpointConfig(
            endpoint("B").address,
            endpoint("B", phase1=()).connections,
            impairments=(Impairment("info-notify", Change.MAJOR),),
        ),
    )
    pair.initiate()
    assert first_refusal(pair, "A").flaw is Flaw.MAJOR_VERSION
    assert parse_header(pair.last("B info-notify").data).version == 0x20


def test_an_old_message_id_is_taken_for_a_repetition():
    pair = impaired(Impairment("quick-1", Change.REUSED_ID))
    assert pair.up(), "the first quick mode has no older id to use"
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    assert first_refusal(pair).flaw in (Flaw.UNEXPECTED, Flaw.MESSAGE_ID)
    assert len(pair.children("B")) == 1


def test_impairments_come_and_go_with_the_configuration():
    pair = impaired(Impairment("quick-1", Change.FLIP, HASH))
    assert not pair.up()
    pair.act("A", lambda end: end.reconfigure(endpoint("A"), pair.now))
    pair.run(40)
    pair.initiate()
    assert pair.up()


def test_resends_may_bear_the_cookies_of_the_notify_that_refused_the_first_message():
    strange = Impairment("main-1", Change.DOI, value=3)
    pair = impaired(strange, Impairment("main-1", Change.COPY_NOTIFY_SPIS))
    pair.run(9)
    first, again = [s.datagram.data for s in pair.said if s.label == "main-1"]
    notify = next(s.datagram.data for s in pair.said if s.label == "info-notify")
    assert first[8:16] == bytes(8)
    assert again == notify[:16] + first[16:]
    assert pair.found("B", Rejected)[-1].flaw is Flaw.UNKNOWN_COOKIE
    assert pair.found("A", MessageSent)[-1].altered == ("doi", "copy-notify-spis")
