"""`gwsim node`: one node of a scenario, in the network in which it is started."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import load
from gwsim.cli.labs import in_words
from gwsim.cli.options import Speed, meant_node
from gwsim.lab.configurations import hosts_of
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.scenario import Scenario


def node(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A gateway, a host (hq.server) or internet.")
    ],
    scenario: Annotated[
        Path, typer.Option("--scenario", "-s", metavar="FILE", help="The scenario it is part of.")
    ],
    lab: Annotated[
        str, typer.Option(metavar="NAME", help="What to call the lab; not said: as the scenario.")
    ] = "",
    speed: Speed = None,
    play: Annotated[
        bool, typer.Option("--play", help="As internet, do all that the timeline says.")
    ] = False,
    set_up: Annotated[
        bool,
        typer.Option("--set-up", help="Give interfaces their names, addresses and routes first."),
    ] = False,
) -> None:
    """Be one node of a scenario in this network, until Ctrl-C.

    For networks of your own: namespaces, containers, virtual machines. Its addresses must be on
    interfaces here. Nodes started on one machine are one lab, for gwsim show, logs and the like;
    the internet does what faults and timeline say in mid-run.
    """
    loaded = load(scenario)
    meant = _node(loaded.scenario, name)
    called = lab or loaded.scenario.name[:32].rstrip("-")
    pace = speed or loaded.scenario.speed
    single = import_module("gwsim.lab.live.single")  # not every machine has what it takes
    with in_words():
        order = single.single_order(loaded, meant, called, pace, play, not set_up)
        single.serve(order)


def _node(scenario: Scenario, name: str) -> str:
    known = [INTERNET, *scenario.gateways, *(host.name for host in hosts_of(scenario))]
    return meant_node(name, known, "node", f" in {scenario.name}")
