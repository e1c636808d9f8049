"""Proposals in words, and what differs between two."""

import pytest

from gwsim.capture.reading.terms import (
    Offer,
    differences,
    identity_text,
    nearest_offers,
    offers,
)
from gwsim.wire.codec import parse_payloads
from gwsim.wire.payloads import Attribute, Identification, Proposal, SecurityAssociation, Transform
from tests.capture.reading.stories import dialogue_of
from tests.wire.captures import CHECK_POINT_MAIN_2, NETSCREEN_AGGR_2

number = Attribute.number


def phase1(*attributes):
    return SecurityAssociation((Proposal(1, 1, b"", (Transform(1, 1, attributes),)),))


def phase2(transform, *attributes, protocol=3):
    return SecurityAssociation(
        (Proposal(1, protocol, b"spi!", (Transform(1, transform, attributes),)),)
    )


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (CHECK_POINT_MAIN_2, "3DES, SHA-1, group 2 (MODP-1024), RSA signatures, 28800 s"),
        (NETSCREEN_AGGR_2, "3DES, SHA-1, group 2 (MODP-1024), pre-shared key, 28800 s"),
    ],
)
def test_what_real_devices_chose(message, text):
    sa = parse_payloads(message[16], message, 28)[0].payload
    assert [offer.text for offer in offers(sa)] == [text]


def test_what_a_simulated_device_offers_for_phase_2():
    story = "phase2/pfs-only-screenos-asa-initiates"
    attempt = next(iter(dialogue_of(story, keys=True).attempts.values()))
    [offer] = offers(attempt.offers["quick-1"])
    assert offer.text == "ESP AES-CBC-256, SHA-1, no PFS, tunnel, 28800 s, 4608000 kB"


def test_numbers_nobody_assigned_stand_as_numbers():
    [offer] = offers(phase1(number(1, 99), number(2, 98), number(4, 97), number(3, 96)))
    assert offer.text == "number 99, number 98, group 97, 96"
    [offer] = offers(phase1())
    assert offer.text == "none, none, no group, none"


def test_methods_and_units_by_name():
    hour = (number(11, 1), number(12, 3600), number(11, 2), number(12, 100), number(11, 9))
    [offer] = offers(phase1(number(3, 3), *hour, number(12, 7)))
    assert offer.text.endswith("RSA signatures, 3600 s, 100 kB, 7 of unit 9")
    assert offers(phase1(number(3, 65001)))[0].get("authentication") == "XAUTH, pre-shared key"


def test_ah_and_pfs_and_udp_encapsulation():
    [offer] = offers(phase2(2, number(5, 1), number(3, 14), number(4, 3), protocol=2))
    assert offer.text == "AH 2, MD5, PFS group 14 (MODP-2048), udp tunnel"


def test_differences_are_named_by_attribute():
    one = Offer("", (("encryption", "AES-256"), ("group", "group 2")))
    other = Offer("", (("encryption", "3DES"), ("group", "group 2"), ("lifetime", "60 s")))
    assert differences(one, other) == ("encryption: AES-256 and 3DES", "lifetime: none and 60 s")
    assert differences(one, one) == ()


def test_of_many_offers_the_nearest_two_are_compared():
    near, far = Offer("", (("a", "1"), ("b", "2"))), Offer("", (("a", "9"), ("b", "9")))
    mine = Offer("", (("a", "1"), ("b", "3")))
    assert nearest_offers([far, near], [mine]) == ("b: 2 and 3",)
    assert nearest_offers([near], [mine, near]) == ()
    assert nearest_offers([], [mine]) == ()


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (Identification(1, bytes([10, 1, 0, 9])), "10.1.0.9"),
        (Identification(4, bytes([10, 1, 0, 0, 255, 255, 255, 0])), "10.1.0.0/24"),
        (Identification(2, b"branch.example"), "FQDN branch.example"),
        (Identification(11, b"\x00\xff"), "KEY-ID 00ff"),
        (Identification(1, b"odd"), "IPV4-ADDR odd"),
    ],
)
def test_identities_in_words(payload, text):
    assert identity_text(payload) == text
