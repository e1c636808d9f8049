"""What notifications and deletes do, and what they cannot do."""

from copy import copy

import pytest

from gwsim.ike.events import (
    CloseReason,
    DeleteReceived,
    LifetimeCompared,
    NotifyReceived,
    PhaseOneClosed,
    PhaseTwoClosed,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.lifetimes import Lifetimes, life_attributes
from gwsim.wire.numbers import ExchangeType, NotifyType, Protocol
from gwsim.wire.payloads import Delete, Notification
from gwsim.wire.proposals import build_attributes
from tests.ike.configs import ADDRESS, child, selector
from tests.ike.forge import Forger, clear, sa_of
from tests.ike.pair import Pair, connected, facing

ERRORS = [n for n in NotifyType if n < NotifyType.CONNECTED]


def said_by_a(pair: Pair, *payloads, number: int = 0x77) -> None:
    """Let B hear protected payloads of A."""
    pair.hand("B", Forger(pair, "A").info(*payloads, message_id=number))


# hints in the clear


@pytest.mark.parametrize("kind", list(NotifyType))
@pytest.mark.parametrize("believes", [True, False])
def test_a_clear_notify_never_tears_down_an_established_sa(kind, believes):
    pair = connected(abandon_on_clear_error=believes)
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    for side in "AB":
        for note in (Notification(kind), Notification(kind, Protocol.ESP, spi)):
            data = clear(sa_of(pair, side).cookies, ExchangeType.INFORMATIONAL, [note], 3)
            pair.hand(side, data)
    assert pair.up()
    pair.expect()


@pytest.mark.parametrize("protocol", [Protocol.ESP, Protocol.ISAKMP])
def test_a_clear_delete_is_not_even_looked_at(protocol):
    pair = connected()
    cookies = sa_of(pair, "B").cookies
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    spis = (spi,) if protocol is Protocol.ESP else (b"".join(cookies),)
    pair.hand("B", clear(cookies, ExchangeType.INFORMATIONAL, [Delete(protocol, spis)], 3))
    assert not pair.found("B", DeleteReceived)
    assert pair.up()


@pytest.mark.parametrize("kind", ERRORS)
def test_a_credulous_initiator_gives_up_on_any_clear_error(kind):
    pair = facing(a={"abandon_on_clear_error": True})
    pair.drop("B main-2", None)
    pair.initiate()
    cookies = sa_of(pair, "A").cookies
    pair.hand("A", clear(cookies, ExchangeType.INFORMATIONAL, [Notification(kind)]))
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.PEER_REFUSED
    told = pair.found("A", NotifyReceived)[0]
    assert (told.acted, told.protected, told.phase) == (True, False, 1)


def test_a_credulous_responder_is_not_fooled():
    pair = facing(b={"abandon_on_clear_error": True})
    pair.drop("A main-3", None)
    pair.initiate()
    cookies = sa_of(pair, "B").cookies
    note = Notification(NotifyType.NO_PROPOSAL_CHOSEN)
    pair.hand("B", clear(cookies, ExchangeType.INFORMATIONAL, [note]))
    assert pair.states("B") == ["MAIN_WAIT_3"]


def test_a_status_in_the_clear_ends_nothing():
    pair = facing(a={"abandon_on_clear_error": True})
    pair.drop("B main-2", None)
    pair.initiate()
    note = Notification(NotifyType.INITIAL_CONTACT)
    pair.hand("A", clear(sa_of(pair, "A").cookies, ExchangeType.INFORMATIONAL, [note]))
    assert pair.states("A") == ["MAIN_WAIT_2"]
    assert not pair.found("A", NotifyReceived)[0].acted


# errors under protection


def test_a_protected_error_ends_the_quick_mode_whose_spi_it_names():
    web = {"A": ("10.1.0.9", "10.2.0.9"), "B": ("10.2.0.9", "10.1.0.9")}
    children = {
        s: (child(s), child(s, name="web", local=selector(web[s][0]), remote=selector(web[s][1])))
        for s in "AB"
    }
    pair = connected(a={"children": children["A"]}, b={"children": children["B"]})
    pair.act("B", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.drop("B quick-1", None)
    for name in ("lan", "web"):
        pair.initiate("B", child=name)
    second = list(sa_of(pair, "B").quick_modes.values())[-1]
    spi = second.own_spi.to_bytes(4, "big")
    said_by_a(pair, Notification(NotifyType.NO_PROPOSAL_CHOSEN, Protocol.ESP, spi))
    assert [e.child for e in pair.found("B", QuickModeClosed)] == ["web"]
    said_by_a(pair, Notification(NotifyType.NO_PROPOSAL_CHOSEN, Protocol.ESP, b"none"), number=5)
    assert len(pair.found("B", QuickModeClosed)) == 1
    assert not pair.found("B", NotifyReceived)[-1].acted
    # Without an SPI it must mean the only one that is left.
    said_by_a(pair, Notification(NotifyType.INVALID_ID_INFORMATION), number=6)
    assert [e.child for e in pair.found("B", QuickModeClosed)] == ["web", "lan"]


@pytest.mark.parametrize("spi", [b"", bytes(4), bytes(16)])
def test_an_error_without_a_usable_spi_speaks_of_the_only_quick_mode(spi):
    pair = connected()
    pair.drop("B quick-1", None)
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    said_by_a(pair, Notification(NotifyType.NO_PROPOSAL_CHOSEN, Protocol.ESP, spi))
    assert len(pair.found("B", QuickModeClosed)) == 1
    assert pair.up()


@pytest.mark.parametrize("kind", ERRORS)
def test_a_protected_error_does_not_end_an_established_sa(kind):
    pair = connected()
    said_by_a(pair, Notification(kind))
    assert pair.up()
    assert not pair.found("B", NotifyReceived)[0].acted


def test_a_status_speaks_of_no_quick_mode():
    pair = connected()
    pair.drop("B quick-1", None)
    pair.act("B", lambda end: end.rekey("peer", 2, pair.now))
    said_by_a(pair, Notification(NotifyType.CONNECTED, Protocol.ESP))
    assert not pair.found("B", QuickModeClosed)


# INVALID-SPI


@pytest.mark.parametrize("where", ["spi", "data"])
def test_invalid_spi_ends_the_pair_that_the_peer_does_not_know(where):
    pair = connected()
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    note = Notification(NotifyType.INVALID_SPI, Protocol.ESP, **{where: spi})
    said_by_a(pair, note)
    assert pair.found("B", PhaseTwoClosed)[0].reason is CloseReason.PEER_REFUSED
    assert pair.found("B", NotifyReceived)[0].acted
    assert pair.states("B") == ["ESTABLISHED"]


@pytest.mark.parametrize("spi", [b"\0\0\1\0", b"", b"12"])
def test_invalid_spi_for_anything_else_does_nothing(spi):
    pair = connected()
    said_by_a(pair, Notification(NotifyType.INVALID_SPI, Protocol.ESP, spi))
    assert pair.up()
    assert not pair.found("B", NotifyReceived)[0].acted


# INITIAL-CONTACT


def test_a_peer_that_rebooted_takes_the_old_sas_with_it():
    pair = connected()
    pair.restart("A")
    pair.run(5)
    pair.initiate()
    assert len(pair.snapshot("B").sas) == len(pair.snapshot("B").children) == 1
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.INITIAL_CONTACT
    assert pair.found("B", PhaseTwoClosed)[0].reason is CloseReason.INITIAL_CONTACT
    assert pair.up()


@pytest.mark.parametrize("label", ["main-5", "quick-1"])
@pytest.mark.parametrize("latency", [0.0, 0.05])
def test_it_works_at_any_speed_and_in_either_message(label, latency):
    pair = connected(initial_contact=(label,), latency=latency)
    pair.restart("A")
    pair.initiate()
    assert len(pair.snapshot("B").sas) == len(pair.snapshot("B").children) == 1
    assert pair.up()


def test_a_vendor_that_ends_phase_1_with_the_last_child_keeps_the_new_one():
    pair = connected(last_child_deletes_phase1=True, phase1_end_deletes_children=True)
    pair.restart("A")
    pair.initiate()
    assert pair.states("B") == ["ESTABLISHED"]
    assert pair.up()


def test_a_responder_can_say_it_too():
    pair = connected(initial_contact=("main-5", "main-6"))
    pair.restart("B")
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    assert pair.found("A", PhaseTwoClosed)[0].reason is CloseReason.INITIAL_CONTACT
    assert len(pair.snapshot("A").sas) == 1


def test_without_it_the_old_sas_live_on():
    pair = connected(initial_contact=())
    pair.restart("A")
    pair.initiate()
    assert len(pair.snapshot("B").sas) == 2
    assert len(pair.snapshot("B").children) == 2


def test_it_is_said_at_the_first_contact_only():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    kinds = [e.notify_type for e in pair.found("B", NotifyReceived)]
    assert NotifyType.INITIAL_CONTACT not in kinds


def test_several_quick_modes_at_once_do_not_end_each_other():
    web = {"A": ("10.1.0.9", "10.2.0.9"), "B": ("10.2.0.9", "10.1.0.9")}
    children = {
        s: (child(s), child(s, name="web", local=selector(web[s][0]), remote=selector(web[s][1])))
        for s in "AB"
    }
    pair = facing(
        a={"children": children["A"]},
        b={"children": children["B"]},
        initial_contact=("quick-1",),
    )
    pair.delay("A quick-1", 3.0, 1)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.act("A", lambda end: end.initiate("peer", "web", 0.0))
    pair.run(20)
    assert pair.up()
    assert len(pair.children("B")) == 2


def test_said_later_in_an_informational_message_it_means_what_is_older_than_phase_1():
    pair = connected(initial_contact=())
    pair.restart("A")
    pair.initiate()
    said_by_a(pair, Notification(NotifyType.INITIAL_CONTACT))
    assert len(pair.snapshot("B").sas) == len(pair.snapshot("B").children) == 1
    assert pair.found("B", NotifyReceived)[-1].acted


def test_from_a_half_open_phase_1_it_is_not_taken():
    pair = facing()
    pair.drop("B main-6", None)
    pair.initiate()
    # HASH(1) and IV do not tell the ends apart, so these octets could be the peer's.
    pair.hand("A", Forger(pair, "A").info(Notification(NotifyType.INITIAL_CONTACT)))
    assert not pair.found("A", NotifyReceived)[-1].acted


# RESPONDER-LIFETIME


def lifetime(protocol: int, seconds: int | None, kilobytes: int | None = None) -> Notification:
    """A RESPONDER-LIFETIME."""
    types = (11, 12) if protocol == Protocol.ISAKMP else (1, 2)
    data = build_attributes(life_attributes(*types, Lifetimes(seconds, kilobytes)))
    return Notification(NotifyType.RESPONDER_LIFETIME, protocol, b"", data)


def test_a_lower_lifetime_of_phase_1_moves_its_timers_in_proportion():
    pair = connected()
    before = pair.sa("B")
    assert before.established is not None
    assert before.rekey_at is not None
    said_by_a(pair, lifetime(Protocol.ISAKMP, 8640))
    after = pair.sa("B")
    assert (after.lifetime_seconds, after.expires) == (8640, before.established + 8640)
    assert after.rekey_at is not None
    shares = (before.rekey_at - before.established, after.rekey_at - before.established)
    assert shares[0] == pytest.approx(10 * shares[1])
    told = pair.found("B", LifetimeCompared)[-1]
    assert (told.ours, told.theirs, told.chosen) == (86400, 8640, 8640)


def test_a_higher_lifetime_changes_nothing():
    pair = connected()
    before = pair.sa("B").expires
    said_by_a(pair, lifetime(Protocol.ISAKMP, 999999))
    assert pair.sa("B").expires == before


def test_a_lifetime_after_the_renewal_has_begun_moves_only_the_end():
    pair = connected()
    sa_of(pair, "B").timers.clear()
    said_by_a(pair, lifetime(Protocol.ISAKMP, 8640))
    assert pair.sa("B").expires is not None
    assert pair.sa("B").rekey_at is None


@pytest.mark.parametrize(
    "note",
    [
        lifetime(Protocol.ISAKMP, None, 500),
        Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ISAKMP, b"", b"nonsense"),
        lifetime(Protocol.ESP, 60),
    ],
    ids=["kilobytes", "nonsense", "esp outside quick mode"],
)
def test_what_a_responder_lifetime_cannot_change(note):
    pair = connected()
    before = pair.sa("B")
    said_by_a(pair, note)
    assert (pair.sa("B").lifetime_seconds, pair.sa("B").expires) == (
        before.lifetime_seconds,
        before.expires,
    )
    assert pair.up()


# deletes


def test_a_delete_of_phase_1_needs_the_right_cookies():
    pair = connected()
    said_by_a(pair, Delete(Protocol.ISAKMP, (bytes(16),)))
    assert pair.up()
    assert pair.found("B", Rejected)[0].flaw is Flaw.UNKNOWN_SPI
    said_by_a(pair, Delete(Protocol.ISAKMP, (b"".join(sa_of(pair, "B").cookies),)), number=5)
    assert pair.states("B") == []
    assert pair.found("B", PhaseOneClosed)[0].reason is CloseReason.PEER_DELETE


def test_a_delete_names_the_spis_of_who_sends_it():
    pair = connected()
    inbound = pair.children("B")[0].inbound_spi.to_bytes(4, "big")
    said_by_a(pair, Delete(Protocol.ESP, (inbound,)))
    assert pair.up()
    assert pair.found("B", DeleteReceived)[0].known == 0


def test_a_delete_of_another_protocol_names_nothing_of_ours():
    pair = connected()
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    said_by_a(pair, Delete(Protocol.AH, (spi,)))
    assert pair.up()


def test_the_same_delete_twice_is_known_once():
    pair = connected()
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    for number in (1, 2):
        said_by_a(pair, Delete(Protocol.ESP, (spi,)), number=number)
    assert [e.known for e in pair.found("B", DeleteReceived)] == [1, 0]


def test_a_delete_of_phase_1_followed_by_more_in_the_same_message():
    pair = connected()
    cookies = b"".join(sa_of(pair, "B").cookies)
    spi = pair.children("B")[0].outbound_spi.to_bytes(4, "big")
    said_by_a(
        pair,
        Delete(Protocol.ISAKMP, (cookies,)),
        Delete(Protocol.ISAKMP, (cookies,)),
        Notification(NotifyType.NO_PROPOSAL_CHOSEN),
        Notification(NotifyType.R_U_THERE, 1, cookies, bytes(4)),
        Notification(NotifyType.INITIAL_CONTACT),
        Delete(Protocol.ESP, (spi,)),
    )
    assert pair.states("B") == []
    assert pair.children("B") == []
    assert len(pair.found("B", PhaseOneClosed)) == 1


def test_a_delete_cannot_reach_the_sas_of_another_peer():
    """B has two peers; one of them names the cookies of the other."""
    pair = connected()
    mine = sa_of(pair, "B")
    before = mine.remote
    mine.remote = ("192.0.2.77", 500)
    strange = copy(mine)
    strange.initiator_cookie, strange.remote = b"another!", before
    pair.ends["B"]._ledger.sas.append(strange)
    data = Forger(pair, "A").info(Delete(Protocol.ISAKMP, (b"".join(mine.cookies),)))
    pair.hand("B", b"another!" + data[8:])
    assert mine in pair.ends["B"]._ledger.sas
    assert ADDRESS["A"] == before[0]
