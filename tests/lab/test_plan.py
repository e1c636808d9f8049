"""A plan is a value: it knows its hosts, and keys do not show in it."""

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.load import load_text
from tests.lab.scenarios_for_tests import TWO_ASAS


def test_hosts_are_found_by_name() -> None:
    plan = compile_scenario(load_text(TWO_ASAS).scenario)
    assert plan.host("branch.pc").gateway == "branch"
    with pytest.raises(KeyError):
        plan.host("branch")


def test_keys_do_not_show_when_a_plan_is_printed() -> None:
    assert "correct horse" not in repr(compile_scenario(load_text(TWO_ASAS).scenario))


def test_the_same_scenario_gives_the_same_plan() -> None:
    scenario = load_text(TWO_ASAS).scenario
    assert compile_scenario(scenario) == compile_scenario(scenario)
