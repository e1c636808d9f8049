"""What a fault is told has a common part, and a fault that does nothing special does nothing."""

import pytest
from pydantic import ValidationError

from gwsim.lab.faults import fault as faults
from gwsim.lab.faults.fault import At, AtTunnel, Fault, FaultKind, Span, Theme
from gwsim.lab.load import load_text
from tests.lab.scenarios_for_tests import TWO_ASAS

IDLE = Fault(
    name="idle",
    theme=Theme.LIFE,
    kind=FaultKind.ACT,
    title="Nothing",
    cause="Nothing is wrong.",
    signs=("none",),
    repair="None.",
    witness=lambda evidence: faults.Testimony(False, "nothing"),
)


def test_a_fault_without_effects_leaves_a_scenario_alone() -> None:
    scenario = load_text(TWO_ASAS).scenario
    told = IDLE.parameters()
    assert IDLE.alter(scenario, told) is scenario
    assert IDLE.rules(scenario, told, "idle", Span(0, 1)) == ()
    assert IDLE.acts(scenario, told, Span(0, 1)) == ()


def test_every_fault_has_a_span_and_a_place() -> None:
    told = AtTunnel.model_validate({"at": "hq", "peer": "branch", "start": "5s", "bites": False})
    assert (told.at, told.peer, told.start, told.end, told.bites) == (
        "hq",
        "branch",
        5,
        None,
        False,
    )
    with pytest.raises(ValidationError):
        At.model_validate({"peer": "branch"})
