"""Assigned numbers: known ones have the RFC's word, unknown ones survive as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.numbers import (
    ExchangeType,
    Group,
    NotifyType,
    PayloadType,
    is_error_notify,
    name_of,
)


@pytest.mark.parametrize(
    ("numbers", "value", "name"),
    [
        (NotifyType, 14, "NO-PROPOSAL-CHOSEN"),
        (NotifyType, 24578, "INITIAL-CONTACT"),
        (NotifyType, 36136, "R-U-THERE"),
        (ExchangeType, 2, "IDENTITY-PROTECTION"),
        (Group, 14, "MODP-2048"),
        (PayloadType, 1, "SA"),
        (NotifyType, 12345, "12345"),
        (PayloadType, 200, "200"),
    ],
)
def test_name_of(numbers, value, name):
    assert name_of(numbers, value) == name


@given(st.integers(0, 65535))
def test_every_notify_number_has_some_name(value):
    assert name_of(NotifyType, value)


@pytest.mark.parametrize(
    ("value", "is_error"), [(1, True), (30, True), (16383, True), (16384, False), (36136, False)]
)
def test_errors_are_the_notifies_below_16384(value, is_error):
    assert is_error_notify(value) is is_error
