"""The root of the language: what a scenario may say, and what it means when it says nothing."""

import pytest
import yaml
from pydantic import ValidationError

from gwsim.lab.scenario import FaultUse, Scenario, TunnelSpec
from tests.lab.scenarios_for_tests import TWO_ASAS


def scenario(**more: object) -> Scenario:
    return Scenario.model_validate({**yaml.safe_load(TWO_ASAS), **more})


def test_headings_with_nothing_below_them_say_nothing() -> None:
    read = scenario(faults=None, timeline=None, expect=None, internet=None, story=None)
    assert read.faults == ()
    assert read.timeline is None
    assert read.expect == ()


@pytest.mark.parametrize(
    ("written", "name", "parameters"),
    [
        ("dpd-off", "dpd-off", {}),
        ({"dpd-off": None}, "dpd-off", {}),
        ({"psk-mismatch": {"at": "hq", "end": "60s"}}, "psk-mismatch", {"at": "hq"}),
    ],
)
def test_a_fault_is_a_name_or_a_name_with_parameters(
    written: object, name: str, parameters: dict[str, object]
) -> None:
    use = FaultUse.model_validate(written)
    assert (use.name, use.parameters) == (name, parameters)


def test_a_bare_word_is_kept_for_the_fault_to_understand() -> None:
    assert FaultUse.model_validate({"drop": "main-4"}).brief == "main-4"


@pytest.mark.parametrize("written", [{}, {"a": 1, "b": 2}, {"a": [1]}, 7, [1]])
def test_what_is_no_fault_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        FaultUse.model_validate(written)


def test_a_tunnel_joins_two_different_gateways() -> None:
    with pytest.raises(ValidationError):
        TunnelSpec.model_validate({"between": ["hq", "hq"]})


def test_what_one_end_alone_says_stands_under_its_name() -> None:
    tunnel = TunnelSpec.model_validate({"between": ["hq", "branch"], "hq": {"pfs": "group5"}})
    assert tunnel.sides["hq"].pfs == 5


def test_lines_differ_under_the_gateways_names() -> None:
    internet = scenario(internet={"loss": "1%", "hq": {"latency": "30ms"}}).internet
    assert internet.loss == 0.01
    assert internet.links["hq"].latency == 0.03


def test_clear_text_is_forbidden_unless_a_block_allows_it() -> None:
    assert not scenario().clear_text_allowed
    assert scenario(expect=[{"clear_text": "allowed"}]).clear_text_allowed
