"""The nearest legal word is found where there is one, and none is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.nearest import nearest

LEGAL = ("hash", "encryption", "udp_timeout", "psk-mismatch", "MM_ACTIVE")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("hahs", "hash"),
        ("HASH", "hash"),
        ("encr", "encryption"),
        ("udp-timeout", "udp_timeout"),
        ("psk mismatch", "psk-mismatch"),
        ("mm_active", "MM_ACTIVE"),
        ("zebra", ""),
        ("", ""),
    ],
)
def test_typing_errors_case_and_beginnings_are_near(word: str, meant: str) -> None:
    assert nearest(word, LEGAL) == meant


@given(st.text())
def test_the_answer_is_a_legal_word_or_nothing(word: str) -> None:
    assert nearest(word, LEGAL) in (*LEGAL, "")
