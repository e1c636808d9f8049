"""Starting labs from scenarios for people to work in, and breaking and repairing them there."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gwsim.daemon.door import DoorError
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.compile import compile_scenario, standing
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import FaultKind, FaultParameters
from gwsim.lab.live.acts import Reach, perform
from gwsim.lab.live.broken import faults_in
from gwsim.lab.live.client import Lab
from gwsim.lab.live.places import State
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.process import undivided
from gwsim.lab.load import Loaded, load_text
from gwsim.lab.plan import Plan
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import parse_source
from gwsim.path.config import PathConfig

_TIMES = tuple(FaultParameters.model_fields)


class ChangeError(ValueError):
    """A fault cannot be added or repaired as said; the text is for people."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a lab: which nodes were configured anew, and what happened besides."""

    nodes: tuple[str, ...]
    acts: tuple[str, ...]


def plan_for_people(scenario: Scenario, now: datetime, play: bool) -> Plan:
    """Compile a scenario for a lab in which people work: the calendar is theirs.

    Faults come and go as the file says; pings, changes and repairs only if it is to `play`.
    """
    plan = compile_scenario(scenario if play else scenario.without_timeline())
    return replace(plan, epoch=now.replace(tzinfo=None, microsecond=0))


def add_fault(lab: Lab, name: str, told: dict[str, Any]) -> Change:
    """Break a running lab, as of now; raises ScenarioError or ChangeError for what cannot be."""
    timed = [key for key in told if key in _TIMES]
    if timed:
        raise ChangeError(f"{timed[0]} is for scenario files; here a fault begins now")
    with lab.place.changing():
        state = lab.state
        data = _data(state)
        faults = [*(data.get("faults") or ()), {name: told} if told else name]
        loaded = _loaded({**data, "faults": faults})
        happens = CATALOGUE[name].kind is FaultKind.ACT  # and then there is nothing to repair
        text = state.text if happens else loaded.source.text
        return _turn(lab, state, loaded.scenario, text, len(faults) - 1)


def repair_fault(lab: Lab, name: str) -> Change:
    """Repair all faults of a name, as of now; raises ChangeError where there is none."""
    with lab.place.changing():
        state = lab.state
        data = _data(state)
        faults = list(data.get("faults") or ())
        left = [fault for fault in faults if _name(fault) != name]
        if len(left) == len(faults):
            there = ", ".join(dict.fromkeys(map(_name, faults))) or "none at all"
            raise ChangeError(f"this lab has no fault {name}; it has {there}")
        loaded = _loaded({**data, "faults": left})
        return _turn(lab, state, loaded.scenario, loaded.source.text, None)


def _turn(lab: Lab, state: State, after: Scenario, text: str, added: int | None) -> Change:
    """Bring a lab from what it is to what it is to be; `text` is what is known of it then.

    That is written down first: whoever is broken off on the way has left a fault that can be
    repaired.
    """
    with lab.asked() as keeper:
        told = keeper.status()
    before, now = load_text(state.text).scenario, float(told["now"])
    if not told["played"]:
        before, after = before.without_timeline(), after.without_timeline()
    (old, old_path), (new, new_path) = standing(before, now), standing(after, now)
    wanted: list[tuple[str, GatewayConfig | PathConfig]] = [
        (other.name, other) for one, other in zip(old, new, strict=True) if one != other
    ]
    if old_path != new_path:
        wanted.append((INTERNET, new_path))
    with undivided():
        lab.place.write_state(replace(state, text=text, faults=faults_in(text)))
        lab.follow(text)
        refused = [words for node, config in wanted if (words := _told(lab, node, config))]
        acts = _happen(lab, after, added)
    if refused:
        raise DoorError("; ".join(refused))
    return Change(tuple(node for node, _ in wanted), acts)


def _told(lab: Lab, node: str, config: GatewayConfig | PathConfig) -> str:
    """Tell a node what it is to be; gives words where it does not take that now."""
    try:
        lab.configure(node, config)
    except DoorError as error:
        return f"{node} is told, but has not said yes ({error}); `gwsim status` says how it fares"
    return ""


def _happen(lab: Lab, scenario: Scenario, added: int | None) -> tuple[str, ...]:
    """Let happen at once what a new fault does at a time."""
    said = []
    reach = Reach(lab.tell_hosts, lab.configure, lab.asked_gateway, lab.asked_internet)
    for planned in compile_scenario(scenario).acts:
        if added is not None and planned.loc[:2] == ("faults", added):
            perform(planned.act, reach)
            said.append(planned.text)
    return tuple(said)


def _data(state: State) -> dict[str, Any]:
    if not state.text:
        raise ChangeError(f"the lab {state.name} has no scenario of its own to change faults in")
    data: dict[str, Any] = parse_source(state.text, state.scenario).data
    return data


def _loaded(data: dict[str, Any]) -> Loaded:
    """Check a changed scenario; JSON is YAML, and keeps every value what it is."""
    return load_text(json.dumps(data, indent=1), "the changed scenario")


def _name(fault: object) -> str:
    return str(next(iter(fault))) if isinstance(fault, dict) else str(fault)
