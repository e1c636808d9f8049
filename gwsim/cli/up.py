"""`gwsim up`: start a lab and leave it running."""

from datetime import datetime
from typing import Annotated

import typer

from gwsim.cli.files import ScenarioPath, load
from gwsim.cli.labs import in_words
from gwsim.cli.options import Speed
from gwsim.cli.output import stop, write
from gwsim.cli.signals import ended_in_order
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.starters import STARTERS, start
from gwsim.lab.nearest import hint


def up(
    scenario: ScenarioPath,
    runtime: Annotated[
        str, typer.Option(metavar="RUNTIME", help="What it runs on: " + ", ".join(STARTERS) + ".")
    ] = "netns",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What to call the lab; not said: as the scenario.")
    ] = "",
    speed: Speed = None,
    play: Annotated[
        bool, typer.Option("--play", help="Do all that the timeline says, pings too.")
    ] = False,
) -> None:
    """Start a lab of real processes and leave it running.

    Its faults are in it. Then: status, exec, show, logs, capture, fault, down.
    """
    if runtime not in STARTERS:
        near = hint(runtime, STARTERS)
        stop(f"no lab can be left running on {runtime!r}, only on {', '.join(STARTERS)}{near}")
    loaded = load(scenario)
    plan = plan_for_people(loaded.scenario, datetime.now(), play)
    with in_words(), ended_in_order():
        lab = start(
            runtime,
            plan,
            name or loaded.scenario.name[:32].rstrip("-"),
            speed or loaded.scenario.speed,
            loaded.name,
            loaded.source.text,
        )
        try:
            state = lab.state
            write(f"the lab {state.name} is up: {plan.title}")
        except (KeyboardInterrupt, SystemExit):
            lab.down()  # nobody has been told of it yet
            raise
    for node, kind in state.kinds.items():
        write(f"  {node:<20} {kind:<9} {state.addresses.get(node, '')}".rstrip())
    host = next(node for node, kind in state.kinds.items() if kind == "host")
    other = [n for n, k in state.kinds.items() if k == "host" and n.partition(".")[0] not in host]
    if other:
        write(f"try: gwsim exec {host} ping -c 3 {state.addresses[other[0]]}")
