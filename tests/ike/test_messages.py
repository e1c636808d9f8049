"""One message between octets and payloads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Dpd
from gwsim.ike.events import Rejected
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.messages import check_payloads, read, seal, unreadable, unseal
from gwsim.ike.sa import Keys
from gwsim.wire.codec import Header, build_message, parse_header
from gwsim.wire.errors import ProposalSyntaxError, TooManyPayloads, WireError
from gwsim.wire.payloads import VendorId
from tests.ike.pair import connected
from tests.ike.test_inbound import message

SECRET = b"k" * 20
KEYS = Keys(2, 7, 16, SECRET, SECRET, SECRET, SECRET, b"k" * 16, bytes(16))


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_what_is_sealed_can_be_opened_and_is_padded_with_zeros(body, iv):
    sealed = seal(KEYS, iv, body)
    assert len(sealed) % 16 == 0
    plain = unseal(KEYS, iv, bytes(28) + sealed)
    assert plain == body + bytes(len(plain) - len(body))
    assert len(plain) - len(body) < 16


@given(st.binary(max_size=100), st.binary(min_size=16, max_size=16))
def test_a_vendor_may_pad_what_needs_no_padding(body, iv):
    plain = unseal(KEYS, iv, bytes(28) + seal(KEYS, iv, body, always_pad=True))
    assert plain == body + bytes(len(plain) - len(body))
    assert 1 <= len(plain) - len(body) <= 16


def test_padding_that_is_not_needed_troubles_nobody():
    """A whole block of zeros behind the last payload: every kind of message is understood."""
    pair = connected(always_pads=True, b={"dpd": Dpd()})
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    pair.run(15)
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    assert (pair.states("B"), pair.children("B")) == ([], [])
    assert not pair.found("A", Rejected) + pair.found("B", Rejected)


@given(st.binary(max_size=100).filter(lambda d: len(d) % 16))
def test_no_whole_number_of_blocks_cannot_be_opened(data):
    with pytest.raises(Refused) as refused:
        unseal(KEYS, bytes(16), bytes(28) + data)
    assert refused.value.flaw is Flaw.UNDECRYPTABLE


def test_a_clear_message_is_read_as_it_is():
    data = build_message(Header(b"i" * 8, b"r" * 8, 0, 2, 0, 0), [VendorId(b"x")])
    body, parsed = read(None, b"", parse_header(data), data)
    assert body == data[28:]
    assert [p.payload for p in parsed] == [VendorId(b"x")]


@pytest.mark.parametrize(
    ("bad", "encrypted", "proven", "flaw"),
    [
        (WireError(0, "x"), False, False, Flaw.MALFORMED),
        (WireError(0, "x"), True, False, Flaw.UNDECRYPTABLE),
        (WireError(0, "x"), True, True, Flaw.UNDECRYPTABLE),
        (ProposalSyntaxError(0, "x"), False, False, Flaw.PROPOSAL_SYNTAX),
        (ProposalSyntaxError(0, "x"), True, False, Flaw.UNDECRYPTABLE),
        (ProposalSyntaxError(0, "x"), True, True, Flaw.PROPOSAL_SYNTAX),
        (TooManyPayloads(0, "x"), False, False, Flaw.TOO_MANY_PAYLOADS),
        (TooManyPayloads(0, "x"), True, True, Flaw.TOO_MANY_PAYLOADS),
    ],
)
def test_what_cannot_be_read_is_named(bad, encrypted, proven, flaw):
    assert unreadable(bad, encrypted, proven) is flaw


@pytest.mark.parametrize("step", MAIN_MODE.steps, ids=lambda s: s.label)
@pytest.mark.parametrize("proven", [True, False])
def test_a_message_with_other_payloads_means_a_wrong_key_while_that_is_unproven(step, proven):
    with pytest.raises(Refused) as refused:
        check_payloads(step, message(), proven)
    unproven = refused.value.flaw is Flaw.UNDECRYPTABLE
    assert unproven is not proven
