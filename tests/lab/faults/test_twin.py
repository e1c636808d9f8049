"""The twin is the same scenario without its faults, and expects a tunnel that works."""

from gwsim.lab.faults.twin import twin
from gwsim.lab.load import load_text
from tests.lab.scenarios_for_tests import with_fault


def test_a_twin_has_no_faults_and_no_repairs() -> None:
    timeline = "timeline:\n  - {at: 9s, repair: psk-mismatch}\n"
    scenario = load_text(with_fault("psk-mismatch", ("timeline:\n", timeline))).scenario
    other = twin(scenario)
    assert other.faults == ()
    assert [entry.act[0] for entry in other.timeline or ()] == ["ping"]
    assert (other.gateways, other.tunnels) == (scenario.gateways, scenario.tunnels)
    assert other.name == "two-asas-twin"


def test_a_twin_must_be_up_at_both_ends_and_carry_traffic_both_ways() -> None:
    [block] = twin(load_text(with_fault("psk-mismatch")).scenario).expect
    assert block.traffic == "both"
    assert {name: told.state for name, told in block.gateways.items()} == {
        "hq": ("up",),
        "branch": ("up",),
    }


def test_the_twin_of_a_scenario_without_a_timeline_has_none() -> None:
    text = with_fault("psk-mismatch").split("timeline:")[0]
    assert twin(load_text(text).scenario).timeline is None
