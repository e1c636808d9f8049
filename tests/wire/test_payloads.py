"""Payload values: attributes as numbers, and the number each payload travels under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.payloads import (
    Attribute,
    NatDiscovery,
    NatOriginalAddress,
    Nonce,
    Proposal,
    SecurityAssociation,
    Transform,
    UnknownPayload,
    payload_type,
)


@given(st.integers(0, 0x7FFF), st.integers(0, 1 << 64))
def test_a_number_comes_back_from_its_attribute(kind, value):
    attribute = Attribute.number(kind, value)
    assert (attribute.type, attribute.as_int) == (kind, value)
    assert attribute.short == (value < 65536)


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (28800, "7080"),
        (65535, "ffff"),
        (65536, "00010000"),
        (4608000, "00465000"),
        (1 << 32, "0100000000"),
    ],
)
def test_a_lifetime_of_65536_or_more_needs_the_long_form(value, octets):
    assert Attribute.number(12, value).value.hex() == octets


def test_a_transform_gives_the_first_value_of_a_class():
    transform = Transform(1, 1, (Attribute.number(11, 1), Attribute.number(11, 2)))
    assert transform.get(11) == 1
    assert transform.get(12) is None


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        (SecurityAssociation(()), 1),
        (Nonce(b""), 10),
        (NatDiscovery(b""), 20),
        (NatDiscovery(b"", draft=True), 130),
        (NatOriginalAddress(1, b""), 21),
        (NatOriginalAddress(1, b"", draft=True), 131),
        (UnknownPayload(99, b""), 99),
    ],
)
def test_payload_type(payload, number):
    assert payload_type(payload) == number


def test_nested_payloads_know_their_numbers():
    assert (Proposal.TYPE, Transform.TYPE) == (2, 3)
