"""The training lab of docker-compose.yml: which scenario it plays, and what each service is in it.

The services are fixed (`hq`, `branch`, `internet`, `hq-server`, `branch-pc`); names and addresses
inside are those of the scenario. Every service compiles the scenario by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from gwsim.lab.library import NoScenario, find_scenario
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.order import ContainerOrder, container_name
from gwsim.lab.live.orders import orders
from gwsim.lab.live.places import TRAINING
from gwsim.lab.live.state import state_of
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import ScenarioError

SERVICES = ("internet", "hq", "branch", "hq-server", "branch-pc")
"""The services of docker-compose.yml, each of them a node."""

HEALTHY = "asa-screenos"
"""The scenario where none is named: a tunnel that works."""

_FOLDER = Path("/scenarios")


def training_order(service: str, environment: Mapping[str, str]) -> ContainerOrder:
    """Give a service its order: $SCENARIO as $GWSIM_SPEED has it pass.

    Raises RuntimeFailure, in words, when there is no such scenario or none that fits this lab.
    """
    if service not in SERVICES:
        raise RuntimeFailure(f"{service!r} is no service of this lab, only {', '.join(SERVICES)}")
    try:
        loaded = find_scenario(environment.get("SCENARIO") or HEALTHY, _FOLDER)
    except NoScenario as error:
        raise RuntimeFailure(f"SCENARIO: {error}") from None
    except ScenarioError as error:
        raise RuntimeFailure(str(error)) from None
    scenario = loaded.scenario
    require_fit(scenario)
    played = environment.get("GWSIM_PLAY", "") not in ("", "0", "no")
    speed = _speed(environment.get("GWSIM_SPEED", ""), scenario.speed)
    plan = plan_for_people(scenario, datetime.now(), played)
    state = state_of(plan, TRAINING, speed, loaded.name, loaded.source.text)
    every = {
        container_name(order.node): order
        for order in orders(plan, TRAINING, speed, state, False, played)
    }
    if service not in every:
        raise RuntimeFailure(f"{loaded.name} has no host for {service}; the lab works without it")
    return every[service]


def require_fit(scenario: Scenario) -> None:
    """Raise RuntimeFailure unless the services of this lab are the nodes of a scenario."""
    gateways = set(scenario.gateways)
    hosts = {f"{name}.{host}" for name, spec in scenario.gateways.items() for host in spec.hosts}
    there = {container_name(node) for node in gateways | hosts}
    strange = sorted(there - set(SERVICES))
    missing = sorted({"hq", "branch"} - gateways)
    if strange or missing:
        words = f"it has {', '.join(strange)}" if strange else f"it lacks {', '.join(missing)}"
        raise RuntimeFailure(
            f"{scenario.name} does not fit the training lab, which is {', '.join(SERVICES)}:"
            f" {words}. Start it with `gwsim up FILE --runtime docker`, or with --runtime netns"
        )


def _speed(text: str, usual: float) -> float:
    try:
        speed = float(text) if text else usual
    except ValueError:
        speed = 0.0
    if not speed > 0:
        raise RuntimeFailure(f"GWSIM_SPEED={text}: a number above 0, seconds in each real one")
    return speed
