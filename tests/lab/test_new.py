"""A new scenario loads, passes, and fails when its comment sign is taken away."""

import pytest

from gwsim.lab.load import load_text
from gwsim.lab.new import new_scenario
from gwsim.lab.runner import run
from gwsim.vendors.registry import VENDORS


@pytest.mark.parametrize("first", list(VENDORS))
@pytest.mark.parametrize("second", list(VENDORS))
def test_a_new_scenario_of_any_two_vendors_passes_as_it_stands(first: str, second: str) -> None:
    loaded = load_text(new_scenario("my-lab", first, second), "my-lab.yaml")
    assert loaded.warnings == ()
    verdict = run(loaded).verdict
    assert verdict.passed, verdict.findings


def test_its_fault_bites_when_the_comment_sign_is_taken_away() -> None:
    text = new_scenario("my-lab").replace("  # - psk-mismatch", "  - psk-mismatch")
    verdict = run(load_text(text, "my-lab.yaml")).verdict
    assert not verdict.passed
    assert [bite.bit for bite in verdict.bites] == [True]


def test_it_names_the_schema_where_it_is_told_to() -> None:
    first = new_scenario("x", schema="../s.json").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../s.json"


def test_a_vendor_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        new_scenario("x", "asaa")
