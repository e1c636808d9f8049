"""Lifetimes: read from attributes, written to them, and agreed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import LifetimePolicy
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.lifetimes import (
    Lifetimes,
    acceptable,
    agree,
    announced_lifetimes,
    life_attributes,
    lower,
    phase1_lifetimes,
    phase2_lifetimes,
)
from gwsim.wire.payloads import Attribute, Transform
from gwsim.wire.proposals import build_attributes

spans = st.none() | st.integers(0, 2**40)
lifetimes = st.builds(Lifetimes, spans, spans)


def phase1(*pairs):
    return Transform(1, 1, tuple(Attribute.number(t, v) for t, v in pairs))


@given(lifetimes)
def test_what_is_written_is_read_again(life):
    transform = Transform(1, 1, life_attributes(11, 12, life))
    assert phase1_lifetimes(transform) == life


@given(lifetimes)
def test_phase_2_without_a_time_means_eight_hours(life):
    read = phase2_lifetimes(Transform(1, 12, life_attributes(1, 2, life)))
    assert read.kilobytes == life.kilobytes
    assert read.seconds == (28800 if life.seconds is None else life.seconds)


def test_phase_1_without_a_time_is_unlimited():
    assert phase1_lifetimes(phase1()) == Lifetimes(None, None)


def test_of_two_times_the_first_counts():
    pairs = [(11, 1), (12, 60), (11, 1), (12, 90)]
    assert phase1_lifetimes(phase1(*pairs)) == Lifetimes(60, None)


@pytest.mark.parametrize("pairs", [[(12, 60)], [(11, 3), (12, 60)], [(11, 1), (12, 60), (12, 70)]])
def test_a_duration_without_a_known_type_is_refused(pairs):
    with pytest.raises(Refused) as refused:
        phase1_lifetimes(phase1(*pairs))
    assert refused.value.flaw is Flaw.ATTRIBUTES


@given(lifetimes, st.sampled_from([1, 2]))
def test_a_responder_lifetime_says_what_was_written(life, phase):
    types = (11, 12) if phase == 1 else (1, 2)
    assert announced_lifetimes(build_attributes(life_attributes(*types, life)), phase) == life


@given(st.binary(), st.sampled_from([1, 2]))
def test_any_octets_can_be_read_as_a_responder_lifetime(data, phase):
    assert isinstance(announced_lifetimes(data, phase), Lifetimes)


def test_nonsense_in_a_responder_lifetime_says_nothing():
    nothing = Lifetimes(None, None)
    assert announced_lifetimes(b"\x80", 1) == nothing
    assert announced_lifetimes(build_attributes((Attribute.number(12, 5),)), 1) == nothing


@given(lifetimes, lifetimes)
def test_lower_wins_and_unlimited_is_higher_than_anything(ours, theirs):
    agreed = agree(LifetimePolicy.LOWER, ours, theirs)
    for unit in ("seconds", "kilobytes"):
        known = [v for v in (getattr(ours, unit), getattr(theirs, unit)) if v is not None]
        assert getattr(agreed, unit) == (min(known) if known else None)
    assert lower(None, None) is None


@given(lifetimes, lifetimes)
def test_who_obeys_takes_what_was_offered(ours, theirs):
    agreed = agree(LifetimePolicy.OBEY, ours, theirs)
    for unit in ("seconds", "kilobytes"):
        offered = getattr(theirs, unit)
        assert getattr(agreed, unit) == (getattr(ours, unit) if offered is None else offered)


@given(spans, spans, st.sampled_from(LifetimePolicy))
def test_what_each_policy_lets_pass(ours, theirs, policy):
    passes = acceptable(policy, ours, theirs)
    if policy is LifetimePolicy.EXACT:
        assert passes == (ours == theirs)
    elif policy is LifetimePolicy.STRICT:
        assert passes == (ours is None or (theirs is not None and theirs <= ours))
    else:
        assert passes
