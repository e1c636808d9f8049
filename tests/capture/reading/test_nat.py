"""NAT discovery, judged from the hashes of both ends or of one."""

import pytest

from gwsim.capture.reading.attempt import Attempt
from gwsim.capture.reading.nat import nat_verdict
from gwsim.crypto.skeyid import nat_d
from gwsim.wire.ip import parse_address
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform
from gwsim.wire.vendor_ids import NAT_T_DRAFT_02, NAT_T_RFC
from tests.capture.reading.stories import dialogue_of
from tests.path.packets import BRANCH, HQ, PRIVATE

COOKIES = b"initiate", b"responds"


def hashed(address, algorithm=2, port=500):
    return nat_d(algorithm, *COOKIES, parse_address(address).to_bytes(4, "big"), port)


def attempt(algorithm=2):
    made = Attempt(COOKIES[0], HQ, BRANCH, 0.0, True, responder_cookie=COOKIES[1])
    transform = Transform(1, 1, (Attribute.number(2, algorithm),))
    made.choices["main-2"] = SecurityAssociation((Proposal(1, 1, b"", (transform,)),))
    return made


def test_without_any_hash_nothing_is_known():
    found = nat_verdict(attempt())
    assert (found.known, found.behind, found.lines) == (False, (), ())


@pytest.mark.parametrize(
    ("said_by_initiator", "said_by_responder", "behind"),
    [
        ((BRANCH, HQ), (HQ, BRANCH), ()),
        ((BRANCH, PRIVATE), (HQ, BRANCH), (HQ,)),
        ((BRANCH, HQ), (HQ, PRIVATE), (BRANCH,)),
        ((BRANCH, PRIVATE), (HQ, "10.9.0.3"), (HQ, BRANCH)),
        ((BRANCH, "10.9.0.3", HQ), (HQ, BRANCH), ()),
    ],
)
def test_both_ends_hashes_tell_who_is_behind_a_nat(said_by_initiator, said_by_responder, behind):
    made = attempt()
    made.nat_d = {
        HQ: tuple(map(hashed, said_by_initiator)),
        BRANCH: tuple(map(hashed, said_by_responder)),
    }
    assert nat_verdict(made).behind == behind


@pytest.mark.parametrize("algorithm", [1, 2, 4, 6])
def test_one_ends_hashes_are_held_against_the_addresses_of_the_capture(algorithm):
    made = attempt(algorithm=algorithm)
    made.nat_d = {HQ: (hashed(BRANCH, algorithm), hashed(PRIVATE, algorithm))}
    found = nat_verdict(made)
    assert found.behind == (HQ,)
    assert "is the address the NAT gave it" in found.lines[0]
    made.nat_d = {HQ: (hashed("203.0.113.77", algorithm), hashed(HQ, algorithm))}
    assert nat_verdict(made).behind == (BRANCH,)


def test_an_unknown_hash_algorithm_leaves_one_end_undecided():
    made = attempt(algorithm=3)
    made.nat_d = {HQ: (b"x" * 24, b"y" * 24)}
    assert set(nat_verdict(made).behind) == {HQ, BRANCH}
    made.choices.clear()
    assert nat_verdict(made).behind == ()


def test_who_does_not_announce_it_is_named():
    made = attempt()
    made.note("main-1", HQ, 1.0, 500)
    made.note("main-2", BRANCH, 2.0, 500)
    made.vendor_ids = {HQ: {NAT_T_RFC: None}}
    assert nat_verdict(made).lines == (f"{BRANCH} does not announce NAT traversal",)
    made.vendor_ids[BRANCH] = {NAT_T_DRAFT_02: None, NAT_T_RFC: None}
    assert "no NAT-D was seen" in nat_verdict(made).lines[0]


def test_staying_on_500_in_spite_of_a_nat_is_said():
    made = attempt()
    made.nat_d = {HQ: (hashed(BRANCH), hashed(PRIVATE)), BRANCH: (hashed(HQ), hashed(BRANCH))}
    made.note("main-5", HQ, 1.0, 500)
    assert any("stay on UDP 500" in line for line in nat_verdict(made).lines)


@pytest.mark.parametrize(
    ("tap", "address", "where"),
    [
        ("branch-outside", "192.168.1.2", "this capture is from before it"),
        ("hq-outside", "203.0.113.1", "is the address the NAT gave it"),
    ],
)
def test_a_story_is_judged_alike_on_both_sides_of_the_nat(tap, address, where):
    attempt = next(iter(dialogue_of("healthy/behind-nat", tap).attempts.values()))
    found = nat_verdict(attempt)
    assert found.behind == (address,)
    assert where in found.lines[0]
    assert "they move to UDP 4500" in found.lines
