"""The fixture `lab`, as the documentation shows it."""

import re
from pathlib import Path

from tests.pytest_plugin.conftest import SCENARIO

DOCUMENT = Path(__file__).parents[2] / "docs" / "pytest.md"


def test_the_worked_example_of_the_documentation_works(project):
    [example] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    project.makepyfile(test_monitoring=example)
    project.run_here().assert_outcomes(passed=2)


EACH = """
import yaml
from pathlib import Path

def test_each_of_them(lab):
    text = Path("own/key.yaml").read_text()
    for given in (text, yaml.safe_load(text), "own/key.yaml"):
        one = lab(given, seed=5)
        one.advance(9)
        assert one.hq.state == lab.hq.state == "MM_WAIT_MSG6"
        assert lab.record().seed == 5
"""

OWN_FIRST = """
def test_names(lab):
    assert lab("no-route").scenario.title == "Mine"
    assert lab("psk-mismatch").scenario.title.startswith("The two ends")
"""

NOT_THERE = """
import pytest
from gwsim.lab.library import NoScenario

def test_before(lab):
    with pytest.raises(AttributeError, match="no lab runs yet"):
        lab.hq

def test_gateway(lab):
    with pytest.raises(AttributeError, match="no gateway 'head'"):
        lab("psk-mismatch").head

def test_name(lab):
    with pytest.raises(NoScenario, match="did you mean 'psk-mismatch'"):
        lab("psk-mismash")
"""


def test_a_lab_is_started_by_text_data_and_path(project):
    (project.path / "own").mkdir()
    (project.path / "own" / "key.yaml").write_text(SCENARIO)
    project.makepyfile(EACH)
    project.run_here("-k", "each").assert_outcomes(passed=1, deselected=1)


def test_scenarios_of_the_project_come_before_those_of_gwsim(project):
    (project.path / "mine").mkdir()
    text = SCENARIO.replace("title: Two keys", "title: Mine").replace("name: key", "name: no-route")
    (project.path / "mine" / "no-route.yaml").write_text(text)
    (project.path / "pytest.ini").write_text("[pytest]\ngwsim_scenarios = mine\n")
    project.makepyfile(OWN_FIRST)
    project.run_here("-k", "names").assert_outcomes(passed=1, deselected=1)


def test_what_is_not_there_is_said(project):
    project.makepyfile(NOT_THERE)
    project.run_here().assert_outcomes(passed=3)
