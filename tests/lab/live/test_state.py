"""What is written down about a lab before anybody holds it."""

from gwsim.lab.live.state import state_of
from gwsim.lab.load import load_scenario, prepare

LOADED = load_scenario("scenarios/nat/udp-4500-blocked.yaml")
PLAN = prepare(LOADED)[1]


def test_every_node_is_of_some_kind_and_has_a_main_port():
    state = state_of(PLAN, "lab", 2.0, "file.yaml", LOADED.source.text, "netns")
    assert state.kinds == {
        "internet": "internet",
        "hq": "gateway",
        "branch": "gateway",
        "hq.server": "host",
        "branch.pc": "host",
    }
    assert set(state.ports) == set(state.kinds)
    assert set(state.addresses) == set(state.kinds) - {"internet"}
    assert (state.keeper, state.started, state.networks) == (0, 0.0, {})
    assert state.faults == (("udp-4500-blocked", ""),)
