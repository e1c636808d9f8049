"""Scenarios are found by their names, and what is said where there is none."""

from pathlib import Path

import pytest

from gwsim.lab.library import NoScenario, files_below, find_scenario, shipped

SCENARIOS = Path("scenarios")


@pytest.mark.parametrize(
    "name",
    ["psk-mismatch", "psk-mismatch.yaml", "phase1/psk-mismatch", "scenarios/phase1/psk-mismatch"],
)
def test_a_scenario_is_found_by_name_file_and_path(name):
    assert find_scenario(name, SCENARIOS).scenario.name == "psk-mismatch"


def test_a_name_that_two_files_have_must_be_said_in_full():
    with pytest.raises(NoScenario, match="could be phase1/lifetime-differs or phase2/"):
        find_scenario("lifetime-differs", SCENARIOS)


def test_a_name_nobody_has_gets_the_nearest_that_somebody_has():
    with pytest.raises(NoScenario, match=r"did you mean 'psk-mismatch'\?"):
        find_scenario("psk-mismash", SCENARIOS)


def test_the_scenarios_of_the_project_come_with_the_package():
    below = [str(path.relative_to(shipped())) for path in files_below(shipped())]
    assert below == [str(path.relative_to(SCENARIOS)) for path in files_below(SCENARIOS)]
    assert find_scenario("psk-mismatch").scenario.name == "psk-mismatch"
