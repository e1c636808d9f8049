"""What a path on the command line stands for: a scenario file, or all below a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gwsim.cli.output import complain, stop
from gwsim.lab.library import NoScenario, files_below, find_file, shipped
from gwsim.lab.load import Loaded, load_scenario, prepare
from gwsim.lab.source import ScenarioError

ScenarioPath = Annotated[
    Path,
    typer.Argument(metavar="SCENARIO", help="A file, or the name of one that comes with gwsim."),
]
ScenarioPaths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Scenario files, and folders of them.")
]
COLLECTION = "scenarios"
"""What the folder of scenarios is called that comes with gwsim."""

Folder = Annotated[
    Path,
    typer.Option("--scenarios", metavar="FOLDER", help="Where examples of it are looked for."),
]


def located(path: Path) -> Path:
    """Find what is meant: what is there, else a file or folder of those that come with gwsim.

    `psk-mismatch`, `phase1/psk-mismatch` and `scenarios/phase1` mean those anywhere. Ends the
    program for a bare name that is none.
    """
    own, *rest = path.parts or ("",)
    if path.exists() or path.is_absolute() or (path.suffix and own != COLLECTION):
        return path
    if own == COLLECTION and (shipped().joinpath(*rest)).is_dir():
        return shipped().joinpath(*rest)
    try:
        return find_file(path.as_posix(), shipped())
    except NoScenario as error:
        stop(f"{path}: there is no such file, and {error}")


def scenario_files(paths: Sequence[Path]) -> list[str]:
    """List the scenario files that paths stand for, each once; ends the program when one is none.

    A folder stands for all YAML files below it, in the order of their names.
    """
    found: dict[str, None] = {}
    for path in map(located, paths):
        if path.is_dir():
            below = files_below(path)
            if not below:
                stop(f"{path}: there is no scenario file (*.yaml) in this folder")
            found.update((str(file), None) for file in below)
        else:
            found[str(path)] = None
    return list(found)


def stop_for(error: ScenarioError) -> NoReturn:
    """End the program with everything that is wrong with a file."""
    stop("\n".join(str(problem) for problem in error.problems))


def load(path: Path) -> Loaded:
    """Load one scenario; ends the program with all complaints when it cannot be used."""
    try:
        return load_scenario(located(path))
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
    """Load what can be loaded below a folder of scenarios; `scenarios` may be those of gwsim."""
    found = []
    for file in files_below(located(folder)):
        try:
            found.append(load_scenario(file))
        except ScenarioError:
            continue  # `gwsim validate` is the place for complaints about files
    return found
