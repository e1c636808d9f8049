"""`gwsim fault`: break a running lab, and repair it."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from gwsim.cli.choices import require_fault
from gwsim.cli.labs import LabName, in_words, the_lab
from gwsim.cli.output import stop, write
from gwsim.cli.usage import HELP, Command
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.live.changes import Change, ChangeError, add_fault, repair_fault
from gwsim.lab.live.client import Lab
from gwsim.lab.source import ScenarioError, parse_source

fault = typer.Typer(
    name="fault",
    help="Break a running lab, and repair it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=HELP,
    add_completion=False,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `gwsim faults` lists them.")]


@fault.command(cls=Command)
def add(
    name: Name,
    parameters: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE...", help="As in a scenario: at=branch."),
    ] = None,
    lab: LabName = "",
) -> None:
    """Break the lab with a fault of the catalogue, as of now."""
    require_fault(name)
    told = dict(_parameter(name, text) for text in parameters or ())
    found, _ = the_lab(lab)
    try:
        with in_words():
            change = add_fault(Lab(found.place), name, told)
    except ScenarioError as error:
        # Its lines are those of a file that nobody has seen.
        stop("\n".join(str(replace(problem, path=name, line=0)) for problem in error.problems))
    except ChangeError as error:
        stop(str(error))
    write(f"{name}: {_done(change)}")


@fault.command(cls=Command)
def repair(name: Name, lab: LabName = "") -> None:
    """Repair a fault of the lab, as of now."""
    found, _ = the_lab(lab)
    try:
        with in_words():
            change = repair_fault(Lab(found.place), name)
    except ChangeError as error:
        stop(str(error))
    write(f"{name} is repaired: {_done(change)}")
    repair_hint = CATALOGUE[name].repair if name in CATALOGUE else ""
    if repair_hint:
        write(f"  on real devices: {repair_hint}")


@fault.command("list", cls=Command)
def listed(lab: LabName = "") -> None:
    """List the faults of the lab."""
    _, state = the_lab(lab)
    for name, times in state.faults:
        write(f"{name}: {CATALOGUE[name].title}" + (f" ({times})" if times else ""))


def _parameter(name: str, text: str) -> tuple[str, Any]:
    """Read KEY=VALUE; a value means what it means in a scenario."""
    key, sign, value = text.partition("=")
    if not sign:
        # `drop main-4`, as a scenario says `drop: main-4`.
        key, value = CATALOGUE[name].brief, text
    try:
        return key, parse_source(f"value: {value}", name).data["value"]
    except ScenarioError:
        return key, value


def _done(change: Change) -> str:
    said = [*change.acts]
    if change.nodes:
        said.append(f"{' and '.join(change.nodes)} configured anew")
    return "; ".join(said) or "nothing to change"
