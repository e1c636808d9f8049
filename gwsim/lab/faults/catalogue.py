"""All faults there are, and what the faults of one scenario come to.

A fault is in force from its `start` (the beginning of the run) until its `end` or until the
timeline repairs it, whichever is first.
"""

import math
from collections.abc import Iterator

from gwsim.lab.acts import moments
from gwsim.lab.faults import contact, crafted, life, nat, phase1, phase2, policy, traffic
from gwsim.lab.faults.fault import Evidence, Fault, FaultAct, FaultParameters, Span, Testimony
from gwsim.lab.record import Record
from gwsim.lab.scenario import FaultUse, Scenario
from gwsim.path.config import Rule

CATALOGUE: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        *contact.FAULTS,
        *phase1.FAULTS,
        *nat.FAULTS,
        *phase2.FAULTS,
        *policy.FAULTS,
        *traffic.FAULTS,
        *life.FAULTS,
        *crafted.FAULTS,
    )
}
"""Every fault by its name, in the order of a tunnel's life."""


def parameters_of(use: FaultUse) -> FaultParameters:
    """Give what a fault is told, checked and completed. Raises ValidationError or KeyError."""
    fault = CATALOGUE[use.name]
    told = dict(use.parameters)
    if use.brief is not None:
        told[fault.brief] = use.brief
    return fault.parameters.model_validate(told)


def spans(scenario: Scenario) -> tuple[Span, ...]:
    """Give for each fault of a scenario when it is in force.

    A repair ends the faults of its name that have begun; one that begins later is another one.
    """
    repairs = _repairs(scenario)

    def end(use: FaultUse) -> float:
        later = (at for name, at in repairs if name == use.name and at > (use.start or 0.0))
        return min(math.inf if use.end is None else use.end, min(later, default=math.inf))

    return tuple(Span(use.start or 0.0, end(use)) for use in scenario.faults)


def _repairs(scenario: Scenario) -> list[tuple[str, float]]:
    timeline = scenario.timeline or ()
    return [
        (entry.repair, at)
        for entry, at in zip(timeline, moments(timeline), strict=True)
        if entry.repair is not None
    ]


def active(scenario: Scenario, moment: float) -> Scenario:
    """Give the scenario with the mistakes of all faults in force at a moment."""
    altered = scenario
    for use, span in zip(scenario.faults, spans(scenario), strict=True):
        if span.start <= moment < span.end:
            altered = CATALOGUE[use.name].alter(altered, parameters_of(use))
    return altered


def rule_name(scenario: Scenario, index: int) -> str:
    """Give the name under which the path counts what a fault of the scenario did."""
    name = scenario.faults[index].name
    same = [use.name for use in scenario.faults[: index + 1]].count(name)
    return name if same == 1 else f"{name} {same}"


def rules(scenario: Scenario) -> tuple[Rule, ...]:
    """Give the path rules of all faults, each bounded by its span."""
    found: list[Rule] = []
    for index, (use, span) in enumerate(zip(scenario.faults, spans(scenario), strict=True)):
        make = CATALOGUE[use.name].rules
        found += make(scenario, parameters_of(use), rule_name(scenario, index), span)
    return tuple(found)


def acts(scenario: Scenario) -> Iterator[tuple[int, FaultAct]]:
    """Give what faults do at a time, with the fault's place in the scenario."""
    for index, (use, span) in enumerate(zip(scenario.faults, spans(scenario), strict=True)):
        for act in CATALOGUE[use.name].acts(scenario, parameters_of(use), span):
            yield index, act


def witnesses(scenario: Scenario, record: Record) -> tuple[Testimony, ...]:
    """Ask for each fault of a scenario whether it took effect in a run, in their order."""
    found = []
    for index, (use, span) in enumerate(zip(scenario.faults, spans(scenario), strict=True)):
        rule = rule_name(scenario, index)
        evidence = Evidence(scenario, record, parameters_of(use), span, rule)
        found.append(CATALOGUE[use.name].witness(evidence))
    return tuple(found)
