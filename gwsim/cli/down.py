"""`gwsim down`: end a lab."""

from typing import Annotated

import typer

from gwsim.cli.engine import end, labs
from gwsim.cli.labs import in_words, lab_to_end
from gwsim.cli.output import write
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.places import running


def down(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Which lab; not said: the only one.")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="All labs, and what crashed ones left behind.")
    ] = False,
) -> None:
    """End a lab; nothing of it is left."""
    if not everything:
        _end(lab_to_end(name))
        return
    with in_words():
        places = running()
    for place in places:
        _end(RunningLab(place))
    contained = labs()
    for lab_of_containers in contained:
        end(lab_of_containers)
    if not places and not contained:
        write("no lab is running")


def _end(lab: RunningLab) -> None:
    with in_words():
        lab.down()
    write(f"the lab {lab.place.name} is down")
