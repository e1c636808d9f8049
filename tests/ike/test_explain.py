"""A refused proposal is told in words, and finds the row of the bad-input table that fits."""

import pytest

from gwsim.ike.events import Comparison
from gwsim.ike.explain import flaw_of, told, value_text
from gwsim.ike.flaws import Flaw
from gwsim.ike.proposals import NoChoice


def differs(attribute, offered, wanted, transform=1) -> Comparison:
    return Comparison(
        attribute=attribute,
        offered=offered,
        wanted=wanted,
        proposal=1,
        transform=transform,
        policy=1,
    )


@pytest.mark.parametrize(
    ("attribute", "value", "phase", "text"),
    [
        ("encryption", 7, 1, "aes-cbc"),
        ("encryption", 99, 1, "99"),
        ("hash", 2, 1, "sha1"),
        ("group", 2, 1, "modp-1024"),
        ("pfs group", None, 2, "none"),
        ("pfs group", 14, 2, "modp-2048"),
        ("authentication", 1, 1, "pre-shared-key"),
        ("authentication", 2, 2, "hmac-sha1"),
        ("transform", 1, 1, "key-ike"),
        ("transform", 5, 1, "5"),
        ("transform", 12, 2, "aes-cbc"),
        ("key length", 256, 1, "256"),
        ("protocol", 3, 2, "esp"),
        ("encapsulation mode", 1, 2, "tunnel"),
        ("lifetime", 3600, 2, "3600"),
    ],
)
def test_values_have_names(attribute, value, phase, text):
    assert value_text(attribute, value, phase) == text


def test_each_difference_is_told_once_in_the_order_found():
    found = (
        differs("hash", 1, 2),
        differs("group", 5, 2),
        differs("hash", 1, 2, transform=2),
    )
    assert told(found) == (
        "hash: offered md5, wanted sha1; group: offered modp-1536, wanted modp-1024"
    )


def test_without_any_comparison_nothing_was_offered_or_configured():
    assert told(()) == "nothing was offered"


P1, P2 = Flaw.NO_PROPOSAL_PHASE1, Flaw.NO_PROPOSAL_PHASE2


@pytest.mark.parametrize(
    ("found", "default", "flaw"),
    [
        ([differs("attribute", 99, None)], P1, Flaw.ATTRIBUTES),
        ([differs("attribute", 99, None), differs("hash", 1, 2)], P1, P1),
        ([differs("protocol", 77, 3)], P2, Flaw.PROTOCOL_ID),
        ([differs("protocol", 2, 3)], P2, P2),
        ([differs("transform", 77, 12)], P2, Flaw.TRANSFORM_ID),
        ([differs("transform", 3, 12)], P2, P2),
        ([differs("transform", 2, 1)], P1, Flaw.TRANSFORM_ID),
        ([differs("pfs group", None, 2)], P2, Flaw.PFS),
        ([differs("pfs group", 5, 2), differs("key length", 1, 2)], P2, P2),
        ([differs("hash", 1, 2)], P1, P1),
        ([], P1, P1),
    ],
)
def test_the_row_that_fits_best(found, default, flaw):
    assert flaw_of(NoChoice(found), default) is flaw
