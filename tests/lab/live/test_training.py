"""Which scenario the training lab plays, and what it says where there is none."""

from pathlib import Path

import pytest

from gwsim.lab.live import training
from gwsim.lab.live.training import find_scenario, require_fit, training_order
from gwsim.lab.load import load_scenario
from gwsim.lab.runtimes.runtime import RuntimeFailure

SCENARIOS = Path("scenarios")


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(training, "_FOLDER", SCENARIOS)


@pytest.mark.parametrize(
    "name",
    ["psk-mismatch", "psk-mismatch.yaml", "phase1/psk-mismatch", "scenarios/phase1/psk-mismatch"],
)
def test_a_scenario_is_found_by_name_file_and_path(name):
    assert find_scenario(name, SCENARIOS).scenario.name == "psk-mismatch"


def test_a_name_that_two_files_have_must_be_said_in_full():
    with pytest.raises(RuntimeFailure, match="could be phase1/lifetime-differs or phase2/"):
        find_scenario("lifetime-differs", SCENARIOS)


def test_a_name_nobody_has_gets_the_nearest_that_somebody_has():
    with pytest.raises(RuntimeFailure, match=r"did you mean psk-mismatch\?"):
        find_scenario("psk-mismash", SCENARIOS)


def test_a_scenario_with_other_nodes_is_refused():
    for file in ("healthy/three-sites.yaml", "healthy/two-networks.yaml"):
        with pytest.raises(RuntimeFailure, match="does not fit the training lab"):
            require_fit(load_scenario(SCENARIOS / file).scenario)


@pytest.mark.parametrize("service", training.SERVICES)
def test_every_service_finds_its_node_in_the_healthy_lab(service):
    order = training_order(service, {})
    assert order.node.replace(".", "-") == service
    assert order.acts is (service == "internet")


def test_services_and_speeds_that_are_none_are_refused():
    with pytest.raises(RuntimeFailure, match="no service of this lab"):
        training_order("web", {})
    for speed in ("fast", "0", "-1"):
        with pytest.raises(RuntimeFailure, match="GWSIM_SPEED"):
            training_order("hq", {"GWSIM_SPEED": speed})
    assert training_order("hq", {"GWSIM_SPEED": "4"}).speed == 4
