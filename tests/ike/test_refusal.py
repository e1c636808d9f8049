"""What follows a refusal: the report, the notify with the right SPI and IV, the end."""

from dataclasses import replace

from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import (
    CloseReason,
    NotifyReceived,
    NotifySent,
    PhaseOneClosed,
    ProposalRefused,
    QuickModeClosed,
    Rejected,
    SpiAllocated,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import VendorId
from tests.ike.configs import selector
from tests.ike.forge import clear, edited_clear, sa_of
from tests.ike.pair import connected, facing


def test_a_notify_about_phase_2_names_the_spi_of_the_refused_proposal():
    pair = facing(a={"transforms": (Phase2Transform(3, 1),)})
    pair.initiate()
    notified = pair.found("A", NotifyReceived)[0]
    assert notified.protocol_id == Protocol.ESP
    assert len(notified.spi) == 4


def test_a_vendor_may_name_an_spi_of_its_own_and_is_not_understood():
    """The initiator does not know which quick mode is meant, and goes on asking."""
    pair = facing(a={"transforms": (Phase2Transform(3, 1),)}, b={"names_offered_spi": False})
    pair.initiate()
    notified = pair.found("A", NotifyReceived)[0]
    offered = pair.found("A", SpiAllocated)[0].spi
    assert int.from_bytes(notified.spi, "big") not in (0, offered)
    assert (notified.acted, pair.found("A", QuickModeClosed)) == (False, [])
    pair.run(9)
    assert pair.census()["A quick-1"] == 2


def test_a_notify_about_phase_1_names_the_cookies():
    pair = facing(b={"accept_main": False, "reactions": {Flaw.EXCHANGE_MODE: Answer.CLEAR}})
    pair.initiate()
    notified = pair.found("A", NotifyReceived)[0]
    assert notified.protocol_id == Protocol.ISAKMP
    assert notified.spi[:8].hex() == pair.sa("A").initiator_cookie


def test_a_responder_that_answers_a_stranger_repeats_his_cookies():
    pair = connected(reactions={Flaw.UNKNOWN_COOKIE: Answer.CLEAR})
    cookies = (b"12345678", b"87654321")
    pair.hand("B", clear(cookies, 2, [VendorId(b"x")]))
    pair.settle()
    assert pair.last("B info-notify").data[:16] == b"".join(cookies)
    assert pair.found("B", Rejected)[0].notify == NotifyType.INVALID_COOKIE


def test_an_unfit_answer_is_told_with_both_cookies():
    """The responder must recognise its negotiation in the notify."""
    pair = facing(b={"abandon_on_clear_error": True})
    pair.alter("B main-2", lambda data: edited_clear(data, lambda ps: [ps[0], *ps]))
    pair.initiate()
    assert pair.found("A", Rejected)[0].flaw is Flaw.PAYLOAD_TYPE
    sent = pair.last("A info-notify").data
    assert sent[8:16].hex() == pair.sa("B").responder_cookie


def test_what_was_proven_ends_a_quick_mode_and_what_was_not_does_not():
    pair = connected()
    pair.drop("B quick-2", None)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    qm = next(iter(sa_of(pair, "B").quick_modes.values()))
    good = qm.sent.written.data
    spoiled = good[:-16] + bytes(16)
    pair.hand("A", spoiled)
    assert not pair.found("A", QuickModeClosed)
    pair.hand("A", good)
    assert pair.up()


def test_a_vendor_may_answer_a_flaw_with_another_notify():
    instead = {Flaw.PROXY_ID: NotifyType.NO_PROPOSAL_CHOSEN}
    pair = facing(b={"child_remote": selector("10.9.0.0/24"), "notifies": instead})
    pair.initiate()
    assert pair.found("A", NotifyReceived)[-1].notify_type == NotifyType.NO_PROPOSAL_CHOSEN
    rejected = pair.found("B", Rejected)[0]
    assert (rejected.flaw, rejected.notify) == (Flaw.PROXY_ID, NotifyType.NO_PROPOSAL_CHOSEN)


def test_the_reason_is_reported_before_the_notify_and_the_end():
    """A log that tells events in their order tells why before it tells what follows."""
    pair = facing(a={"transforms": (Phase2Transform(3, 1),)})
    pair.initiate()
    kinds = (ProposalRefused, Rejected, NotifySent, QuickModeClosed)
    told = [type(e) for e in pair.events["B"] if isinstance(e, kinds)]
    assert told == [ProposalRefused, Rejected, NotifySent, QuickModeClosed]
    pair = facing()
    pair.alter("A main-3", lambda data: edited_clear(data, lambda ps: [ps[0], *short_nonce(ps)]))
    pair.initiate()
    kinds = (Rejected, NotifySent, PhaseOneClosed)
    told = [type(e) for e in pair.events["B"] if isinstance(e, kinds)]
    assert told == [Rejected, NotifySent, PhaseOneClosed]


def test_a_fatal_flaw_of_a_beginning_leaves_nothing_behind():
    pair = facing(b={"psk": None})
    pair.initiate()
    assert pair.snapshot("B").sas == ()
    assert not pair.found("B", PhaseOneClosed)


def test_a_fatal_flaw_of_a_negotiation_under_way_closes_it_with_that_reason():
    pair = facing()
    pair.alter("A main-3", lambda data: edited_clear(data, lambda ps: [ps[0], *short_nonce(ps)]))
    pair.initiate()
    assert pair.found("B", Rejected)[0].flaw is Flaw.NONCE
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.REFUSED


def short_nonce(payloads):
    """The payloads after the first, with a nonce that is too short."""
    return [replace(payloads[1], data=b"short"), *payloads[2:]]


def test_a_finished_exchange_names_what_came_last():
    pair = facing()
    pair.initiate()
    pair.hand("B", clear(sa_of(pair, "B").cookies, 2, [VendorId(b"x")]))
    rejected = pair.found("B", Rejected)[-1]
    assert (rejected.flaw, rejected.label) == (Flaw.UNEXPECTED, "main-5")
