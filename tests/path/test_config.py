"""Configurations refuse what no path can be."""

import math

import pytest

from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, RuleAction, Side


@pytest.mark.parametrize("name", ["loss", "duplicate", "reorder", "corrupt"])
@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_a_probability_is_between_0_and_1(name, value):
    with pytest.raises(ValueError, match=name):
        Link(**{name: value})


@pytest.mark.parametrize("name", ["latency", "jitter"])
@pytest.mark.parametrize("value", [-1.0, math.inf, math.nan])
def test_a_time_is_finite_and_not_negative(name, value):
    with pytest.raises(ValueError, match=name):
        Link(**{name: value})


def test_no_link_has_an_mtu_below_68_octets():
    assert Link(mtu=68).mtu == 68
    with pytest.raises(ValueError, match="68 octets"):
        Link(mtu=67)


@pytest.mark.parametrize(
    "wrong",
    [
        {"public": "203.0.113"},
        {"public": "203.0.113.1", "inside": "10.9.0"},
        {"public": "203.0.113.1", "udp_timeout": -1.0},
        {"public": "203.0.113.1", "forward": ((17, 65536),)},
        {"public": "203.0.113.1", "forward": ((0, 0),)},
        {"public": "203.0.113.1", "forward": ((17, 0),)},
        {"public": "203.0.113.1", "forward": ((50, 4500),)},
    ],
)
def test_a_nat_needs_real_addresses_times_and_ports(wrong):
    with pytest.raises(ValueError):
        Nat(**wrong)


def test_a_nat_stands_before_a_named_address_or_the_first_single_one():
    nat = Nat("203.0.113.1")
    assert Side("b", ("10.2.0.0/24", "10.9.0.2", "10.9.0.3"), nat=nat).inside_address == "10.9.0.2"
    named = Nat("203.0.113.1", inside="10.9.0.3")
    assert Side("b", ("10.9.0.2",), nat=named).inside_address == "10.9.0.3"


def test_a_nat_with_nothing_behind_it_is_refused():
    with pytest.raises(ValueError, match="no single address"):
        Side("branch", ("any",), nat=Nat("203.0.113.1"))


def test_addresses_of_a_side_are_checked():
    with pytest.raises(ValueError, match=r"10\.1\.0\.1/24"):
        Side("hq", ("10.1.0.1/24",))


def test_a_rule_takes_no_negative_time():
    with pytest.raises(ValueError, match="rule r"):
        Rule("r", RuleAction.DELAY, seconds=-1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "main-7"},
        {"occurrences": frozenset()},
        {"occurrences": frozenset({0, 1})},
        {"probability": 2.0},
    ],
)
def test_a_match_that_can_never_fit_is_refused(wrong):
    with pytest.raises(ValueError):
        Match(**wrong)


@pytest.mark.parametrize("word", ["main-4", "info", "main", "any", "esp"])
def test_a_match_goes_by_labels_and_families(word):
    assert Match(label=word).label == word


def test_names_of_sides_and_rules_are_unique():
    side = Side("hq", ("198.51.100.1",))
    with pytest.raises(ValueError, match="more than one side is called hq"):
        PathConfig((side, side))
    rule = Rule("r", RuleAction.DROP)
    with pytest.raises(ValueError, match="more than one rule is called r"):
        PathConfig((side,), (rule, rule))


def test_the_router_has_an_address():
    with pytest.raises(ValueError, match="router"):
        PathConfig((), router="router")
