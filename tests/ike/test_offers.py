"""SA payloads are made as the RFC says, and refused when their form is wrong."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase1Transform
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.offers import check_answer, check_form, offer_phase1, offer_phase2
from gwsim.wire.numbers import Phase1Attribute, Phase2Attribute, Protocol
from gwsim.wire.payloads import Proposal, SecurityAssociation, Transform
from tests.ike.configs import AES_SHA, child

P1, P2 = Phase1Attribute, Phase2Attribute
SA = offer_phase2(child("A"), 0x1234, None, 1)
FIRST = SA.proposals[0]


def flaw_of(sa: SecurityAssociation) -> Flaw:
    with pytest.raises(Refused) as refused:
        check_form(sa)
    return refused.value.flaw


def test_phase_1_offers_one_proposal_with_all_transforms_numbered():
    sa = offer_phase1((AES_SHA, Phase1Transform(5, 1, 5, lifetime_kilobytes=10)))
    (proposal,) = sa.proposals
    assert (proposal.number, proposal.protocol_id, proposal.spi) == (1, Protocol.ISAKMP, b"")
    assert [t.number for t in proposal.transforms] == [1, 2]
    assert [(a.type, a.as_int) for a in proposal.transforms[0].attributes] == [
        (P1.ENCRYPTION, 7),
        (P1.HASH, 2),
        (P1.AUTHENTICATION_METHOD, 1),
        (P1.GROUP_DESCRIPTION, 2),
        (P1.KEY_LENGTH, 128),
        (P1.LIFE_TYPE, 1),
        (P1.LIFE_DURATION, 86400),
    ]
    assert [(a.type, a.as_int) for a in proposal.transforms[1].attributes][-4:] == [
        (P1.LIFE_TYPE, 1),
        (P1.LIFE_DURATION, 86400),
        (P1.LIFE_TYPE, 2),
        (P1.LIFE_DURATION, 10),
    ]


def test_a_lifetime_too_long_for_two_octets_goes_in_the_long_form():
    duration = offer_phase1((AES_SHA,)).proposals[0].transforms[0].attributes[-1]
    assert not duration.short
    assert duration.value == (86400).to_bytes(4, "big")


def test_durations_of_phase_2_may_always_go_in_the_long_form():
    config = child("A", lifetime_seconds=3600)
    for long_life, size in ((False, 2), (True, 4)):
        sa = offer_phase2(config, 0x1234, None, 1, long_life)
        unit, duration = sa.proposals[0].transforms[0].attributes[:2]
        assert (unit.short, duration.short) == (True, not long_life)
        assert duration.value == (3600).to_bytes(size, "big")


def test_phase_2_offers_what_the_child_has():
    config = child("A", esn=True, lifetime_seconds=None, lifetime_kilobytes=4608000)
    (proposal,) = offer_phase2(config, 0xABCDEF01, 14, 3).proposals
    assert (proposal.protocol_id, proposal.spi.hex()) == (Protocol.ESP, "abcdef01")
    assert [(a.type, a.as_int) for a in proposal.transforms[0].attributes] == [
        (P2.LIFE_TYPE, 2),
        (P2.LIFE_DURATION, 4608000),
        (P2.ENCAPSULATION_MODE, 3),
        (P2.AUTHENTICATION_ALGORITHM, 2),
        (P2.KEY_LENGTH, 128),
        (P2.GROUP_DESCRIPTION, 14),
        (P2.EXTENDED_SEQUENCE_NUMBER, 1),
    ]


def test_what_is_offered_is_in_form():
    check_form(SA)
    check_form(offer_phase1((AES_SHA, AES_SHA)))
    assert check_answer(SA) == (FIRST, FIRST.transforms[0])


def test_doi_and_situation():
    assert flaw_of(replace(SA, doi=2)) is Flaw.DOI
    assert flaw_of(replace(SA, situation=2)) is Flaw.SITUATION


@pytest.mark.parametrize(
    "proposals",
    [
        (),
        (replace(FIRST, transforms=()),),
        (replace(FIRST, number=2), FIRST),
        (replace(FIRST, transforms=FIRST.transforms * 2),),
        (replace(FIRST, transforms=(Transform(2, 12), Transform(1, 12))),),
    ],
    ids=["no proposal", "no transform", "numbers fall", "numbers repeat", "transforms fall"],
)
def test_numbers_and_counts(proposals):
    assert flaw_of(SecurityAssociation(proposals)) is Flaw.PROPOSAL_SYNTAX


@pytest.mark.parametrize(
    ("protocol", "spi"),
    [
        (Protocol.ESP, b"\0\0\0\xff"),
        (Protocol.ESP, bytes(4)),
        (Protocol.ESP, b""),
        (Protocol.ESP, b"12345678"),
        (Protocol.AH, b"12"),
        (Protocol.ISAKMP, b"1234"),
    ],
)
def test_spis_that_cannot_be(protocol, spi):
    assert (
        flaw_of(SecurityAssociation((replace(FIRST, protocol_id=protocol, spi=spi),))) is Flaw.SPI
    )


@pytest.mark.parametrize(
    ("protocol", "spi"),
    [
        (Protocol.ESP, b"\0\0\1\0"),
        (Protocol.ISAKMP, b""),
        (Protocol.ISAKMP, bytes(8)),
        (Protocol.ISAKMP, bytes(16)),
        (Protocol.IPCOMP, b"ab"),
        (99, b""),
    ],
)
def test_spis_that_can_be(protocol, spi):
    check_form(SecurityAssociation((replace(FIRST, protocol_id=protocol, spi=spi),)))


@pytest.mark.parametrize(
    "proposals",
    [
        (FIRST, replace(FIRST, number=2)),
        (replace(FIRST, transforms=(Transform(1, 12), Transform(2, 12))),),
    ],
)
def test_an_answer_holds_one_transform(proposals: tuple[Proposal, ...]):
    with pytest.raises(Refused) as refused:
        check_answer(SecurityAssociation(proposals))
    assert refused.value.flaw is Flaw.PROPOSAL_SYNTAX
