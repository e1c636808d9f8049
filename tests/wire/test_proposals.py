"""The inside of an SA payload: nesting, counts and bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.errors import ProposalSyntaxError, WireError
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform
from gwsim.wire.proposals import (
    MAX_ATTRIBUTES,
    MAX_PROPOSALS,
    MAX_TRANSFORMS,
    build_attributes,
    build_security_association,
    parse_attributes,
    parse_security_association,
)

from .strategies import attribute_tuples, damaged, octets, security_associations

SA = "00000001 00000001"
SHORT = Attribute.number(1, 7)


def parse(text: str) -> SecurityAssociation:
    data = bytes.fromhex(text)
    return parse_security_association(data, 0, len(data))


def with_transforms(count: int) -> SecurityAssociation:
    return SecurityAssociation((Proposal(1, 1, b"", (Transform(1, 1),) * count),))


@given(security_associations, octets, octets)
def test_round_trip_wherever_it_stands(sa, before, after):
    data = build_security_association(sa)
    stop = len(before) + len(data)
    assert parse_security_association(before + data + after, len(before), stop) == sa


@given(attribute_tuples, octets, octets)
def test_attributes_round_trip_wherever_they_stand(attributes, before, after):
    data = build_attributes(attributes)
    stop = len(before) + len(data)
    assert parse_attributes(before + data + after, len(before), stop) == attributes


@given(st.integers(0, 20), damaged(security_associations.map(build_security_association)))
def test_damage_gives_an_sa_or_a_wire_error_inside_the_data(start, data):
    padded = bytes(start) + data
    try:
        parse_security_association(padded, start, len(padded))
    except WireError as error:
        assert start <= error.offset <= len(padded)


@given(st.binary(max_size=100))
def test_any_octets_give_attributes_that_build_back_or_a_wire_error(data):
    try:
        attributes = parse_attributes(data, 0, len(data))
    except WireError as error:
        assert 0 <= error.offset < len(data)
    else:
        assert build_attributes(attributes) == data


CONTRADICTIONS = [
    ("00 00 0008 01 01 00", 8, "the header of a proposal is cut off"),
    ("00 00 0007 01 01 00 00", 10, "a proposal cannot have 7 octets here"),
    ("00 00 0009 01 01 00 00", 10, "a proposal cannot have 9 octets here"),
    ("02 00 0008 01 01 00 00", 8, "a proposal is wrongly followed by type 2"),
    ("00 00 0008 01 01 00 00  00 00 0008 02 01 00 00", 8, "a proposal is wrongly followed by type"),
    ("03 00 0008 01 01 00 00  00 00 0008 02 01 00 00", 8, "a proposal is wrongly followed by type"),
    ("00 00 000a 01 01 04 00  0102", 14, "an SPI of 4 octets runs past its proposal"),
    ("00 00 0008 01 01 00 01", 16, "a proposal of 1 transforms has only 0"),
    ("00 00 0010 01 01 00 00  00 00 0008 01 01 0000", 16, "a proposal of 0 transforms has more"),
    ("00 00 000c 01 01 00 01  00 00 0008", 16, "the header of a transform is cut off"),
    ("00 00 0010 01 01 00 01  00 00 0007 01 01 0000", 18, "a transform cannot have 7 octets here"),
    ("00 00 0010 01 01 00 01  00 00 000c 01 01 0000", 18, "a transform cannot have 12 octets"),
    ("00 00 0010 01 01 00 01  03 00 0008 01 01 0000", 16, "a transform is wrongly followed by"),
    ("00 00 0012 01 01 00 01  00 00 000a 01 01 0000 8001", 24, "the header of an attribute is cut"),
    (
        "00 00 0014 01 01 00 01  00 00 000c 01 01 0000 00010001",
        24,
        "attribute 1 of 1 octets runs past the end",
    ),
]


@pytest.mark.parametrize(("data", "offset", "reason"), CONTRADICTIONS)
def test_contradictions_inside_an_sa_are_bad_proposal_syntax(data, offset, reason):
    with pytest.raises(ProposalSyntaxError) as caught:
        parse(SA + data)
    assert caught.value.offset == offset
    assert caught.value.reason.startswith(reason)


def test_a_body_too_short_for_doi_and_situation_is_not_about_proposals():
    with pytest.raises(WireError) as caught:
        parse("00000001 000000")
    assert not isinstance(caught.value, ProposalSyntaxError)


def test_reserved_octets_of_the_nested_payloads_are_ignored():
    assert parse(SA + "00 ff 0010 01 01 00 01  00 ff 0008 01 01 ffff") == with_transforms(1)


def test_an_sa_without_proposals_and_a_proposal_without_transforms_survive():
    assert parse(SA) == SecurityAssociation(())
    assert parse(SA + "00 00 0008 01 01 00 00") == with_transforms(0)


class TestBounds:
    def test_proposals(self):
        proposal = Proposal(1, 1, b"", ())
        most = build_security_association(SecurityAssociation((proposal,) * MAX_PROPOSALS))
        assert len(parse(most.hex()).proposals) == MAX_PROPOSALS
        too_many = build_security_association(SecurityAssociation((proposal,) * 33))
        with pytest.raises(ProposalSyntaxError, match="more than 32 proposals"):
            parse(too_many.hex())

    def test_transforms_count_over_all_proposals(self):
        half = Proposal(1, 1, b"", (Transform(1, 1),) * (MAX_TRANSFORMS // 2))
        extra = Proposal(1, 1, b"", (Transform(1, 1),))
        most = build_security_association(SecurityAssociation((half, half)))
        assert sum(len(p.transforms) for p in parse(most.hex()).proposals) == MAX_TRANSFORMS
        too_many = build_security_association(SecurityAssociation((half, half, extra)))
        with pytest.raises(ProposalSyntaxError, match="more than 128 transforms"):
            parse(too_many.hex())

    def test_attributes(self):
        most = build_attributes((SHORT,) * MAX_ATTRIBUTES)
        assert len(parse_attributes(most, 0, len(most))) == MAX_ATTRIBUTES
        too_many = build_attributes((SHORT,) * (MAX_ATTRIBUTES + 1))
        with pytest.raises(WireError, match="at octet 256: more than 64 attributes"):
            parse_attributes(too_many, 0, len(too_many))


@pytest.mark.parametrize(
    ("attribute", "complaint"),
    [
        (Attribute(0x8000, b"\0\1"), "does not fit in 15 bits"),
        (Attribute(-1, b"", False), "does not fit in 15 bits"),
        (Attribute(1, b"\1"), "two octets, not 1"),
    ],
)
def test_an_attribute_that_no_octets_can_hold_is_the_callers_error(attribute, complaint):
    with pytest.raises(ValueError, match=complaint):
        build_attributes((attribute,))
