"""The simulation makes plans true: deterministic, fast, and never caught at one instant."""

from dataclasses import replace
from random import Random

import pytest

from gwsim.gateway.commands import Initiate, Reboot, Rekey
from gwsim.gateway.events import GatewayStarted
from gwsim.ike.events import (
    AcquireFailed,
    CloseReason,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
)
from gwsim.lab.load import load_text, prepare
from gwsim.lab.plan import (
    ChangePath,
    PlannedAct,
    RebindNat,
    SendClear,
    SendStream,
    Tell,
)
from gwsim.lab.runner import play
from gwsim.lab.runtimes import sim
from gwsim.lab.runtimes.runtime import Watch
from gwsim.lab.runtimes.sim import LivelockError, SimRuntime
from gwsim.path.config import Match, Rule, RuleAction

TEXT = """
name: toy
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - between: [hq, branch]
    psk: secret
"""


def plan_of(extra="", seed=None):
    return prepare(load_text(TEXT + extra), seed)[1]


def wire(record):
    return [(packet.at, packet.gateway, packet.packet) for packet in record.departures]


def test_the_default_plan_comes_up_and_pings_come_back():
    record = play(plan_of(), SimRuntime())
    assert [echo.answered is not None for echo in record.echoes] == [False, True, True, True, True]
    assert record.echoes[1].round_trip == pytest.approx(0.02, abs=0.03)
    assert record.echoes[0].source == "hq.server"


def test_the_same_seed_gives_the_same_octets():
    assert wire(play(plan_of(), SimRuntime())) == wire(play(plan_of(), SimRuntime()))


def test_another_seed_gives_other_octets():
    assert wire(play(plan_of(), SimRuntime())) != wire(play(plan_of(seed=2), SimRuntime()))


def test_one_gateways_thirst_for_numbers_does_not_change_what_another_draws(monkeypatch):
    calm = play(plan_of(), SimRuntime())
    genuine = SimRuntime._rng

    def thirsty(self, name):
        rng = genuine(self, name)
        if name == "branch":
            rng.random()
        return rng

    monkeypatch.setattr(SimRuntime, "_rng", thirsty)
    record = play(plan_of(), SimRuntime())
    one, two = (next(p for p in run.departures if p.gateway == "hq") for run in (calm, record))
    assert one == two
    assert wire(calm) != wire(record)


def test_the_clock_moves_by_what_is_asked_for():
    runtime = SimRuntime()
    runtime.start(plan_of())
    assert runtime.now() == 0.0
    runtime.advance(2.5)
    runtime.advance(0.0)
    runtime.advance(1.5)
    assert runtime.now() == 4.0


def test_an_hour_of_retransmission_is_mostly_skipped():
    blocked = """
faults: [udp-500-blocked]
duration: 1h
timeline: [{at: 1s, ping: {from: hq.server, to: branch.pc, count: 3600}}]
"""
    record = play(plan_of(blocked), SimRuntime())
    assert record.duration == 3600.0
    assert len(record.departures) > 300
    assert not any(echo.answered for echo in record.echoes)


def test_snapshots_are_taken_when_asked_for_and_at_the_end():
    record = play(plan_of(), SimRuntime(), looks=(0.5, 3.0))
    assert [s.now for s in record.gateway("hq").snapshots] == [0.5, 3.0, record.duration]
    assert not record.gateway("hq").snapshot(0.7).ipsec
    assert record.gateway("hq").snapshot(3.0).ipsec


def test_a_watch_sees_every_change_in_its_span_and_no_other():
    record = play(plan_of(), SimRuntime(), watching=(Watch("hq", 1.0, 1.5),))
    times = [s.now for s in record.gateway("hq").snapshots]
    assert len(times) > 4
    assert all(1.0 <= at <= 1.5 for at in times[:-1])
    assert len(record.gateway("branch").snapshots) == 1


def test_snapshots_of_one_instant_replace_each_other():
    record = play(plan_of(), SimRuntime(), (Watch("hq", 0.0, 99.0),), looks=(2.0, 4.0))
    times = [s.now for s in record.gateway("hq").snapshots]
    assert times == sorted(set(times))


def test_a_long_watch_keeps_a_distance_between_its_snapshots(monkeypatch):
    monkeypatch.setattr(sim, "MAX_SNAPSHOTS", 5)
    record = play(plan_of(), SimRuntime(), (Watch("hq", 0.0, 10.0),))
    assert 2 < len(record.gateway("hq").snapshots) <= 6


def test_a_packet_that_leaves_a_gateway_and_what_becomes_of_it_is_recorded():
    record = play(plan_of(), SimRuntime())
    labels = list(dict.fromkeys(packet.label for packet in record.departures))
    assert labels[:9] == [*(f"main-{n}" for n in range(1, 7)), *(f"quick-{n}" for n in (1, 2, 3))]
    assert record.departures[0].length == len(record.departures[0].packet)
    assert {event.action.value for event in record.path} >= {"entered", "forwarded"}


def test_protected_packets_are_counted_by_direction():
    record = play(plan_of(), SimRuntime())
    assert record.protected("hq", "branch") == 4
    assert record.protected("branch", "hq") == 4
    assert record.protected("hq", "branch", since=3.5) == 2
    assert record.clear_text() == ()


def acting(*acts):
    plan = plan_of()
    planned = tuple(PlannedAct(at, act, "") for at, act in acts)
    return replace(plan, acts=(*plan.acts, *planned), duration=20.0)


def test_a_stream_is_counted_at_its_end():
    plan = plan_of()
    act = SendStream(plan.host("hq.server"), "10.2.0.10", 50, 0.01, 100, 5001, False)
    [flow] = play(acting((8.0, act)), SimRuntime()).flows
    assert (flow.sent, flow.received, flow.destination) == (50, 50, "branch.pc")


def test_a_command_reaches_its_gateway():
    record = play(acting((8.0, Tell("branch", Reboot(2.0)))), SimRuntime())
    started = [event.at for event in record.gateway("branch").of(GatewayStarted)]
    assert started[-1] == 10.0


def test_a_command_for_what_is_not_configured_comes_to_nothing():
    record = play(acting((8.0, Tell("hq", Initiate("branch", "no such child")))), SimRuntime())
    assert record.duration == 20.0


@pytest.mark.parametrize("mode", ["main", "aggressive"])
def test_renewing_phase_1_without_a_key_is_refused_and_no_bug(mode):
    extra = """
faults: [{missing-psk: {at: hq, start: 7s}}]
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc}}
  - {at: 8s, rekey: {at: hq, phase: 1}}
duration: 40s
"""
    text = TEXT.replace("psk: secret", f"psk: secret\n    mode: {mode}")
    record = play(prepare(load_text(text + extra))[1], SimRuntime())
    (failed,) = record.gateway("hq").of(AcquireFailed)
    assert failed.why == "no pre-shared key for the peer"


def test_the_path_can_change_in_mid_run():
    plan = plan_of()
    blocked = replace(plan.path, rules=(Rule("wall", RuleAction.DROP, Match()),))
    record = play(acting((3.5, ChangePath(blocked))), SimRuntime())
    assert [echo.answered is not None for echo in record.echoes] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert dict(record.bites)["wall"] >= 2


def test_forged_clear_text_arrives_but_is_no_gateways_departure():
    plan = plan_of()
    act = SendClear(plan.host("branch.pc"), "10.1.0.10", 3, 40)
    record = play(acting((8.0, act)), SimRuntime())
    assert record.clear_text() == ()
    assert dict(record.gateway("hq").snapshots[-1].counters)["clear-text"] == 3


def test_a_nat_can_be_told_to_forget():
    extra = TEXT.replace("203.0.113.1,", "192.168.9.2, behind_nat: {public: 203.0.113.1},")
    plan = prepare(load_text(extra.replace("[hq, branch]", "[branch, hq]")))[1]
    plan = replace(plan, acts=(*plan.acts, PlannedAct(3.5, RebindNat("branch"), "")))
    record = play(plan, SimRuntime())
    assert record.gateway("branch").addresses == ("192.168.9.2", "203.0.113.1")
    ports = {e.source_port for e in record.path if e.side_out == "hq" and e.label == "esp"}
    assert len(ports - {4500, 0}) >= 1


class Spinner:
    """A gateway that always has something to do right now."""

    def __init__(self, config, rng: Random, now):
        self.config = config

    def next_timer(self):
        return 1.0

    def handle_timer(self, now):
        pass

    def outputs(self):
        return []

    events = outputs


def test_a_clock_that_stands_still_is_an_error_that_names_who_spins(monkeypatch):
    monkeypatch.setattr(sim, "Gateway", Spinner)
    runtime = SimRuntime()
    runtime.start(plan_of())
    with pytest.raises(LivelockError, match=r"time stands still at 1 s: hq \(\d+ steps\), branch"):
        runtime.advance(2.0)


def test_established_gateways_have_told_so():
    record = play(plan_of(), SimRuntime())
    for gateway in record.gateways:
        assert len(list(gateway.of(PhaseOneCompleted))) == 1


def test_a_responder_that_renews_phase_2_does_not_end_what_it_renews():
    """Its first own quick mode is no initial contact: the pair in use must outlive the renewal."""
    plan = plan_of()
    act = PlannedAct(6.0, Tell("branch", Rekey("hq")), "")
    record = play(replace(plan, acts=(*plan.acts, act), duration=8.0), SimRuntime())
    ended = [event.reason for event in record.gateway("hq").of(PhaseTwoClosed)]
    assert CloseReason.INITIAL_CONTACT not in ended
    assert len(list(record.gateway("hq").of(PhaseTwoCompleted))) == 2
