"""Faults of traffic: the rules they put on the path, and ESP that does not fit."""

import math

import pytest

from tests.lab.faults.configured import children, plan


@pytest.mark.parametrize(
    ("fault", "action", "seconds"),
    [
        ("drop: main-4", "drop", 0),
        ("loss: 10%", "drop", 0),
        ("delay: {by: 3s}", "delay", 3),
        ("delay: 500ms", "delay", 0.5),
        ("duplicate: {after: 1s}", "duplicate", 1),
        ("reorder: esp", "reorder", 0),
        ("corrupt: esp", "corrupt", 0),
        ("replay: {after: 2s}", "replay", 2),
    ],
)
def test_a_fault_is_a_rule_of_its_action(fault: str, action: str, seconds: float) -> None:
    [rule] = plan(fault).path.rules
    assert (rule.action, rule.seconds) == (action, seconds)


def test_which_packets_are_meant_is_said_in_the_words_of_the_path() -> None:
    [rule] = plan("drop: {what: the 2nd quick-2, from: branch, share: 50%}").path.rules
    match = rule.match
    assert (match.label, match.occurrences, match.from_side) == ("quick-2", {2}, "branch")
    assert match.probability == 0.5


def test_the_span_of_the_fault_and_that_of_its_words_hold_both() -> None:
    [rule] = plan("drop: {what: esp after 5s 50%, start: 3s, end: 9s, share: 50%}").path.rules
    assert (rule.match.start, rule.match.end, rule.match.probability) == (5, 9, 0.25)
    [rule] = plan("drop: esp").path.rules
    assert (rule.match.start, rule.match.end) == (0, math.inf)


def test_protocol_50_is_blocked_one_way_or_both() -> None:
    [rule] = plan("esp-blocked: hq").path.rules
    assert (rule.match.protocol, rule.match.from_side) == (50, "hq")


def test_a_small_mtu_belongs_to_one_line() -> None:
    hq, branch = plan("mtu: {mtu: 1300, black_hole: no}").path.sides
    assert (hq.link.mtu, branch.link.mtu, branch.link.black_hole) == (None, 1300, False)


def test_only_sha256_can_be_cut() -> None:
    sha256 = ("integrity: sha1", "integrity: sha256")
    assert [child.truncated_sha256 for child in children("sha256-96-bit", sha256)] == [False, True]
    assert not any(child.truncated_sha256 for child in children("sha256-96-bit"))
