"""Looks fall on the scenario's moments, and the key moment shows what is stuck."""

from gwsim.lab.html.moments import key_moment, looks, shown_moments, waits
from tests.lab.html.runs import HEALTHY, STUCK, evidence, judged
from tests.lab.scenarios_for_tests import varied, with_fault


def stays(text):
    told = evidence(text)
    return [s for name in ("hq", "branch") for s in told.of(name).stays]


def key(text):
    run = judged(text)
    return key_moment(run.scenario, run.plan, stays(text))


def test_a_report_looks_when_the_scenario_does_and_at_the_end():
    run = judged(varied(("at: 10s", "by: 7s")))
    found = looks(run.scenario, run.plan)
    assert {7.0, run.plan.duration} < set(found)
    assert len(found) >= 24
    assert found == tuple(sorted(found))


def test_looks_change_nothing_in_the_run():
    run = judged(HEALTHY)
    assert {s.now for s in run.record.gateway("hq").snapshots} >= set(looks(run.scenario, run.plan))


def test_the_scenarios_own_moment_is_shown_when_something_is_stuck_then():
    assert key(STUCK) == 10.0


def test_without_a_moment_of_its_own_a_look_during_the_longest_wait_is_shown():
    text = with_fault("psk-mismatch: {at: branch}", ("at: 10s", "by: 60s"))
    moment = key(text)
    stuck = max(stays(text), key=lambda stay: waits(stay, judged(text).plan.duration))
    assert stuck.spell.holds(moment)
    assert moment in looks(judged(text).scenario, judged(text).plan)


def test_a_healthy_tunnel_is_shown_at_the_scenarios_last_moment():
    assert key(varied(("  - at: 10s\n", "  - at: 5s\n    hq: {state: up}\n  - at: 9s\n"))) == 9.0


def test_the_end_is_always_shown_and_the_key_moment_comes_first():
    run = judged(STUCK)
    assert shown_moments(run.scenario, run.plan, 10.0) == (10.0, run.plan.duration)


def test_a_finished_negotiation_waits_for_nothing():
    assert [waits(stay, 11.0) > 0 for stay in stays(HEALTHY) if stay.word == "MM_ACTIVE"] == [
        False,
        False,
    ]
