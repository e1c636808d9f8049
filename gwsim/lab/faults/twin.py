"""The twin of a faulty scenario: the same without its faults, which must come up and carry."""

from gwsim.lab.expectations import Expectation, GatewayExpectation
from gwsim.lab.scenario import Scenario


def twin(scenario: Scenario) -> Scenario:
    """Give the scenario without faults, repairs and its own expectations.

    At the end of its run both ends of every tunnel must be up, and traffic must have passed in
    both directions, protected.
    """
    timeline = scenario.timeline
    if timeline is not None:
        timeline = tuple(entry for entry in timeline if entry.repair is None)
    names = dict.fromkeys(name for tunnel in scenario.tunnels for name in tunnel.between)
    up = {name: GatewayExpectation.model_validate({"state": "up"}) for name in names}
    block = Expectation.model_validate({"traffic": "both"}).model_copy(update=up)
    return scenario.model_copy(
        update={
            "name": f"{scenario.name}-twin"[:64],
            "title": f"{scenario.title} - without the fault",
            "faults": (),
            "timeline": timeline,
            "expect": (block,),
        }
    )
