"""The bad-input table is complete, and every row of it is proven by an input."""

import pytest

from gwsim.ike.events import NotifySent, Rejected
from gwsim.ike.flaws import TABLE, Answer, Flaw, Refused
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import Flag
from tests.ike.bad_input import CASES, Case


def test_every_flaw_has_a_row_and_a_case():
    assert set(TABLE) == set(Flaw) == set(CASES)


def test_no_row_answers_what_has_no_notify():
    assert all(row.answer is Answer.SILENCE for row in TABLE.values() if row.notify is None)


def test_a_refusal_says_the_flaw_and_why():
    refused = Refused(Flaw.NONCE, "nonce of 3 octets")
    assert str(refused) == "nonce length not acceptable: nonce of 3 octets"
    assert (refused.spi, refused.proven) == (b"", False)


@pytest.mark.parametrize("flaw", TABLE, ids=lambda f: f.name)
def test_the_input_of_the_row_has_this_flaw(flaw):
    case = CASES[flaw]
    pair = case.run()
    rejected = pair.found(case.side, Rejected)[0]
    assert rejected.flaw is flaw, rejected.why
    assert rejected.why


def expected(flaw: Flaw, case: Case, answer: Answer) -> str:
    """How an answer goes out: "", "clear" or "protected"."""
    if TABLE[flaw].notify is None or case.informational or answer is Answer.SILENCE:
        return ""
    if answer is Answer.CLEAR:
        return "clear"
    if case.keys:
        return "protected"
    return "clear" if answer is Answer.BEST else ""


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("flaw", TABLE, ids=lambda f: f.name)
def test_a_vendors_reaction_decides_how_it_is_answered(flaw, answer):
    case = CASES[flaw]
    pair = case.run(reactions={flaw: answer})
    rejected = pair.found(case.side, Rejected)[0]
    sent = [e for e in pair.found(case.side, NotifySent) if e.at <= rejected.at]
    how = expected(flaw, case, answer)
    assert rejected.flaw is flaw
    assert rejected.notify == (TABLE[flaw].notify if how else None)
    assert [e.protected for e in sent] == ([how == "protected"] if how else [])
    if how:
        assert sent[0].notify_type == TABLE[flaw].notify
        data = pair.last(f"{case.side} info-notify").data
        assert parse_header(data).flags == (Flag.ENCRYPTION if how == "protected" else 0)


@pytest.mark.parametrize("flaw", TABLE, ids=lambda f: f.name)
def test_without_a_vendors_word_the_table_decides(flaw):
    case = CASES[flaw]
    rejected = case.run().found(case.side, Rejected)[0]
    how = expected(flaw, case, TABLE[flaw].answer)
    assert rejected.notify == (TABLE[flaw].notify if how else None)


@pytest.mark.parametrize("flaw", [f for f in TABLE if CASES[f].established], ids=lambda f: f.name)
def test_an_established_sa_survives(flaw):
    pair = CASES[flaw].run()
    assert pair.states("B") == ["ESTABLISHED"]
    if flaw not in (Flaw.PFS, Flaw.PROXY_ID):
        assert len(pair.children("B")) == 1
        pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
        pair.run(40)
        assert pair.up()


@pytest.mark.parametrize(
    "flaw", [f for f in TABLE if not CASES[f].established], ids=lambda f: f.name
)
def test_a_half_open_negotiation_ends_where_the_table_says_so(flaw):
    case = CASES[flaw]
    pair = case.run()
    if TABLE[flaw].fatal:
        assert pair.states(case.side) == []
    elif flaw is Flaw.MALFORMED:
        assert pair.states("B") == ["MAIN_WAIT_3"]
        pair.run(9)
        assert pair.up(), "the same message, unaltered, is accepted when it is sent again"


@pytest.mark.parametrize(
    "flaw", [f for f in TABLE if CASES[f].established and TABLE[f].fatal], ids=lambda f: f.name
)
def test_a_vendor_that_tears_down_does_so_for_a_proven_failure_only(flaw):
    """With a child up phase 1 stays in any case; without one it goes, by the vendor's habit."""
    case = CASES[flaw]
    pair = case.run(phase2_failure_deletes_phase1=True)
    kept = flaw not in (Flaw.PFS, Flaw.PROXY_ID)
    assert bool(pair.states("B")) is kept
