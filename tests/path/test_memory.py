"""What is replayed and in which order, and who has to wait for how long."""

from dataclasses import replace

from gwsim.path import memory as module
from gwsim.path.config import Match, Rule, RuleAction
from gwsim.path.memory import Memory
from gwsim.path.transit import read
from gwsim.wire.ip import parse_ipv4
from tests.path.packets import BRANCH, HQ, udp

FORWARD = Rule("again", RuleAction.REPLAY_FORWARD, Match())
BACKWARD = Rule("again", RuleAction.REPLAY_BACKWARD, Match())
TAP = Rule("tap", RuleAction.DRIP, Match(), 2.0)


def transit(number, side="hq"):
    data = udp(HQ, BRANCH)
    return replace(read(parse_ipv4(data), data, number, side, 0.0), side_out="branch")


def numbers(memory, rule, packet):
    return [again.number for again in memory.once_more(rule, packet)]


def test_the_past_is_repeated_from_its_beginning_or_from_its_end():
    for rule, last in ((FORWARD, [1, 2, 3]), (BACKWARD, [3, 2, 1])):
        memory = Memory()
        told = [numbers(memory, rule, transit(number)) for number in (1, 2, 3, 4)]
        assert told[0] == []
        assert told[3] == last


def test_each_side_has_a_past_of_its_own():
    memory = Memory()
    assert numbers(memory, FORWARD, transit(1)) == []
    assert numbers(memory, FORWARD, transit(2, side="branch")) == []
    assert numbers(memory, FORWARD, transit(3)) == [1]


def test_copies_are_numbered():
    memory = Memory()
    memory.once_more(FORWARD, transit(1))
    [first] = memory.once_more(FORWARD, transit(2))
    again = memory.once_more(FORWARD, transit(3))[0]
    assert (first.copy, again.copy) == (1, 2)


def test_what_is_long_ago_is_forgotten(monkeypatch):
    monkeypatch.setattr(module, "MAX_REMEMBERED", 2)
    memory = Memory()
    told = [numbers(memory, FORWARD, transit(number)) for number in (1, 2, 3, 4)]
    assert told[-1] == [2, 3]


def test_a_tap_lets_one_packet_through_at_a_time():
    memory = Memory()
    assert [memory.wait(TAP, now) for now in (10.0, 10.5, 11.0, 20.0)] == [0.0, 1.5, 3.0, 0.0]
