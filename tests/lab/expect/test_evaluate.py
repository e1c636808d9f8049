"""All blocks of a scenario are judged, each at its time, and failures know their place."""

from dataclasses import replace

import pytest

from gwsim.ike.states import Role, State
from gwsim.lab.expect.evaluate import judge, watches
from gwsim.lab.expectations import Expectation
from gwsim.lab.load import load_text
from gwsim.lab.runtimes.runtime import Watch

from .made import (
    BRANCH,
    TOY,
    clear_packet,
    gateway,
    message,
    passed,
    record,
    snapshot,
    state,
)

TEXT = """
name: toy
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24}
tunnels: [{between: [hq, branch], psk: secret}]
"""
SCENARIO = load_text(TEXT).scenario
HQ = gateway(
    state(1.0, State.MAIN_WAIT_2),
    state(2.0, State.ESTABLISHED),
    passed(4.0, "10.2.0.5", "10.1.0.5"),
    snapshots=(snapshot(1.0), snapshot(15.0, 4), snapshot(100.0, 9)),
)
OTHER = gateway(
    state(1.1, State.MAIN_WAIT_3, role=Role.RESPONDER, peer="198.51.100.1"),
    passed(3.0, "10.1.0.5", "10.2.0.5"),
    name="branch",
)
SENT = (message(1.0, "hq", "main-1"), message(1.1, "branch", "main-2"))


def unmet(scenario, seen):
    """Give the expectations that were not met."""
    return [one for one in judge(scenario, seen, {"toy": TOY}) if not one.met]


def judged(*blocks, departures=SENT):
    expect = tuple(Expectation.model_validate(block) for block in blocks)
    scenario = SCENARIO.model_copy(update={"expect": expect})
    return unmet(scenario, record(HQ, OTHER, departures=departures))


@pytest.mark.parametrize(
    "block",
    [
        {"at": "1500ms", "hq": {"state": "TWO"}},
        {"by": "5s", "hq": {"state": "ACTIVE", "role": "initiator"}},
        {"within": "1s", "after": "1s", "hq": {"state": "ACTIVE"}},
        {"from": "3s", "until": "50s", "hq": {"state": "ACTIVE", "never": "TWO"}},
        {"always": True, "wire": {"main-1": 1, "main-3": "none"}},
        {"hq": {"state": "ACTIVE", "peer": "branch"}, "branch": {"role": "responder"}},
        {"traffic": "both"},
        {"at": "3500ms", "traffic": {"hq->branch": True, "branch->hq": False}},
        {"at": "15s", "hq": {"show toy": {"encaps": 4}, "counters": {"encapsulated": 4}}},
        {"hq": {"log": "moved to ESTABLISHED", "sas": {"ipsec": 0}}},
        {"clear_text": "forbidden"},
    ],
)
def test_what_holds_gives_no_failure(block):
    assert judged(block) == []


@pytest.mark.parametrize(
    ("block", "where", "at"),
    [
        ({"at": "1500ms", "hq": {"state": "ACTIVE"}}, ("expect", 0, "hq", "state"), 1.5),
        ({"by": "500ms", "hq": {"state": "TWO"}}, ("expect", 0, "hq", "state"), 0.5),
        ({"from": "1s", "hq": {"state": "TWO"}}, ("expect", 0, "hq", "state"), 2.0),
        ({"hq": {"log": ["moved", "stayed"]}}, ("expect", 0, "hq", "log", 1), 100.0),
        (
            {"at": "15s", "hq": {"show toy": {"encaps": 5}}},
            ("expect", 0, "hq", "show toy", "encaps"),
            15.0,
        ),
        ({"wire": {"main-1": 2}}, ("expect", 0, "wire", "main-1"), 100.0),
        ({"traffic": "none"}, ("expect", 0, "traffic"), 100.0),
        ({"traffic": {"hq->branch": 7}}, ("expect", 0, "traffic", "hq->branch"), 100.0),
        (
            {"hq": {"counters": {"replayed": 1}}},
            ("expect", 0, "hq", "counters", "replayed"),
            100.0,
        ),
        ({"hq": {"sas": {"ipsec": 1}}}, ("expect", 0, "hq", "sas", "ipsec"), 100.0),
    ],
)
def test_what_does_not_hold_is_told_with_place_and_moment(block, where, at):
    failure = judged(block)[0]
    assert (failure.where, failure.at) == (where, at)
    assert failure.expected
    assert failure.seen


def test_failures_come_in_the_order_of_the_blocks():
    wrong = {"hq": {"state": "TWO"}, "wire": {"main-1": 3}}
    places = [failure.where[:3] for failure in judged(wrong, {"at": "1s", "hq": {"state": "up"}})]
    assert places == [("expect", 0, "hq"), ("expect", 0, "wire"), ("expect", 1, "hq")]


def test_clear_text_is_forbidden_unless_a_block_allows_it():
    leak = (clear_packet(7.0, "10.1.0.5", "10.2.0.5"),)
    [failure] = judged(departures=leak)
    assert failure.where == ()
    assert judged({"clear_text": "allowed"}, departures=leak) == []
    told = {failure.where for failure in judged({"clear_text": "forbidden"}, departures=leak)}
    assert told == {(), ("expect", 0, "clear_text")}


def test_a_block_about_one_peer_uses_the_peers_addresses():
    stranger = replace(HQ, events=(state(1.0, State.ESTABLISHED, peer="192.0.2.9"),))
    block = Expectation.model_validate({"hq": {"state": "ACTIVE", "peer": "branch"}})
    scenario = SCENARIO.model_copy(update={"expect": (block,)})
    assert unmet(scenario, record(stranger, OTHER))
    block = Expectation.model_validate({"hq": {"state": "ACTIVE"}})
    scenario = SCENARIO.model_copy(update={"expect": (block,)})
    assert not unmet(scenario, record(stranger, OTHER))


def test_only_screens_counters_and_numbers_of_sas_need_watching():
    blocks = (
        {"at": "15s", "hq": {"show toy": {"encaps": 4}}, "branch": {"state": "up"}},
        {"by": "20s", "hq": {"sas": {"ike": 1}}},
        {"from": "5s", "branch": {"counters": {"replayed": 0}}},
        {"hq": {"log": "x"}},
        {"hq": {"show toy": "x"}},
    )
    expect = tuple(Expectation.model_validate(block) for block in blocks)
    scenario = SCENARIO.model_copy(update={"expect": expect})
    assert watches(scenario, 60.0) == (
        Watch("hq", 15.0, 15.0),
        Watch("hq", 0.0, 20.0),
        Watch("branch", 5.0, 60.0),
        Watch("hq", 60.0, 60.0),
    )


def test_the_peer_of_the_record_is_the_one_of_the_scenario():
    assert record(HQ, OTHER).gateway("branch").addresses == (BRANCH,)
