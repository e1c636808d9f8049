"""What is told of messages that leave and that come."""

from dataclasses import replace

import pytest

from gwsim.ike import post
from gwsim.ike.events import MessageReceived, MessageSent
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Arrival
from gwsim.ike.sa import Sent
from gwsim.ike.states import Role, State
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import ExchangeType
from tests.ike.pair import connected


def sent_last(pair):
    """Give an end, its ISAKMP SA and the last message of its quick mode, as sent."""
    ledger = pair.ends["A"]._ledger
    (sa,) = ledger.sas
    (qm,) = sa.quick_modes.values()
    return ledger, sa, qm.sent


@pytest.mark.parametrize("copies", [1, 2])
def test_a_message_is_told_of_once_however_often_it_goes_out(copies):
    ledger, sa, sent = sent_last(connected())
    twice = replace(sent, written=replace(sent.written, copies=copies))
    assert post.send(sa, ledger.turn, twice, Role.INITIATOR, State.INSTALLED)
    assert [d.data for d in ledger.outbox] == [sent.written.data] * copies
    (told,) = ledger.events
    assert isinstance(told, MessageSent)
    assert (told.label, told.length) == ("quick-3", len(sent.written.data))


def test_a_message_that_is_withheld_leaves_no_trace():
    ledger, sa, sent = sent_last(connected())
    withheld = Sent(replace(sent.written, copies=0), "quick-3", ExchangeType.QUICK_MODE, 0.0)
    before = sa.last_exchange
    assert not post.send(sa, ledger.turn, withheld, Role.INITIATOR, None)
    assert not ledger.outbox
    assert not ledger.events
    assert sa.last_exchange == before


def test_what_cannot_be_read_is_reported_without_payloads():
    ledger, sa, sent = sent_last(connected())
    data = sent.written.data
    arrival = Arrival(parse_header(data), data, (sa.remote, sa.local))
    wrong_iv = bytes(16)
    with pytest.raises(Refused) as refused:
        post.open_message(
            sa, ledger.turn, arrival, wrong_iv, lambda _: "quick-1", Role.RESPONDER, None
        )
    assert refused.value.flaw is Flaw.UNDECRYPTABLE
    (told,) = ledger.events
    assert isinstance(told, MessageReceived)
    assert (told.label, told.payloads, told.local) == ("quick-1", (), sa.local)
