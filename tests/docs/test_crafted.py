"""What is written about messages written wrongly is complete, and its examples are legal."""

import re
from pathlib import Path

from gwsim.ike.impairments import Change
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import load_text
from tests.lab.scenarios_for_tests import varied

TEXT = (Path(__file__).parents[2] / "docs" / "crafted.md").read_text(encoding="utf-8")


def test_every_change_is_named():
    assert [change for change in Change if f"`{change.value}`" not in TEXT] == []


def test_the_faults_of_the_first_example_can_be_used():
    faults, _ = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    scenario = load_text(varied(("timeline:\n", f"{faults}timeline:\n"))).scenario
    assert [use.name for use in scenario.faults] == ["ke-omit", "hash-wrong", "jacob-two-two"]


def test_the_impairments_of_the_second_example_can_be_used():
    _, gateways = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    listed = re.findall(r"- (\{message: .*\})", gateways)
    told = f"vendor: asa, behaviour: {{impairments: [{', '.join(listed)}]}},"
    text = varied(("branch: {vendor: asa,", f"branch: {{{told}"))
    behaviour = load_text(text).scenario.gateways["branch"].behaviour
    assert behaviour is not None
    assert len(behaviour.impairments) == len(listed) == 2


def test_faults_that_are_named_are_in_the_catalogue():
    last = TEXT.rpartition("fault of the path:")[2]
    assert set(re.findall(r"`([a-z-]+)`", last)) <= set(CATALOGUE)
