"""`gwsim show`: what a gateway answers to a command, in a running lab or a scenario."""

import json as json_format
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from gwsim.cli.labs import LabName, in_words, own_node, the_lab
from gwsim.cli.options import Json, Seed, require
from gwsim.cli.output import stop, write
from gwsim.lab.nearest import hint


def show(
    gateway: Annotated[
        str, typer.Argument(metavar="GATEWAY", help="A gateway of the lab or scenario.")
    ],
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="What to type there; abbreviations work.")
    ] = "",
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", "-s", metavar="FILE", help="Not said: ask the running lab."),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When (20s, 2m); not said: at the end.")
    ] = "",
    seed: Seed = None,
    json: Json = False,
    lab: LabName = "",
) -> None:
    """Print what a gateway shows, now or at a moment of a scenario.

    Without a scenario a running lab is asked. The screen is what the device itself would print.
    """
    if not command:
        gateway, command = own_node(), gateway
    if scenario is None:
        answer = _asked(lab, gateway, command, at)
    else:
        # A running lab is asked without the language of scenarios and the simulation.
        answer = import_module("gwsim.cli.shown").shown(scenario, gateway, command, at, seed)
    if answer["text"] is None:
        _refuse(command, answer)
    _print(gateway, command, answer, json)


def _print(gateway: str, command: str, answer: Mapping[str, Any], json: bool) -> None:
    if json:
        entry = {"gateway": gateway, "vendor": answer["vendor"], "command": command}
        said = {**entry, "at": answer["at"], "screen": answer["text"]}
        write(json_format.dumps(said, indent=2))
    else:
        write(answer["text"])


def _asked(name: str, gateway: str, command: str, at: str) -> dict[str, Any]:
    """Ask a gateway of a running lab, as it is now."""
    if at:
        stop("--at needs a scenario: a running lab shows what is now")
    lab, state = the_lab(name, gateway)
    require(gateway, state.vendors, "gateway", " here")
    with in_words(), lab.door(gateway) as door:
        answer: dict[str, Any] = door.ask("screen", command=command)
    return answer


def _refuse(typed: str, answer: Mapping[str, Any]) -> NoReturn:
    """End the program where the device would not understand the command; say which it does.

    Whoever asks for that with a question mark is answered.
    """
    if answer["unseen"]:
        stop(answer["unseen"])
    vendor, known, could_be = answer["vendor"], answer["known"], answer["could_be"]
    begun, mark, _ = typed.partition("?")
    wanted = [command for command in known if _goes_on(command, begun)] if mark else []
    if wanted:
        write(_listed(wanted))
        raise typer.Exit
    if could_be:
        stop(f"{typed!r} is not a whole command of {vendor}; it could be\n" + _listed(could_be))
    near = hint(typed, known) or "."
    stop(f"{vendor} has no command {typed!r}{near} It has\n" + _listed(known))


def _goes_on(command: str, begun: str) -> bool:
    """Say whether a command may still come of what is typed so far."""
    words, spelled = begun.lower().split(), command.split()
    return len(words) <= len(spelled) and all(map(str.startswith, spelled, words))


def _listed(commands: Sequence[str]) -> str:
    return "\n".join(f"  {command}" for command in commands)
