"""What a path on the command line stands for: a scenario file, or all below a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.output import complain, stop, stop_for
from gwsim.lab.library import files_below
from gwsim.lab.load import Loaded, load_scenario
from gwsim.lab.runner import prepare
from gwsim.lab.source import ScenarioError

ScenarioPath = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file.")]
ScenarioPaths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Scenario files, and folders of them.")
]
Folder = Annotated[
    Path, typer.Option("--scenarios", metavar="FOLDER", help="Where the scenarios are.")
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=2**63 - 1, help="Use this seed, not the scenario's own."),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for a program to read.")]


def scenario_files(paths: Sequence[Path]) -> list[str]:
    """List the scenario files that paths stand for, each once; ends the program when one is none.

    A folder stands for all YAML files below it, in the order of their names.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path.is_dir():
            below = files_below(path)
            if not below:
                stop(f"{path}: there is no scenario file (*.yaml) in this folder")
            found.update((str(file), None) for file in below)
        else:
            found[str(path)] = None
    return list(found)


def load(path: Path) -> Loaded:
    """Load one scenario; ends the program with all complaints when it cannot be used."""
    try:
        return load_scenario(path)
    except ScenarioError as error:
        stop_for(error)


def load_all(paths: Sequence[Path]) -> list[Loaded]:
    """Load all scenarios that paths stand for; ends the program when one of them is bad."""
    loaded = []
    bad = False
    for file in scenario_files(paths):
        try:
            loaded.append(load_scenario(file))
            prepare(loaded[-1])
        except ScenarioError as error:
            bad = True
            complain(str(error))
    if bad:
        raise typer.Exit(2)
    return loaded


def library(folder: Path) -> list[Loaded]:
    """Load what can be loaded below a folder of scenarios; without the folder, nothing."""
    found = []
    for file in files_below(folder):
        try:
            found.append(load_scenario(file))
        except ScenarioError:
            continue  # `gwsim validate` is the place for complaints about files
    return found
