"""What is only believed stands apart from what is known, and can be filled in."""

import string

import pytest

from gwsim.vendors.screenos import VENDOR, catalogue, words
from gwsim.vendors.screenos.text import Text


def texts(module):
    return {name: value for name, value in vars(module).items() if isinstance(value, Text)}


def test_believed_and_confirmed_texts_are_apart():
    confirmed = {text.words for text in texts(catalogue).values()}
    assert not confirmed & VENDOR.believed
    assert {text.words for text in texts(words).values()} <= VENDOR.believed
    assert words.UNENCRYPTED in VENDOR.believed
    assert catalogue.PRESHARED_KEYS not in VENDOR.believed


@pytest.mark.parametrize("module", [catalogue, words])
def test_every_message_has_a_five_digit_type_and_a_level(module):
    for text in texts(module).values():
        assert len(text.type) == 5 and text.type.isdigit()
        assert text.level in {"alert", "crit", "notif", "info"}
        assert list(string.Formatter().parse(text.words))
