"""Every scenario that is shipped passes, whatever the seed, and works without its faults."""

from pathlib import Path

import pytest

from gwsim.lab.load import Loaded, load_scenario
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run, run_twin

FOLDER = Path(__file__).parent.parent.parent / "scenarios"
FILES = sorted(FOLDER.rglob("*.yaml"))
LIBRARY = [load_scenario(file) for file in FILES]


def name(loaded: Loaded) -> str:
    return str(Path(loaded.name).relative_to(FOLDER).with_suffix(""))


@pytest.mark.parametrize("loaded", LIBRARY, ids=name)
def test_it_comes_out_as_it_says(loaded):
    verdict = run(loaded).verdict
    assert verdict.passed, verdict_text(verdict)
    assert verdict.warnings == ()


@pytest.mark.parametrize("loaded", LIBRARY, ids=name)
def test_it_does_not_hang_on_its_seed(loaded):
    for seed in (2, 3):
        verdict = run(loaded, seed).verdict
        assert verdict.passed, verdict_text(verdict)


@pytest.mark.parametrize("loaded", [one for one in LIBRARY if one.scenario.faults], ids=name)
def test_without_its_faults_every_tunnel_comes_up_and_carries(loaded):
    verdict = run_twin(loaded).verdict
    assert verdict.passed, verdict_text(verdict)


@pytest.mark.parametrize("loaded", LIBRARY, ids=name)
def test_it_tells_a_story_and_expects_something_of_a_gateway(loaded):
    scenario = loaded.scenario
    assert scenario.name.endswith(Path(loaded.name).stem)
    assert len(scenario.story.split()) > 5
    assert any(block.gateways for block in scenario.expect)


def test_no_two_scenarios_have_one_name():
    names = [loaded.scenario.name for loaded in LIBRARY]
    assert len(names) == len(set(names))
