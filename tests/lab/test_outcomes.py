"""A tunnel's outcome says what the record says: never, lost, one way, up."""

import pytest

from gwsim.lab.history import Spell
from gwsim.lab.outcomes import outcomes, together
from tests.lab.html.runs import (
    FILTERED,
    HEALTHY,
    ONE_SIDED_PFS,
    REBOOT,
    STUCK,
    THREE,
    evidence,
    judged,
)
from tests.lab.scenarios_for_tests import varied, with_fault


def outcome(text):
    (found,) = outcomes(judged(text).scenario, evidence(text))
    return found


def test_a_healthy_tunnel_is_up_with_the_packets_the_record_counts():
    found = outcome(HEALTHY)
    record = judged(HEALTHY).record
    assert (found.ends, found.tone, found.word) == (("hq", "branch"), "good", "up")
    assert f"{record.protected('hq', 'branch')} from hq to branch" in found.told
    answered = sum(echo.answered is not None for echo in record.echoes)
    assert f"{answered} of {len(record.echoes)} pings were answered" in found.told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (STUCK, "It never came up: phase 1 never completes."),
        (ONE_SIDED_PFS, "phase 1 completes (4 times over), phase 2 does not"),
        (with_fault("drop: main-6"), "phase 1 completes at one end only"),
        (with_fault("answer-only-both"), "It never came up: no negotiation ever began."),
    ],
)
def test_a_tunnel_that_never_came_up_says_how_far_it_came(text, words):
    found = outcome(text)
    assert (found.tone, found.word) == ("bad", "never up")
    assert words in found.told


def test_up_without_traffic_is_told_apart_from_up():
    found = outcome(FILTERED)
    assert (found.tone, found.word) == ("bad", "up, no traffic")


def test_a_stream_that_does_not_come_through_is_no_traffic_either():
    ping, stream = "ping: {from: hq.server, to: branch.pc}", "from: hq.server, to: branch.pc"
    text = with_fault("esp-blocked", (ping, f"stream: {{{stream}, packets: 5, every: 1s}}"))
    assert (outcome(text).tone, outcome(text).word) == ("bad", "up, no traffic")


def test_traffic_in_one_direction_only_is_told():
    found = outcome(with_fault("esp-blocked: {from: branch}"))
    assert (found.tone, found.word) == ("partial", "up, one way")
    assert "0 from branch to hq" in found.told


def test_a_tunnel_that_is_gone_at_the_end_is_lost_and_who_still_has_it_is_told():
    found = outcome(REBOOT)
    assert (found.tone, found.word) == ("bad", "lost")
    assert "it went at 4.000 s, and at the end only hq still has it" in found.told


def test_pings_lost_while_it_was_up_are_told():
    more = ("to: branch.pc}}", "to: branch.pc, count: 8}}")
    found = outcome(with_fault("esp-blocked: {start: 4500ms}", more))
    assert (found.tone, found.word) == ("partial", "up, with loss")
    assert "; 4 were lost while it was up" in found.told


def test_a_ping_that_asks_for_further_sas_is_no_loss():
    networks = ("inside: 10.2.0.0/24", "inside: [10.2.0.0/24, 10.3.0.0/24]")
    second = "to: branch.pc}}\n  - {at: 4s, ping: {from: hq.server, to: 10.3.0.10}}"
    hosts = ("hosts: {pc: 10.2.0.10}", "hosts: {pc: 10.2.0.10, other: 10.3.0.10}")
    text = varied(networks, hosts, ("to: branch.pc}}", second))
    assert outcome(text).word == "up"


def test_a_tunnel_nobody_used_is_good_when_it_is_up():
    text = varied(("ping: {from: hq.server, to: branch.pc}", "initiate: {at: hq}"))
    assert outcome(text).tone == "good"
    assert "pings" not in outcome(text).told


def test_every_tunnel_has_its_own_outcome():
    found = outcomes(judged(THREE).scenario, evidence(THREE))
    assert [outcome.ends for outcome in found] == [("hq", "north"), ("hq", "south")]


def test_a_tunnel_is_up_while_both_ends_say_so():
    one = [Spell(1.0, 5.0), Spell(5.0, 9.0)]
    other = [Spell(2.0, 6.0), Spell(7.0)]
    assert together(one, other, 20.0) == (Spell(2.0, 6.0), Spell(7.0, 9.0))
    assert together(one, [], 20.0) == ()
    assert together([Spell(1.0)], [Spell(2.0)], 20.0) == (Spell(2.0, 20.0),)
