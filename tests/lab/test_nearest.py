"""The nearest legal word is found where there is one, and none is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.nearest import hint, instead, nearest

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


def test_a_complaint_ends_with_the_nearest_word_or_with_nothing() -> None:
    assert hint("hahs", LEGAL) == "; did you mean 'hash'?"
    assert hint("zebra", LEGAL) == ""


def test_where_no_word_is_near_all_of_them_are_listed() -> None:
    assert instead("hahs", LEGAL) == "did you mean 'hash'?"
    assert instead("zebra", ("hash", "group")) == "there are hash, group"
