"""What is chosen was offered and is configured; what is refused is refused with every reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import LifetimePolicy, PfsPolicy, Phase1Transform, Phase2Transform
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.lifetimes import Lifetimes
from gwsim.ike.offers import offer_phase1, offer_phase2
from gwsim.ike.proposals import (
    NoChoice,
    choose_phase1,
    choose_phase2,
    confirm_phase1,
    confirm_phase2,
)
from gwsim.wire.numbers import Phase1Attribute, Phase2Attribute, Protocol
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform
from tests.ike.configs import AES_SHA, ESP_AES_SHA, child

LOWER = LifetimePolicy.LOWER
TUNNEL = 1

phase1_transforms = st.builds(
    Phase1Transform,
    encryption=st.sampled_from([1, 5, 7]),
    hash=st.sampled_from([1, 2, 4]),
    group=st.sampled_from([1, 2, 5]),
    key_bits=st.sampled_from([None, 128, 256]),
    lifetime_seconds=st.sampled_from([None, 60, 86400, 100000]),
)
phase2_transforms = st.builds(
    Phase2Transform,
    transform=st.sampled_from([2, 3, 12, 20]),
    authentication=st.sampled_from([None, 1, 2, 5]),
    key_bits=st.sampled_from([None, 128, 256]),
)


def only(sa: SecurityAssociation) -> Transform:
    """Give the only transform of an SA payload."""
    return sa.proposals[0].transforms[0]


def with_attributes(sa: SecurityAssociation, *attributes: Attribute) -> SecurityAssociation:
    """Put further attributes into the only transform."""
    transform = replace(only(sa), attributes=(*only(sa).attributes, *attributes))
    return SecurityAssociation((replace(sa.proposals[0], transforms=(transform,)),))


def with_transform_id(sa: SecurityAssociation, number: int) -> SecurityAssociation:
    """Change the id of the only transform."""
    transform = replace(only(sa), transform_id=number)
    return SecurityAssociation((replace(sa.proposals[0], transforms=(transform,)),))


def esp(config=None, spi=0x1000, group=None, mode=TUNNEL) -> SecurityAssociation:
    """Offer what a child's own end would offer."""
    return offer_phase2(config or child("A"), spi, group, mode)


def choose(sa, config=None, pfs=PfsPolicy.IF_CONFIGURED, lifetime=LOWER, mode=TUNNEL):
    return choose_phase2(sa, config or child("B"), mode, pfs, lifetime)


# phase 1


@given(st.lists(phase1_transforms, min_size=1), st.lists(phase1_transforms))
def test_a_phase_1_choice_is_one_of_the_offered_and_one_of_ours(offered, ours):
    sa = offer_phase1(tuple(offered))
    try:
        choice = choose_phase1(sa, tuple(ours), LOWER)
    except NoChoice as refusal:
        assert bool(refusal.comparisons) == bool(ours)
        assert all(c.offered != c.wanted for c in refusal.comparisons)
        pairs = {(c.transform, c.policy) for c in refusal.comparisons}
        assert pairs == {(i + 1, j + 1) for i in range(len(offered)) for j in range(len(ours))}
        return
    assert choice.transform in sa.proposals[0].transforms
    mine = ours[choice.policy - 1]
    asked = offered[choice.transform.number - 1]
    for field in ("encryption", "hash", "group", "key_bits", "authentication"):
        assert getattr(choice.agreed, field) == getattr(mine, field) == getattr(asked, field)
    answer = SecurityAssociation((Proposal(1, Protocol.ISAKMP, b"", (choice.transform,)),))
    confirmed = confirm_phase1(answer, tuple(offered))
    assert replace(confirmed.agreed, lifetime_seconds=None) == replace(asked, lifetime_seconds=None)


@pytest.mark.parametrize(
    ("attribute", "changes", "offered", "wanted"),
    [
        ("encryption", {"encryption": 5}, 5, 7),
        ("hash", {"hash": 1}, 1, 2),
        ("group", {"group": 5}, 5, 2),
        ("key length", {"key_bits": 256}, 256, 128),
        ("key length", {"key_bits": None}, None, 128),
        ("authentication", {"authentication": 3}, 3, 1),
    ],
)
def test_each_attribute_of_phase_1_is_named(attribute, changes, offered, wanted):
    with pytest.raises(NoChoice) as refusal:
        choose_phase1(offer_phase1((replace(AES_SHA, **changes),)), (AES_SHA,), LOWER)
    (comparison,) = refusal.value.comparisons
    assert (comparison.attribute, comparison.offered, comparison.wanted) == (
        attribute,
        offered,
        wanted,
    )
    assert (comparison.proposal, comparison.transform, comparison.policy) == (1, 1, 1)


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute.number(Phase1Attribute.PRF, 1),
        Attribute.number(99, 0),
        Attribute.number(Phase1Attribute.HASH, 1),
    ],
    ids=["prf", "unknown", "twice"],
)
def test_an_unknown_or_conflicting_attribute_of_phase_1_is_named(attribute):
    with pytest.raises(NoChoice) as refusal:
        choose_phase1(with_attributes(offer_phase1((AES_SHA,)), attribute), (AES_SHA,), LOWER)
    assert refusal.value.only("attribute").offered == attribute.type


def test_a_protocol_that_is_not_isakmp_has_no_place_in_phase_1():
    sa = SecurityAssociation((replace(offer_phase1((AES_SHA,)).proposals[0], protocol_id=9),))
    with pytest.raises(NoChoice) as refusal:
        choose_phase1(sa, (AES_SHA,), LOWER)
    assert refusal.value.only("protocol").offered == 9


@pytest.mark.parametrize("changes", [{"group": 5}, {"encryption": 5, "key_bits": None}])
def test_an_answer_that_was_not_offered_is_refused_in_phase_1(changes):
    with pytest.raises(Refused) as refused:
        confirm_phase1(offer_phase1((replace(AES_SHA, **changes),)), (AES_SHA,))
    assert refused.value.flaw is Flaw.CHANGED_ANSWER


def test_a_responder_may_answer_with_a_lower_lifetime():
    answered = offer_phase1((replace(AES_SHA, lifetime_seconds=60),))
    assert confirm_phase1(answered, (AES_SHA,)).agreed.lifetime_seconds == 60


def test_only_finds_an_offer_that_failed_on_nothing_else():
    sa = offer_phase1((replace(AES_SHA, hash=1, group=5), replace(AES_SHA, group=5)))
    with pytest.raises(NoChoice) as refusal:
        choose_phase1(sa, (AES_SHA,), LOWER)
    assert refusal.value.only("group").transform == 2
    assert refusal.value.only("hash") is None


# phase 2


@given(st.lists(phase2_transforms, min_size=1), st.lists(phase2_transforms))
def test_a_phase_2_choice_is_one_of_the_offered_and_one_of_ours(offered, ours):
    asked = child("A", transforms=tuple(offered))
    sa = esp(asked)
    try:
        choice = choose(sa, child("B", transforms=tuple(ours)))
    except NoChoice as refusal:
        assert bool(refusal.comparisons) == bool(ours)
        assert all(c.offered != c.wanted for c in refusal.comparisons)
        return
    assert choice.transform in sa.proposals[0].transforms
    assert choice.agreed == ours[choice.policy - 1] == offered[choice.transform.number - 1]
    answer = SecurityAssociation((Proposal(1, Protocol.ESP, b"\0\0\2\0", (choice.transform,)),))
    assert confirm_phase2(answer, asked, None, TUNNEL).agreed == choice.agreed


@pytest.mark.parametrize(
    ("attribute", "changes", "offered", "wanted"),
    [
        ("transform", {"transform": 3}, 3, 12),
        ("authentication", {"authentication": 1}, 1, 2),
        ("authentication", {"authentication": None}, None, 2),
        ("key length", {"key_bits": 256}, 256, 128),
        ("key length", {"key_bits": None}, None, 128),
    ],
)
def test_each_attribute_of_phase_2_is_named(attribute, changes, offered, wanted):
    asked = child("A", transforms=(replace(ESP_AES_SHA, **changes),))
    with pytest.raises(NoChoice) as refusal:
        choose(esp(asked))
    (comparison,) = refusal.value.comparisons
    assert (comparison.attribute, comparison.offered, comparison.wanted) == (
        attribute,
        offered,
        wanted,
    )


def test_the_encapsulation_mode_must_be_the_one_this_side_would_offer():
    with pytest.raises(NoChoice) as refusal:
        choose(esp(mode=3))
    mode = refusal.value.only("encapsulation mode")
    assert (mode.offered, mode.wanted) == (3, TUNNEL)


@pytest.mark.parametrize(
    "attribute",
    [Attribute.number(98, 0), Attribute.number(Phase2Attribute.KEY_LENGTH, 256)],
    ids=["unknown", "twice"],
)
def test_an_unknown_or_conflicting_attribute_of_phase_2_is_named(attribute):
    with pytest.raises(NoChoice) as refusal:
        choose(with_attributes(esp(), attribute))
    assert refusal.value.only("attribute").offered == attribute.type


def test_a_bundle_is_refused_as_one():
    """ESP and AH under one number must both be applied; AH is not built."""
    first = esp().proposals[0]
    both = SecurityAssociation((first, replace(first, protocol_id=Protocol.AH)))
    with pytest.raises(NoChoice) as refusal:
        choose(both)
    assert refusal.value.comparisons[0].attribute == "bundle"
    assert refusal.value.comparisons[0].offered == 2


def test_an_alternative_under_another_number_is_none():
    first = esp().proposals[0]
    unlike = replace(first, protocol_id=Protocol.AH)
    choice = choose(SecurityAssociation((unlike, replace(first, number=2))))
    assert choice.proposal.number == 2


def test_ah_alone_is_refused_by_its_protocol():
    proposal = replace(esp().proposals[0], protocol_id=Protocol.AH)
    with pytest.raises(NoChoice) as refusal:
        choose(SecurityAssociation((proposal,)))
    assert refusal.value.only("protocol").offered == Protocol.AH


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"), [(True, True, True), (False, True, False)]
)
def test_extended_sequence_numbers_are_used_when_offered_and_wanted(offered, wanted, chosen):
    assert choose(esp(child("A", esn=offered)), child("B", esn=wanted)).esn is chosen


def test_extended_sequence_numbers_that_are_not_wanted_are_refused():
    with pytest.raises(NoChoice) as refusal:
        choose(esp(child("A", esn=True)))
    assert refusal.value.only("extended sequence number").offered == 1


PFS_CELLS = [
    # offered, wanted, who accepts it
    (None, None, {PfsPolicy.OBEY, PfsPolicy.IF_CONFIGURED, PfsPolicy.EXACT}),
    (2, 2, {PfsPolicy.OBEY, PfsPolicy.IF_CONFIGURED, PfsPolicy.EXACT}),
    (5, 2, {PfsPolicy.OBEY}),
    (2, None, {PfsPolicy.OBEY, PfsPolicy.IF_CONFIGURED}),
    (None, 2, {PfsPolicy.OBEY}),
]


@pytest.mark.parametrize(("offered", "wanted", "accepting"), PFS_CELLS)
@pytest.mark.parametrize("policy", PfsPolicy)
def test_every_cell_of_perfect_forward_secrecy(offered, wanted, accepting, policy):
    sa = esp(group=offered)
    ours = child("B", pfs_group=wanted)
    if policy in accepting:
        assert choose(sa, ours, policy).group == offered
    else:
        with pytest.raises(NoChoice) as refusal:
            choose(sa, ours, policy)
        wrong = refusal.value.only("pfs group")
        assert (wrong.offered, wrong.wanted) == (offered, wanted)


@pytest.mark.parametrize(
    ("policy", "theirs", "agreed"),
    [
        (LOWER, (7200, None), (3600, 1000)),
        (LOWER, (1800, 500), (1800, 500)),
        (LOWER, (None, None), (3600, 1000)),
        (LifetimePolicy.OBEY, (7200, 9000), (7200, 9000)),
        (LifetimePolicy.OBEY, (None, None), (28800, 1000)),
        (LifetimePolicy.STRICT, (1800, None), (1800, 1000)),
        (LifetimePolicy.EXACT, (3600, None), (3600, 1000)),
    ],
)
def test_lifetimes_of_phase_2_are_agreed_on_by_policy(policy, theirs, agreed):
    asked = child("A", lifetime_seconds=theirs[0], lifetime_kilobytes=theirs[1])
    ours = child("B", lifetime_seconds=3600, lifetime_kilobytes=1000)
    assert choose(esp(asked), ours, lifetime=policy).lifetimes == Lifetimes(*agreed)


@pytest.mark.parametrize(
    ("policy", "theirs"),
    [(LifetimePolicy.STRICT, 7200), (LifetimePolicy.STRICT, None), (LifetimePolicy.EXACT, 1800)],
)
def test_a_lifetime_of_phase_2_can_be_refused(policy, theirs):
    with pytest.raises(NoChoice) as refusal:
        choose(
            esp(child("A", lifetime_seconds=theirs)),
            child("B", lifetime_seconds=3600),
            lifetime=policy,
        )
    assert refusal.value.only("lifetime").offered == (theirs or 28800)


@pytest.mark.parametrize(
    "answer",
    [
        esp(group=2),
        esp(child("A", esn=True)),
        esp(child("A", transforms=(Phase2Transform(3, 2),))),
        esp(mode=2),
    ],
    ids=["pfs group", "esn", "transform", "mode"],
)
def test_an_answer_that_was_not_offered_is_refused_in_phase_2(answer):
    with pytest.raises(Refused) as refused:
        confirm_phase2(answer, child("A"), None, TUNNEL)
    assert refused.value.flaw is Flaw.CHANGED_ANSWER


def test_an_answer_that_drops_what_was_offered_is_refused():
    with pytest.raises(Refused):
        confirm_phase2(esp(), child("A", esn=True), None, TUNNEL)
    with pytest.raises(Refused):
        confirm_phase2(esp(), child("A"), 2, TUNNEL)


def test_an_unknown_transform_does_not_spoil_the_others():
    known = only(esp())
    both = (replace(known, transform_id=77), replace(known, number=2))
    sa = SecurityAssociation((replace(esp().proposals[0], transforms=both),))
    assert choose(sa).transform.number == 2
