"""`gwsim logs`: what a device of a running lab has logged."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from gwsim.cli.labs import LabName, check_node, own_node, the_lab
from gwsim.cli.output import stop, write
from gwsim.daemon.door import DoorError
from gwsim.lab.live.outside import RunningLab

_PAUSE = 0.2


def logs(
    node: Annotated[
        str, typer.Argument(metavar="NODE", help="A gateway, or internet.", show_default=False)
    ] = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C, or the lab's end.")
    ] = False,
    last: Annotated[
        int | None, typer.Option("--tail", "-n", min=0, metavar="N", help="Only the last N lines.")
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="What the device's debug commands show.")
    ] = False,
    journal: Annotated[
        bool, typer.Option("--journal", help="What the process says, not the device it plays.")
    ] = False,
    lab: LabName = "",
) -> None:
    """Print the log of a gateway, in its vendor's words.

    What takes a debug command on the device is in the debug output. The internet has no log but
    the journal of its process.
    """
    wanted = node or own_node()
    found, state = the_lab(lab, wanted)
    name = check_node(state, wanted, ("gateway", "internet"))
    place = found.place
    file = place.debug(name) if debug else place.log(name)
    if journal or state.kinds[name] == "internet":
        file = place.journal(name)
    elif _is_empty(file) and (unseen := _unseen(found, name)):
        stop(f"{unseen}; --journal shows what the process says")
    try:
        with file.open(encoding="utf-8") as source, suppress(KeyboardInterrupt):
            _print(source, last)
            if follow:
                _follow(source, file)
    except OSError as error:
        stop(f"{file}: {error.strerror}")


def _is_empty(file: Path) -> bool:
    return not file.exists() or not file.stat().st_size


def _unseen(lab: RunningLab, gateway: str) -> str:
    """Say why there is no log, where nobody knows what the vendor's look like, else ""."""
    with suppress(DoorError), lab.door(gateway) as door:
        return str(door.status()["unseen"])
    return ""


def _print(source: TextIO, last: int | None) -> None:
    lines = source.readlines()
    for line in lines if last is None else lines[len(lines) - min(last, len(lines)) :]:
        write(line)


def _follow(source: TextIO, file: Path) -> None:
    """Print lines as they come, until the file is gone."""
    while True:
        line = source.readline()
        if line:
            write(line)
        elif file.exists():
            time.sleep(_PAUSE)
        else:
            return
