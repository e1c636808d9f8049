"""Which scenario the training lab plays, and what it says where there is none."""

from pathlib import Path

import pytest

from gwsim.lab.live import training
from gwsim.lab.live.training import require_fit, training_order
from gwsim.lab.load import load_scenario
from gwsim.lab.runtimes.failure import RuntimeFailure

SCENARIOS = Path("scenarios")


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(training, "_FOLDER", SCENARIOS)


def test_a_scenario_with_other_nodes_is_refused():
    for file in ("healthy/three-sites.yaml", "healthy/two-networks.yaml"):
        with pytest.raises(RuntimeFailure, match="does not fit the training lab"):
            require_fit(load_scenario(SCENARIOS / file).scenario)


@pytest.mark.parametrize("service", training.SERVICES)
def test_every_service_finds_its_node_in_the_healthy_lab(service):
    order = training_order(service, {})
    assert order.node.replace(".", "-") == service
    assert order.begins is (service == "internet")


def test_services_and_speeds_that_are_none_are_refused():
    with pytest.raises(RuntimeFailure, match="no service of this lab"):
        training_order("web", {})
    for speed in ("fast", "0", "-1"):
        with pytest.raises(RuntimeFailure, match="GWSIM_SPEED"):
            training_order("hq", {"GWSIM_SPEED": speed})
    assert training_order("hq", {"GWSIM_SPEED": "4"}).speed == 4


def test_a_scenario_that_is_none_is_refused():
    with pytest.raises(RuntimeFailure, match=r"SCENARIO: .* did you mean 'psk-mismatch'"):
        training_order("hq", {"SCENARIO": "psk-mismash"})
