"""The scenarios that come with gwsim, and how one is found by its name."""

from pathlib import Path

import gwsim
from gwsim.lab.load import Loaded, load_scenario
from gwsim.lab.nearest import hint

SUFFIXES = (".yaml", ".yml")
"""How the names of scenario files end."""


class NoScenario(LookupError):
    """No scenario has a name, or more than one has; the text is for people."""


def shipped() -> Path:
    """Give the folder of the scenarios that come with gwsim."""
    return Path(gwsim.__file__).parent / "scenarios"


def files_below(folder: Path) -> list[Path]:
    """List all scenario files below a folder, in the order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def find_file(name: str, folder: Path) -> Path:
    """Find a file by its own name or its path below a folder, with or without suffix.

    Raises NoScenario when there is none, or more than one.
    """
    whole = {str(path.relative_to(folder).with_suffix("")): path for path in files_below(folder)}
    wanted = name.removeprefix("scenarios/")
    for suffix in SUFFIXES:
        wanted = wanted.removesuffix(suffix)
    meant = [key for key, path in whole.items() if wanted in (key, path.stem)]
    if len(meant) == 1:
        return whole[meant[0]]
    if meant:
        raise NoScenario(f"{name} could be {' or '.join(meant)}; say which")
    near = hint(wanted, [path.stem for path in whole.values()])
    raise NoScenario(f"there is no scenario {name} in {folder}{near}")


def find_scenario(name: str, folder: Path | None = None) -> Loaded:
    """Load a scenario by name, of a folder or of those that come with gwsim.

    Raises NoScenario as above, ScenarioError for a bad file.
    """
    return load_scenario(find_file(name, shipped() if folder is None else folder))
