"""`gwsim trace`: the messages of a scenario as a ladder."""

import json as json_format
from dataclasses import asdict

from gwsim.capture.ladder import ladder_text
from gwsim.cli.files import ScenarioPath, load, stop_for
from gwsim.cli.options import Json, Seed
from gwsim.cli.output import write
from gwsim.lab.load import prepare
from gwsim.lab.messages import ladder_of, trace_of
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.source import ScenarioError


def trace(scenario: ScenarioPath, seed: Seed = None, json: Json = False) -> None:
    """Draw the messages of a scenario as a ladder.

    Each has its time, label, direction, size and payloads, and what the path did to it.
    """
    loaded = load(scenario)
    try:
        plan = prepare(loaded, seed)[1]
    except ScenarioError as error:
        stop_for(error)
    record = play(plan, SimRuntime())
    if json:
        write(json_format.dumps([asdict(entry) for entry in trace_of(record)], indent=2))
        return
    write(f"{plan.title} ({loaded.name}, seed {plan.seed})")
    for act in plan.acts:
        write(f"{act.at:10.3f}  {act.text}")
    write("\n" + ladder_text(ladder_of(record)))
