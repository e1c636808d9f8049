"""What commands about running labs share: finding the lab, its nodes and its gateways."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from gwsim.cli.engine import answer_there
from gwsim.cli.options import meant_node
from gwsim.cli.output import stop
from gwsim.daemon.door import DoorError
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.places import PlaceError, State, find
from gwsim.lab.runtimes.failure import RuntimeFailure

LabName = Annotated[
    str, typer.Option("--lab", "-l", metavar="NAME", help="Which lab; not said: the only one.")
]
Node = Annotated[
    str, typer.Argument(metavar="NODE", help="A gateway, a host (hq.server) or internet.")
]


@contextmanager
def in_words() -> Iterator[None]:
    """End the program with one sentence when the machine or a lab does not do as told."""
    try:
        yield
    except (RuntimeFailure, DoorError) as error:
        stop(str(error))


def the_lab(name: str, node: str = "") -> tuple[RunningLab, State]:
    """Find a running lab, where several run the one with a node of this name.

    Ends the program when there is none, or more than one to choose from.
    """
    lab = lab_to_end(name, node)
    with in_words():
        return lab, lab.state


def lab_to_end(name: str, node: str = "") -> RunningLab:
    """Find a lab as `the_lab` does, one that is just coming or cannot be read included."""
    with in_words():
        try:
            return RunningLab(find(name, node))
        except PlaceError:
            answer_there(name)
            raise


def own_node() -> str:
    """Give the node this program runs on, where it does; ends the program elsewhere."""
    node = os.environ.get("GWSIM_NODE", "")
    if not node:
        stop("which gateway? Its name is left out only on a gateway itself, in its container")
    return node


def check_node(state: State, name: str, kinds: tuple[str, ...] = ()) -> str:
    """Give the name of a node, of one of these kinds; ends the program for another word."""
    known = [node for node, kind in state.kinds.items() if not kinds or kind in kinds]
    return meant_node(name, known, " or ".join(kinds) or "node", f" in the lab {state.name}")
